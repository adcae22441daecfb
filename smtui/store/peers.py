"""Where machines are, for those whose guards look at them.

The laws of this file: what is seen is what was committed last; an instance
counts how often its configuration has changed (`moved`), and a topic
`state/MACHINE/INSTANCE` has that number, so a move between a look and its watch
is never missed; who watches is marked in the transaction that moves, so the
watcher finds out by an index, however many watch.
"""

import json

from smtui.store.connection import Tx
from smtui.store.rows import SOLE_INSTANCE
from smtui.store.statements import Statements
from smtui.store.values import MOST_RUNG, Sight

__all__ = [
    "is_about_state",
    "moved",
    "number",
    "rung",
    "rung_machines",
    "topic_of",
    "watchers",
    "where",
]

_PREFIX = "state/"

_SQL = Statements("peers.sql")


def topic_of(machine: str, instance: str) -> str:
    """Return the topic that tells of where an instance is."""
    return f"{_PREFIX}{machine}/{instance}"


def is_about_state(topic: str) -> bool:
    """Say whether a topic tells of where an instance is."""
    return topic.startswith(_PREFIX)


def number(tx: Tx, topic: str) -> int:
    """Return how often the instance of a topic has moved, 0 for none."""
    machine, _, instance = topic.removeprefix(_PREFIX).partition("/")
    row = tx.one(_SQL["moved"], {"machine": machine, "id": instance})
    return 0 if row is None else int(row["moved"])


def moved(tx: Tx, machine: str, instance: str) -> None:
    """Tell those who watch an instance that it has moved."""
    topic = topic_of(machine, instance)
    told = watchers(tx, topic)
    if told:  # most moves are watched by nobody: one look, no more
        tx.run(_SQL["ring"], {"topic": topic})
        tx.bells |= told


def watchers(tx: Tx, topic: str) -> set[str]:
    """Return the machines that watch a topic, of any kind."""
    return {row["machine"] for row in tx.every(_SQL["watchers"], {"topic": topic})}


def rung(tx: Tx, machine: str) -> dict[str, dict[str, int]]:
    """Return instances that watch what has moved: topic -> number of each."""
    found: dict[str, dict[str, int]] = {}
    for row in tx.every(_SQL["rung"], {"machine": machine, "limit": MOST_RUNG}):
        topic = row["topic"]
        found.setdefault(row["instance"], {})[topic] = number(tx, topic)
    return found


def rung_machines(tx: Tx) -> list[str]:
    """Return the machines whose instances watch what has moved."""
    return [row["machine"] for row in tx.every(_SQL["rung_machines"])]


def where(tx: Tx, machine: str, instance: str, own: str) -> Sight:
    """Return where a machine is, for an instance `own` that looks at it.

    `instance` says which of its instances; '' is the one of the same id as
    `own`, else its only one.
    """
    ids = dict.fromkeys([instance] if instance else [own, SOLE_INSTANCE])
    topics: dict[str, int] = {}
    for id_ in ids:
        row = tx.one(_SQL["where"], {"machine": machine, "id": id_})
        topics[topic_of(machine, id_)] = 0 if row is None else int(row["moved"])
        if row is not None:
            at = tuple(json.loads(row["configuration_json"]))
            return Sight(at or None, id_, is_known=True, topics=topics)
    known = tx.one(_SQL["is_known"], {"machine": machine})
    return Sight(None, instance or own, is_known=known is not None, topics=topics)

"""Change counters: what a watch compares instead of polling.

A topic is bumped in the transaction that causes the change:

    jobs         a job became available
    jobs/TYPE    one of that type did
    jobs_ended   a job was completed, discarded or cancelled

and `state/MACHINE/INSTANCE` has the number the instance itself counts (see
`smtui.store.peers`).

A watch says which number it saw; a greater one wakes it at once, so a change
between a query and its watch is never missed. Which machines watch a topic is
kept beside it, so that a commit knows whom to ring. `inbox/EVENT` and
`data/KEY` are an instance's own affair and are not kept here.
"""

from collections.abc import Iterable, Mapping

from smtui.store import peers
from smtui.store.connection import Tx
from smtui.store.statements import Statements

__all__ = [
    "JOBS",
    "JOBS_ENDED",
    "bells",
    "bump",
    "is_shared",
    "jobs_of",
    "read",
    "sync_watches",
    "unwatch_machine",
]

JOBS = "jobs"
JOBS_ENDED = "jobs_ended"

_SQL = Statements("counters.sql")


def jobs_of(job_type: str) -> str:
    """Return the topic of a job type."""
    return f"jobs/{job_type}"


def is_shared(topic: str) -> bool:
    """Say whether other machines can change what the topic tells of."""
    return not topic.startswith(("inbox/", "data/"))


def bump(tx: Tx, topic: str) -> None:
    """Count a change, once a transaction: nobody sees it in between."""
    if topic not in tx.topics:
        tx.topics.add(topic)
        tx.run(_SQL["bump"], {"topic": topic})


def read(tx: Tx, topics: Iterable[str]) -> dict[str, int]:
    """Return the counters of these topics, 0 where nothing ever changed."""
    found: dict[str, int] = {}
    for topic in topics:
        if peers.is_about_state(topic):
            found[topic] = peers.number(tx, topic)
            continue
        row = tx.one(_SQL["read"], {"topic": topic})
        found[topic] = 0 if row is None else row["n"]
    return found


def bells(tx: Tx) -> frozenset[str]:
    """Return the machines to ring for what this transaction changed."""
    ringing = set(tx.bells)
    for topic in tx.topics:
        ringing |= peers.watchers(tx, topic)
    return frozenset(ringing)


def sync_watches(
    tx: Tx, machine: str, instance: str, topics: Mapping[str, int]
) -> frozenset[str]:
    """Make the kept watches of an instance those of its snapshot.

    `topics` have the numbers it saw. Where an instance it watches has moved on
    since, it is told at once.
    """
    owner = {"machine": machine, "instance": instance}
    wanted = frozenset(topic for topic in topics if is_shared(topic))
    kept = {row["topic"] for row in tx.every(_SQL["of_instance"], owner)}
    for topic in kept - wanted:
        tx.run(_SQL["unwatch"], owner | {"topic": topic})
    for topic in wanted - kept:
        tx.run(_SQL["watch"], owner | {"topic": topic})
    for topic in wanted:
        if peers.is_about_state(topic):
            has_moved = peers.number(tx, topic) > topics[topic]
            params = {"topic": topic, "rung": int(has_moved)}
            tx.run(_SQL["mark"], owner | params)
            if has_moved:
                tx.bells.add(machine)
    return wanted


def unwatch_machine(tx: Tx, machine: str) -> None:
    """Forget what a machine watches."""
    tx.run(_SQL["unwatch_machine"], {"machine": machine})

"""The step of a machine that another library's engine moves. Pure.

    event -> a World action `send` -> its result: where the machine is now

The laws of this file: one event is one action, and while it is in hand no
other event is taken; where the machine is, is what the action found, never
what its chart would say; a peer that moved with it is told by a message in
the same commit, and takes that over as it is.

Semantics: architecture.md, Foreign machines. An action that a crash cut off
is performed again: callbacks run at least once.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from smtui.chart.birth import require_own, unborn
from smtui.chart.data import patched
from smtui.chart.keys import key_of
from smtui.chart.messages import Address, AddressKind, Message, Send
from smtui.chart.options import Accepts, Everything, Nothing, Only
from smtui.chart.tree.chart import StateChart
from smtui.chart.values import (
    At,
    Data,
    Done,
    Effect,
    Event,
    Finish,
    Given,
    Ignored,
    In,
    Kind,
    Log,
    Micro,
    Outcome,
    Patch,
    Raised,
    Rejected,
    Result,
    Run,
    RunEntry,
    Snapshot,
    Status,
    Step,
    Taken,
)
from smtui.definition import Json

__all__ = [
    "BEGIN",
    "DIALECT",
    "MOVED",
    "NUMBER",
    "SEND",
    "accepts",
    "start",
    "step",
    "told",
]

DIALECT = "python"

BEGIN = "begin"
"""The action that makes the machine and enters its initial state."""

SEND = "send"
"""The action that gives the machine one event."""

MOVED = "smtui.moved"
"""The event that tells a machine what a peer's event has done to it."""


NUMBER = "smtui.news"
"""Key of the data: the number of the last news of where the machine is."""


class _Change(NamedTuple):
    """What a step changes."""

    outcome: Outcome
    configuration: tuple[str, ...] | None = None
    data: Data | None = None
    effects: tuple[Effect, ...] = ()
    micro: tuple[Micro, ...] = ()


def start(chart: StateChart, data: Data, given: Given) -> Step:
    """Begin a run: the machine's own library enters its initial state."""
    key = key_of(given.id, given.instance, BEGIN)
    entry = RunEntry(Kind.WORLD, BEGIN, {}, key, "", since=given.at)
    id_ = f"{given.instance}/{given.run}/1.{BEGIN}"
    snapshot = unborn(chart, {**data, **given.reserved}, given)._replace(
        configuration=_with_ancestors(chart, chart.definition.initial.targets),
        pending={id_: entry},
        seq=1,
        turn=1,
    )
    micro = Micro("", "", snapshot.configuration[-1], -1)
    return Step(snapshot, (Run(id_, entry),), Taken(), (micro,))


def accepts(snapshot: Snapshot) -> Accepts:
    """Return which events are taken now: one at a time, a peer's news at once."""
    if snapshot.status is not Status.RUNNING:
        return Nothing("it has ended")
    return Only(frozenset({MOVED})) if snapshot.pending else Everything()


def step(chart: StateChart, snapshot: Snapshot, given: In) -> Step:
    """Take one input. Raises StepError when the snapshot is of another chart."""
    require_own(chart, snapshot)
    match given:
        case Event(name=name) if name == MOVED:
            return _frozen(snapshot, given.at, _told(snapshot, given.data))
        case Event():
            return _sent(chart, snapshot, given)
        case Done():
            if given.id not in snapshot.pending:
                change = _Change(Ignored("its action is no longer in hand"))
                return _frozen(snapshot, given.at, change)
            pending = {k: v for k, v in snapshot.pending.items() if k != given.id}
            change = _done(snapshot, given)
            return _frozen(snapshot._replace(pending=pending), given.at, change)
        case _:
            why = Ignored("nothing of this machine waits for it")
            return _frozen(snapshot, given.at, _Change(why))


def _sent(chart: StateChart, snapshot: Snapshot, event: Event) -> Step:
    """Ask for an event to be given to the machine, if any state could take it."""
    known = set(chart.event_names())
    takers = set(chart.takers(event.name))
    if not takers.intersection(snapshot.configuration):
        where = "+".join(snapshot.configuration[-1:])
        what = "no transition" if event.name in known else "no event of that name"
        why = Ignored(f"{what} in {where}" if event.name in known else what)
        return _frozen(snapshot, event.at, _Change(why))
    turn = snapshot.turn + 1
    id_ = f"{snapshot.instance}/{snapshot.run}/{turn}.{SEND}"
    key = key_of(event.id, snapshot.instance, SEND)
    args: dict[str, Json] = {"event": event.name, "data": event.data}
    entry = RunEntry(Kind.WORLD, SEND, args, key, "", since=event.at)
    pending = {**snapshot.pending, id_: entry}
    change = _Change(Taken(), effects=(Run(id_, entry),))
    return _frozen(snapshot._replace(pending=pending), event.at, change)


def told(snapshot: Snapshot, news: Json) -> Snapshot:
    """Return the snapshot as if the news had been stepped, for who restores it."""
    change = _told(snapshot, news)
    if change.configuration is None or change.data is None:
        return snapshot
    return snapshot._replace(configuration=change.configuration, data=change.data)


def _told(snapshot: Snapshot, news: Json) -> _Change:
    """Take over what a peer's event has done to this machine."""
    if not isinstance(news, dict) or "configuration" not in news:
        return _Change(Rejected("no-news", "it does not say where the machine is"))
    return _moved(snapshot, news, None)


def _done(snapshot: Snapshot, done: Done) -> _Change:
    """Take what the machine's library has made of an event."""
    if isinstance(done.answer, Result):
        change = _moved(snapshot, done.answer.value, done.patch)
        sends = tuple(_peers(snapshot, done.answer.value))
        return change._replace(effects=(*change.effects, *sends))
    why = done.answer.message if isinstance(done.answer, Raised) else done.answer.why
    return _Change(
        Rejected("not-done", why),
        data={**snapshot.data, "last_error": why},
        effects=(Log("error", why),),
    )


def _moved(
    snapshot: Snapshot, news: Mapping[str, Json], patch: Patch | None
) -> _Change:
    """Return the change to where the machine was found.

    News are numbered: older ones than those known change nothing.
    """
    number = news.get("number", 0)
    known = snapshot.data.get(NUMBER, 0)
    if isinstance(number, int) and isinstance(known, int) and number < known:
        return _Change(Taken())
    configuration = tuple(_texts(news.get("configuration")))
    data = {**patched(snapshot.data, patch or Patch(_mapping(news.get("model"))))}
    data[NUMBER] = number
    why = str(news.get("error") or "")
    effects: list[Effect] = [Log("error", why)] if why else []
    if why:
        data["last_error"] = why
    if news.get("ended"):
        effects.append(Finish(Status.FINAL, "+".join(configuration[-1:])))
    outcome = Rejected("raised", why) if why and not news.get("moves") else Taken()
    return _Change(
        outcome, configuration, data, tuple(effects), tuple(_micros(news.get("moves")))
    )


def _peers(snapshot: Snapshot, news: Mapping[str, Json]) -> Iterator[Send]:
    """Yield what the peers that moved with this machine are told."""
    for n, (name, told) in enumerate(_mapping(news.get("peers")).items()):
        to = Address(AddressKind.MACHINE, name)
        id_ = f"{snapshot.instance}/{snapshot.run}/{snapshot.turn + 1}.{n}"
        yield Send(id_, to, Message(MOVED, told))


def _micros(moves: Json) -> Iterator[Micro]:
    """Yield the transitions the library told of: event, from, to."""
    for each in moves if isinstance(moves, list) else ():
        event, source, target = _texts(each)
        yield Micro(
            source,
            event,
            target,
            -1,
            exited=(source,) if source else (),
            entered=(target,),
        )


def _frozen(snapshot: Snapshot, at: At, change: _Change) -> Step:
    """Return the step of a change."""
    before = snapshot.configuration
    configuration = before if change.configuration is None else change.configuration
    ends = next((e for e in change.effects if isinstance(e, Finish)), None)
    after = snapshot._replace(
        configuration=configuration,
        data=snapshot.data if change.data is None else change.data,
        since=snapshot.since if configuration == before else at,
        status=snapshot.status if ends is None else ends.status,
        seq=snapshot.seq + 1,
        turn=snapshot.turn + 1,
        stepped=at,
    )
    return Step(after, change.effects, change.outcome, change.micro)


def _with_ancestors(chart: StateChart, leaves: Iterable[str]) -> tuple[str, ...]:
    parents = {node.id: node.parent for node in chart.definition.nodes}
    found: set[str] = set()
    for leaf in leaves:
        name: str | None = leaf
        while name is not None:
            found.add(name)
            name = parents[name]
    return tuple(name for name in parents if name in found)


def _texts(value: Json) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}

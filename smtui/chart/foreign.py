"""The step of a machine that another library's engine moves. Pure.

    event, or a delay that is over -> a World action `send`
    its result -> where the machine is now, and what became of the event

The laws of this file: one event is one action, and while it is in hand no
other event is taken; the event stays in the inbox until then, because only the
library knows whether it is taken, ignored or refused; where the machine is, is
what the action found, never what its chart would say; a peer that moved with
it is told by a message in the same commit, and takes that over as it is.

Semantics: architecture.md, Foreign machines. An action that a crash cut off
is performed again: callbacks run at least once.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from smtui.chart.birth import require_own, unborn
from smtui.chart.data import patched
from smtui.chart.foreign_news import (
    BEGIN,
    MOVED,
    NUMBER,
    SEND,
    delays_of,
    guards_of,
    history_of,
    mapping,
    micros_of,
    texts,
    waiting,
)
from smtui.chart.keys import key_of
from smtui.chart.messages import Address, AddressKind, Message, Send
from smtui.chart.options import (
    Accepts,
    Everything,
    Foreseen,
    Nothing,
    Only,
    Option,
    Waits,
)
from smtui.chart.tree import intake
from smtui.chart.tree.chart import StateChart
from smtui.chart.values import (
    At,
    Data,
    Done,
    Effect,
    Event,
    Finish,
    Fired,
    Given,
    Ignored,
    In,
    Kind,
    Log,
    Micro,
    Outcome,
    Patch,
    Pending,
    Raised,
    Rejected,
    Result,
    Run,
    RunEntry,
    Snapshot,
    Status,
    Step,
    Taken,
    TimerEntry,
)
from smtui.definition import Json

__all__ = [
    "BEGIN",
    "DIALECT",
    "MOVED",
    "NUMBER",
    "SEND",
    "accepts",
    "foresee",
    "is_in_hand",
    "preview",
    "start",
    "step",
    "told",
]

DIALECT = "python"

_T = TypeVar("_T")


class _Change(NamedTuple):
    """What a step changes; None leaves it as it is."""

    outcome: Outcome
    configuration: tuple[str, ...] | None = None
    data: Data | None = None
    effects: tuple[Effect, ...] = ()
    micro: tuple[Micro, ...] = ()
    history: Mapping[str, tuple[str, ...]] | None = None
    pending: Mapping[str, Pending] | None = None


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
    return Only(frozenset({MOVED})) if is_in_hand(snapshot) else Everything()


def is_in_hand(snapshot: Snapshot) -> bool:
    """Say whether an event is in hand; delays that are over wait for it, too."""
    return any(isinstance(entry, RunEntry) for entry in snapshot.pending.values())


def step(chart: StateChart, snapshot: Snapshot, given: In) -> Step:
    """Take one input. Raises StepError when the snapshot is of another chart."""
    require_own(chart, snapshot)
    match given:
        case Event(name=name) if name == MOVED:
            change = _told(snapshot, given.data)
            taken = next((micro.event for micro in change.micro), "")
            return _frozen(snapshot, given.at, change)._replace(event=taken)
        case Event():
            return _sent(chart, snapshot, given)
        case Fired() if given.id in snapshot.pending:
            return _fired(snapshot, given)
        case Done() if given.id in snapshot.pending:
            return _ended(chart, snapshot, given)
        case Done():
            change = _Change(Ignored("its action is no longer in hand"))
            return _frozen(snapshot, given.at, change)
        case _:
            why = Ignored("nothing of this machine waits for it")
            return _frozen(snapshot, given.at, _Change(why))


def foresee(chart: StateChart, snapshot: Snapshot, event: Event) -> Foreseen:
    """Return what the event would do now, by the graph; guards stay open."""
    if snapshot.status is Status.RUNNING and is_in_hand(snapshot):
        return Foreseen(Waits(f"{_in_hand(snapshot)} is in hand"), None)
    return intake.foresee(chart, snapshot, event)


def preview(chart: StateChart, snapshot: Snapshot) -> tuple[Option, ...]:
    """Return every event of the chart with what it would do now, valid first."""
    if snapshot.status is Status.RUNNING and is_in_hand(snapshot):
        why = Waits(f"{_in_hand(snapshot)} is in hand")
        return tuple(Option(event, why, "") for event in chart.event_names())
    return intake.preview(chart, snapshot)


def _in_hand(snapshot: Snapshot) -> str:
    """Return the event that is in hand, or the beginning."""
    entries = (e for e in snapshot.pending.values() if isinstance(e, RunEntry))
    entry = next(entries)
    return str(entry.args.get("event", entry.action))


# ---------------------------------------------------------------- asking for it


def _sent(chart: StateChart, snapshot: Snapshot, event: Event) -> Step:
    """Ask for an event to be given to the machine, if any state could take it."""
    known = set(chart.event_names())
    takers = set(chart.takers(event.name))
    if not takers.intersection(snapshot.configuration):
        where = "+".join(snapshot.configuration[-1:])
        what = "no transition" if event.name in known else "no event of that name"
        why = Ignored(f"{what} in {where}" if event.name in known else what)
        return _frozen(snapshot, event.at, _Change(why))
    args: dict[str, Json] = {
        "event": event.name,
        "data": event.data,
        "id": event.id,
    }
    key = key_of(event.id, snapshot.instance, SEND)
    return _asked(snapshot, event.at, RunEntry(Kind.WORLD, SEND, args, key, ""))


def _fired(snapshot: Snapshot, given: Fired) -> Step:
    """Ask for a delayed event, now that its time has come."""
    timer = snapshot.pending[given.id]
    if not isinstance(timer, TimerEntry):
        why = Ignored("nothing of this machine waits for it")
        return _frozen(snapshot, given.at, _Change(why))
    brings = {} if timer.message is None else mapping(timer.message.data)
    args = {**brings, "event": timer.event, "delay": given.id}
    key = key_of(timer.cause, given.id, SEND)
    rest = {id_: each for id_, each in snapshot.pending.items() if id_ != given.id}
    entry = RunEntry(Kind.WORLD, SEND, args, key, "")
    return _asked(snapshot._replace(pending=rest), given.at, entry)


def _asked(snapshot: Snapshot, at: At, entry: RunEntry) -> Step:
    """Return the step that asks for an action; what it does is told after it."""
    turn = snapshot.turn + 1
    id_ = f"{snapshot.instance}/{snapshot.run}/{turn}.{SEND}"
    entry = entry._replace(since=at)
    after = snapshot._replace(
        pending={**snapshot.pending, id_: entry}, turn=turn, stepped=at
    )
    return Step(after, (Run(id_, entry),), Taken(), (), is_idle=True, is_open=True)


# ------------------------------------------------------------ what came of it


def told(snapshot: Snapshot, news: Json) -> Snapshot:
    """Return the snapshot as if the news had been stepped, for who restores it."""
    return _changed(snapshot, _told(snapshot, news))


def _told(snapshot: Snapshot, news: Json) -> _Change:
    """Take over what a peer's event has done to this machine."""
    if not isinstance(news, dict) or "configuration" not in news:
        return _Change(Rejected("no-news", "it does not say where the machine is"))
    return _moved(snapshot, news, "")


def _ended(chart: StateChart, snapshot: Snapshot, done: Done) -> Step:
    """Take what the machine's library has made of an event."""
    entry = snapshot.pending[done.id]
    rest = {id_: each for id_, each in snapshot.pending.items() if id_ != done.id}
    before = snapshot._replace(pending=rest)
    args: Mapping[str, Json] = entry.args if isinstance(entry, RunEntry) else {}
    name = str(args.get("event", ""))
    answer = done.answer
    if isinstance(answer, Result):
        change = _moved(before, answer.value, done.id)
        sends = tuple(_peers(snapshot, answer.value))
        change = change._replace(
            outcome=_outcome(chart, snapshot, name, answer.value),
            effects=(*change.effects, *sends),
        )
    else:
        why = answer.message if isinstance(answer, Raised) else answer.why
        change = _Change(
            Rejected("not-done", why),
            data={**snapshot.data, "last_error": why},
            effects=(Log("error", why),),
        )
    settles = str(args.get("id", ""))
    return _frozen(before, done.at, change)._replace(settles=settles, event=name)


def _outcome(
    chart: StateChart, snapshot: Snapshot, event: str, news: Mapping[str, Json]
) -> Outcome:
    """Return what became of an event, by what its library says."""
    why = str(news.get("error") or "")
    configuration = tuple(texts(news.get("configuration")))
    if news.get("moves") or configuration != snapshot.configuration or not event:
        return Taken(why)
    if news.get("refused"):
        return Rejected("refused", f"{why}{_guards(chart, snapshot, event)}")
    if why:
        return Rejected("raised", why)
    if news.get("kept"):
        return Taken(str(news["kept"]))
    if news.get("idle"):
        return Ignored(str(news["idle"]))
    where = "+".join(snapshot.configuration[-1:])
    guards = _guards(chart, snapshot, event)
    return Ignored(f"no transition in {where} took it{guards}")


def _guards(chart: StateChart, snapshot: Snapshot, event: str) -> str:
    """Return the guards that may have said no, in brackets, or ''."""
    names = [
        name
        for arrow in chart.definition.arrows
        if arrow.source in snapshot.configuration and event in arrow.events
        for name in guards_of(arrow.guard)
    ]
    word = "guard" if len(names) == 1 else "guards"
    return f" ({word} {', '.join(dict.fromkeys(names))})" if names else ""


def _moved(snapshot: Snapshot, news: Mapping[str, Json], cause: str) -> _Change:
    """Return the change to where the machine was found.

    News are numbered: older ones than those known change nothing.
    """
    number = news.get("number", 0)
    known = snapshot.data.get(NUMBER, 0)
    if isinstance(number, int) and isinstance(known, int) and number < known:
        return _Change(Taken())
    configuration = tuple(texts(news.get("configuration")))
    data = {**patched(snapshot.data, Patch(mapping(news.get("model")))), NUMBER: number}
    why = str(news.get("error") or "")
    effects: list[Effect] = []
    if why and not news.get("refused"):
        data["last_error"] = why
        effects.append(Log("error", why))
    delays = dict(delays_of(news.get("delays"), cause))
    if news.get("ended"):
        effects.append(Finish(Status.FINAL, "+".join(configuration[-1:])))
        delays = {}
    return _Change(
        Taken(why),
        configuration,
        data,
        tuple(effects),
        tuple(micros_of(news.get("moves"))),
        history_of(news.get("history")),
        waiting(snapshot.pending, delays),
    )


def _peers(snapshot: Snapshot, news: Mapping[str, Json]) -> Iterator[Send]:
    """Yield what the peers that moved with this machine are told."""
    for n, (name, each) in enumerate(mapping(news.get("peers")).items()):
        to = Address(AddressKind.MACHINE, name)
        id_ = f"{snapshot.instance}/{snapshot.run}/{snapshot.turn + 1}.{n}"
        yield Send(id_, to, Message(MOVED, each))


def _frozen(snapshot: Snapshot, at: At, change: _Change) -> Step:
    """Return the step of a change."""
    changed = _changed(snapshot, change)
    ends = next((e for e in change.effects if isinstance(e, Finish)), None)
    is_there = changed.configuration == snapshot.configuration
    after = changed._replace(
        since=snapshot.since if is_there else at,
        status=snapshot.status if ends is None else ends.status,
        seq=snapshot.seq + 1,
        turn=snapshot.turn + 1,
        stepped=at,
    )
    return Step(after, change.effects, change.outcome, change.micro)


def _changed(snapshot: Snapshot, change: _Change) -> Snapshot:
    return snapshot._replace(
        configuration=_or(change.configuration, snapshot.configuration),
        data=_or(change.data, snapshot.data),
        history=_or(change.history, snapshot.history),
        pending=_or(change.pending, snapshot.pending),
    )


def _or(new: _T | None, old: _T) -> _T:
    return old if new is None else new


def _with_ancestors(chart: StateChart, leaves: Iterable[str]) -> tuple[str, ...]:
    parents = {node.id: node.parent for node in chart.definition.nodes}
    found: set[str] = set()
    for leaf in leaves:
        name: str | None = leaf
        while name is not None:
            found.add(name)
            name = parents[name]
    return tuple(name for name in parents if name in found)

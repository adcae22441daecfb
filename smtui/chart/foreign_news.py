"""What a machine's own library tells after it has dealt with an event. Pure.

    {"configuration": [...], "moves": [[event, from, to], ...],
     "model": {"model": {...}}, "number": N, "ended": bool,
     "history": {ID: [STATE, ...]}, "delays": {ID: {...}},
     "error": TEXT, "refused": bool, "peers": {NAME: the same}}

Histories and delays are told whole each time, so that news can be lost or come
twice: the newest are what is true.
"""

from collections.abc import Iterator, Mapping

from smtui.chart.instant import At
from smtui.chart.messages import Message
from smtui.chart.values import Micro, Pending, RunEntry, TimerEntry
from smtui.definition import Guard, Json
from smtui.definition.guards import AllOf, AnyOf, NamedGuard, NotGuard

__all__ = [
    "BEGIN",
    "MOVED",
    "MOVED_IN_WORDS",
    "NUMBER",
    "SEND",
    "delays_of",
    "guards_of",
    "history_of",
    "mapping",
    "micros_of",
    "name_of",
    "said",
    "texts",
    "values_of",
    "waiting",
]

BEGIN = "begin"
"""The action that makes the machine and enters its initial state."""

SEND = "send"
"""The action that gives the machine one event."""

MOVED = "smtui.moved"
"""The event that tells a machine what a peer's event has done to it."""

MOVED_IN_WORDS = "moved along"
"""What people read of news in which no transition of this machine was taken."""

NUMBER = "smtui.news"
"""Key of the data: the number of the last news of where the machine is."""


def name_of(message: Message) -> str:
    """Return the event a message is about: news are about what moved the peer."""
    if message.name != MOVED:
        return message.name
    moved = (micro.event for micro in micros_of(mapping(message.data).get("moves")))
    return next(moved, "") or MOVED


def said(event: str, payload: Json = None) -> str:
    """Return an event as people read it: what moved the machine, for news."""
    if event != MOVED:
        return event
    name = name_of(Message(event, payload))
    return MOVED_IN_WORDS if name == MOVED else name


def values_of(data: Mapping[str, Json]) -> dict[str, Json]:
    """Return the author's values of a machine's data, without the number of news."""
    return {key: value for key, value in data.items() if key != NUMBER}


def micros_of(moves: Json) -> Iterator[Micro]:
    """Yield the transitions the library told of: event, from, to."""
    for each in moves if isinstance(moves, list) else ():
        event, source, target = texts(each)
        yield Micro(
            source,
            event,
            target,
            -1,
            exited=(source,) if source else (),
            entered=(target,),
        )


def history_of(told: Json) -> dict[str, tuple[str, ...]]:
    """Return the histories by the id of their pseudo-state."""
    return {id_: tuple(texts(each)) for id_, each in mapping(told).items()}


def delays_of(told: Json, cause: str) -> Iterator[tuple[str, TimerEntry]]:
    """Yield the delayed events the library was given, by id."""
    for id_, each in mapping(told).items():
        match mapping(each):
            case {
                "event": str(event),
                "due": [
                    float() | int() as wall,
                    float() | int() as boot,
                    str(boot_id),
                ],
                "brings": brings,
            }:
                due = At(float(wall), float(boot), boot_id)
                yield id_, TimerEntry(due, event, cause, "", Message(event, brings))
            case _:
                continue


def waiting(
    pending: Mapping[str, Pending], delays: Mapping[str, TimerEntry]
) -> dict[str, Pending]:
    """Return what is pending when these are the delays there are.

    A delay that is over, and whose event is in hand, is none any more.
    """
    in_hand = {
        str(entry.args.get("delay"))
        for entry in pending.values()
        if isinstance(entry, RunEntry)
    }
    kept: dict[str, Pending] = {
        id_: entry
        for id_, entry in pending.items()
        if not isinstance(entry, TimerEntry) or id_ in delays
    }
    fresh = {
        id_: entry
        for id_, entry in delays.items()
        if id_ not in kept and id_ not in in_hand
    }
    return {**kept, **fresh}


def guards_of(guard: Guard | None) -> Iterator[str]:
    """Yield the names of the guards that decide, a negated one with `not`."""
    match guard:
        case NamedGuard(name=name):
            yield name
        case NotGuard(inner):
            yield from (f"not {name}" for name in guards_of(inner))
        case AllOf(guards) | AnyOf(guards):
            for each in guards:
                yield from guards_of(each)
        case _:
            return


def texts(value: Json) -> list[str]:
    """Return a list of texts, empty for anything else."""
    return [str(each) for each in value] if isinstance(value, list) else []


def mapping(value: Json) -> dict[str, Json]:
    """Return a mapping, empty for anything else."""
    return value if isinstance(value, dict) else {}

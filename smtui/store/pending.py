"""What the store must know of a snapshot: what is due, watched, in hand, held.

Pure. The store keeps snapshots as the JSON that `smtui.chart.encode` makes
and reads four things of it here and nowhere else: the timers and watches, so
that one can ask for them without decoding; the World actions in hand and the
jobs held, because an epoch is raised by a process that knows no chart.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from smtui.chart.values import At, Kind
from smtui.definition import Json
from smtui.store.rows import Data

__all__ = [
    "TimerOf",
    "has_store",
    "has_world",
    "held",
    "is_busy",
    "raise_attempts",
    "timers",
    "topics",
]


class TimerOf(NamedTuple):
    """A pending delay."""

    id: str
    event: str
    due: At


def timers(snapshot: Data) -> list[TimerOf]:
    """Return the delays under way."""
    found: list[TimerOf] = []
    for id_, kind, entry in _entries(snapshot):
        due = entry.get("due")
        if kind == "timer" and isinstance(due, list):
            wall, boot, boot_id = due
            at = At(_number(wall), _number(boot), str(boot_id))
            found.append(TimerOf(id_, str(entry.get("event")), at))
    return found


def topics(snapshot: Data) -> dict[str, int]:
    """Return everything the instance watches, with the number it saw."""
    found: dict[str, int] = {}
    for _, kind, entry in _entries(snapshot):
        on, since = entry.get("on"), entry.get("since")
        if kind == "watch" and isinstance(on, list):
            seen = since if isinstance(since, dict) else {}
            found |= {str(topic): int(_number(seen.get(str(topic)))) for topic in on}
    return found


def held(snapshot: Data) -> set[str]:
    """Return the ids of the jobs the run holds."""
    jobs = snapshot.get("held")
    return set(jobs) if isinstance(jobs, dict) else set()


def raise_attempts(snapshot: Data) -> dict[str, Json]:
    """Return the snapshot with each World action in hand tried once more.

    A sleep is no attempt at anything: only its rest is waited for.
    """
    pending: dict[str, Json] = {
        id_: _once_more(entry) if kind == Kind.WORLD else entry
        for id_, kind, entry in _entries(snapshot)
    }
    return {**snapshot, "pending": pending}


def has_store(snapshot: Data) -> bool:
    """Say whether a Store action is pending: its result may be kept already."""
    return any(kind == Kind.STORE for _, kind, _ in _entries(snapshot))


def has_world(snapshot: Data) -> bool:
    """Say whether a World action is in hand."""
    return any(kind == Kind.WORLD for _, kind, _ in _entries(snapshot))


def is_busy(snapshot: Data) -> bool:
    """Say whether a new owner has to look at it before anything comes in."""
    if snapshot.get("pause") or snapshot.get("held"):
        return True
    kinds = {str(kind) for _, kind, _ in _entries(snapshot)}
    # an engine list that rests at a watch, or stands still, is looked at anyway
    rests = kinds <= {"timer", "child", "watch"}
    return not rests or snapshot.get("cursor") is not None


def _once_more(entry: dict[str, Json]) -> dict[str, Json]:
    if _is_sleep(entry):
        return entry
    return {**entry, "attempt": int(_number(entry.get("attempt"))) + 1}


def _is_sleep(entry: Mapping[str, Json]) -> bool:
    args = entry.get("args")
    return entry.get("action") == "sleep" and isinstance(args, dict) and "due" in args


def _entries(snapshot: Data) -> Iterator[tuple[str, Json, dict[str, Json]]]:
    pending = snapshot.get("pending")
    if isinstance(pending, dict):
        for id_, entry in pending.items():
            if isinstance(entry, dict):
                yield id_, entry.get("kind"), entry


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) else 0.0

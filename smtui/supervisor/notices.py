"""What is worth telling a human who does not look: `notify:` of smtui.yaml.

Pure: rows and jobs go in, notices come out. Four things are told: a machine
that was given up (failed), one that stays too long in a state (stuck), one
that asks (asks), a job whose last attempt failed (discarded).

Laws of this file:

- a thing is told once for as long as it lasts: a frame more is no news
- of one machine and kind there is one notice in `at_most_every` seconds; what
  comes sooner is not told, and not kept for later
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self, cast

from smtui.definition import Json
from smtui.store import JobRow
from smtui.wire import ChildState, MachineView, Notice

__all__ = ["Bulletin", "Kind", "Wanted"]

USUAL_EVERY_S = 60.0


class Kind(StrEnum):
    """What is told of."""

    FAILED = "failed"
    STUCK = "stuck"
    DISCARDED = "discarded"
    ASKS = "asks"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator wants to be told, and how."""

    on: frozenset[Kind] = frozenset()
    command: tuple[str, ...] = ()
    cwd: str = ""
    bell: bool = False
    every_s: float = USUAL_EVERY_S

    @classmethod
    def of(cls, found: Mapping[str, Json]) -> Self:
        """Read `notify` of a check's report; nothing there, nothing wanted."""
        if not found:
            return cls()
        on = cast("list[str]", found.get("on", [*Kind]))
        return cls(
            on=frozenset(Kind(word) for word in on),
            command=tuple(cast("list[str]", found.get("command") or [])),
            cwd=str(found.get("cwd") or ""),
            bell=bool(found.get("bell", True)),
            every_s=float(str(found.get("at_most_every", USUAL_EVERY_S))),
        )


class Bulletin:
    """Knows what was told already."""

    def __init__(self) -> None:
        self.wanted = Wanted()
        self._lasting: dict[tuple[str, Kind], float] = {}
        """Since when what was told of a machine lasts."""
        self._told_at: dict[tuple[str, Kind], float] = {}

    def of_machines(self, rows: Iterable[MachineView], now: float) -> list[Notice]:
        """Return what is news about machines; `now` in seconds since the epoch."""
        found: list[Notice] = []
        for row in rows:
            for kind in (Kind.FAILED, Kind.ASKS, Kind.STUCK):
                since, text = _condition(row, kind, now)
                if since is None:
                    self._lasting.pop((row.name, kind), None)
                elif self._lasting.get((row.name, kind)) != since:
                    self._lasting[row.name, kind] = since
                    found += self._told(kind, row.name, text, now)
        return found

    def of_jobs(self, jobs: Iterable[JobRow], now: float) -> list[Notice]:
        """Return what is news about jobs that were just discarded."""
        found: list[Notice] = []
        for job in jobs:
            text = f"job {job.id} of type {job.job_type}: {job.error}"
            found += self._told(Kind.DISCARDED, job.machine or "", text, now)
        return found

    def _told(self, kind: Kind, machine: str, text: str, now: float) -> list[Notice]:
        last = self._told_at.get((machine, kind))
        is_soon = last is not None and now - last < self.wanted.every_s
        if kind not in self.wanted.on or is_soon:
            return []
        self._told_at[machine, kind] = now
        return [Notice(now, kind.value, machine, text)]


def _condition(row: MachineView, kind: Kind, now: float) -> tuple[float | None, str]:
    """Return since when something is true of a machine, None when it is not."""
    frame, limit = row.frame, row.stuck_after_s
    if kind is Kind.FAILED:
        has_failed = row.state is ChildState.FAILED
        return (row.state_since if has_failed else None), row.reason
    if frame is None or row.state is not ChildState.READY:
        return None, ""
    if kind is Kind.ASKS:
        return (frame.since if row.asks else None), row.asks
    is_stuck = limit is not None and not row.asks and now - frame.since > limit
    where = frame.where
    text = f"in {where} for more than {limit or 0:g} s"
    return (frame.since if is_stuck else None), text

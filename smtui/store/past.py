"""The past of one instance, read by place: what a time slider asks for.

The laws of this file: those of `Reader` (a page is fetched whole, nothing is
written, every page has a limit), and no statement walks the journal: a place is
found by a seek, or by halving a span that is dense.
"""

import json
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple

from smtui.store import past_lines, reading
from smtui.store.connection import Params, Row
from smtui.store.past_rows import PastPatch, PastState, Place, RunSpan
from smtui.store.reader import NEWEST, Reader
from smtui.store.rows import JournalEntry
from smtui.store.statements import Statements

__all__ = ["ExportLine", "PastReader"]

MOST_RUNS = 1_000
"""Of these a slider has a cell at best; older runs are reached by their number."""

MOST_CONFIGURATIONS = 1_000
"""A chart with more than these takes a visit from the newest thousand found."""

MOVES_TRIED = 64
"""Moves inside a state are no visits; so many are passed over in one page."""

MOST_PATCHES = 1_000
"""Folded where no full snapshot is: five times what lies between two of them."""

EXPORT_ROWS = 200
"""In one page of an export: a patch is up to a megabyte."""

_SQL = Statements("past.sql")


class ExportLine(NamedTuple):
    """A line of an exported journal."""

    text: str
    is_step: bool = False


class PastReader(Reader):
    """A Reader that also knows the way around in a journal."""

    async def past_runs(self, machine: str, instance: str) -> list[RunSpan]:
        """Return the runs the journal has rows of, the oldest first."""
        params = {"machine": machine, "instance": instance, "limit": MOST_RUNS}
        rows = await self._every(_SQL["runs"], params)
        return [RunSpan(row["run"], row["first"], row["last"]) for row in rows][::-1]

    async def past_steps(
        self,
        machine: str,
        instance: str,
        place: Place,
        *,
        before: int = 0,
        after: int = 0,
    ) -> list[JournalEntry]:
        """Return steps around a place, oldest first, its own among `before`."""
        where = _where(machine, instance, place)
        older: Sequence[Row] = ()
        newer: Sequence[Row] = ()
        if before > 0:
            older = await self._every(_SQL["before"], {**where, "limit": before})
        if after > 0:
            newer = await self._every(_SQL["after"], {**where, "limit": after})
        return [reading.journal_entry(row) for row in [*older[::-1], *newer]]

    async def past_state(
        self, machine: str, instance: str, place: Place
    ) -> PastState | None:
        """Return what to fold to know the instance there; None if no step is."""
        where = _where(machine, instance, place)
        entry = await self._one(_SQL["step"], where)
        if entry is None:
            return None
        base = await self._one(_SQL["base"], where)
        after = place.seq - MOST_PATCHES if base is None else base["seq"]
        patches = await self._every(_SQL["patches"], {**where, "after": after})
        return PastState(
            entry=reading.journal_entry(entry),
            base=None if base is None else reading.mapping(base["snapshot_json"]),
            patches=_patches(patches),
        )

    async def past_event(
        self, machine: str, instance: str, place: Place, event: str, *, back: bool
    ) -> Place | None:
        """Return where an event comes next, or came last, seen from a place."""
        sql = _SQL["event_before" if back else "event_after"]
        params = {**_where(machine, instance, place), "name": event}
        row = await self._one(sql, params)
        return None if row is None else Place(row["run"], row["seq"])

    async def past_visit(
        self, machine: str, instance: str, place: Place, state: str, *, back: bool
    ) -> Place | None:
        """Return where a state is entered next, or was last, seen from a place.

        A move from one configuration that has the state to another is no visit.
        """
        params = {"machine": machine, "instance": instance}
        rows = await self._every(
            _SQL["configurations"], {**params, "limit": MOST_CONFIGURATIONS}
        )
        found: list[Place] = []
        for row in rows:
            text: str = row["to_json"]
            if state in json.loads(text):
                visit = await self._visit(params, place, state, text, back=back)
                if visit is not None:
                    found.append(visit)
        return (max if back else min)(found, default=None)

    async def past_moment(self, machine: str, instance: str, at: float) -> Place | None:
        """Return the last step taken at or before an instant, None if none was.

        Where the wall clock was set back, one of the steps that fit.
        """
        spans = await self.past_runs(machine, instance)
        low, high = 0, len(spans)
        while low < high:
            middle = (low + high) // 2
            begun = Place(spans[middle].run, spans[middle].first)
            if await self._was_by(machine, instance, begun, at):
                low = middle + 1
            else:
                high = middle
        if not low:
            return None
        span = spans[low - 1]
        first, last = span.first, span.last
        while first < last:
            middle = (first + last + 1) // 2
            if await self._was_by(machine, instance, Place(span.run, middle), at):
                first = middle
            else:
                last = middle - 1
        return Place(span.run, first)

    async def past_lines(
        self, machine: str, instance: str | None, since: float
    ) -> AsyncIterator[ExportLine]:
        """Yield a machine's past as lines of an exported journal, oldest first.

        They begin at the last full snapshot before `since`, so that every step
        folds, and end with the newest step of now, though the machine goes on.
        """
        told: set[str] = set()
        which = {"machine": machine, "instance": instance}
        newest = await self._one(_SQL["newest"], which)
        until = 0 if newest is None else newest["id"] or 0
        after = await self._export_after(which, since)
        while after < until:
            span = {**which, "after": after, "until": until, "limit": EXPORT_ROWS}
            rows = await self._every(_SQL["export"], span)
            after = rows[-1]["id"] if len(rows) == EXPORT_ROWS else until
            span["until"] = after
            full = {
                row["journal_id"]: row
                for row in await self._every(_SQL["snapshots"], span)
            }
            for row in rows:
                hash_: str = row["definition_hash"]
                if hash_ not in told:
                    told.add(hash_)
                    kept = await self.definition(hash_)
                    if kept is not None:
                        yield ExportLine(past_lines.definition_line(kept))
                yield ExportLine(past_lines.step_line(row), is_step=True)
                if row["id"] in full:
                    yield ExportLine(past_lines.snapshot_line(full[row["id"]]))

    # --------------------------------------------------------------- inside

    async def _export_after(self, which: Params, since: float) -> int:
        """Return the journal id after which an export begins."""
        first = await self._one(_SQL["first_since"], {**which, "since": since})
        if first is None:
            return NEWEST
        base = await self._one(_SQL["base_id"], {**which, **dict(first)})
        id_: int | None = None if base is None else base["id"]
        return (first["id"] if id_ is None else id_) - 1

    async def _was_by(
        self, machine: str, instance: str, place: Place, at: float
    ) -> bool:
        """Say whether the step at a place was taken by then; a cut one was."""
        row = await self._one(_SQL["at"], _where(machine, instance, place))
        return row is None or row["at"] <= at

    async def _visit(
        self,
        params: Params,
        place: Place,
        state: str,
        to_json: str,
        *,
        back: bool,
    ) -> Place | None:
        sql = _SQL["moves_before" if back else "moves_after"]
        more = {"to_json": to_json, "limit": MOVES_TRIED}
        while True:
            rows = await self._every(sql, {**params, **place._asdict(), **more})
            for row in rows:
                place = Place(row["run"], row["seq"])
                if state not in json.loads(row["from_json"]):
                    return place
            if len(rows) < MOVES_TRIED:
                return None


def _where(machine: str, instance: str, place: Place) -> dict[str, object]:
    return {"machine": machine, "instance": instance, **place._asdict()}


def _patches(rows: Sequence[Row]) -> tuple[PastPatch, ...]:
    """Return the patches of up to 200 steps, parsed in one go."""
    parts = (f"[{row['patch']},{row['effects']}]" for row in rows)
    parsed = json.loads(f"[{','.join(parts)}]")
    return tuple(
        PastPatch(row["at"], row["cause"], bool(row["is_move"]), patch, tuple(effects))
        for row, (patch, effects) in zip(rows, parsed, strict=True)
    )

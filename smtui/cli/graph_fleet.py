"""What `smtui graph FOLDER` draws: its fleet, and every machine of it.

Where a data directory knows these machines, their states stand in the boxes
and the ways the store has seen are lit. Else each box shows where its machine
would begin.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from smtui.check import MachineSpec, custom_types, describe_all, fleet
from smtui.cli import datadir
from smtui.cli.console import Console
from smtui.cli.graph_sources import Subject, graph_of
from smtui.cli.link import fleet_now, run
from smtui.cli.records import read
from smtui.cli.status import Row, from_fleet, from_store
from smtui.clock import rfc3339
from smtui.definition import Json
from smtui.dialects import load_text
from smtui.errors import DefinitionError
from smtui.store import InboxRow, JobState, Reader
from smtui.view.graph import (
    Arrow,
    FleetGraph,
    Graph,
    Member,
    Presence,
    Sighting,
    fleet_graph,
    note_of,
    of_children,
    of_events,
    of_jobs,
    summed,
    waiting_note,
    with_notes,
)
from smtui.view.words import MARKS, Standing
from smtui.wire.paths import DATABASE

__all__ = ["from_folder"]

_EVENTS, _JOBS = 20_000, 5_000
"""So many of the newest rows tell which ways are used."""

_PAGE = 1000


class _Seen(NamedTuple):
    """What a data directory knows of the fleet."""

    rows: tuple[Row, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    waiting: Mapping[str, int] | None = None
    """Type of job -> how many wait; None when nothing is known."""


def from_folder(console: Console, path: Path) -> tuple[Subject, tuple[Subject, ...]]:
    """Return the fleet of a folder, and its machines.

    Raises DefinitionError when none of its machines can be drawn; problems of
    the others are told beside.
    """
    report = fleet([path])
    if report.errors:
        console.err.write(describe_all(report.errors) + "\n")
    if not report.machines:
        raise DefinitionError(
            f"{path} holds no machine that can be drawn", hint=f"smtui check {path}"
        )
    found = [_member(spec) for spec in report.machines]
    seen = _look(console, path)
    graph = fleet_graph(found, seen.sightings)
    whole = Subject(
        path.resolve().name,
        with_notes(graph.graph, dict(_notes(graph, seen, console.clock.now()))),
        lit={id_: _facts(arrow) for id_, arrow in graph.arrows.items()},
    )
    return whole, tuple(_subject(each, graph, seen) for each in found)


def _member(spec: MachineSpec) -> Member:
    custom = custom_types(Path(spec.actions_dir) if spec.actions_dir else None)
    loaded = load_text(spec.text, spec.file, custom=custom)
    if loaded.definition is None:
        raise DefinitionError(f"{spec.file} cannot be read any more")
    return Member(
        spec.name,
        loaded.definition,
        spec.file,
        spec.settings.replicas,
        is_template=spec.template,
        custom=custom,
    )


def _look(console: Console, path: Path) -> _Seen:
    """Return what the data directory of this folder knows, if there is one."""
    data = datadir.of_path(console, path)
    if not (data / DATABASE).is_file():
        return _Seen()

    async def look(reader: Reader) -> _Seen:
        rows = await from_store(reader)
        events = of_events(await _events(reader))
        jobs = of_jobs(await reader.jobs_page(limit=_JOBS))
        children = of_children(await reader.children())
        waiting = Counter[str]()
        for count in await reader.job_counts():
            if count.status in _WAITING:
                waiting[count.job_type] += count.n
        return _Seen(tuple(rows), summed((*events, *jobs, *children)), waiting)

    seen = read(data, look)
    live = run(fleet_now(data))
    return seen if live is None else seen._replace(rows=tuple(from_fleet(live)))


_WAITING = frozenset({JobState.AVAILABLE, JobState.RETRYABLE, JobState.SCHEDULED})


async def _events(reader: Reader) -> list[InboxRow]:
    """Return the newest events, page by page."""
    found: list[InboxRow] = []
    while len(found) < _EVENTS:
        before = found[-1].seq if found else None
        page = await reader.events_page(before=before, limit=_PAGE)
        found += page
        if len(page) < _PAGE:
            break
    return found


def _notes(graph: FleetGraph, seen: _Seen, now: float) -> Iterator[tuple[str, str]]:
    """Yield what stands in each box."""
    homes: dict[str, list[Row]] = {}
    for row in seen.rows:
        homes.setdefault(graph.home(row.name) or "", []).append(row)
    for node, member in graph.members.items():
        rows = homes.get(node, [])
        if rows:
            here = [Presence(row.standing(now), row.configuration) for row in rows]
            yield node, note_of(here).text
        elif not member.is_template:
            mark = MARKS[Standing.STOPPED].glyph
            yield node, f"{mark} {_first(member)}"
    for job_type, node in graph.queues.items():
        known = seen.waiting
        text = "jobs" if known is None else waiting_note(known.get(job_type, 0)).text
        yield node, text


def _first(member: Member) -> str:
    """Return the state a machine begins in."""
    return _drawn(member).initial or ""


def _drawn(member: Member) -> Graph:
    if member.definition is None:
        return Graph(())
    return graph_of(member.definition, member.custom)


def _facts(arrow: Arrow) -> dict[str, Json]:
    return {
        "way": arrow.way.value,
        "count": arrow.count,
        "last_at": None if arrow.last_at is None else rfc3339(arrow.last_at),
    }


def _subject(member: Member, graph: FleetGraph, seen: _Seen) -> Subject:
    """Return one machine, with the states it is in."""
    active = Counter[str]()
    for row in seen.rows:
        if graph.home(row.name) == member.name:
            active.update(row.configuration)
    drawn = _drawn(member)
    return Subject(
        member.name, drawn, {k: n for k, n in active.items() if k in drawn.by_id}
    )

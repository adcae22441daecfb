"""`smtui instances`: the lives of a machine, and beginning another one."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from smtui.chart.foreign_news import values_of
from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.cli.members import members
from smtui.cli.moments import count, since
from smtui.cli.payloads import json_mapping
from smtui.definition import Json
from smtui.errors import UsageError, nearest
from smtui.store.documents import instance_document
from smtui.store.rows import InboxKind, InstanceRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smtui.store.reader import Reader
    from smtui.store.rows import InstanceSize
    from smtui.view.facts import Facts

__all__ = ["INSTANCES"]

DEFAULT_ROWS = 50
LONGEST_ID = 40
"""Cells of an id in the table; --json has all of it."""
STATUSES = ("running", "ending", "final", "failed", "ended")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a machine")
    parser.add_argument("--create", metavar="ID", help="begin an instance of this id")
    parser.add_argument(
        "--context", metavar="JSON", help="with --create: its first data; @FILE, or -"
    )
    parser.add_argument("--status", choices=STATUSES, help="only of this status")
    parser.add_argument("--state", metavar="S", help="only in this state")
    parser.add_argument("--since", metavar="WHEN", help="only that stepped since")
    parser.add_argument("--name", metavar="GLOB", dest="glob", help="only ids like it")
    parser.add_argument(
        "--limit", metavar="N", type=count, default=DEFAULT_ROWS, help="the first N"
    )
    parser.add_argument("--count", action="store_true", help="only how many")


def _run(console: Console, found: Namespace) -> int:
    data = datadir.existing(console)
    if found.create is not None:
        return _create(console, data, found)
    if found.context is not None:
        raise UsageError("--context goes with --create ID")
    if found.count:
        return _count(console, data, found)
    from smtui.cli.records import read  # late: SQLite

    rows = read(data, lambda reader: _rows(reader, console, found))
    if console.json:
        console.document([_masked(console, row) for row in rows])
    elif not rows:
        is_any = found.status or found.state or found.since or found.glob is not None
        console.line(f"{found.name} has no {'such ' if is_any else ''}instance")
    else:
        from smtui.cli.known import known_of  # late: only for people

        machines = dict.fromkeys(row.machine for row in rows)

        async def know(reader: "Reader") -> "dict[str, Facts]":
            return {name: await known_of(reader, name) for name in machines}

        _table(console, rows, read(data, know))
    return 0


# ------------------------------------------------------------------- which ones


async def _rows(
    reader: "Reader", console: Console, found: Namespace
) -> list[InstanceRow]:
    rows: list[InstanceRow] = []
    start = _start(console, found)
    for machine in await members(reader, found.name):
        if found.state is None:
            rows += await reader.instances(
                machine,
                status=found.status,
                name=found.glob,
                since=start,
                limit=found.limit,
            )
        else:
            rows += await reader.instances_in(
                machine,
                await _configurations(reader, machine, found.state),
                status=found.status,
                name=found.glob,
                since=start,
                limit=found.limit,
            )
    return rows[: found.limit]


def _start(console: Console, found: Namespace) -> float:
    if not found.since:
        return 0.0
    return since(found.since, console.clock.now(), console.zone)


async def _configurations(
    reader: "Reader", machine: str, state: str
) -> list[tuple[str, ...]]:
    """Return those with the state; raises UsageError for one nobody knows."""
    from smtui.cli.charts import chart_of  # late: the core and the dialects

    sizes: list[InstanceSize] = await reader.instance_sizes(machine)
    found = {size.configuration for size in sizes if state in size.configuration}
    if not found:
        chart = await chart_of(reader, machine)
        states = [] if chart is None else [*chart.states]
        if chart is not None and state not in states:
            raise UsageError(
                f"{machine} has no state {state!r}",
                hint=nearest(state, states) or f"it has {', '.join(states)}",
            )
    return [*found]


def _count(console: Console, data: Path, found: Namespace) -> int:
    from smtui.cli.records import read  # late: SQLite

    async def work(reader: "Reader") -> int:
        total = 0
        for machine in await members(reader, found.name):
            among = None
            if found.state is not None:
                among = await _configurations(reader, machine, found.state)
            if found.glob is None and not found.since:
                sizes = await reader.instance_sizes(machine)
                total += sum(
                    size.n
                    for size in sizes
                    if found.status in (None, size.status)
                    and (among is None or size.configuration in among)
                )
            else:
                total += await reader.instances_count(
                    machine,
                    among,
                    status=found.status,
                    name=found.glob,
                    since=_start(console, found),
                )
        return total

    total = read(data, work)
    if console.json:
        console.document({"machine": found.name, "count": total})
    else:
        console.line(str(total))
    return 0


# ------------------------------------------------------------------------ output


def _masked(console: Console, row: InstanceRow) -> Json:
    from smtui.view.masks import masked  # late: only here

    document = instance_document(row)
    document["data"] = masked(document["data"], reveal=console.reveal)
    return document


def _table(
    console: Console, rows: list[InstanceRow], known: "Mapping[str, Facts]"
) -> None:
    from smtui.view.masks import compact  # late: only here
    from smtui.view.text import fit  # late: only here
    from smtui.view.times import age  # late: only here

    now = console.clock.now()
    cells = [
        [
            fit(row.id, LONGEST_ID).rstrip(),
            row.status,
            "+".join(known[row.machine].leaves(row.configuration)) or "-",
            age(now - row.updated_at),
            compact(values_of(row.data), reveal=console.reveal)[:60],
        ]
        for row in rows
    ]
    console.table(["INSTANCE", "STATUS", "IN", "FOR", "DATA"], cells)


# ------------------------------------------------------------------------ births


def _create(console: Console, data: Path, found: Namespace) -> int:
    """Order a new instance; its machine begins it, now or when it runs."""
    from smtui.cli.link import ring_bells  # late: asyncio
    from smtui.cli.records import read, writer  # late: SQLite
    from smtui.wire.who import who  # late: with the write

    context = json_mapping(found.context or "{}", "--context")
    machine = read(data, lambda reader: _makes_instances(reader, found))
    with writer(console, data) as store:
        accepted = store.accept(
            machine,
            "create",
            context,
            source=who(),
            instance=found.create,
            kind=InboxKind.CREATE,
        )
    is_heard = ring_bells(data, [machine]) > 0
    if console.json:
        console.document(
            {
                "id": accepted.id,
                "machine": machine,
                "instance": found.create,
                "accepted": True,
                "heard": is_heard,
            }
        )
    else:
        beside = "" if is_heard else "; nobody runs it, it waits in the inbox"
        console.line(f"{machine}: instance {found.create} ordered{beside}")
    return 0


async def _makes_instances(reader: "Reader", found: Namespace) -> str:
    """Return the machine; raises UsageError when it can have no such instance."""
    from smtui.cli.charts import chart_of  # late: the core and the dialects
    from smtui.cli.entities import refuse_unfit  # late: as these
    from smtui.view.entities import has_entities  # late: as these

    machine, *others = await members(reader, found.name)
    chart = await chart_of(reader, machine)
    if others or chart is None or not has_entities(chart):
        raise UsageError(
            f"{found.name} has one instance, which began with it",
            hint="machines in PyStator's dialect have one for each entity",
        )
    refuse_unfit(found.create)
    if await reader.instance(machine, found.create):
        raise UsageError(f"{machine} has an instance {found.create!r} already")
    return machine


INSTANCES = Command(
    name="instances",
    summary="List the instances of a machine, or begin one.",
    run=_run,
    arguments=_arguments,
    examples=(
        "smtui instances librarian --json",
        "smtui instances courier --status running --count",
    ),
    details="""\
A machine in PyStator's dialect has an instance for each entity: the first event
for an id begins it (send NAME EVENT --instance ID), or --create ID.""",
)

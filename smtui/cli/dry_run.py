"""`smtui send --dry-run`: what an event would do now, without sending it.

The preview is the core's own step on the snapshot in the store; no code of an
author runs, and nothing is written.
"""

from argparse import Namespace
from pathlib import Path
from typing import NamedTuple

from smtui.chart import decode
from smtui.chart.values import At
from smtui.cli.charts import chart_of, chart_of_instance
from smtui.cli.console import Console
from smtui.cli.peers import with_peers
from smtui.cli.records import read
from smtui.definition import Json
from smtui.store import SOLE_INSTANCE, Reader
from smtui.view.entities import has_entities, unborn
from smtui.view.foresight import look_ahead

__all__ = ["dry_run"]


class _Preview(NamedTuple):
    machine: str
    outcome: str
    text: str


def dry_run(
    console: Console,
    data: Path,
    targets: tuple[str, ...],
    found: Namespace,
    payload: Json,
) -> int:
    """Print what the event would do to each target; return the exit code."""

    async def look(reader: Reader) -> list[_Preview]:
        return [
            await _preview(reader, console, name, found, payload) for name in targets
        ]

    seen = read(data, look)
    if console.json:
        documents: list[Json] = [
            {
                "machine": one.machine,
                "event": found.event,
                "accepted": False,
                "outcome": one.outcome,
                "why": one.text,
            }
            for one in seen
        ]
        console.document(documents if found.name.endswith("#*") else documents[0])
    else:
        for one in seen:
            console.line(f"{one.machine}: {found.event} {one.outcome}  {one.text}")
    return 0 if all(one.outcome in ("taken", "waits") for one in seen) else 1


async def _preview(
    reader: Reader, console: Console, machine: str, found: Namespace, payload: Json
) -> _Preview:
    chart = await chart_of(reader, machine)
    instance = found.instance or SOLE_INSTANCE
    kept = await reader.snapshot(machine, instance)
    if chart is None:
        return _Preview(machine, "unknown", "its definition cannot be read")
    if kept is None and not has_entities(chart):
        if instance != SOLE_INSTANCE:
            why = f"this machine has no instance {instance!r}"
            return _Preview(machine, "rejected", why)
        return _Preview(machine, "waits", "it has not begun")
    chart = await chart_of_instance(reader, machine, instance, chart)
    at = At(console.clock.now(), 0.0, "")
    snapshot = unborn(chart, machine, instance, at) if kept is None else decode(kept)
    if found.if_state and found.if_state not in snapshot.configuration:
        where = ", ".join(snapshot.configuration)
        return _Preview(
            machine, "rejected", f"only if in {found.if_state}, but it is in {where}"
        )
    seen = await with_peers(
        reader,
        instance,
        lambda known: look_ahead(chart, snapshot, found.event, payload, known=known),
    )
    return _Preview(machine, seen.verdict.value, seen.text)

"""An instance as it was: what `history --at` and `replay --at` find and print."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smtui.cli.console import Console
from smtui.clock import rfc3339
from smtui.definition import Json
from smtui.errors import SmtuiError
from smtui.store.past_rows import Place
from smtui.store.rows import SOLE_INSTANCE, JournalEntry
from smtui.view.facts import NOTHING_KNOWN, Facts
from smtui.view.past import Instant, fold
from smtui.view.timeline import Timeline, Wanted

if TYPE_CHECKING:
    from smtui.store.past import PastReader

__all__ = ["instant_at", "show_instant"]


async def instant_at(
    reader: "PastReader", machine: str, instance: str, meant: Wanted
) -> Instant:
    """Return the instance as it was; raises SmtuiError when no step is there."""
    is_sole = instance == SOLE_INSTANCE
    who = machine if is_sole else f"{machine}, instance {instance}"
    line = Timeline(tuple(await reader.past_runs(machine, instance)))
    if not line.spans:
        raise SmtuiError(f"{who} has taken no step yet")
    if meant.seq is not None:
        place = _found(who, line, meant.run, meant.seq)
    else:
        found = await reader.past_moment(machine, instance, meant.at or 0.0)
        if found is None:
            run, seq = line.first
            raise SmtuiError(
                f"{who} had taken no step at {meant.text}",
                hint=f"its journal begins with step {seq} of run {run}",
            )
        place = found
    state = await reader.past_state(machine, instance, place)
    if state is None:
        raise SmtuiError(f"{who}: step {place.seq} of run {place.run} was cut just now")
    return fold(state)


def _found(who: str, line: Timeline, run: int | None, seq: int) -> Place:
    try:
        return line.find(run, seq)
    except SmtuiError as error:
        raise SmtuiError(f"{who}: {error.message}", hint=error.hint) from None


def show_instant(
    console: Console, instant: Instant, facts: Facts | None = None
) -> None:
    """Print an instance as it was; `facts` are of the version that ran."""
    if console.json:
        console.document(_document(instant))
        return
    for line in _lines(console, instant, facts or NOTHING_KNOWN):
        console.line(line)


def _document(instant: Instant) -> dict[str, Json]:
    row = instant.entry.row
    return {
        "machine": instant.entry.machine,
        "instance": instant.entry.instance,
        "run": row.run,
        "seq": row.seq,
        "at": rfc3339(row.at),
        "event": row.event,
        "outcome": row.outcome,
        "why": row.why,
        "configuration": list(instant.configuration),
        "since": rfc3339(instant.since),
        "data": dict(instant.data),
        "timers": [
            {"event": delay.event, "due_at": rfc3339(delay.due)}
            for delay in instant.delays.values()
        ],
        "definition": row.definition_hash,
        "is_whole": instant.is_whole,
    }


def _who(entry: JournalEntry) -> str:
    is_sole = entry.instance == SOLE_INSTANCE
    return entry.machine if is_sole else f"{entry.machine}, instance {entry.instance}"


def _lines(console: Console, instant: Instant, facts: Facts) -> Iterator[str]:
    from smtui.view.pages import value_lines  # late: only for people
    from smtui.view.text import plain  # late: as above

    row = instant.entry.row
    yield (
        f"{_who(instant.entry)}  run {row.run}, step {row.seq}  {console.when(row.at)}"
    )
    where = "+".join(facts.leaves(instant.configuration))
    since = console.moment(instant.since)
    yield f"in      {where}  since {since}"
    yield f"event   {facts.told(row.event) or '-'}  {row.outcome}  {row.why}".rstrip()
    for delay in instant.delays.values():
        yield f"waits   {facts.told(delay.event)} at {console.moment(delay.due)}"
    if not instant.is_whole:
        yield "data    only what is known: the beginning of this run was cut"
    else:
        yield "data" if instant.data else "data    none"
    for line in value_lines(instant.data, reveal=console.reveal):
        yield plain(line)

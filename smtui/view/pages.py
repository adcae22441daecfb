"""The pages behind a machine: its journal, its mailbox, its data, as rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from smtui.chart.foreign_news import said, values_of
from smtui.definition import Json
from smtui.store.rows import SOLE_INSTANCE, InboxRow, InboxStatus, JournalEntry
from smtui.view.facts import NOTHING_KNOWN, Facts
from smtui.view.masks import MASK, compact, is_secret
from smtui.view.moves import move_of
from smtui.view.peers import seen_in
from smtui.view.text import Line, Span, clean
from smtui.view.times import clock_time, day_time, duration

__all__ = [
    "MailLine",
    "StepLine",
    "mail_card",
    "mail_line",
    "step_card",
    "step_line",
    "value_lines",
]

_STATUS_STYLES = {
    InboxStatus.PENDING: "asks",
    InboxStatus.TAKEN: "done",
    InboxStatus.IGNORED: "backoff",
    InboxStatus.REJECTED: "failed",
    InboxStatus.PARKED: "failed",
    InboxStatus.DROPPED: "quiet",
    InboxStatus.REQUEUED: "quiet",
    InboxStatus.LOGGED: "quiet",
}
_WORDS = {"taken": "done", "ignored": "backoff", "rejected": "failed"}


@dataclass(frozen=True, slots=True)
class StepLine:
    """A row of the transitions page."""

    key: int
    time: str
    instance: str
    """'' for the only one, or the first of a family."""
    source: str
    event: str
    target: str
    took: str
    outcome: str
    style: str
    note: str


@dataclass(frozen=True, slots=True)
class MailLine:
    """A row of the mailbox page."""

    key: int
    time: str
    instance: str
    """'' for the only one, or the first of a family."""
    event: str
    source: str
    status: str
    style: str
    note: str


def step_line(
    entry: JournalEntry,
    zone: tzinfo | None = None,
    *,
    reveal: bool = False,
    facts: Facts = NOTHING_KNOWN,
) -> StepLine:
    """Return the row of one step; `facts` are of the version that ran."""
    step = entry.row
    patch = compact(_changes(step.data_patch), reveal=reveal)
    changed = "" if patch in ("{}", "null") else patch
    move = move_of(step, facts.leaves)
    return StepLine(
        key=entry.id,
        time=clock_time(step.at, zone, ms=True),
        instance=_whose(entry.instance),
        source=clean(move.source) or "·",
        event=clean(facts.told(step.event)) or "·",
        target=clean(move.target) or "·",
        took=duration(step.duration_s),
        outcome=step.outcome,
        style=_WORDS.get(step.outcome, "quiet"),
        note=clean(step.why or changed),
    )


def _whose(instance: str) -> str:
    return "" if instance == SOLE_INSTANCE else clean(instance)


def step_card(
    entry: JournalEntry, zone: tzinfo | None = None, *, reveal: bool = False
) -> list[Line]:
    """Return all there is to know of one step."""
    step = entry.row
    rows = [
        ("at", day_time(step.at, zone)),
        ("run, step", f"{step.run}, {step.seq}"),
        ("instance", entry.instance),
        ("event", said(step.event) or "-"),
        ("cause", step.cause or "-"),
        ("from", "+".join(step.from_) or "-"),
        ("to", "+".join(step.to) or "-"),
        ("outcome", step.outcome),
        ("why", step.why or "-"),
        *(("saw", seen) for seen in seen_in(step)),
        ("took", duration(step.duration_s)),
        ("definition", step.definition_hash or "-"),
    ]
    lines = [_row(name, text) for name, text in rows]
    lines += [_row("effect", compact(effect, reveal=reveal)) for effect in step.effects]
    patch = step.data_patch or {}
    changed, removed = patch.get("set"), patch.get("unset")
    changed = values_of(changed) if isinstance(changed, dict) else {}
    if changed:
        lines += [(), (Span(" data changed", "quiet"),)]
        lines += value_lines(changed, reveal=reveal)
    if removed:
        lines.append(_row("removed", compact(removed)))
    return lines


def mail_line(
    row: InboxRow, zone: tzinfo | None = None, *, reveal: bool = False
) -> MailLine:
    """Return the row of one inbox entry: its reason, else its payload."""
    payload = compact(row.payload, reveal=reveal) if row.payload else ""
    return MailLine(
        key=row.seq,
        time=clock_time(row.at, zone),
        instance=_whose(row.instance),
        event=clean(said(row.event, row.payload)),
        source=clean(row.source) or "-",
        status=row.status.value,
        style=_STATUS_STYLES[row.status],
        note=clean(row.why or payload),
    )


def mail_card(
    row: InboxRow, zone: tzinfo | None = None, *, reveal: bool = False
) -> list[Line]:
    """Return all there is to know of one inbox entry."""
    handled = day_time(row.handled_at, zone) if row.handled_at else "-"
    rows = [
        ("id", f"{row.id}  #{row.seq}"),
        ("event", said(row.event, row.payload)),
        ("status", row.status.value),
        ("why", row.why or "-"),
        ("source", row.source or "-"),
        ("accepted", day_time(row.at, zone)),
        ("handled", handled),
        ("job", row.job_id or "-"),
        ("key", row.key or "-"),
        ("only if in", row.if_state or "-"),
        ("crashes", str(row.crashes)),
    ]
    lines = [_row(name, text) for name, text in rows]
    payload = row.payload
    if isinstance(payload, dict) and payload:
        lines += [
            (),
            (Span(" payload", "quiet"),),
            *value_lines(payload, reveal=reveal),
        ]
    else:
        lines.append(_row("payload", compact(payload)))
    return lines


def value_lines(
    data: Mapping[str, Json], *, reveal: bool = False, depth: int = 0
) -> list[Line]:
    """Return the data as an indented tree, a key a line, secrets masked."""
    lines: list[Line] = []
    pad = "  " * (depth + 1)
    for key in data:
        value = data[key]
        name = Span(f"{pad}{clean(key)}  ", "name")
        if is_secret(key) and not reveal and value is not None:
            lines.append((name, Span(MASK, "quiet")))
        elif isinstance(value, dict) and value and depth < _MAX_DEPTH:
            lines.append((name, Span(f"{{{len(value)}}}", "quiet")))
            lines += value_lines(value, reveal=reveal, depth=depth + 1)
        elif isinstance(value, list) and _is_deep(value) and depth < _MAX_DEPTH:
            lines.append((name, Span(f"[{len(value)}]", "quiet")))
            items = {str(index): item for index, item in enumerate(value)}
            lines += value_lines(items, reveal=reveal, depth=depth + 1)
        else:
            text = clean(compact(value, reveal=reveal))
            lines.append((name, Span(text, _style_of(value))))
    return lines


_MAX_DEPTH = 12
"""Deeper data go on one line: nobody reads an indent of 13."""


def _is_deep(items: Iterable[Json]) -> bool:
    return any(isinstance(item, (dict, list)) for item in items)


def _style_of(value: Json) -> str:
    match value:
        case None | bool():
            return "quiet"
        case int() | float():
            return "number"
        case _:
            return "text"


def _changes(patch: Mapping[str, Json] | None) -> Json:
    if patch is None:
        return None
    changed, removed = patch.get("set"), patch.get("unset")
    result: dict[str, Json] = dict(changed) if isinstance(changed, dict) else {}
    if isinstance(removed, list):
        result.update(dict.fromkeys((f"-{key}" for key in removed), ""))
    return result


def _row(name: str, text: str) -> Line:
    return (Span(f" {name:<11}", "quiet"), Span(clean(text)))

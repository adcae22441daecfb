"""The event log: what happened, one line each, newest last.

Four sources are merged by time: steps of the journal (with the reason when an
event was ignored or rejected), rows of the inbox that an operator should see
(events they sent, audit lines, parked and dropped events), changes in the life
of a process, and what this operator asked the supervisor for. An entry keeps
its row and becomes a line only when it is about to be seen: there may be
100,000 of them.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from smtui.chart.foreign_news import said
from smtui.store.rows import (
    SOLE_INSTANCE,
    InboxKind,
    InboxRow,
    InboxStatus,
    JournalEntry,
)
from smtui.view.facts import NOTHING_KNOWN, Facts
from smtui.view.masks import compact, mask_text
from smtui.view.moves import move_of
from smtui.view.text import Line, Span, clean, one_line
from smtui.view.times import age, clock_time
from smtui.view.words import MARKS, TIMES, Standing, of_child
from smtui.wire.messages import ChildState, MachineView

__all__ = [
    "Act",
    "ChildChange",
    "Entry",
    "EntryKey",
    "EntryKind",
    "add_entries",
    "child_changes",
    "entry_key",
    "entry_line",
    "inbox_entry",
    "journal_entry",
]

NAME_CELLS = 10


class EntryKind(StrEnum):
    """Where an entry comes from."""

    STEP = "step"
    INBOX = "inbox"
    CHILD = "child"
    ACT = "act"


class ChildChange(NamedTuple):
    """A process entered another state of its life."""

    machine: str
    before: ChildState | None
    now: MachineView


class Act(NamedTuple):
    """Something this operator did, and how it went."""

    machine: str
    text: str
    is_ok: bool = True


Source: TypeAlias = JournalEntry | InboxRow | ChildChange | Act


class Entry(NamedTuple):
    """Something that happened; sorts by time, then by number."""

    at: float
    number: int
    machine: str
    kind: EntryKind
    source: Source
    times: int = 1
    """How often the same self-loop was taken in a row."""


class EntryKey(NamedTuple):
    """What entries are ordered by; no two have the same."""

    at: float
    kind: str
    number: int


LOOKED_BACK = 12
"""A loop is counted into one of the last dozen entries; other machines' entries
may stand between."""


def journal_entry(row: JournalEntry) -> Entry | None:
    """Return the entry of a step, None when it changed no state and failed not."""
    step = row.row
    # what no event led to is told where it leads on: another machine moved
    has_moved = bool(step.from_) and step.from_ != step.to
    is_led = bool(step.event) or has_moved
    is_quiet = step.outcome == "taken" and not (is_led and step.micro)
    if is_quiet:
        return None
    return Entry(step.at, row.id, row.machine, EntryKind.STEP, row)


def inbox_entry(row: InboxRow) -> Entry | None:
    """Return the entry of an inbox row that the journal does not tell of."""
    is_operator = "@" in row.source and row.kind is not InboxKind.AUDIT
    is_odd = row.status in (InboxStatus.PARKED, InboxStatus.DROPPED)
    if not (is_operator or is_odd or row.kind is InboxKind.AUDIT):
        return None
    return Entry(row.at, row.seq, row.machine, EntryKind.INBOX, row)


def child_changes(
    before: MachineView | None, now: MachineView, number: int
) -> Entry | None:
    """Return the entry of a change in a process's life, None when there is none."""
    is_same = before is not None and (
        before.state is now.state
        and before.state_since == now.state_since
        and before.pid in (now.pid, None)
    )
    if is_same:
        return None
    change = ChildChange(now.name, before.state if before else None, now)
    return Entry(now.state_since, number, now.name, EntryKind.CHILD, change)


def add_entries(
    kept: list[Entry], new: Sequence[Entry], limit: int = 100_000
) -> list[Entry]:
    """Return the entries with the new ones in their places, the newest `limit`.

    A self-loop that comes again is counted, not repeated: a machine that polls
    must not push everything else off the screen.
    """
    fresh = sorted(new, key=entry_key)
    if not fresh:
        return kept
    cut = bisect_right(kept, entry_key(fresh[0]), key=entry_key)
    cut = max(0, min(cut, len(kept) - LOOKED_BACK))
    tail: list[Entry] = []
    for entry in sorted([*kept[cut:], *fresh], key=entry_key):
        before = _same_loop(tail, entry)
        if before is not None:
            tail.remove(before)
            tail.append(entry._replace(times=before.times + entry.times))
        else:
            tail.append(entry)
    merged = [*kept[:cut], *tail]
    return merged[-limit:]


def entry_line(
    entry: Entry,
    zone: tzinfo | None = None,
    *,
    reveal: bool = False,
    known: Mapping[str, Facts] | None = None,
) -> Line:
    """Return the entry as it is shown: time, machine, what happened.

    `known` has the facts of definitions by their hash.
    """
    time = Span(clock_time(entry.at, zone, ms=True) + " ", "quiet")
    match entry.source:
        case JournalEntry() as step:
            times = f"  {TIMES}{entry.times}" if entry.times > 1 else ""
            facts = (known or {}).get(step.row.definition_hash, NOTHING_KNOWN)
            told = _step(step, facts)
            return (time, _name(entry.machine), *told, Span(times, "quiet"))
        case InboxRow() as row:
            return (time, *_inbox(row, reveal=reveal))
        case ChildChange() as change:
            return (time, _name(entry.machine), *_child(change, reveal=reveal))
        case Act(_, text, is_ok):
            style = "" if is_ok else "failed"
            return (time, _name("operator", "operator"), Span(clean(text), style))


def entry_key(entry: Entry) -> EntryKey:
    """Return what entries are ordered by, and found again by."""
    return EntryKey(entry.at, entry.kind, entry.number)


def _same_loop(tail: Sequence[Entry], entry: Entry) -> Entry | None:
    """Return the entry of the same self-loop, if it is the machine's last one."""
    for other in reversed(tail[-LOOKED_BACK:]):
        if other.machine == entry.machine:
            key = _loop_key(entry)
            return other if key is not None and key == _loop_key(other) else None
    return None


def _loop_key(entry: Entry) -> tuple[str, tuple[str, ...]] | None:
    if not isinstance(entry.source, JournalEntry):
        return None
    step = entry.source.row
    is_loop = step.outcome == "taken" and step.from_ == step.to
    return (step.event, step.to) if is_loop else None


def _name(name: str, style: str = "name") -> Span:
    shown = clean(name)
    if len(shown) > NAME_CELLS:
        shown = shown[: NAME_CELLS - 1] + "…"
    return Span(f"{shown:<{NAME_CELLS}} ", style)


def _step(entry: JournalEntry, facts: Facts) -> Line:
    step = entry.row
    event = clean(facts.told(step.event))
    if step.outcome != "taken":
        style = "failed" if step.outcome == "rejected" else "backoff"
        reason = clean(step.why)
        return (
            Span(f"! {_of(entry.instance)}{step.outcome} {event}", style),
            Span(f"  {reason}" if reason else ""),
        )
    move = move_of(step, facts.leaves)
    source, target = clean(move.source) or "·", clean(move.target) or "·"
    mark = "↻" if source == target else "●"
    return (
        Span(f"{mark} {_of(entry.instance)}", "ready"),
        Span(f"{source} "),
        Span(f"─{event}→ ", "edge"),
        Span(target, "state"),
    )


def _of(instance: str) -> str:
    """Return which of several instances it was, and a blank."""
    return "" if instance == SOLE_INSTANCE else f"{clean(instance)} "


def _inbox(row: InboxRow, *, reveal: bool) -> Line:
    event = clean(said(row.event, row.payload))
    payload = compact(row.payload, reveal=reveal) if row.payload else ""
    if row.kind is InboxKind.AUDIT:
        return _audit(row, payload)
    target = clean(row.machine)
    if row.status in (InboxStatus.PARKED, InboxStatus.DROPPED):
        return (
            _name(row.machine),
            Span(f"! {row.status} {event}", "failed"),
            Span(f"  {clean(row.why)}"),
        )
    return (
        _name("operator", "operator"),
        Span(f"→ {event} ", "edge"),
        Span(f"to {target} {_of(row.instance)}"),
        Span(clean(payload), "quiet"),
    )


def _audit(row: InboxRow, payload: str) -> Line:
    """Return what a machine wrote down, or what an operator did to one."""
    told = row.payload if isinstance(row.payload, dict) else {}
    message = one_line(str(told.get("message", "")))
    bar = Span("│ ", "quiet")
    if message:
        # `activity_log` writes to no machine's inbox and says who it was
        teller = str(told.get("machine", "")) or row.machine
        return (_name(teller), bar, Span(mask_text(message)))
    act = f"{clean(row.event).replace('_', ' ')} by {clean(row.source)}"
    return (_name(row.machine), bar, Span(f"{act}  "), Span(clean(payload), "quiet"))


def _child(change: ChildChange, *, reveal: bool) -> Line:
    now = change.now
    standing = of_child(now.state)
    mark = MARKS[standing]
    text = f"{mark.glyph} {now.state.value}"
    reason = one_line(mask_text(now.reason, reveal=reveal))
    parts = [reason]
    if standing is Standing.BACKOFF and now.retry_at is not None:
        wait = age(now.retry_at - now.state_since)
        parts.append(f"retry {now.failures}/{now.intensity} in {wait}")
    elif standing in (Standing.READY, Standing.STARTING) and now.restarts:
        # the first restart waits for nothing: its `backoff` is over in no time,
        # and its `starting` nearly so; whichever is seen says what it was
        is_told = reason or standing is Standing.STARTING
        parts = [f"restart {now.restarts} {reason}".strip()] if is_told else []
    if standing is Standing.READY and now.pid:
        parts.insert(0, f"pid {now.pid}")
    detail = ", ".join(part for part in parts if part)
    return (Span(text, mark.style), Span(f"  {detail}"))

"""The card beside the list: one machine, where it is, what moves it, and why.

A neighbourhood, not a graph: the arrows that lead into the active state and
out of it, and the reasons under them. It is drawn for a size; reasons never
give way to arrows while something is wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from smtui.store.rows import JournalEntry
from smtui.view.facts import NOTHING_KNOWN, Facts
from smtui.view.machines import Known, MachineLine, standing_of, where
from smtui.view.moves import move_of
from smtui.view.text import Line, Span, clean, line, wrap
from smtui.view.times import age, clock_time, duration
from smtui.view.ways import Place, neighbourhood
from smtui.view.why import why
from smtui.view.words import MARKS, TIMES, Standing, attention
from smtui.wire.messages import ChildState, MachineView

__all__ = [
    "Card",
    "CardInput",
    "card_titles",
    "group_card",
    "machine_card",
    "reasons_card",
]

SMALL_ROWS = 12
"""Below that a healthy machine's ways out matter more than its reasons."""


@dataclass(frozen=True, slots=True)
class CardInput:
    """What a card is made from."""

    machine: MachineView
    known: Known
    now: float
    last: JournalEntry | None = None
    """The last step that is worth telling."""
    zone: tzinfo | None = None
    reveal: bool = False
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    """State -> how many of many instances are in it."""


@dataclass(frozen=True, slots=True)
class Card:
    """The title, its right end, and the lines of the pane."""

    title: str
    info: str
    lines: tuple[Line, ...]


def machine_card(given: CardInput, width: int, height: int) -> Card:
    """Return the card of a machine for a pane of that many cells."""
    machine, now = given.machine, given.now
    facts = given.known.facts_for(machine)
    stays = given.known.stays_for(machine)
    standing = standing_of(machine, facts, stays, now)
    wrapped = _reasons(given, standing, width - 2)
    tail = _tail(given, standing)
    is_wrong = attention(standing) < attention(Standing.STARTING)
    is_small = height < SMALL_ROWS
    kept = len(wrapped) if is_wrong else min(1 if is_small else 3, len(wrapped))
    head = [_head(machine, standing, now)]
    room = height - len(head) - 1 - kept - len(tail)
    place = Place(machine.frame, facts, MARKS[standing].style, now, given.last)
    most = room if is_small else max(3, height // 2)
    middle = neighbourhood(place, width, min(room, most))
    if machine.frame is not None and not machine.frame.instance:
        middle = _crowd(given.counts, facts, min(room, most))
    if middle and room > len(middle) + 1:
        head, middle = [*head, ()], [*middle, ()]
    left = height - len(head) - len(middle) - 1 - len(tail)
    lines = [
        *head,
        *middle,
        _rule("why", width),
        *(_indented(part) for part in wrapped[: max(1, left)]),
        *(_indented(part) for part in tail),
    ]
    return Card(_title(machine, facts), _info(machine), tuple(lines[:height]))


def reasons_card(given: CardInput, width: int) -> list[Line]:
    """Return what the card says beside the arrows: why, keys, the last step."""
    machine = given.machine
    facts = given.known.facts_for(machine)
    stays = given.known.stays_for(machine)
    standing = standing_of(machine, facts, stays, given.now)
    last = [] if given.last is None else wrap(_last(given, given.last), width)
    return [*_reasons(given, standing, width), *_hint(standing), *last]


def card_titles(machine: MachineView, facts: Facts) -> tuple[str, str]:
    """Return the title of a machine's card, and its right end."""
    return _title(machine, facts), _info(machine)


def _reasons(given: CardInput, standing: Standing, width: int) -> list[Line]:
    machine = given.machine
    facts = given.known.facts_for(machine)
    stays = given.known.stays_for(machine)
    found = why(machine, standing, facts, stays, given.now, reveal=given.reveal)
    return [part for one in found for part in wrap(one, width)]


def _crowd(counts: Mapping[str, int], facts: Facts, height: int) -> list[Line]:
    """Return how many instances are in which innermost state, most first."""
    inner = [
        (n, state) for state, n in counts.items() if n and state not in facts.around
    ]
    ordered = sorted(inner, key=lambda pair: (-pair[0], pair[1]))
    asks = MARKS[Standing.ASKS]
    return [
        line(
            Span(f"{n:>9,} ", "number"),
            Span(clean(state), "state"),
            Span(f"  {asks.glyph} asks" if state in facts.asks else "", asks.style),
        )
        for n, state in ordered[: max(0, height)]
    ]


def _tail(given: CardInput, standing: Standing) -> list[Line]:
    hint = _hint(standing)
    return hint if given.last is None else [_last(given, given.last), *hint]


def group_card(group: MachineLine, members: Sequence[MachineLine], height: int) -> Card:
    """Return the card of a folded group: its replicas, one a line."""
    lines: list[Line] = [
        line(f" {len(members)} replicas   ", Span("enter", "key"), " unfolds them"),
        (),
    ]
    for row in members:
        mark = MARKS[row.standing]
        spent = age(row.for_s) if row.for_s is not None else "-"
        lines.append(
            line(
                Span(f" {mark.glyph} {row.word:<8} ", mark.style),
                Span(f"{clean(row.name)}  ", "name"),
                f"{row.where}  {spent}",
            )
        )
    return Card(f"{clean(group.name)} {TIMES}{len(members)}", "", tuple(lines[:height]))


def _title(machine: MachineView, facts: Facts) -> str:
    place = where(machine, facts)
    return clean(machine.name) + (f" · {place}" if place != "-" else "")


def _info(machine: MachineView) -> str:
    parts = [f"pid {machine.pid}"] if machine.pid else []
    if machine.frame is not None and machine.frame.run > 1:
        parts.append(f"run {machine.frame.run}")
    if machine.restarts:
        parts.append(f"↻ {machine.restarts}")
    return "  ".join(parts)


def _head(machine: MachineView, standing: Standing, now: float) -> Line:
    mark = MARKS[standing]
    frame = machine.frame
    spans = [Span(f" {mark.glyph} {mark.word}", mark.style)]
    if standing is Standing.BACKOFF and machine.retry_at is not None:
        spans.append(Span(f" in {age(machine.retry_at - now)}", mark.style))
    since = machine.state_since
    if frame is not None and machine.state is ChildState.READY:
        since = frame.since
    if since:
        spans.append(Span(f"  for {age(now - since)}"))
    if frame is not None:
        if frame.held:
            spans.append(Span(f"  holds {len(frame.held)} job", "quiet"))
        if frame.ignored:
            spans.append(Span(f"  ignored {frame.ignored}", "backoff"))
    return tuple(spans)


def _hint(standing: Standing) -> list[Line]:
    match standing:
        case Standing.FAILED | Standing.HUNG:
            keys = [("r", "run again"), ("l", "logs"), ("m", "mailbox")]
        case Standing.STOPPED | Standing.DONE:
            keys = [("u", "start up"), ("t", "transitions")]
        case Standing.ASKS:
            keys = [("i", "answer")]
        case Standing.STUCK:
            keys = [("i", "inject"), ("w", "why"), ("l", "logs")]
        case _:
            return []
    parts: list[Span | str] = []
    for key, word in keys:
        parts += [Span(key, "key"), f" {word}  "]
    return [line(*parts)]


def _last(given: CardInput, entry: JournalEntry) -> Line:
    step = entry.row
    facts = given.known.facts.get(step.definition_hash, NOTHING_KNOWN)
    source, target = map(clean, move_of(step, facts.leaves))
    event = clean(facts.told(step.event))
    when = Span(f"  {clock_time(step.at, given.zone)}", "quiet")
    label = Span("last  ", "quiet")
    if step.outcome != "taken":
        text = f"{step.outcome} {event}"
        return line(label, Span(text, "backoff"), f"  {clean(step.why)}", when)
    took = Span(f"  {duration(step.duration_s)}", "quiet")
    arrow = Span(f"─{event}→ ", "edge")
    return line(label, f"{source} ", arrow, target, took, when)


def _rule(word: str, width: int) -> Line:
    text = f"── {word} "
    return (Span(text + "─" * max(0, width - len(text)), "rule"),)


def _indented(spans: Line) -> Line:
    return (Span(" "), *spans)

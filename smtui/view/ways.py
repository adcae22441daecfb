"""The ways into a state and out of it, drawn around its box.

Wide panes put the sources left and the targets right; narrow ones list the
ways out below. The way by which the machine came last is the bright one, and
a delay under way shows its countdown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from smtui.store.rows import JournalEntry
from smtui.view.facts import NOTHING_KNOWN, Facts, Way
from smtui.view.text import Line, Span, cells, clean, fit, plain
from smtui.view.times import age
from smtui.wire.messages import Frame

__all__ = ["Place", "neighbourhood"]

WIDE_CELLS = 52
"""From here on the ways in stand beside the state, not above it."""

NAME_CELLS = 14
"""A longer state or event name is cut."""

BOX_ROWS = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a machine stands, as far as a drawing needs it."""

    frame: Frame | None
    facts: Facts
    style: str
    """Of the active state: that of the machine's mark."""
    now: float
    last: JournalEntry | None = None


def neighbourhood(place: Place, width: int, room: int) -> list[Line]:
    """Return the drawing in at most `room` lines; none where none fits."""
    frame = place.frame
    if frame is None or not frame.configuration or room < BOX_ROWS:
        return []
    state, *others = place.facts.leaves(frame.configuration)
    if place.facts is NOTHING_KNOWN or others:
        return _regions((state, *others), place.style, width, room)
    if width >= WIDE_CELLS:
        return _wide(state, place, width, room)
    return _narrow(state, place, width, room)


def _regions(states: Sequence[str], style: str, width: int, room: int) -> list[Line]:
    """Return the states a machine is in at once: as boxes, or a line each."""
    if BOX_ROWS * len(states) <= room:
        boxes = [_box(state, style, width - 6) for state in states]
        return [(Span(" "), part) for box in boxes for part in box]
    shown = states if len(states) <= room else states[: room - 1]
    lines: list[Line] = [(Span(f" [ {clean(state)} ]", style),) for state in shown]
    if len(shown) < len(states):
        lines.append((Span(f" and {len(states) - len(shown)} more", "quiet"),))
    return lines


def _wide(state: str, place: Place, width: int, room: int) -> list[Line]:
    box = _box(state, place.style, NAME_CELLS + 4)
    into, out = _sources(state, place), place.facts.out_of(state)
    rows = min(room, max(len(box), len(into), len(out)))
    left = _cut(_into_lines(into, place), rows)
    right = _cut(_out_lines(out, place), rows)
    box_cells = cells(box[0].text)
    needed = max((cells(plain(part)) for part in right), default=0)
    left_cells = max((cells(plain(part)) for part in left), default=0)
    # the ways out say more than the ways in: these give way, down to a third
    spare = max(width // 3, width - box_cells - needed - 4)
    left_cells = min(left_cells, spare)
    left = [_clipped(part, left_cells) for part in left]
    right_cells = max(0, width - left_cells - box_cells - 4)
    lines: list[Line] = []
    for row in range(rows):
        before = _centred(left, row, rows)
        middle = _centred([(part,) for part in box], row, rows)
        after = _centred(right, row, rows)
        gap = left_cells - cells(plain(before))
        lines.append(
            (
                Span(" " * (1 + gap)),
                *before,
                Span(" "),
                *(middle or (Span(" " * box_cells),)),
                Span(" "),
                *_clipped(after, right_cells),
            )
        )
    return lines


def _narrow(state: str, place: Place, width: int, room: int) -> list[Line]:
    out = place.facts.out_of(state)
    came = [way for way in place.facts.into(state) if _is_last(way, place)][:1]
    wanted = min(4, len(out))
    lines: list[Line] = []
    if came and room >= BOX_ROWS + 1 + wanted:
        lines += [(Span(" "), *part) for part in _into_lines(came, place)]
    if room >= BOX_ROWS + wanted:
        lines += [(Span(" "), part) for part in _box(state, place.style, width - 6)]
    else:
        lines.append((Span(f" [ {clean(state)} ]", place.style),))
    ways = _cut(_out_lines(out, place), max(0, room - len(lines)))
    for index, way in enumerate(ways):
        corner = "└" if index == len(ways) - 1 else "├"
        lines.append((Span(f"  {corner}", "edge"), *_clipped(way, width - 4)))
    return lines


def _box(state: str, style: str, widest: int) -> list[Span]:
    name = clean(state)
    inner = fit(name, max(3, min(max(cells(name), 6), widest)))
    bar = "━" * (cells(inner) + 2)
    return [
        Span(f"┏{bar}┓", style),
        Span(f"┃ {inner} ┃", style),
        Span(f"┗{bar}┛", style),
    ]


def _sources(state: str, place: Place) -> list[Way]:
    ways = list(place.facts.into(state))
    return sorted(ways, key=lambda way: not _is_last(way, place))


def _into_lines(ways: Sequence[Way], place: Place) -> list[Line]:
    longest = max((cells(_name(way.event)) for way in ways), default=0)
    lines: list[Line] = []
    for way in ways:
        is_last = _is_last(way, place)
        event = _name(way.event)
        bar = "─" * (longest - cells(event) + 1)
        source = Span(
            _name(way.source or "any state") + " ", "" if is_last else "quiet"
        )
        lines.append((source, Span(f"─{event}{bar}▶", "state" if is_last else "edge")))
    return lines


def _out_lines(ways: Sequence[Way], place: Place) -> list[Line]:
    longest = max((cells(_name(way.event)) for way in ways), default=0)
    lines: list[Line] = []
    for way in ways:
        event = _name(way.event)
        bar = "─" * (longest - cells(event) + 1)
        left = _countdown(way, place)
        timer = (Span(f"  in {left}", "starting"),) if left else ()
        style = "edge" if way.source else "quiet"
        lines.append((Span(f"─{event}{bar}▶ ", style), Span(_name(way.target)), *timer))
    return lines


def _is_last(way: Way, place: Place) -> bool:
    if place.last is None:
        return False
    step = place.last.row
    is_source = not way.source or way.source in step.from_
    return way.event == step.event and is_source and way.target in step.to


def _countdown(way: Way, place: Place) -> str:
    if way.delay_s is None or place.frame is None:
        return ""
    for timer in place.frame.timers:
        if timer.event == way.event:
            return age(timer.due - place.now)
    return ""


def _cut(ways: list[Line], room: int) -> list[Line]:
    if len(ways) <= room or room <= 0:
        return ways[: max(0, room)]
    more = len(ways) - room + 1
    return [*ways[: room - 1], (Span(f"… {more} more", "quiet"),)]


def _centred(lines: Sequence[Line], row: int, rows: int) -> Line:
    index = row - (rows - len(lines)) // 2
    return lines[index] if 0 <= index < len(lines) else ()


def _clipped(spans: Line, width: int) -> Line:
    kept: list[Span] = []
    room = width
    for text, style in spans:
        size = cells(text)
        if size > room:
            kept.append(Span(fit(text, room), style))
            break
        kept.append(Span(text, style))
        room -= size
    return tuple(kept)


def _name(text: str) -> str:
    name = clean(text)
    return name if cells(name) <= NAME_CELLS else fit(name, NAME_CELLS)

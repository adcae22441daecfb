"""The past as it is shown: the banner, the slider, the data after a step.

Pure. Nothing is said by colour alone: the banner has its word, the slider its
knob, a key that the step changed its mark.
"""

from dataclasses import dataclass
from datetime import tzinfo

from smtui.definition import Json
from smtui.view.facts import NOTHING_KNOWN, Facts
from smtui.view.pages import value_lines
from smtui.view.past import Instant
from smtui.view.text import Line, Span, cells, clean, fit, plain
from smtui.view.timeline import Timeline
from smtui.view.times import age, clock_time, day_time, zone_name

__all__ = ["Banner", "banner_line", "data_lines", "ordinal_at", "slider_line"]

CHANGED = "▸"


@dataclass(frozen=True, slots=True)
class Banner:
    """What the top line of a look into the past is made from."""

    machine: str
    instant: Instant | None
    timeline: Timeline
    now: float
    zone: tzinfo | None = None
    is_live: bool = False
    file: str = ""
    """The exported journal, '' for a machine's own."""
    is_read: bool = True
    """The journal was looked into: without an instant there is none in it."""
    is_other_version: bool = False
    """The machine runs another version of its definition now."""

    @property
    def past(self) -> str:
        """Return the word and the time: `PAST 01:26:09`, with its day if it is old."""
        if self.instant is None:
            return "PAST"
        at = self.instant.entry.row.at
        today = day_time(self.now, self.zone).partition(" ")[0]
        day, _, _ = day_time(at, self.zone).partition(" ")
        date = "" if day == today else f"{day} "
        return f"PAST {date}{clock_time(at, self.zone)}"


def banner_line(given: Banner, width: int) -> Line:
    """Return the top line in exactly so many cells; what matters least goes first."""
    right = _right(given)
    left: list[Span] = [Span(" smtui", "title"), Span(f"  {clean(given.machine)}")]
    for more in _facts(given):
        longer = [*left, more]
        if _cells(longer) + _cells(right) + 1 > width:
            break
        left = longer
    gap = width - _cells(left) - _cells(right)
    if gap < 1:
        return (Span(fit(plain((*left, Span(" "), *right)), width)),)
    return (*left, Span(" " * gap), *right)


def _facts(given: Banner) -> list[Span]:
    instant = given.instant
    if instant is None:
        return [Span("  no step was taken yet", "quiet")] if given.is_read else []
    place, spans = instant.place, given.timeline.spans
    run = next((span for span in spans if span.run == place.run), None)
    last = max(place.seq, run.last if run else 0)
    found = [Span(f"  step {place.seq:,} of {last:,}")]
    if len(spans) > 1 or place.run > 1:
        found.append(Span(f"  run {place.run}"))
    if given.is_other_version:
        found.append(Span("  other version", "backoff"))
    if not instant.is_whole:
        found.append(Span("  data incomplete: history was cut", "backoff"))
    if not given.is_live and not given.file:
        found.append(Span(f"  {age(given.now - instant.entry.row.at)} ago", "quiet"))
    if given.file:
        found.append(Span(f"  {clean(given.file)}", "quiet"))
    return found


def _right(given: Banner) -> list[Span]:
    found: list[Span] = []
    if given.file:
        found += [Span(" REPLAY ", "alert"), Span(" ")]
    if given.is_live and not given.file:
        found.append(Span("LIVE", "live"))
        found.append(Span(f"  {clock_time(given.now, given.zone)}"))
    else:
        found.append(Span(f" {given.past} ", "alert"))
    at = given.now if given.instant is None else given.instant.entry.row.at
    return [*found, Span(f" {zone_name(at, given.zone)} ", "quiet")]


def _cells(spans: list[Span]) -> int:
    return sum(cells(span.text) for span in spans)


# --------------------------------------------------------------- the slider


def slider_line(
    timeline: Timeline, instant: Instant | None, width: int, *, is_live: bool
) -> Line:
    """Return the track with its knob, run boundaries crossed, in so many cells."""
    track = width - 2
    if instant is None or track < 1:
        return (Span(" " * max(0, width)),)
    knob = _cell(timeline, timeline.ordinal(instant.place), track)
    signs = ["━"] * knob + ["─"] * (track - knob)
    for start in timeline.starts():
        signs[_cell(timeline, start, track)] = "┼"
    return (
        Span("├" + "".join(signs[:knob]), "ready"),
        Span("●", "live" if is_live else "key"),
        Span("".join(signs[knob + 1 :]) + "┤", "rule"),
    )


def ordinal_at(timeline: Timeline, column: int, width: int) -> int:
    """Return which step a cell of the slider stands for."""
    track = width - 2
    if track <= 1 or timeline.total <= 1:
        return 0
    cell = min(max(0, column - 1), track - 1)
    return round(cell * (timeline.total - 1) / (track - 1))


def _cell(timeline: Timeline, ordinal: int, track: int) -> int:
    if timeline.total <= 1:
        return track - 1
    return round(ordinal * (track - 1) / (timeline.total - 1))


# ----------------------------------------------------------------- the data


def data_lines(
    instant: Instant,
    zone: tzinfo | None = None,
    *,
    reveal: bool = False,
    facts: Facts = NOTHING_KNOWN,
) -> list[Line]:
    """Return the data after a step, marked where the step has changed them."""
    row = instant.entry.row
    patch = row.data_patch or {}
    changed, removed = patch.get("set"), patch.get("unset")
    new = set(changed) if isinstance(changed, dict) else set[str]()
    where = clean("+".join(facts.leaves(instant.configuration))) or "-"
    lines: list[Line] = [
        (
            Span(" in ", "quiet"),
            Span(where, "state"),
            Span(f"  since {clock_time(instant.since, zone)}", "quiet"),
        )
    ]
    if row.event or row.outcome != "taken":
        style = "" if row.outcome == "taken" else "backoff"
        what = Span(f"{clean(facts.told(row.event)) or '-'} {row.outcome}", style)
        lines.append((Span(" by ", "quiet"), what, Span(f"  {clean(row.why)}")))
    for delay in instant.delays.values():
        due = clock_time(delay.due, zone)
        told = (
            Span(" then ", "quiet"),
            Span(clean(facts.told(delay.event))),
            Span(f" at {due}"),
        )
        lines.append(told)
    lines.append(())
    for name, value in instant.data.items():
        lines += _value(name, value, is_new=name in new, reveal=reveal)
    if not instant.data:
        lines.append((Span(" no data", "quiet"),))
    for key in removed if isinstance(removed, list) else ():
        lines.append((Span(f"{CHANGED} ", "live"), Span(f"{clean(str(key))} removed")))
    return lines


def _value(key: str, value: Json, *, is_new: bool, reveal: bool) -> list[Line]:
    lines = value_lines({key: value}, reveal=reveal)
    if not is_new:
        return lines
    first, *rest = lines[0]
    name = Span(first.text.removeprefix("  "), first.style)
    return [(Span(f"{CHANGED} ", "live"), name, *rest), *lines[1:]]

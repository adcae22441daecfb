"""The top line: who this is, what needs attention, and whether it is live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from smtui.view.text import Line, Span, cells, clean, fit, plain
from smtui.view.times import age, clock_time, size, zone_name
from smtui.view.words import MARKS, Standing

__all__ = ["LOW_DISK_BYTES", "HeaderInput", "Link", "header_line"]

LOW_DISK_BYTES = 1 << 30
"""Below a gigabyte a store and its logs may fill the disk within the hour."""


_LEVELS = 4
"""0 says everything, 3 marks and figures only."""


class Link(StrEnum):
    """How the screen stands with the supervisor."""

    CONNECTING = "connecting"
    LIVE = "live"
    STALE = "stale"
    """The supervisor is gone: the panes keep the last data."""


@dataclass(frozen=True, slots=True)
class HeaderInput:
    """What the header is made from."""

    place: str
    """The paths that were given, or the data directory."""
    total: int
    counts: Sequence[tuple[Standing, str, int]]
    link: Link
    now: float
    stale_since: float = 0.0
    free_disk_bytes: int | None = None
    problems: int = 0
    is_read_only: bool = False
    is_paused: bool = False
    zone: tzinfo | None = None


def header_line(given: HeaderInput, width: int) -> Line:
    """Return the line in exactly `width` cells, shortened in steps to fit."""
    for level in range(_LEVELS):
        left, right = _left(given, level), _right(given, level)
        gap = width - _cells(left) - _cells(right)
        if gap >= 1:
            return (*left, Span(" " * gap), *right)
    tight = (*_left(given, _LEVELS), Span(" "), *_right(given, _LEVELS))
    return (Span(fit(plain(tight), width)),)


def _left(given: HeaderInput, level: int) -> Line:
    spans = [Span(" smtui", "title")]
    has_words, has_place = level <= 1, level <= 2  # noqa: PLR2004 - the third step
    gap = "  " if level == 0 else " "
    if has_place and given.place:
        spans.append(Span(f"{gap}{clean(given.place)}"))
    spans += [Span(f"{gap}{given.total}", "quiet"), Span("  " if has_place else " ")]
    for standing, word, count in given.counts:
        mark = MARKS[standing]
        text = f"{mark.glyph} {count} {word}" if has_words else f"{mark.glyph}{count}"
        spans += [Span(text, mark.style), Span(gap)]
    return tuple(spans)


def _right(given: HeaderInput, level: int) -> Line:
    spans: list[Span] = []
    is_short = level > 0
    if given.problems:
        word = "" if is_short else " problem" + ("s" if given.problems > 1 else "")
        gap = "" if is_short else " "
        spans.append(Span(f"!{gap}{given.problems}{word}  ", "backoff"))
    low = given.free_disk_bytes is not None and given.free_disk_bytes < LOW_DISK_BYTES
    if low and given.free_disk_bytes is not None:
        word = "disk" if is_short else "free on disk"
        spans.append(Span(f"▲ {size(given.free_disk_bytes)} {word}  ", "failed"))
    if given.is_read_only:
        spans += [Span(" READ-ONLY ", "alert"), Span(" ")]
    match given.link:
        case Link.LIVE if given.is_paused:
            spans.append(Span(" PAUSED ", "alert"))
        case Link.LIVE:
            spans.append(Span("LIVE", "live"))
        case Link.STALE:
            gone = age(given.now - given.stale_since)
            spans.append(Span(f" STALE {gone} ", "alert"))
        case Link.CONNECTING:
            spans.append(Span("…", "quiet"))
    spans.append(Span(f"  {clock_time(given.now, given.zone)}"))
    if level == 0:
        spans.append(Span(f" {zone_name(given.now, given.zone)}", "quiet"))
    spans.append(Span(" "))
    return tuple(spans)


def _cells(spans: Line) -> int:
    return sum(cells(span.text) for span in spans)

"""The frame of a pane: its characters, its titles, its scroll bar."""

from typing import NamedTuple

from smtui.view.text import Span, cells, fit

__all__ = ["FRAME_ROWS", "THUMB", "Frame", "frame_of", "thumb_rows", "top_line"]

FRAME_ROWS = 2
THUMB = "█"
LEAST_INFO = 8
"""A shorter rest of the info says nothing."""


class Frame(NamedTuple):
    """The characters of a frame."""

    top_left: str
    bar: str
    top_right: str
    side: str
    bottom_left: str
    bottom_right: str


_ROUND = Frame("╭", "─", "╮", "│", "╰", "╯")
_HEAVY = Frame("┏", "━", "┓", "┃", "┗", "┛")
_ASCII = Frame("+", "-", "+", "|", "+", "+")
_ASCII_HEAVY = Frame("+", "=", "+", "|", "+", "+")


def frame_of(*, is_strong: bool, is_ascii: bool) -> Frame:
    """Return the characters: heavy ones where the focus is."""
    if is_ascii:
        return _ASCII_HEAVY if is_strong else _ASCII
    return _HEAVY if is_strong else _ROUND


def top_line(frame: Frame, style: str, title: str, info: str, width: int) -> list[Span]:
    """Return the upper border with the title on the left, the info on the right."""
    title = f" {title} " if title else ""
    info = f" {info} " if info else ""
    room = width - 4
    if cells(title) > room:
        title = fit(title, max(0, room))
    left = room - cells(title)
    if cells(info) > left:
        info = fit(info, left) if left >= LEAST_INFO else ""
    gap = left - cells(info)
    return [
        Span(frame.top_left + frame.bar, style),
        Span(title, "title"),
        Span(frame.bar * gap, style),
        Span(info, "info"),
        Span(frame.bar + frame.top_right, style),
    ]


def thumb_rows(top: int, shown: int, total: int, track: int) -> range:
    """Return the rows of the right border that show what is visible."""
    if total <= shown or shown <= 0:
        return range(0)
    size = max(1, track * shown // total)
    start = round((track - size) * top / max(1, total - shown))
    return range(start + 1, start + size + 1)

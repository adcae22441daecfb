"""Columns of a table: which ones fit, how wide, and a row in exactly that width."""

from functools import lru_cache
from typing import NamedTuple

from smtui.view.text import Line, Span, cells, clean, fit

__all__ = ["Column", "Layout", "head_line", "lay_out", "row_line"]


class Column(NamedTuple):
    """A column; one with a weight shares what is left."""

    id: str
    title: str
    width: int
    """Cells, or the least number of cells when it has a weight."""
    weight: int = 0
    is_right: bool = False
    from_width: int = 0
    """Shown only in panes that have at least so many cells."""


class Layout(NamedTuple):
    """The columns that are shown, with their widths."""

    columns: tuple[Column, ...]
    widths: tuple[int, ...]


@lru_cache(maxsize=64)
def lay_out(columns: tuple[Column, ...], width: int) -> Layout:
    """Return the layout for a pane; one cell stands between two columns."""
    shown = tuple(column for column in columns if width >= column.from_width)
    spare = width - sum(column.width for column in shown) - max(0, len(shown) - 1)
    weights = sum(column.weight for column in shown)
    widths: list[int] = []
    for column in shown:
        extra = 0
        if spare > 0 and column.weight:
            extra = spare * column.weight // weights
            spare -= extra
            weights -= column.weight
        widths.append(column.width + extra)
    return Layout(shown, tuple(widths))


def head_line(layout: Layout, sorted_by: str = "", arrow: str = "") -> Line:
    """Return the titles; the sorted column carries the arrow."""
    spans: list[Span] = []
    for column, width in zip(layout.columns, layout.widths, strict=True):
        title = column.title
        is_sorted = bool(sorted_by) and column.id == sorted_by
        if is_sorted and cells(title) + 1 <= width:
            title += arrow
        text = _placed(title, width, is_right=column.is_right)
        spans.append(Span(text + " ", "head-sorted" if is_sorted else "head"))
    return tuple(spans)


def row_line(layout: Layout, cells_by_id: dict[str, Span]) -> Line:
    """Return the row: each cell cut or padded to its column."""
    spans: list[Span] = []
    for column, width in zip(layout.columns, layout.widths, strict=True):
        text, style = cells_by_id.get(column.id, _EMPTY)
        placed = _placed(clean(text), width, is_right=column.is_right)
        spans.append(Span(placed + " ", style))
    return tuple(spans)


_EMPTY = Span("")


def _placed(text: str, width: int, *, is_right: bool) -> str:
    size = cells(text)
    if size > width:
        return fit(text, width)
    gap = " " * (width - size)
    return gap + text if is_right else text + gap

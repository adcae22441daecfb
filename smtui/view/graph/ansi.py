"""A drawing as text for a terminal, with or without colours."""

from collections.abc import Mapping
from typing import Final

from smtui.view.graph.drawing import Drawing
from smtui.view.graph.light import Overlay, row_runs

__all__ = ["ANSI_STYLES", "to_ansi", "to_text"]

ANSI_STYLES: Final[Mapping[str, str]] = {
    "frame": "2",
    "title": "1",
    "name": "",
    "row": "2",
    "line": "2",
    "head": "",
    "label": "36",
    "stub": "35",
    "initial": "32",
    "active": "1;32",
    "lit": "1;33",
    "failed": "1;31",
}
"""Style name -> parameters of SGR; a name that is not here has none."""


def to_text(
    drawing: Drawing, overlay: Overlay | None = None, *, is_ascii: bool = False
) -> str:
    """Return the rows as plain text, each with a line end."""
    lines = [
        "".join(
            run.text for run in row_runs(drawing, y, overlay or {}, is_ascii=is_ascii)
        )
        for y in range(drawing.height)
    ]
    return "".join(line.rstrip() + "\n" for line in lines)


def to_ansi(
    drawing: Drawing,
    overlay: Overlay | None = None,
    *,
    is_ascii: bool = False,
    styles: Mapping[str, str] = ANSI_STYLES,
) -> str:
    """Return the rows with escape sequences for their styles."""
    lines: list[str] = []
    for y in range(drawing.height):
        parts: list[str] = []
        for text, style in row_runs(drawing, y, overlay or {}, is_ascii=is_ascii):
            code = styles.get(style, "")
            parts.append(f"\x1b[{code}m{text}\x1b[0m" if code else text)
        lines.append("".join(parts) + "\n")
    return "".join(lines)

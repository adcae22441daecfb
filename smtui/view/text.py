"""Text that may reach a terminal: spans with a style's name, and their cleaning.

A style is a name, never a colour: what it looks like is decided in app.tcss.
Whatever a machine wrote passes through `clean` exactly once, here, so that no
control character and no escape sequence of a machine can reach the terminal.
A span is never markup.
"""

import re
import unicodedata
from typing import NamedTuple, TypeAlias

__all__ = [
    "Line",
    "Span",
    "cells",
    "clean",
    "fit",
    "line",
    "one_line",
    "plain",
    "to_ascii",
    "without_first",
    "wrap",
]


class Span(NamedTuple):
    """A piece of a line in one style."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Span, ...]

MAX_LINE_CHARS = 4000
"""A longer line of a machine is cut: no terminal shows it, and it costs."""

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_ASCII = str.maketrans(
    {
        "●": "*",
        "◐": "~",
        "◇": ":",
        "▲": "^",
        "⧗": "%",
        "✖": "X",
        "◑": "-",
        "○": "o",
        "✓": "=",
        "◆": "?",
        "─": "-",
        "━": "-",
        "│": "|",
        "┃": "|",
        **dict.fromkeys("├└┌┐┘┤┬┴┼┏┓┗┛┣┫┳┻╋┠┨┯┷╭╮╯╰", "+"),
        "▶": ">",
        "▸": ">",
        "▾": "v",
        "◀": "<",
        "→": ">",
        "←": "<",
        "↑": "^",
        "↓": "v",
        "↵": "<",
        "↻": "R",
        "…": ".",
        "·": "-",
        "\N{MULTIPLICATION SIGN}": "x",
        "‖": "|",
        "█": "#",
        "▌": "|",
        "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}": "<",
    }
)


def clean(text: str) -> str:
    """Return the text on one line, control characters made visible or harmless.

    Tabs and line ends become blanks; everything else that a terminal could act
    on becomes U+FFFD. Texts over 4,000 characters are cut.
    """
    if len(text) > MAX_LINE_CHARS:
        text = text[: MAX_LINE_CHARS - 1] + "…"
    if text.isprintable() and "\u2028" not in text:
        return text
    text = text.replace("\r\n", " ").replace("\n", " ").replace("\t", "    ")
    return _CONTROL.sub(_REPLACEMENT, text)


def one_line(text: str) -> str:
    """Return the first non-empty line of the text, cleaned."""
    for candidate in text.splitlines():
        if candidate.strip():
            return clean(candidate.strip())
    return ""


def line(*parts: Span | str) -> Line:
    """Return a line of the parts; bare text has no style."""
    return tuple(Span(part) if isinstance(part, str) else part for part in parts)


def plain(spans: Line) -> str:
    """Return the text of a line without its styles."""
    return "".join(span.text for span in spans)


def cells(text: str) -> int:
    """Return how many cells of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def fit(text: str, width: int) -> str:
    """Return the text in exactly that many cells: cut with `…`, or padded."""
    taken = cells(text)
    if taken <= width:
        return text + " " * (width - taken)
    if width <= 0:
        return ""
    kept, used = "", 0
    for character in text:
        used += _cells_of(character)
        if used > width - 1:
            break
        kept += character
    return kept + "…" + " " * (width - 1 - cells(kept))


def wrap(spans: Line, width: int, *, indent: str = "  ", limit: int = 4) -> list[Line]:
    """Return the line broken at blanks into at most `limit` lines of that width.

    Following lines are indented. A word that is longer than a line is broken
    where it must be; what does not fit in the last line is cut.
    """
    lines: list[list[Span]] = [[]]
    room = width
    for text, style in spans:
        for word in re.findall(r"\s+|\S+", text):
            rest = word
            while rest:
                size = cells(rest)
                if size <= room:
                    lines[-1].append(Span(rest, style))
                    room -= size
                    break
                if len(lines) == limit or width <= len(indent) + 1:
                    if room > 0:
                        lines[-1].append(Span(fit(rest, room), style))
                    room = 0
                    break
                is_long = size > width - len(indent)
                if is_long and not rest.isspace() and room > 0:
                    kept = _head(rest, room)
                    lines[-1].append(Span(kept, style))
                    rest = rest[len(kept) :]
                lines.append([Span(indent)])
                room = width - len(indent)
                if rest.isspace():
                    break
    return [tuple(parts) for parts in lines]


def without_first(spans: Line, count: int) -> Line:
    """Return the line without its first `count` characters."""
    rest: list[Span] = []
    for text, style in spans:
        kept = text[count:]
        count = max(0, count - len(text))
        if kept:
            rest.append(Span(kept, style))
    return tuple(rest)


def _head(text: str, width: int) -> str:
    """Return as much of the text as fits, at least one character."""
    kept, used = "", 0
    for character in text:
        used += _cells_of(character)
        if used > width and kept:
            break
        kept += character
    return kept


def to_ascii(text: str) -> str:
    """Return the text in ASCII, character for character, so that widths stay."""
    if text.isascii():
        return text
    mapped = text.translate(_ASCII)
    return mapped.encode("ascii", "replace").decode("ascii")


def _cells_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1

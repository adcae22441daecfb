"""Text measured in terminal cells, and cut to fit them.

The laws of this file: everything the drawing shows of an author's text passes
through `clean` once, so each piece that `pieces` gives takes exactly 1 or 2
cells in every terminal. Signs on whose width terminals disagree (variation
selectors, joiners, skin tones, signs that newer Unicode made wide) are dropped
or replaced: a drawing that is off by one cell is worse than a plain emoji.
"""

import re
import unicodedata

__all__ = ["cells", "centred", "clean", "pieces", "shorten", "wrap"]

_ZERO = frozenset({"Mn", "Me", "Mc"})
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_DROPPED = re.compile(
    "["
    "\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff"
    "]"
)
"""Invisible signs, selectors, direction marks and skin tones."""

_DISPUTED = re.compile(
    "["
    "\u1160-\u11ff\u3164\uffa0\ud7b0-\ud7ff"  # half of a Hangul syllable
    "\u2630-\u2637\u268a-\u268f\u4dc0-\u4dff"  # wide since Unicode 16
    "\U0001d300-\U0001d3ff"
    "]"
)
_LINES = {
    **dict.fromkeys(range(0x2500, 0x2580), "+"),
    **dict.fromkeys(map(ord, "─━┄┅┈┉╌╍═"), "-"),
    **dict.fromkeys(map(ord, "│┃┆┇┊┋╎╏║"), "|"),
    ord("▲"): "^",
    ord("▶"): ">",
    ord("▼"): "v",
    ord("◀"): "<",
}
"""A text never holds a sign that lines are drawn with: drawings stay readable
by their signs alone."""

_BREAK = re.compile(r"(?<=[ _\-./:,;|&])|(?<=[a-z0-9])(?=[A-Z])")
"""Where a long name may go on in the next line."""


def clean(text: str) -> str:
    """Return the text on one line, made of signs of undisputed width only."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.translate(_LINES)
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    text = _DISPUTED.sub(_REPLACEMENT, _DROPPED.sub("", text))
    kept: list[str] = []
    for sign in text:
        category = unicodedata.category(sign)
        if category in _ZERO:
            if kept and kept[-1] != " ":
                kept.append(sign)
        elif sign == " " or (category[0] not in "CZ"):
            kept.append(sign)
        else:
            kept.append(" " if category[0] == "Z" else _REPLACEMENT)
    return "".join(kept).strip()


def pieces(text: str) -> list[str]:
    """Return the clean text cut into signs, each with its combining marks."""
    if text.isascii():
        return list(text)
    found: list[str] = []
    for sign in text:
        if found and unicodedata.category(sign) in _ZERO:
            found[-1] += sign
        else:
            found.append(sign)
    return found


def cells(text: str) -> int:
    """Return how many cells a clean text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def shorten(text: str, width: int) -> str:
    """Return the text in at most `width` cells, the end cut off with `…`."""
    if cells(text) <= width:
        return text
    kept, used = "", 0
    for piece in pieces(text):
        used += cells(piece)
        if used > width - 1:
            break
        kept += piece
    return kept.rstrip() + "…"


def centred(text: str, width: int) -> str:
    """Return the text in the middle of `width` cells."""
    before = (width - cells(text)) // 2
    return " " * before + text + " " * (width - before - cells(text))


def wrap(text: str, width: int, lines: int) -> tuple[str, ...]:
    """Return the text in at most `lines` lines of at most `width` cells.

    It is broken after blanks and `_-./:`, and inside camelCase; what remains
    too long is shortened with `…`. There is always at least one line.
    """
    if cells(text) <= width:
        return (text,)
    found: list[str] = [""]
    for word in _BREAK.split(text):
        if cells((found[-1] + word).rstrip()) <= width:
            found[-1] += word
        elif len(found) < lines and found[-1]:
            found.append(word)
        else:
            found[-1] += word
    return tuple(shorten(line.strip(), width) for line in found)


def _cells_of(sign: str) -> int:
    if unicodedata.category(sign) in _ZERO:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1

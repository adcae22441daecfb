"""The signs of a drawing, and which arms each one has.

A sign's arms are the directions in which it touches the next cell. A drawing
is read back by arms alone, so the table is a bijection: one sign for each set
of arms and each weight.
"""

from typing import Final

from smtui.view.graph.width import cells

__all__ = [
    "ARMS",
    "CROSSING",
    "DASHED",
    "DOUBLE",
    "DOUBLE_ENDS",
    "HEADS",
    "HEAVY",
    "HEAVY_DASHED",
    "LIGHT",
    "OPPOSITE",
    "STEPS",
    "E",
    "N",
    "S",
    "W",
    "ascii_of",
]

N, E, S, W = 1, 2, 4, 8
OPPOSITE: Final = {N: S, S: N, E: W, W: E}
STEPS: Final = {N: (0, -1), E: (1, 0), S: (0, 1), W: (-1, 0)}
"""Arm -> the step to the next cell, (x, y)."""

LIGHT: Final = {
    N | S: "│",
    E | W: "─",
    E | S: "╭",
    S | W: "╮",
    N | E: "╰",
    N | W: "╯",
    N | E | S: "├",
    N | S | W: "┤",
    E | S | W: "┬",
    N | E | W: "┴",
    N | E | S | W: "┼",
}
CROSSING: Final = LIGHT[N | E | S | W]
DASHED: Final = {N | S: "┆", E | W: "┄"}
"""Sides of a region's frame; its corners are those of any frame."""

DOUBLE: Final = {
    N | S: "║",
    E | W: "═",
    E | S: "╔",
    S | W: "╗",
    N | E: "╚",
    N | W: "╝",
}
DOUBLE_ENDS: Final = {
    N | E | S: "╟",
    N | S | W: "╢",
    E | S | W: "╤",
    N | E | W: "╧",
}
"""Where a line leaves the frame of a final state."""

ARMS: Final = {
    sign: arms
    for signs in (LIGHT, DASHED, DOUBLE, DOUBLE_ENDS)
    for arms, sign in signs.items()
}
"""Every sign a frame or a line is drawn with -> its arms."""

HEADS: Final = {N: "▲", E: "▶", S: "▼", W: "◀"}
"""By the direction the arrow points in."""

_MIXED: Final = {
    "├": "┝┞┟┠┡┢┣",
    "┤": "┥┦┧┨┩┪┫",
    "┬": "┭┮┯┰┱┲┳",
    "┴": "┵┶┷┸┹┺┻",
    "┼": "┽┾┿╀╁╂╃╄╅╆╇╈╉╊╋",
}
_HEAVY_ARMS: Final = {
    "├": (E, N, S, N | S, N | E, E | S, N | E | S),
    "┤": (W, N, S, N | S, N | W, S | W, N | S | W),
    "┬": (W, E, E | W, S, S | W, E | S, E | S | W),
    "┴": (W, E, E | W, N, N | W, N | E, N | E | W),
    "┼": (
        *(W, E, E | W, N, S, N | S, N | W, N | E, S | W, E | S),
        *(N | E | W, E | S | W, N | S | W, N | E | S, N | E | S | W),
    ),
}

HEAVY: Final = {
    (N | S, N | S): "┃",
    (E | W, E | W): "━",
    (E | S, E | S): "┏",
    (S | W, S | W): "┓",
    (N | E, N | E): "┗",
    (N | W, N | W): "┛",
    **{
        (ARMS[light], arms): sign
        for light, signs in _MIXED.items()
        for arms, sign in zip(_HEAVY_ARMS[light], signs, strict=True)
    },
}
"""All arms, and those of them that are heavy -> the sign."""

HEAVY_DASHED: Final = {N | S: "┇", E | W: "┅"}

_ASCII: Final = {
    "│": "|",
    **dict.fromkeys("─┄", "-"),
    **dict.fromkeys("╭╮", "."),
    **dict.fromkeys("╰╯", "'"),
    **dict.fromkeys("┬┴├┤┼", "+"),
    **dict.fromkeys("║╟╢", "H"),
    **dict.fromkeys("═╔╗╚╝╤╧", "="),
    **dict.fromkeys((*HEAVY.values(), *HEAVY_DASHED.values()), "#"),
    "┆": ":",
    "▲": "^",
    "▶": ">",
    "▼": "v",
    "◀": "<",
    "●": "*",
    "◉": "@",
    **dict.fromkeys("◇◆", "?"),
    **dict.fromkeys("≡✓", "="),
    **dict.fromkeys("○◦", "o"),
    "◐": "~",
    "◑": "-",
    "⧗": "%",
    **dict.fromkeys("✖\N{MULTIPLICATION SIGN}", "x"),
    "↻": "R",
    "·": "-",
    "✱": "*",
    "…": "~",
}


def ascii_of(sign: str) -> str:
    """Return a sign in ASCII, as wide as it was: `?` for what has no likeness."""
    if sign.isascii():
        return sign
    return _ASCII.get(sign) or "?" * cells(sign)

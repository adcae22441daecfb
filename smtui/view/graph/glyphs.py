"""The signs of a drawing, and which arms each one has.

A sign's arms are the directions in which it touches the next cell. A drawing
is read back by arms alone, so the table is a bijection: one sign for each set
of arms and each weight.
"""

from typing import Final

__all__ = [
    "ARMS",
    "ASCII",
    "CROSSING",
    "DASHED",
    "DOUBLE",
    "DOUBLE_ENDS",
    "HEADS",
    "HEAVY",
    "LIGHT",
    "OPPOSITE",
    "STEPS",
    "E",
    "N",
    "S",
    "W",
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

HEAVY: Final = {
    "│": "┃",
    "─": "━",
    "╭": "┏",
    "╮": "┓",
    "╰": "┗",
    "╯": "┛",
    "├": "┣",
    "┤": "┫",
    "┬": "┳",
    "┴": "┻",
    "┼": "╋",
    "┆": "┇",
    "┄": "┅",
    "║": "┃",
    "═": "━",
    "╔": "┏",
    "╗": "┓",
    "╚": "┗",
    "╝": "┛",
    "╟": "┣",
    "╢": "┫",
    "╤": "┳",
    "╧": "┻",
}

ASCII: Final = {
    "│": "|",
    "─": "-",
    "╭": ".",
    "╮": ".",
    "╰": "'",
    "╯": "'",
    "├": "+",
    "┤": "+",
    "┬": "+",
    "┴": "+",
    "┼": "+",
    "┆": ":",
    "┄": ".",
    "║": "#",
    "═": "=",
    "╔": "#",
    "╗": "#",
    "╚": "#",
    "╝": "#",
    "╟": "#",
    "╢": "#",
    "╤": "#",
    "╧": "#",
    "▲": "^",
    "▶": ">",
    "▼": "v",
    "◀": "<",
    "●": "*",
    "◉": "@",
    "◇": "?",
    "↻": "R",
    "·": "-",
    "✱": "*",
    "…": "~",
}

"""Files that hold a list of definitions: each as a text of its own.

The text of one is the whole with everything else made blank, so that a place
in it is the place in the file.
"""

import re

from smtui.definition import Position
from smtui.dialects.nodes import Items, Table

__all__ = ["parts_of"]

_NOT_END = re.compile("[^\n\r\x85\u2028\u2029]")
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def parts_of(text: str, list_: Items) -> tuple[str, ...]:
    """Return the text of each mapping of a list."""
    ends = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def offset(at: Position) -> int:
        return ends[at.line - 1] + at.column - 1

    starts = [offset(item.at) for item in list_.items if isinstance(item, Table)]
    found: list[str] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        body = text[start:end]
        if body.startswith("{"):
            body = body[: body.rfind("}") + 1]
        elif end < len(text):
            body = body[: body.rfind("-")]
        found.append(_NOT_END.sub(" ", text[:start]) + body)
    return tuple(found)

"""A drawing as JSON, so that it can be checked from outside by its characters.

    {"lines": ["...", ...],
     "states": {id: {"box": [x, y, w, h], "parent": id|null,
                     "drawn": "box"|"row"}},
     "transitions": [{"id", "source", "target", "label",
                      "drawn": "line"|"label"|"row"|"stub",
                      "cells": [[x, y], ...], "text": [[x, y], ...]}]}

x and y count cells of a terminal from the top left; a wide sign takes two
cells and is one character of its line. The first transition of a stack is the
`line`, its cells run from the source's border to the arrowhead; of a `label`
and a `row` they are those of its text, of a `stub` those of text and arrow.
`text` are in every case the cells of the label. The source of a transition out
of any state is `*`.
"""

from collections.abc import Mapping

from smtui.definition import Json
from smtui.view.graph.ansi import to_text
from smtui.view.graph.drawing import Cell, Drawing

__all__ = ["to_document"]


_NOTHING: Mapping[str, Mapping[str, Json]] = {}


def to_document(
    drawing: Drawing,
    facts: Mapping[str, Mapping[str, Json]] = _NOTHING,
    *,
    is_ascii: bool = False,
) -> dict[str, Json]:
    """Return a drawing as plain values, ready for `json.dumps`.

    `facts` are further keys of transitions, by their ids.
    """
    return {
        "lines": [*to_text(drawing, is_ascii=is_ascii).splitlines()],
        "states": {
            node: {
                "box": [box.x, box.y, box.width, box.height],
                "parent": drawing.graph.by_id[node].parent,
                "drawn": "row" if box.is_row else "box",
            }
            for node, box in drawing.boxes.items()
        },
        "transitions": [
            {
                "id": edge.id,
                "source": edge.source,
                "target": edge.target,
                "label": edge.label,
                "drawn": drawing.marks[edge.id].drawn.value,
                "cells": _cells(drawing.marks[edge.id].path),
                "text": _cells(drawing.marks[edge.id].text),
                **facts.get(edge.id, {}),
            }
            for edge in drawing.graph.edges
            if edge.id in drawing.marks
        ],
    }


def _cells(cells: tuple[Cell, ...]) -> list[Json]:
    return [[cell.x, cell.y] for cell in cells]

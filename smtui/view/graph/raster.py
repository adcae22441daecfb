"""From geometry to cells: frames, lines and texts on one canvas.

A cell's sign follows from the arms of everything that runs through it, so a
crossing is `┼` because two lines are there, never because somebody drew it.
"""

from collections.abc import Iterable
from itertools import pairwise

from smtui.view.graph.drawing import Box, Cell, Drawing, Drawn, Mark, Stroke
from smtui.view.graph.glyphs import (
    DASHED,
    DOUBLE,
    DOUBLE_ENDS,
    HEADS,
    LIGHT,
    OPPOSITE,
    E,
    N,
    S,
    W,
)
from smtui.view.graph.layout import Geometry, Point, Spot
from smtui.view.graph.model import Direction, Kind
from smtui.view.graph.plan import Label, Line, Shape
from smtui.view.graph.trace import away
from smtui.view.graph.width import cells, centred, pieces

__all__ = ["paint"]

_ARROW = HEADS[E]


def paint(geometry: Geometry) -> Drawing:
    """Return the drawing of a geometry."""
    painter = _Painter(geometry)
    for node, spot in geometry.boxes.items():
        painter.frame(node, spot)
    for line in geometry.plan.lines:
        painter.line(line)
    painter.settle()
    for node in geometry.boxes:
        painter.texts(node)
    for line in geometry.plan.lines:
        painter.labels(line)
    return painter.drawing()


class _Painter:
    """The canvas while it is painted."""

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry
        self.plan = geometry.plan
        self.is_tb = self.plan.options.direction is Direction.TB
        self.arms: dict[Cell, int] = {}
        self.frames: dict[Cell, Kind] = {}
        self.signs: dict[Cell, str] = {}
        self.styles: dict[Cell, str] = {}
        self.boxes: dict[str, Box] = {}
        self.marks: dict[str, Mark] = {}
        self.strokes: list[Stroke] = []
        self.names: dict[str, tuple[Cell, ...]] = {}
        self.initials: dict[str, tuple[Cell, ...]] = {}
        self.notes: dict[str, tuple[Cell, ...]] = {}
        self.dashed: set[Cell] = set()

    def _cell(self, point: Point) -> Cell:
        flow, cross = point
        return Cell(cross, flow) if self.is_tb else Cell(flow, cross)

    # ------------------------------------------------------------ arms
    def frame(self, node: str, spot: Spot) -> None:
        """Add a node's frame."""
        width, height = spot.size, spot.length
        if not self.is_tb:
            width, height = height, width
        x, y = self._cell((spot.flow, spot.cross))
        box = Box(x, y, width, height, node in self.geometry.rows)
        self.boxes[node] = box
        if box.is_row:
            return
        right, bottom = x + width - 1, y + height - 1
        kind = self.plan.shapes[node].node.kind
        sides = [
            *((Cell(c, r), E | W) for c in range(x + 1, right) for r in (y, bottom)),
            *((Cell(c, r), N | S) for r in range(y + 1, bottom) for c in (x, right)),
            (Cell(x, y), E | S),
            (Cell(right, y), S | W),
            (Cell(x, bottom), N | E),
            (Cell(right, bottom), N | W),
        ]
        for cell, arms in sides:
            self.arms[cell] = arms
            self.frames[cell] = kind
            self.styles[cell] = "frame"

    def line(self, line: Line) -> None:
        """Add a line's path, and its arrowhead."""
        path = _cells(self._cell(point) for point in self.geometry.paths[line.index])
        for here, there in pairwise(path):
            arm, opposite = _arms(here, there)
            self.arms[here] = self.arms.get(here, 0) | arm
            if here == path[0] and self.boxes[line.source].is_row:
                self.arms[here] |= OPPOSITE[away(self.boxes[line.source], here)]
            if there != path[-1]:
                self.arms[there] = self.arms.get(there, 0) | opposite
            else:
                self.signs[there] = HEADS[arm]
        for cell in path[:-1]:
            self.styles.setdefault(cell, "line")
        self.styles[path[-1]] = "head"
        if line.is_dashed:
            self.dashed.update(path[1:-1])
        self.strokes.append(Stroke(line.source, line.target, line.edges, tuple(path)))
        first, *others = line.edges
        self.marks[first] = Mark(Drawn.LINE, tuple(path))
        for edge in others:
            self.marks[edge] = Mark(Drawn.LABEL, ())

    def settle(self) -> None:
        """Turn arms into signs."""
        for cell, arms in self.arms.items():
            if cell not in self.signs:
                self.signs[cell] = self._sign(cell, arms)

    def _sign(self, cell: Cell, arms: int) -> str:
        kind = self.frames.get(cell)
        if kind is Kind.FINAL:
            return DOUBLE.get(arms) or DOUBLE_ENDS.get(arms) or LIGHT[arms]
        is_dashed = cell in self.dashed or kind is Kind.REGION
        return DASHED[arms] if is_dashed and arms in DASHED else LIGHT[arms]

    # ------------------------------------------------------------ texts
    def texts(self, node: str) -> None:
        """Add the name, the rows and the stubs of a node."""
        shape, box = self.plan.shapes[node], self.boxes[node]
        if shape.is_frame:
            title = self.geometry.titles[node]
            found = self._text(box.x + title, box.y, f" {shape.names[0]} ", "title")
            self.names[node] = tuple(found)
            if node in self.geometry.notes:
                at = self._cell(self.geometry.notes[node])
                self._rows(node, at.x + 1, at.y)
        else:
            self._name(node, shape, box)
        for number, label in enumerate(shape.stubs):
            if box.is_row:
                self._stub(node, label, Cell(box.x - 1, box.y))
            else:
                self._stub(node, label, Cell(box.x, box.y + 1 + number))

    def _name(self, node: str, shape: Shape, box: Box) -> None:
        if box.is_row:
            inner = centred(shape.names[0], box.width - 4)
            row = self._text(box.x, box.y, f"( {inner} )", "name")
            self.names[node] = tuple(row)
            return
        found: list[Cell] = []
        rows = sum(len(label.rows) for label in shape.rows)
        free = box.height - 2 - rows - len(shape.names)
        y = box.y + 1 + (0 if self.is_tb else free // 2)
        for name in shape.names:
            x = box.x + 1 + (box.width - 2 - cells(name)) // 2
            found += self._text(x, y, name, "name")
            y += 1
        self.names[node] = tuple(found)
        self._rows(node, box.x + 2, y)

    def _rows(self, node: str, x: int, y: int) -> None:
        for label in self.plan.shapes[node].rows:
            if not label.edge:
                room = self.boxes[node].width - 4
                self.notes[node] = tuple(Cell(x + n, y) for n in range(room))
            found: list[Cell] = []
            for row in label.rows:
                found += self._text(x, y, row, "row")
                y += 1
            if label.edge:
                self.marks[label.edge] = Mark(Drawn.ROW, tuple(found), tuple(found))

    def _stub(self, node: str, label: Label, head: Cell) -> None:
        text = label.rows[0]
        style = "stub" if label.edge else "initial"
        found = self._text(head.x - cells(text), head.y, text, style)
        found += self._text(head.x, head.y, _ARROW, style)
        if label.edge:
            self.marks[label.edge] = Mark(Drawn.STUB, tuple(found), tuple(found))
        else:
            self.initials[node] = tuple(found)

    def labels(self, line: Line) -> None:
        """Add the texts that stand on a line."""
        if line.index not in self.geometry.labels:
            return
        at = self._cell(self.geometry.labels[line.index])
        x, y = at.x + 1, at.y
        for label in line.labels:
            found: list[Cell] = []
            for row in label.rows:
                found += self._text(x, y, row, "label")
                if self.is_tb:
                    y += 1
                else:
                    x += cells(row) + 2
            drawn, path, _ = _fields(self.marks[label.edge])
            is_line = drawn is Drawn.LINE
            self.marks[label.edge] = Mark(
                drawn, path if is_line else tuple(found), tuple(found)
            )

    def _text(self, x: int, y: int, text: str, style: str) -> list[Cell]:
        found: list[Cell] = []
        for piece in pieces(text):
            for number in range(cells(piece)):
                cell = Cell(x, y)
                self.signs[cell] = "" if number else piece
                self.styles[cell] = style
                found.append(cell)
                x += 1
        return found

    # ------------------------------------------------------------ result
    def drawing(self) -> Drawing:
        """Return everything painted, moved to the top left corner."""
        left = min((cell.x for cell in self.signs), default=0)
        top = min((cell.y for cell in self.signs), default=0)
        width = max((cell.x for cell in self.signs), default=-1) + 1 - left
        height = max((cell.y for cell in self.signs), default=-1) + 1 - top
        if left or top:
            self._move(left, top)
        signs = [[" "] * width for _ in range(height)]
        for (x, y), sign in self.signs.items():
            signs[y][x] = sign
        styles = [[""] * width for _ in range(height)]
        for (x, y), style in self.styles.items():
            styles[y][x] = style
        return Drawing(
            graph=self.plan.graph,
            options=self.plan.options,
            width=width,
            height=height,
            cells=tuple(map(tuple, signs)),
            styles=tuple(map(tuple, styles)),
            boxes=self.boxes,
            names=self.names,
            strokes=tuple(self.strokes),
            marks={
                edge.id: self.marks[edge.id]
                for edge in self.plan.graph.edges
                if edge.id in self.marks
            },
            initials=self.initials,
            notes=self.notes,
        )

    def _move(self, left: int, top: int) -> None:
        def moved(found: Iterable[Cell]) -> tuple[Cell, ...]:
            return tuple(Cell(x - left, y - top) for x, y in found)

        self.signs = {Cell(x - left, y - top): v for (x, y), v in self.signs.items()}
        self.styles = {Cell(x - left, y - top): v for (x, y), v in self.styles.items()}
        self.boxes = {
            node: Box(box.x - left, box.y - top, box.width, box.height, box.is_row)
            for node, box in self.boxes.items()
        }
        self.marks = {
            edge: Mark(mark.drawn, moved(mark.path), moved(mark.text))
            for edge, mark in self.marks.items()
        }
        self.names = {node: moved(found) for node, found in self.names.items()}
        self.strokes = [
            Stroke(stroke.source, stroke.target, stroke.edges, moved(stroke.path))
            for stroke in self.strokes
        ]
        self.initials = {node: moved(found) for node, found in self.initials.items()}
        self.notes = {node: moved(found) for node, found in self.notes.items()}


def _fields(mark: Mark) -> tuple[Drawn, tuple[Cell, ...], tuple[Cell, ...]]:
    return mark.drawn, mark.path, mark.text


def _arms(here: Cell, there: Cell) -> tuple[int, int]:
    """Return the arm from one cell to its neighbour, and the one back."""
    if here.x == there.x:
        return (S, N) if there.y > here.y else (N, S)
    return (E, W) if there.x > here.x else (W, E)


def _cells(corners: Iterable[Cell]) -> list[Cell]:
    """Return every cell of a path, given its corners."""
    found: list[Cell] = []
    for corner in corners:
        if not found:
            found.append(corner)
            continue
        x, y = found[-1]
        while (x, y) != corner:
            x += (corner.x > x) - (corner.x < x)
            y += 0 if x != found[-1].x else (corner.y > y) - (corner.y < y)
            found.append(Cell(x, y))
    return found

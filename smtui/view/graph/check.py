"""Is a drawing right? Decided from its signs alone.

    text     every name, row, label and stub is whole, once, at its place
    frame    every border is drawn with legal signs only
    nesting  boxes lie apart, or within each other as the hierarchy says
    line     for every pair of states with a transition there is one line,
             followed sign by sign from the border of its source to an
             arrowhead on the border of its target; and there is no other
    label    each label stands at its own line
    cross    a cell of two lines is a straight crossing, `┼`, and every `┼` is
             one
    stray    no sign is left over

What is expected comes from the graph and the options; where boxes are comes
from the drawing; where lines and labels are is found by reading.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from smtui.view.graph.drawing import Box, Cell, Drawing
from smtui.view.graph.glyphs import (
    ARMS,
    CROSSING,
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
from smtui.view.graph.model import Direction, Kind
from smtui.view.graph.plan import Line, Plan, Shape, make_plan
from smtui.view.graph.trace import Page, Trace, away, borders, follow, starts, towards
from smtui.view.graph.width import cells, centred, pieces

__all__ = ["Violation", "check", "read_lines"]


class Violation(NamedTuple):
    """One thing wrong with a drawing."""

    rule: str
    message: str


def check(drawing: Drawing) -> tuple[Violation, ...]:
    """Return everything wrong with a drawing; nothing when it is right."""
    reader = _Reader(drawing)
    reader.read()
    return tuple(reader.found)


def read_lines(drawing: Drawing) -> tuple[Trace, ...]:
    """Return every line of a drawing as it is followed by its signs."""
    reader = _Reader(drawing)
    reader.read()
    return tuple(reader.traces)


class _Reader:
    """A drawing while it is read; every explained cell is noted."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.plan: Plan = make_plan(drawing.graph, drawing.options)
        self.is_tb = drawing.options.direction is Direction.TB
        self.page = Page(drawing.cells)
        self.boxes = drawing.boxes
        self.found: list[Violation] = []
        self.traces: list[Trace] = []
        self.passes: dict[Cell, list[int]] = {}
        """Cell -> the arms of each line or frame that runs through it."""
        self.dashed: set[Cell] = set()
        """Cells of lines that are dashed where they run straight."""
        self.ends: set[Cell] = set()
        """The arrowheads of the lines."""

    def fault(self, rule: str, message: str) -> None:
        """Note something wrong."""
        self.found.append(Violation(rule, message))

    def read(self) -> None:
        """Read everything, in the order in which it can be told apart."""
        shapes = self.plan.shapes
        if set(self.boxes) != set(shapes):
            self.fault("nesting", "not every state has a box")
            return
        self._grid()
        self._nesting()
        for node, box in self.boxes.items():
            for cell in () if box.is_row else borders(box):
                self.page.frames[cell] = node
        for node, shape in shapes.items():
            self._stubs(shape, self.boxes[node])
            if shape.is_frame:
                self._title(shape, self.boxes[node])
            else:
                self._inside(shape, self.boxes[node])
        for node in sorted(shapes, key=lambda n: -len(self.drawing.graph.ancestors(n))):
            if shapes[node].is_frame and shapes[node].rows:
                self._note(shapes[node], self.boxes[node])
        self._lines()
        for node, box in self.boxes.items():
            self._frame(shapes[node], box)
        self._crossings()
        self._strays()

    # ------------------------------------------------------------ boxes
    def _grid(self) -> None:
        for y, row in enumerate(self.drawing.cells):
            width = 0
            for sign in row:
                width += cells(sign)
            if len(row) != self.drawing.width or width != len(row):
                self.fault("text", f"row {y} is not {self.drawing.width} cells wide")

    def _nesting(self) -> None:
        graph = self.drawing.graph
        for node, box in self.boxes.items():
            parent = graph.by_id[node].parent
            if parent is not None and not _is_within(box, self.boxes[parent]):
                self.fault("nesting", f"{node!r} is not within {parent!r}")
        for children in graph.children.values():
            for a, b in combinations(children, 2):
                if _overlap(self.boxes[a], self.boxes[b]):
                    self.fault("nesting", f"{a!r} and {b!r} overlap")

    def _frame(self, shape: Shape, box: Box) -> None:
        """Add a frame to what runs through its cells, and look at its signs."""
        if box.is_row:
            return
        for cell, arms in borders(box).items():
            if cell in self.page.texts:
                continue
            sign, through = self.page.sign(cell), self.passes.setdefault(cell, [])
            if sign in _HEADS and through and cell in self.ends:
                continue
            expected = _sign(shape.node.kind, arms, through)
            through.append(arms)
            if sign != expected:
                self.fault("frame", f"{sign!r} in the frame of {shape.node.id!r}")

    # ------------------------------------------------------------ texts
    def _claim(self, x: int, y: int, text: str, owner: str) -> bool:
        """Note a text at a place if it is there and not yet explained."""
        wanted: dict[Cell, str] = {}
        for piece in pieces(text):
            for number in range(cells(piece)):
                wanted[Cell(x, y)] = "" if number else piece
                x += 1
        if any(
            self.page.sign(cell) != sign or cell in self.page.texts
            for cell, sign in wanted.items()
        ):
            return False
        self.page.texts.update(dict.fromkeys(wanted, owner))
        return True

    def _stubs(self, shape: Shape, box: Box) -> None:
        for number, label in enumerate(shape.stubs):
            y = box.y + (0 if box.is_row else 1 + number)
            text = label.rows[0] + HEADS[E]
            x = box.x + 1 - cells(text) - (1 if box.is_row else 0)
            if not self._claim(x, y, text, label.edge or shape.node.id):
                self.fault("text", f"no {text!r} at {shape.node.id!r}")

    def _title(self, shape: Shape, box: Box) -> None:
        text = f" {shape.names[0]} "
        places = range(box.x + 2, box.x + box.width - 1 - cells(text))
        if not any(self._claim(x, box.y, text, shape.node.id) for x in places):
            self.fault("text", f"no title {text!r} on {shape.node.id!r}")

    def _inside(self, shape: Shape, box: Box) -> None:
        """Compare every cell inside a box with what belongs there."""
        wanted = [*shape.names, *(row for label in shape.rows for row in label.rows)]
        if box.is_row:
            room = box.width - 4
            texts = [f"( {centred(shape.names[0], room)} )"]
            got = [self._row(box.x, box.y, box.width)]
        else:
            room = box.width - 2
            names = [centred(name, room) for name in shape.names]
            texts = names + [_left(row, room) for row in wanted[len(names) :]]
            got = [
                self._row(box.x + 1, box.y + 1 + n, room) for n in range(box.height - 2)
            ]
        blank = " " * room
        start = next((n for n, row in enumerate(got) if row != blank), 0)
        expected = [blank] * start + texts
        expected += [blank] * (len(got) - len(expected))
        if got != expected:
            self.fault("text", f"{shape.node.id!r} does not read {wanted!r}")
        for y in range(box.y, box.y + box.height):
            for x in range(box.x, box.x + box.width):
                if box.is_row or (x, y) not in self.page.frames:
                    self.page.texts.setdefault(Cell(x, y), shape.node.id)

    def _row(self, x: int, y: int, width: int) -> str:
        return "".join(self.page.sign(Cell(x + n, y)) for n in range(width))

    def _note(self, shape: Shape, box: Box) -> None:
        """Find the rows of a compound state somewhere within its frame."""
        rows = [row for label in shape.rows for row in label.rows]
        for y in range(box.y + 1, box.y + box.height - len(rows)):
            for x in range(box.x + 1, box.x + box.width - 1):
                if self.page.sign(Cell(x, y)) != pieces(rows[0])[0]:
                    continue
                at = [(x, y + n, row) for n, row in enumerate(rows)]
                if all(self._fits(*place) for place in at):
                    for place in at:
                        self._claim(*place, shape.node.id)
                    return
        self.fault("text", f"{shape.node.id!r} does not say {rows!r}")

    def _fits(self, x: int, y: int, text: str) -> bool:
        """Return whether the text stands there, alone and unexplained."""
        width = cells(text)
        return (
            self._row(x, y, width) == text
            and Cell(x, y) not in self.page.texts
            and self.page.sign(Cell(x + width, y)) in {" ", *ARMS}
        )

    # ------------------------------------------------------------ lines
    def _lines(self) -> None:
        wanted = {(line.source, line.target): line for line in self.plan.lines}
        seen: Counter[tuple[str, str]] = Counter()
        for begin in starts(self.page, self.boxes):
            inline = self._inline(begin.source)
            trace = follow(self.page, self.boxes, begin, inline)
            self.traces.append(trace)
            pair = (trace.source, trace.target)
            seen[pair] += 1
            if trace.fault:
                self.fault("line", f"a line from {trace.source!r} {trace.fault}")
            elif pair not in wanted:
                self.fault("line", f"there is a line {pair[0]!r} to {pair[1]!r}")
            else:
                self._sides(trace)
                self._label(wanted[pair], trace)
                if wanted[pair].is_dashed:
                    self.dashed.update(trace.path[1:-1])
            self._pass(trace)
        for pair in wanted:
            if seen[pair] != 1:
                self.fault("line", f"{seen[pair]} lines {pair[0]!r} to {pair[1]!r}")

    def _inline(self, source: str) -> list[str]:
        """Return the texts that may stand on a line of this source."""
        if self.is_tb:
            return []
        return [
            row
            for line in self.plan.lines
            if line.source == source
            for label in line.labels
            for row in label.rows
        ]

    def _sides(self, trace: Trace) -> None:
        """See that a line leaves and enters on the right side of frames."""
        graph = self.drawing.graph
        if trace.is_inward != (trace.source in graph.ancestors(trace.target)):
            self.fault("line", f"{trace.source!r} is left on the wrong side")
        if trace.enters_outward != (trace.target in graph.ancestors(trace.source)):
            self.fault("line", f"{trace.target!r} is entered on the wrong side")

    def _pass(self, trace: Trace) -> None:
        """Note through which cells a line runs, and in which direction."""
        path, box = trace.path, self.boxes[trace.source]
        for number, cell in enumerate(path):
            arms = 0
            if number:
                arms |= towards(cell, path[number - 1])
            elif box.is_row:
                arms |= OPPOSITE[away(box, cell)]
            if number + 1 < len(path):
                arms |= towards(cell, path[number + 1])
            self.passes.setdefault(cell, []).append(arms)
        if not trace.fault:
            self.ends.add(path[-1])

    def _label(self, line: Line, trace: Trace) -> None:
        """See that the labels of a line stand at it."""
        rows = [row for label in line.labels for row in label.rows]
        if not rows:
            return
        name = f"{line.source!r} to {line.target!r}"
        if not self.is_tb:
            self._inline_label(rows, trace, name)
            return
        on_way = set(trace.path[1:-1])
        for x, y in trace.path[1:-1]:
            at = [(x + 1, y + n, row) for n, row in enumerate(rows)]
            if all(
                Cell(x, y + n) in on_way and self._fits(*place)
                for n, place in enumerate(at)
            ):
                for place in at:
                    self._claim(*place, name)
                return
        self.fault("label", f"no {rows!r} at the line {name}")

    def _inline_label(self, rows: Sequence[str], trace: Trace, name: str) -> None:
        on_line = [c for c in trace.path if self.page.sign(c) not in {*ARMS, *_HEADS}]
        text = "".join(self.page.sign(cell) for cell in sorted(on_line))
        if text != "".join(rows):
            self.fault("label", f"{text!r} and not {rows!r} on the line {name}")
        for cell in on_line:
            if cell in self.page.texts:
                self.fault("label", f"a text on the line {name} belongs elsewhere")
            self.page.texts[cell] = name

    # ------------------------------------------------------------ the rest
    def _crossings(self) -> None:
        for cell, through in self.passes.items():
            sign = self.page.sign(cell)
            if cell in self.page.texts:
                if through != [E | W]:
                    self.fault("cross", f"a line runs over a text at {cell.x},{cell.y}")
            elif sign == CROSSING:
                if sorted(through) != [N | S, E | W]:
                    self.fault("cross", f"no crossing at {cell.x},{cell.y}")
            elif cell in self.page.frames:
                if len(through) > 2:  # noqa: PLR2004 - the frame and one line
                    self.fault("cross", f"two lines end at {cell.x},{cell.y}")
            elif len(through) > 1:
                self.fault("cross", f"two lines meet at {cell.x},{cell.y}")
            elif cell not in self.ends and sign != self._plain(cell, through[0]):
                self.fault("line", f"{sign!r} in a line at {cell.x},{cell.y}")

    def _plain(self, cell: Cell, arms: int) -> str | None:
        """Return the sign of a cell that is one line's alone."""
        if cell in self.dashed and arms in DASHED:
            return DASHED[arms]
        return LIGHT.get(arms)

    def _strays(self) -> None:
        for y, row in enumerate(self.drawing.cells):
            for x, sign in enumerate(row):
                cell = Cell(x, y)
                is_known = cell in self.page.texts or cell in self.passes
                if sign not in {" ", ""} and not is_known:
                    self.fault("stray", f"{sign!r} at {x},{y} belongs to nothing")


_HEADS = frozenset(HEADS.values())


def _sign(kind: Kind, arms: int, through: Sequence[int]) -> str:
    """Return the sign of a frame's cell through which lines run."""
    total = arms
    for others in through:
        total |= others
    if kind is Kind.FINAL:
        return DOUBLE.get(total) or DOUBLE_ENDS.get(total, "")
    if kind is Kind.REGION and total in DASHED:
        return DASHED[total]
    return LIGHT.get(total, "")


def _left(text: str, width: int) -> str:
    return " " + text + " " * (width - 1 - cells(text))


def _is_within(inner: Box, outer: Box) -> bool:
    return (
        outer.x < inner.x
        and outer.y < inner.y
        and inner.x + inner.width < outer.x + outer.width
        and inner.y + inner.height < outer.y + outer.height
    )


def _overlap(a: Box, b: Box) -> bool:
    return (
        a.x < b.x + b.width
        and b.x < a.x + a.width
        and a.y < b.y + b.height
        and b.y < a.y + a.height
    )

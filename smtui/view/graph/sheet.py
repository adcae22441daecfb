"""One container's layout problem: items in layers, links between neighbours.

Layers alternate. Even ones hold boxes, the first and the last are the
container's own border; odd ones hold labels. A line that only passes is an
item too (a wire), so every cell a line or a text will take is reserved before
anything is routed. Two axes, whatever the direction of the drawing: *flow*
runs along the arrows, *cross* across them; LO is the side a box is entered by
arrows that go with the flow, HI the one they leave by.

Everything here is mutable and lives only while one drawing is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise

from smtui.errors import InternalError
from smtui.view.graph.model import Direction, Kind
from smtui.view.graph.options import Options
from smtui.view.graph.plan import BORDER, Hop, Label, Plan, Run, Shape
from smtui.view.graph.width import cells

__all__ = [
    "HI",
    "LO",
    "Block",
    "Chain",
    "Is",
    "Item",
    "Link",
    "Sheet",
    "Spacing",
    "build_sheet",
    "is_parallel",
    "spacing_of",
]

LO, HI = 0, 1


class Is(Enum):
    """What an item is."""

    BOX = "box"
    WIRE = "wire"
    LABEL = "label"
    NOTE = "note"
    """The rows of the container itself, with a blank on both sides."""


@dataclass(frozen=True, slots=True)
class Spacing:
    """The distances a direction wants, in cells."""

    port: int
    """From one line to the next on the side of a box."""
    boxes: int
    """Free cells between two boxes of a layer."""
    regions: int
    """Free cells between two regions."""
    wires: int
    """Free cells between anything else."""
    bare: int
    """Least flow cells between two ranks without labels."""
    pad: int
    """Free cells between a frame and its contents, across the flow."""
    inset: int
    """The same along the flow."""


def spacing_of(options: Options) -> Spacing:
    """Return the distances for a direction."""
    if options.direction is Direction.TB:
        bare = 0 if options.names_only else 1
        return Spacing(port=2, boxes=2, regions=1, wires=1, bare=bare, pad=1, inset=0)
    bare = 1 if options.names_only else 2
    return Spacing(port=1, boxes=0, regions=0, wires=0, bare=bare, pad=0, inset=1)


def is_parallel(plan: Plan, container: str | None) -> bool:
    """Return whether the container's children lie side by side."""
    return container is not None and plan.graph.by_id[container].kind is Kind.PARALLEL


@dataclass(slots=True)
class Block:
    """A node with its size, ready to be placed in its container."""

    node: str
    size: int
    """Cross cells of its frame."""
    length: int
    """Flow cells of its frame."""
    lead: int = 0
    """Cross cells before the frame, for stubs."""
    ahead: int = 0
    """Flow cells before the frame, for stubs."""
    fixed: tuple[dict[int, int], dict[int, int]] = field(
        default_factory=lambda: (dict[int, int](), dict[int, int]())
    )
    """For LO and HI: line -> cross offset where it passes the frame."""
    taken: tuple[set[int], set[int]] = field(
        default_factory=lambda: (set[int](), set[int]())
    )
    """For LO and HI: cross offsets where no other line may end."""
    first: int = 1
    """The first offset on LO where a line may end (below the stubs)."""
    limit: int = 0
    """How many cells it may grow across the flow."""
    corner: int = 1
    """Cells at each end of a side where no line may end."""
    tips: tuple[int, int] | None = None
    """Of a `( name )`: flow cells before and after it for arrowheads."""


@dataclass(slots=True)
class Item:
    """Something with a place in a layer."""

    what: Is
    layer: int
    size: int
    length: int
    line: int = -1
    block: Block | None = None
    pos: int = 0
    """Cross coordinate of its first cell, lead included."""
    before: int = 0
    """Cells the frame has grown at its cross start."""
    after: int = 0
    """And at its cross end."""
    ports: tuple[dict[int, int], dict[int, int]] = field(
        default_factory=lambda: (dict[int, int](), dict[int, int]())
    )
    """For LO and HI: line -> cross offset from `pos` (boxes only)."""
    ups: list[int] = field(default_factory=list[int])
    downs: list[int] = field(default_factory=list[int])


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of line between items of neighbouring layers."""

    upper: int
    lower: int
    line: int


@dataclass(slots=True)
class Chain:
    """The items a hop runs through, from its upper to its lower end."""

    hop: Hop
    items: list[int]
    turn: int = -1
    """Of an UNDER hop: how many of the items are on the way down."""
    label: Item | None = None
    """The size of a label that has no place yet."""

    def put_label(self, items: Sequence[Item], index: int) -> None:
        """Turn one of the wires into the label."""
        if self.label is not None:
            item = items[index]
            item.what = Is.LABEL
            item.size, item.length = self.label.size, self.label.length
            self.label = None


@dataclass(slots=True)
class Sheet:
    """The layout problem of one container, and its solution."""

    container: str | None
    spacing: Spacing
    options: Options
    items: list[Item] = field(default_factory=list[Item])
    layers: list[list[int]] = field(default_factory=list[list[int]])
    links: list[Link] = field(default_factory=list[Link])
    chains: list[Chain] = field(default_factory=list[Chain])
    boxes: dict[str, int] = field(default_factory=dict[str, int])
    is_parallel: bool = False

    def gap(self, left: Item, right: Item) -> int:
        """Return the free cells wanted between two neighbours."""
        if left.what is Is.BOX and right.what is Is.BOX:
            return self.spacing.regions if self.is_parallel else self.spacing.boxes
        return self.spacing.wires

    def add(self, item: Item) -> int:
        """Append an item to its layer; return its index."""
        index = len(self.items)
        self.items.append(item)
        self.layers[item.layer].append(index)
        return index

    def link_between(self, upper: int, lower: int, line: int) -> int:
        """Return the link of a line between two items."""
        for number in self.items[upper].downs:
            link = self.links[number]
            if link.lower == lower and link.line == line:
                return number
        raise InternalError(f"line {line} has no link from {upper} to {lower}")

    def join(self, upper: int, lower: int, line: int) -> None:
        """Link two items of neighbouring layers."""
        self.items[upper].downs.append(len(self.links))
        self.items[lower].ups.append(len(self.links))
        self.links.append(Link(upper, lower, line))


def build_sheet(plan: Plan, container: str | None, blocks: dict[str, Block]) -> Sheet:
    """Return the items and links of a container whose children have sizes."""
    ranks = plan.ranks[container]
    count = max(ranks.values(), default=0) + 1
    sheet = Sheet(
        container=container,
        spacing=spacing_of(plan.options),
        options=plan.options,
        layers=[[] for _ in range(2 * count + 3)],
        is_parallel=is_parallel(plan, container),
    )
    if container is not None:
        _add_note(sheet, plan.shapes[container])
    for child in plan.graph.children[container]:
        block = blocks[child]
        layer = 2 + 2 * ranks[child]
        item = Item(Is.BOX, layer, block.lead + block.size, block.length, block=block)
        sheet.boxes[child] = sheet.add(item)
    for hop in plan.hops[container]:
        _add_ports(sheet, hop, blocks)
    _add_chains(sheet, plan, plan.hops[container])
    return sheet


def _add_note(sheet: Sheet, shape: Shape) -> None:
    texts = [row for label in shape.rows for row in label.rows]
    if not texts:
        return
    width, height = max(map(cells, texts)) + 2, len(texts)
    if sheet.options.direction is Direction.LR:
        width, height = height, width
    sheet.add(Item(Is.NOTE, 2, width, height))


def _add_ports(sheet: Sheet, hop: Hop, blocks: dict[str, Block]) -> None:
    """Note on the boxes where the ends of a hop meet them."""
    ends = [(hop.upper, HI), (hop.lower, HI if hop.run is Run.UNDER else LO)]
    for node, side in ends:
        if node == BORDER:
            continue
        item, block = sheet.items[sheet.boxes[node]], blocks[node]
        fixed = block.fixed[side].get(hop.line)
        middle = block.size // 2 if fixed is None else fixed
        item.ports[side][hop.line] = block.lead + middle


def _add_chains(sheet: Sheet, plan: Plan, hops: Sequence[Hop]) -> None:
    for hop in hops:
        labels = plan.lines[hop.line].labels if hop.has_label else ()
        label = _label_item(sheet, labels)
        if hop.run is Run.UNDER:
            sheet.chains.append(_turn(sheet, hop, label))
        else:
            sheet.chains.append(_chain(sheet, hop, label))


def _ends(sheet: Sheet, hop: Hop) -> tuple[int, int]:
    """Return the layers of the two ends."""
    last = len(sheet.layers) - 1
    upper = 0 if hop.upper == BORDER else sheet.items[sheet.boxes[hop.upper]].layer
    lower = last if hop.lower == BORDER else sheet.items[sheet.boxes[hop.lower]].layer
    return upper, lower


def _label_item(sheet: Sheet, labels: Sequence[Label]) -> Item | None:
    """Return an item for stacked labels, still without a layer."""
    rows = [row for label in labels for row in label.rows]
    if not rows:
        return None
    if sheet.options.direction is Direction.TB:
        return Item(Is.LABEL, 0, 1 + max(map(cells, rows)), len(rows))
    return Item(Is.LABEL, 0, 1, sum(cells(row) + 2 for row in rows))


def _chain(sheet: Sheet, hop: Hop, label: Item | None) -> Chain:
    """Add the items of a hop; with one layer to choose from its label too."""
    top, bottom = _ends(sheet, hop)
    ids: list[int] = []
    for layer in range(top, bottom + 1):
        if layer == top and hop.upper != BORDER:
            ids.append(sheet.boxes[hop.upper])
        elif layer == bottom and hop.lower != BORDER:
            ids.append(sheet.boxes[hop.lower])
        else:
            ids.append(sheet.add(Item(Is.WIRE, layer, 1, 1, hop.line)))
    for upper, lower in pairwise(ids):
        sheet.join(upper, lower, hop.line)
    chain = Chain(hop, ids, label=label)
    if bottom - top == 2:  # noqa: PLR2004 - neighbours: one layer between them
        chain.put_label(sheet.items, ids[1])
    return chain


def _turn(sheet: Sheet, hop: Hop, label: Item | None) -> Chain:
    """Add a hop that goes down from one box and up into its neighbour."""
    left, right = sheet.boxes[hop.upper], sheet.boxes[hop.lower]
    layer = sheet.items[left].layer + 1
    down = sheet.add(Item(Is.WIRE, layer, 1, 1, hop.line))
    up = sheet.add(Item(Is.WIRE, layer, 1, 1, hop.line))
    sheet.join(left, down, hop.line)
    sheet.join(right, up, hop.line)
    chain = Chain(hop, [left, down, up, right], turn=2, label=label)
    chain.put_label(sheet.items, down)
    return chain

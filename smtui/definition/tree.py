"""What an author of a statechart dialect wrote: a tree of nodes and its arrows.

Built by the loaders of SCXML and PyStator, compiled by the chart room. The
laws of this file: nodes and arrows stand in document order, a parent before
its children; every target and parent names a node that is there; what an
author may leave out is filled in by the loader (an `initial`, an event's name
for a delay), never guessed later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from smtui.definition.content import Block
from smtui.definition.contract import Classification, Invariant
from smtui.definition.expression import Expression, Language, Param
from smtui.definition.guards import Guard
from smtui.definition.lists import Definition
from smtui.definition.place import Json, Position
from smtui.definition.semantics import SCXML, Semantics
from smtui.definition.shared import Ask, EventSpec, Peer

__all__ = [
    "AnyDefinition",
    "Arrow",
    "DataItem",
    "DoneData",
    "Initial",
    "Invoke",
    "Node",
    "NodeKind",
    "TreeDefinition",
    "Variable",
]


class NodeKind(StrEnum):
    """What a node of the tree is."""

    ATOMIC = "atomic"
    COMPOUND = "compound"
    PARALLEL = "parallel"
    FINAL = "final"
    HISTORY = "history"
    """Shallow: the children that were active."""
    DEEP_HISTORY = "deep-history"
    """Deep: the atomic descendants that were active."""
    CHOICE = "choice"
    """Left at once, by the first of its arrows whose guard holds: one without
    events, or one of the event that led here. An arrow into a choice that has
    no way out now is not taken."""


@dataclass(frozen=True, slots=True)
class Initial:
    """How a compound node, a history without memory, or the root is entered."""

    targets: tuple[str, ...]
    """Descendants; several only in regions of one parallel node."""
    at: Position
    content: Block = ()


@dataclass(frozen=True, slots=True)
class DataItem:
    """A variable of the data model; one without a value is undefined."""

    id: str
    at: Position
    value: Expression | None = None
    """`expr`, inline content, or what the loader read from `src`."""
    src: str = ""


@dataclass(frozen=True, slots=True)
class DoneData:
    """The data of the done event that a final node gives."""

    params: tuple[Param, ...] = ()
    content: Expression | None = None


@dataclass(frozen=True, slots=True)
class Invoke:
    """An activity bound to a node: begun when a macrostep ends in it."""

    at: Position
    id: str = ""
    """'' has an id made up, `NODE.N`, and stored at `id_location`."""
    id_location: Expression | None = None
    type: Expression | None = None
    """None, `scxml` and the W3C's name of it: a child chart. `machine`: a
    machine of the fleet. Any other text: an action of the author's."""
    src: Expression | None = None
    """A file of a child chart, a machine's name, or an action's name."""
    content: "Expression | TreeDefinition | None" = None
    """The child itself: inline, or an expression that gives its text."""
    params: tuple[Param, ...] = ()
    """Those of the namelist first; only declared data of the child takes them."""
    autoforward: bool = False
    gives_data: bool = False
    """A machine begins with the data of who invokes it, names with `_` left out."""
    finalize: Block = ()
    """Run on each event of the child, before transitions are looked for."""


@dataclass(frozen=True, slots=True)
class Node:
    """A state, of any kind."""

    id: str
    """Unique; made up by the loader where the author gave none."""
    at: Position
    kind: NodeKind = NodeKind.ATOMIC
    parent: str | None = None
    """None for a child of the root."""
    initial: Initial | None = None
    """Of a compound or history node."""
    entry: tuple[Block, ...] = ()
    exit: tuple[Block, ...] = ()
    invokes: tuple[Invoke, ...] = ()
    done: DoneData | None = None
    data: tuple[DataItem, ...] = ()
    name: str = ""
    """How to show it where the id is made longer (a region's); '' is the id."""
    group: str = ""
    description: str = ""
    ask: Ask | None = None
    stuck_after_s: float | None = None
    is_error: bool = False
    """The author calls it an error state; shown so, without other meaning."""
    has_own_id: bool = True
    """False where the loader made it up."""
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """What the author keeps here for programs of their own."""
    when: Guard | None = None
    """The data that belongs in this state: plain conditions, for `classification`."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A transition. Among those of one node the lowest priority wins, then order."""

    source: str
    at: Position
    events: tuple[str, ...] = ()
    """Event descriptors; () is eventless. With `delay_s` the first is the
    name the delay's own event has (`_after_a_5000_ms`)."""
    targets: tuple[str, ...] = ()
    """() leaves and enters nothing."""
    guard: Guard | None = None
    content: Block = ()
    is_internal: bool = False
    """From a compound node to its descendants without leaving the node."""
    delay_s: float | None = None
    """Seconds in the source after which its event comes by itself. A state's
    time-out is such an arrow to its destination."""
    priority: int = 0
    id: str = ""
    description: str = ""
    origin: int = -1
    """Which transition of the file it is, counted from 0, where one of several
    sources is several arrows; -1 where each is one."""
    is_any: bool = False
    """Written for any state (`*`), and one of the arrows that makes."""
    trigger: str = ""
    """The name it has for the author where no event takes it: an automatic one."""
    refs: tuple[str, ...] = ()
    """Where it is asked for: numbers of requirements, say."""
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared field of the data (PyStator's `state_variables`)."""

    key: str
    at: Position
    type: str = ""
    """string, number, boolean, object, or '' for any."""
    required: bool = False
    default: Expression | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class TreeDefinition:
    """One statechart as its author wrote it; the header is Definition's."""

    dialect: str
    """`scxml`, `pystator`."""
    name: str
    file: str
    text: str
    hash: str
    """First 16 hex digits of the sha256 of the text."""
    initial: Initial
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    semantics: Semantics = SCXML
    language: Language = Language.LITERAL
    """Of the data model; conditions and locations are in it."""
    data: tuple[DataItem, ...] = ()
    """Of the root: bound at the start, early or late."""
    is_late_bound: bool = False
    """Data of a node is bound when the node is first entered."""
    script: Block = ()
    """Run once, after the root's data is bound and before the first entry."""
    events: tuple[EventSpec, ...] = ()
    variables: tuple[Variable, ...] = ()
    invariants: tuple[Invariant, ...] = ()
    classification: Classification | None = None
    title: str = ""
    description: str = ""
    version: str = ""
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """`meta:` of PyStator as it is read, defaults filled in."""
    code: str = ""
    """The Python file with guards and actions, relative to this one; '' looks
    for files beside it."""
    files: tuple[str, ...] = ()
    """Other files it is read from: those of its submachines."""
    template: bool = False
    stuck_after_s: float | None = None
    name_at: Position | None = None
    peers: tuple[Peer, ...] = ()

    def __repr__(self) -> str:
        """Return a line: all of it is thousands of words."""
        size = f"{len(self.nodes)} states, {len(self.arrows)} arrows"
        return f"<{self.dialect} {self.name} of {self.file}, {size}>"


AnyDefinition: TypeAlias = Definition | TreeDefinition
"""What a file can define; the header fields are the same in each."""

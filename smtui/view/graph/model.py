"""What is drawn: states and arrows of any dialect, as neutral values.

The layout knows nothing of definitions or charts: whoever has one builds a
`Graph` (`from_chart` does it for compiled charts). Order matters: of equally
good drawings the one nearest to the order of the nodes is taken.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from smtui.errors import InternalError

__all__ = ["ANY", "Direction", "Edge", "Graph", "Kind", "Node"]

ANY = "*"
"""As the source of an edge: any state."""


class Direction(StrEnum):
    """Where the arrows flow: top to bottom, or left to right."""

    TB = "TB"
    LR = "LR"


class Kind(StrEnum):
    """What a node is."""

    ATOMIC = "atomic"
    COMPOUND = "compound"
    PARALLEL = "parallel"
    REGION = "region"
    FINAL = "final"
    HISTORY = "history"
    DEEP_HISTORY = "deep-history"
    CHOICE = "choice"
    QUEUE = "queue"
    """Of jobs, between machines."""


@dataclass(frozen=True, slots=True)
class Node:
    """A state, a region or a mark that arrows lead to."""

    id: str
    label: str = ""
    """The name to show; the id when empty."""
    kind: Kind = Kind.ATOMIC
    parent: str | None = None
    initial: str | None = None
    """Of a node with children: the descendant that entering it leads to."""
    group: str = ""
    """The section of the file it stands in, or ''."""
    badge: str = ""
    """Short text behind the name, such as `+3` for cut neighbours."""
    note: str = ""
    """A row below its name; a node with children shows none."""
    note_cells: int = 0
    """Cells kept free for other notes, which come as overlays."""

    @property
    def name(self) -> str:
        """Return the text shown in its box."""
        return self.label or self.id


@dataclass(frozen=True, slots=True)
class Edge:
    """A transition from one node to another, or from any state."""

    id: str
    source: str
    """A node, or ANY."""
    target: str
    event: str = ""
    guard: str = ""
    """The condition's text, without brackets."""
    delay_s: float | None = None
    """Seconds after which it comes by itself; shown in place of the event."""
    is_internal: bool = False
    """Neither leaves nor enters its source."""
    is_dashed: bool = False
    """Nobody knows for certain that it leads there."""

    @property
    def label(self) -> str:
        """Return the text on its line: `pay`, `after 5s`, `ship [qty>0]`."""
        event = self.event if self.delay_s is None else f"after {self.delay_s:g}s"
        return " ".join(
            part for part in (event, self.guard and f"[{self.guard}]") if part
        )

    @property
    def is_wildcard(self) -> bool:
        """Whether it leads out of any state."""
        return self.source == ANY


@dataclass(frozen=True)
class Graph:
    """The nodes and edges of one state machine.

    Raises InternalError when two ids are equal, a parent, an end of an edge or
    an initial node is unknown, or a node is its own ancestor.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()
    initial: str | None = None
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        _unique("node", (node.id for node in self.nodes))
        _unique("edge", (edge.id for edge in self.edges))
        for node in self.nodes:
            self._known(node.parent, f"parent of {node.id!r}")
            self._known(node.initial, f"initial of {node.id!r}")
        self._known(self.initial, "initial node")
        for edge in self.edges:
            self._known(
                None if edge.is_wildcard else edge.source, f"source of {edge.id!r}"
            )
            self._known(edge.target, f"target of {edge.id!r}")
        for node in self.nodes:
            self.ancestors(node.id)

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """The nodes by their ids."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def by_edge(self) -> dict[str, Edge]:
        """The edges by their ids."""
        return {edge.id: edge for edge in self.edges}

    @cached_property
    def children(self) -> dict[str | None, tuple[str, ...]]:
        """The ids of the children of each node that has any, and of the root."""
        found: dict[str | None, list[str]] = {None: []}
        for node in self.nodes:
            found.setdefault(node.parent, []).append(node.id)
        return {parent: tuple(ids) for parent, ids in found.items()}

    def ancestors(self, id_: str) -> tuple[str, ...]:
        """Return the parent, its parent and so on; nearest first."""
        found: list[str] = []
        parent = self.by_id[id_].parent
        while parent is not None:
            if parent == id_ or parent in found:
                raise InternalError(f"node {parent!r} is its own ancestor")
            found.append(parent)
            parent = self.by_id[parent].parent
        return tuple(found)

    def _known(self, id_: str | None, role: str) -> None:
        if id_ is not None and id_ not in self.by_id:
            raise InternalError(f"{role} is {id_!r}, which is not a node")


def _unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            raise InternalError(f"two {what}s have the id {id_!r}")
        seen.add(id_)

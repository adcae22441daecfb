"""A whole folder as one graph: machines, queues, and what they send each other.

The arrows come from the definitions; the store tells which of them were seen.
A computed target is a dashed arrow to `?`: once the store has seen where it
leads, arrows go there instead. A machine whose state guards look at has a
dashed arrow `reads` to it: nothing goes along it. What the store has seen and
no definition tells (an author's own code sends it) is an arrow like any other.

States are written into the boxes as overlays (`noted`), into cells kept free
for the longest name, so the layout stays while the machines move.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from smtui.definition import AnyDefinition, Definition
from smtui.view.graph.model import Edge, Graph, Kind, Node
from smtui.view.graph.outlets import Outlet, Way, is_computed, outlets_of, pattern_of
from smtui.view.graph.width import cells, clean, shorten

__all__ = [
    "UNKNOWN",
    "Arrow",
    "FleetGraph",
    "Member",
    "Sighting",
    "fleet_graph",
    "with_notes",
]

UNKNOWN = "/?"
"""The node that computed targets lead to; no machine has a name with `/`."""

_WORDS = {Way.START: "starts", Way.READ: "reads"}
"""On arrows that no event goes along."""

_LONGEST_NOTE = 26
_MARK_CELLS = 2
"""Cells of a note before the state: a mark and a blank."""


@dataclass(frozen=True, slots=True)
class Member:
    """One machine of the fleet, all its replicas together."""

    name: str
    definition: AnyDefinition | None
    """None where it cannot be read: the machine has a box, and no arrows out."""
    file: str = ""
    """Absolute; start_fsm may mean it by its name alone."""
    count: int = 1
    """Replicas; of a template those that were started."""
    is_template: bool = False
    custom: frozenset[str] = frozenset()
    """Types of action that its author's files define."""


class Sighting(NamedTuple):
    """What the store has seen on one way, all of it together."""

    way: Way
    source: str
    """A machine; of a TAKE the type of job."""
    target: str
    """A machine; of an ADD the type of job."""
    event: str
    times: int
    last_at: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """What one edge of a fleet graph stands for."""

    way: Way
    source: str
    """A node of the graph, as `target`."""
    target: str
    event: str = ""
    count: int = 0
    """How often it was seen."""
    last_at: float | None = None


@dataclass(frozen=True)
class FleetGraph:
    """The graph, and what its edges are."""

    graph: Graph
    arrows: Mapping[str, Arrow]
    """By the ids of the edges."""
    members: Mapping[str, Member]
    """By the nodes of machines."""
    starts: tuple[tuple[str, str], ...] = ()
    """Pattern of a started machine's name, and its template's node."""
    queues: Mapping[str, str] = field(default_factory=dict[str, str])
    """Type of job -> its node."""

    def home(self, machine: str) -> str | None:
        """Return the node that a machine is drawn as, by any of its names."""
        return _home(machine, self.members, self.starts)


def with_notes(graph: Graph, notes: Mapping[str, str]) -> Graph:
    """Return the graph with texts in the rows kept for them, for a still picture."""
    return replace(
        graph,
        nodes=tuple(
            replace(node, note=shorten(clean(notes[node.id]), node.note_cells))
            if node.id in notes and node.note_cells
            else node
            for node in graph.nodes
        ),
    )


def _home(
    machine: str, members: Iterable[str], starts: Iterable[tuple[str, str]]
) -> str | None:
    base = machine.partition("#")[0]
    if "@" in machine:  # an operator: user@tty
        return None
    if base in members:
        return base
    for template, node in starts:
        if pattern_of(template).fullmatch(base):
            return node
    return None


def fleet_graph(members: Sequence[Member], seen: Iterable[Sighting] = ()) -> FleetGraph:
    """Return the graph of a fleet; the same for the same arguments."""
    weaver = _Weaver(members)
    weaver.weave(tuple(seen))
    return weaver.finish()


class _Weaver:
    """A fleet graph while it is made."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = {member.name: member for member in members}
        self.outlets = {
            member.name: outlets_of(member.definition, member.custom)
            for member in members
            if member.definition is not None
        }
        self.by_file = {
            _file(member.file): name
            for name, member in self.members.items()
            if member.file
        }
        self.starts = tuple(self._templates())
        self.queues: dict[str, str] = {}
        self.strangers: dict[str, None] = {}
        self.arrows: dict[str, Arrow] = {}
        self.edges: dict[str, Edge] = {}

    def _templates(self) -> Iterator[tuple[str, str]]:
        """Yield the names start_fsm gives, and the file's own machine."""
        for outlets in self.outlets.values():
            for outlet in outlets:
                node = self.by_file.get(_file(outlet.file))
                if outlet.way is Way.START and node is not None:
                    yield outlet.target, node

    # ------------------------------------------------------------ arrows
    def weave(self, seen: tuple[Sighting, ...]) -> None:
        """Make the arrows of the definitions, then those that were only seen."""
        for outlet in (each for own in self.outlets.values() for each in own):
            if outlet.way in (Way.ADD, Way.TAKE) and outlet.target:
                self._queue(outlet.target)
        for sighting in seen:
            if sighting.way in (Way.ADD, Way.TAKE):
                self._queue(_job_type(sighting))
        placed = [self._placed(each) for each in seen]
        for name, outlets in self.outlets.items():
            for outlet in outlets:
                self._outlet(name, outlet, [each for each in placed if each])
        for each in placed:
            if each is not None:
                self._see(each)

    def _placed(self, seen: Sighting) -> Sighting | None:
        """Return a sighting between nodes, None when an end is no machine here."""
        source: str | None = seen.source
        target: str | None = seen.target
        if seen.way is Way.TAKE:
            source = self._queue(seen.source)
        else:
            source = _home(seen.source, self.members, self.starts)
        if seen.way is Way.ADD:
            target = self._queue(seen.target)
        else:
            target = _home(seen.target, self.members, self.starts)
        if source is None or target is None:
            return None
        return seen._replace(source=source, target=target)

    def _outlet(self, name: str, outlet: Outlet, seen: list[Sighting]) -> None:
        match outlet.way:
            case Way.EVENT:
                self._event(name, outlet, seen)
            case Way.START:
                self._start(name, outlet)
            case Way.READ:
                node = _home(outlet.target, self.members, self.starts)
                to = node or self._stranger(outlet.target)
                self._add(outlet.way, name, to, "", is_dashed=True)
            case Way.ADD:
                self._add(outlet.way, name, self._queue(outlet.target), "")
            case Way.TAKE if outlet.target:
                self._add(outlet.way, self._queue(outlet.target), name, "")
            case Way.TAKE:
                for queue in list(self.queues.values()) or [self._queue("")]:
                    self._add(outlet.way, queue, name, "")

    def _event(self, name: str, outlet: Outlet, seen: list[Sighting]) -> None:
        node = _home(outlet.target, self.members, self.starts)
        is_open = is_computed(outlet.target) and node is None
        if not is_open and not is_computed(outlet.event):
            self._add(
                outlet.way, name, node or self._stranger(outlet.target), outlet.event
            )
            return
        event = pattern_of(outlet.event)
        known = [
            each
            for each in seen
            if each.way is Way.EVENT
            and each.source == name
            and (node is None or each.target == node)
            and event.fullmatch(each.event)
            and not self._is_told(name, each)
        ]
        if not known:
            target = (
                self._unknown() if is_open else node or self._stranger(outlet.target)
            )
            self._add(outlet.way, name, target, outlet.event, is_dashed=True)

    def _is_told(self, name: str, seen: Sighting) -> bool:
        """Return whether another action of the machine says so in plain words."""
        return any(
            each.way is Way.EVENT
            and each.event == seen.event
            and not is_computed(each.target)
            and _home(each.target, self.members, self.starts) == seen.target
            for each in self.outlets.get(name, ())
        )

    def _start(self, name: str, outlet: Outlet) -> None:
        node = self.by_file.get(_file(outlet.file)) or _home(
            outlet.target, self.members, ()
        )
        if node is not None:
            self._add(outlet.way, name, node, "")
        elif is_computed(outlet.file) or not outlet.file:
            self._add(outlet.way, name, self._unknown(), "", is_dashed=True)
        else:
            self._add(outlet.way, name, self._stranger(outlet.target), "")

    def _see(self, seen: Sighting) -> None:
        id_ = _id(seen.way, seen.source, seen.target, seen.event)
        if id_ not in self.arrows:
            self._add(seen.way, seen.source, seen.target, seen.event)
        old = self.arrows[id_]
        self.arrows[id_] = Arrow(
            old.way,
            old.source,
            old.target,
            old.event,
            old.count + seen.times,
            max(old.last_at or 0.0, seen.last_at),
        )

    def _add(
        self, way: Way, source: str, target: str, event: str, *, is_dashed: bool = False
    ) -> None:
        id_ = _id(way, source, target, event)
        self.arrows.setdefault(id_, Arrow(way, source, target, event))
        label = _WORDS.get(way, event)
        self.edges.setdefault(
            id_, Edge(id_, source, target, label, is_dashed=is_dashed)
        )

    # ------------------------------------------------------------ nodes
    def _queue(self, job_type: str) -> str:
        return self.queues.setdefault(job_type, f"queue/{job_type}")

    def _stranger(self, name: str) -> str:
        self.strangers[name] = None
        return name

    def _unknown(self) -> str:
        return self._stranger(UNKNOWN)

    def finish(self) -> FleetGraph:
        """Return everything as one graph, in the order of the members."""
        nodes = [_machine(member) for member in self.members.values()]
        for job_type, id_ in dict(sorted(self.queues.items())).items():
            label = "?" if is_computed(job_type) else job_type or "any job"
            nodes.append(Node(id_, label, Kind.QUEUE, note_cells=_QUEUE_NOTE))
        nodes += [
            Node(name, note="not here") if name != UNKNOWN else Node(UNKNOWN, "?")
            for name in self.strangers
        ]
        return FleetGraph(
            Graph(tuple(nodes), tuple(self.edges.values())),
            self.arrows,
            self.members,
            self.starts,
            self.queues,
        )


_TIMES = "\N{MULTIPLICATION SIGN}"
_QUEUE_NOTE = 11
"""Cells for `9999 wait`."""


def _id(way: Way, source: str, target: str, event: str) -> str:
    return f"{way.value} {source} > {target} {event}".rstrip()


def _job_type(seen: Sighting) -> str:
    return seen.source if seen.way is Way.TAKE else seen.target


def _file(path: str) -> str:
    """Return what files are told apart by: their last part."""
    return path.rpartition("/")[2]


def _machine(member: Member) -> Node:
    widest = max((cells(clean(state)) for state in _states(member)), default=8)
    if member.count > 1:  # they may be in two states
        widest = 2 * widest + 2
    several = f"{_TIMES}{member.count}" if member.count > 1 else ""
    return Node(
        member.name,
        badge="template" if member.is_template and not several else several,
        note_cells=min(widest + _MARK_CELLS, _LONGEST_NOTE),
    )


def _states(member: Member) -> list[str]:
    definition = member.definition
    if definition is None:
        return []
    if isinstance(definition, Definition):
        return [state.id for state in definition.states]
    return [node.name or node.id for node in definition.nodes]

"""What a machine does at one time, as far as a drawing shows it.

The one thing a drawing is lit from. It is the same value for a machine that
runs now and for a moment of its past: whoever has a frame, a journal entry or a
snapshot makes one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from smtui.definition import Json
from smtui.store.rows import JournalRow
from smtui.view.graph.model import ANY, Edge, Graph

__all__ = ["Arrows", "Moment", "arrows_of", "edges_taken"]


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a machine stands, how it came there, and what is about to come."""

    at: float = 0.0
    """The moment shown, seconds since the epoch."""
    configuration: tuple[str, ...] = ()
    """Its active states; empty while it has none."""
    since: float | None = None
    """When they were entered."""
    style: str = "ready"
    """Style of the active states: that of the machine's mark."""
    mark: str = ""
    """A sign at the active states, `✖`; '' while all is well."""
    last: tuple[str, ...] = ()
    """Edges of the last step, in the order taken."""
    last_at: float | None = None
    delays: Mapping[str, float] = field(default_factory=dict[str, float])
    """Edge that comes by itself -> when."""
    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    """State -> instances that are in it; empty where there is only one."""


@dataclass(frozen=True, slots=True)
class Arrows:
    """The edges of a graph, to be found by what a journal says of a step."""

    by_step: Mapping[tuple[str, str, str], str]
    """(source, event, target) -> the first such edge; the source may be ANY."""
    by_ends: Mapping[tuple[str, str], tuple[Edge, ...]]
    """(source, target) -> all edges between them."""
    delayed: Mapping[str, tuple[Edge, ...]]
    """Event of a delay -> its edges."""

    def find(self, source: str, event: str, target: str) -> str | None:
        """Return the edge that leads so from one state to another.

        An edge may name a family of events (`error`, `error.*`), or none.
        """
        for start in (source, ANY):
            found = self.by_step.get((start, event, target))
            if found is not None:
                return found
        return next(
            (
                edge.id
                for edge in self.by_ends.get((source, target), ())
                if _takes(edge.event, event)
            ),
            None,
        )

    def delays(
        self, timers: Mapping[str, float], configuration: tuple[str, ...]
    ) -> dict[str, float]:
        """Return when which edge comes by itself; `timers`: event -> due."""
        return {
            edge.id: due
            for event, due in timers.items()
            for edge in self.delayed.get(event, ())
            if edge.is_wildcard or edge.source in configuration
        }


def arrows_of(graph: Graph) -> Arrows:
    """Return the edges of a graph by what a journal says."""
    by_step: dict[tuple[str, str, str], str] = {}
    by_ends: dict[tuple[str, str], tuple[Edge, ...]] = {}
    delayed: dict[str, tuple[Edge, ...]] = {}
    for edge in graph.edges:
        by_step.setdefault((edge.source, edge.event, edge.target), edge.id)
        ends = (edge.source, edge.target)
        by_ends[ends] = (*by_ends.get(ends, ()), edge)
        if edge.delay_s is not None:
            delayed[edge.event] = (*delayed.get(edge.event, ()), edge)
    return Arrows(by_step, by_ends, delayed)


def _takes(pattern: str, event: str) -> bool:
    family = pattern.removesuffix("*").removesuffix(".")
    return not family or event == family or event.startswith(f"{family}.")


def edges_taken(arrows: Arrows, step: JournalRow) -> tuple[str, ...]:
    """Return the edges a journalled step went along, in order; () for none."""
    found: list[str] = []
    for micro in step.micro:
        part = _micro(micro, step)
        edge = arrows.find(*part) if part else None
        if edge is not None:
            found.append(edge)
    return tuple(found)


def _micro(micro: Json, step: JournalRow) -> tuple[str, str, str] | None:
    if not isinstance(micro, dict):
        return None
    source, target = micro.get("from"), micro.get("to")
    event = micro.get("event")
    if not isinstance(source, str) or not isinstance(target, str):
        return None
    return source, event if isinstance(event, str) else step.event, target

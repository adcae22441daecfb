"""What a definition says of states and transitions, as PyStator's queries tell it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from smtui.chart import StateChart
from smtui.chart.tree.guards import title
from smtui.definition import Arrow, Json
from smtui.definition.guards import AllOf, Guard
from smtui.library.results import PlannedAction, planned_of

__all__ = ["StateName", "Transition", "transitions_of"]


class StateName(str):
    """The text of a state, which PyStator's programs ask for its `name`."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """Return the text itself."""
        return str(self)


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition as its author wrote it, all its sources together."""

    trigger: str
    """The event; the name of its own for a delayed or automatic one."""
    source: frozenset[str]
    dest: str
    guards: tuple[str, ...] = ()
    """Each as a person reads it: its name, or its condition."""
    actions: tuple[PlannedAction, ...] = ()
    after: int | None = None
    """Milliseconds in the source after which it comes by itself."""
    internal: bool = False
    auto: bool = False
    priority: int | None = None
    description: str = ""
    refs: tuple[str, ...] = ()
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])


def transitions_of(
    chart: StateChart, arrows: Iterable[Arrow]
) -> tuple[Transition, ...]:
    """Return the transitions that arrows are parts of, each once, in their order."""
    found: dict[int, Transition] = {}
    for arrow in arrows:
        origin = arrow.origin if arrow.origin >= 0 else ~id(arrow)
        if origin not in found:
            found[origin] = _transition(chart, arrow)
    return tuple(found.values())


def _transition(chart: StateChart, arrow: Arrow) -> Transition:
    together = [
        one.source
        for one in chart.definition.arrows
        if one is arrow or (one.origin == arrow.origin >= 0)
    ]
    return Transition(
        trigger=arrow.trigger or (arrow.events[0] if arrow.events else ""),
        source=frozenset(together),
        dest=arrow.targets[0] if arrow.targets else arrow.source,
        guards=tuple(title(guard) for guard in _each(arrow.guard)),
        actions=planned_of((arrow.content,)),
        after=None if arrow.delay_s is None else round(arrow.delay_s * 1000),
        internal=not arrow.targets,
        auto=not arrow.events,
        priority=arrow.priority or None,
        description=arrow.description,
        refs=arrow.refs,
        metadata=arrow.metadata,
    )


def _each(guard: Guard | None) -> tuple[Guard, ...]:
    match guard:
        case None:
            return ()
        case AllOf(guards):
            return tuple(guards)
        case _:
            return (guard,)

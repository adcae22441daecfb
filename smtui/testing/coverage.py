"""Which states a machine was in and which transitions it took, and which not."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from smtui.chart import Chart, StateChart
from smtui.chart.values import Step
from smtui.definition import Arrow, Position

__all__ = ["Coverage", "Place", "arrow_label", "states_of", "transitions_of"]


class Place(NamedTuple):
    """A state or a transition, as a person reads it, and where it is written."""

    key: str
    """A state's id; of a transition a number, the same for all arrows of one
    that is written for any state."""
    label: str
    at: Position


@dataclass(slots=True)
class Coverage:
    """What was seen of one chart."""

    chart: Chart
    entered: set[str] = field(default_factory=set[str])
    taken: set[str] = field(default_factory=set[str])

    def add(self, steps: Iterable[Step]) -> None:
        """Take note of what steps entered and took."""
        for step in steps:
            entered, taken = seen_by(self.chart, step)
            self.entered |= entered
            self.taken |= taken

    def states(self) -> list[Place]:
        """Return the states there are."""
        return states_of(self.chart)

    def transitions(self) -> list[Place]:
        """Return the transitions there are, each once."""
        return transitions_of(self.chart)

    def never_entered(self) -> list[Place]:
        """Return the states nobody was in, in the order of the file."""
        return [one for one in self.states() if one.key not in self.entered]

    def never_taken(self) -> list[Place]:
        """Return the transitions nobody took, in the order of the file."""
        return [one for one in self.transitions() if one.key not in self.taken]


def seen_by(chart: Chart, step: Step) -> tuple[set[str], set[str]]:
    """Return the keys of the states a step entered and the transitions it took."""
    entered: set[str] = set()
    taken: set[str] = set()
    for micro in step.micro:
        if isinstance(chart, StateChart):
            entered |= set(micro.entered)
        elif not micro.is_loop:
            entered.add(micro.target)
        if micro.transition >= 0:
            taken.add(_key(chart, micro.transition))
    return entered, taken


def states_of(chart: Chart) -> list[Place]:
    """Return the states that can be entered."""
    if isinstance(chart, StateChart):
        nodes = [state.node for state in chart.states.values()]
        return [Place(node.id, node.id, node.at) for node in nodes if node is not None]
    declared = {state.id: state.at for state in chart.definition.states}
    nowhere = Position(chart.definition.file)
    return [Place(id_, id_, declared.get(id_, nowhere)) for id_ in chart.states]


def transitions_of(chart: Chart) -> list[Place]:
    """Return the transitions as they are written, each once."""
    found: dict[str, Place] = {}
    if isinstance(chart, StateChart):
        for number, arrow in enumerate(chart.definition.arrows):
            key = _key(chart, number)
            found.setdefault(key, Place(key, arrow_label(arrow), arrow.at))
    else:
        for number, one in enumerate(chart.transitions):
            label = f"{one.source} -{one.event}-> {one.target}"
            found[str(number)] = Place(str(number), label, one.at)
    return list(found.values())


def _key(chart: Chart, number: int) -> str:
    """Return what a transition is counted under."""
    if isinstance(chart, StateChart):
        arrow = chart.definition.arrows[number]
        if arrow.is_any and arrow.origin >= 0:
            return f"any {arrow.origin}"
    return str(number)


def arrow_label(arrow: Arrow) -> str:
    """Return an arrow as `A -event-> B`."""
    source = "*" if arrow.is_any else arrow.source
    target = ", ".join(arrow.targets) or "(stays)"
    words = arrow.events
    if arrow.delay_s is not None:
        words = (f"after {arrow.delay_s:g} s", *arrow.events[1:])
    event = " ".join(words) or arrow.trigger
    return f"{source} -{event}-> {target}" if event else f"{source} -> {target}"

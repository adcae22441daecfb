"""A compiled chart as a graph to draw."""

from smtui.chart import Chart, StateChart
from smtui.definition import Transition
from smtui.view.graph.model import Edge, Graph, Kind, Node
from smtui.view.graph.tree import from_tree

__all__ = ["from_chart"]


def from_chart(chart: Chart) -> Graph:
    """Return the states and transitions of a chart, in document order.

    A transition's id is its index in the chart, as text. Transitions that an
    earlier one hides are drawn too: they are in the file.
    """
    if isinstance(chart, StateChart):
        return from_tree(chart.definition)
    return Graph(
        nodes=tuple(
            Node(
                id=state.id,
                kind=Kind.FINAL if state.is_final else Kind.ATOMIC,
                group=state.group,
            )
            for state in chart.states.values()
        ),
        edges=tuple(
            _edge(number, transition)
            for number, transition in enumerate(chart.transitions)
        ),
        initial=chart.initial,
        name=chart.definition.name,
    )


def _edge(number: int, transition: Transition) -> Edge:
    return Edge(
        id=str(number),
        source=transition.source,
        target=transition.target,
        event=transition.event,
        delay_s=transition.delay_s,
    )

"""Every kind of definition, compiled: the closed union of charts."""

from typing import TypeAlias, overload

from smtui.chart.model import ListChart, compile_list_chart
from smtui.chart.tree.chart import StateChart, compile_statechart
from smtui.definition import AnyDefinition, Definition, TreeDefinition

__all__ = ["Chart", "compile_chart"]

Chart: TypeAlias = ListChart | StateChart
"""What a definition can be compiled to."""


@overload
def compile_chart(
    definition: Definition,
    custom: frozenset[str] = ...,
    peers: frozenset[str] = ...,
) -> ListChart: ...


@overload
def compile_chart(
    definition: TreeDefinition,
    custom: frozenset[str] = ...,
    peers: frozenset[str] = ...,
) -> StateChart: ...


@overload
def compile_chart(
    definition: AnyDefinition,
    custom: frozenset[str] = ...,
    peers: frozenset[str] = ...,
) -> Chart: ...


def compile_chart(
    definition: AnyDefinition,
    custom: frozenset[str] = frozenset(),
    peers: frozenset[str] = frozenset(),
) -> Chart:
    """Return the chart of a definition.

    `custom` are the action types of an engine machine for which an author's
    file exists: they are performed outside the core, even where the name is a
    built-in one. `peers` are the machines a statechart may name as the target
    of a `send`.

    Raises DefinitionError for a tree that no loader lets through.
    """
    if isinstance(definition, Definition):
        return compile_list_chart(definition, custom)
    return compile_statechart(definition, peers)

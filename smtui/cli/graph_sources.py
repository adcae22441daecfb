"""What `smtui graph` is asked to draw: a file, or a machine that is known.

A machine is drawn from the text it runs, which the store keeps, and the states
it is in are lit.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smtui.chart import compile_chart
from smtui.check import custom_types, describe_all, find_actions_dir, read_file
from smtui.cli.charts import definition_of
from smtui.cli.console import Console
from smtui.cli.members import members
from smtui.cli.records import read
from smtui.definition import AnyDefinition, Definition, Json, Problem
from smtui.dialects import load_text
from smtui.errors import DefinitionError
from smtui.store import Reader
from smtui.view.graph import Graph, from_chart, from_tree
from smtui.wire import ChildState

__all__ = ["Subject", "from_file", "from_store", "graph_of"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something to draw, and what is lit in it."""

    name: str
    graph: Graph
    active: Mapping[str, int] = field(default_factory=dict[str, int])
    """State -> how many instances are in it."""
    style: str = "active"
    """Of the active states: `active` or `failed`."""
    lit: Mapping[str, Mapping[str, Json]] = field(
        default_factory=dict[str, Mapping[str, Json]]
    )
    """Edge -> what is known of it; one that was seen is lit."""


def graph_of(definition: AnyDefinition, custom: frozenset[str]) -> Graph:
    """Return the graph of a definition in any dialect."""
    if isinstance(definition, Definition):
        return from_chart(compile_chart(definition, custom))
    return from_tree(definition)


def from_file(console: Console, path: Path) -> Subject:
    """Return what a file defines; raises DefinitionError, all problems told."""
    text = read_file(path, str(path))
    if isinstance(text, Problem):
        raise DefinitionError(f"{text.at}: {text.message}", hint=text.hint)
    loaded = load_text(text, str(path))
    folder = find_actions_dir(path.parent, loaded.actions_root, None)
    custom = custom_types(folder)
    if custom:
        loaded = load_text(text, str(path), custom=custom)
    if loaded.definition is None:
        count = len(loaded.errors)
        console.err.write(describe_all(loaded.errors) + "\n")
        raise DefinitionError(
            f"{path} cannot be drawn: {count} error{'s' * (count > 1)}",
            hint=f"smtui check {path}",
        )
    return Subject(loaded.definition.name, graph_of(loaded.definition, custom))


def from_store(data: Path, name: str) -> Subject:
    """Return a machine, or all replicas of it, as the store knows it.

    Raises UsageError for an unknown name, DefinitionError when its text cannot
    be read by this version.
    """

    async def look(reader: Reader) -> Subject:
        names = await members(reader, name)
        kept = await definition_of(reader, names[0])
        if kept is None:
            raise DefinitionError(
                f"the definition of {names[0]} in {data} cannot be read",
                hint="it may be of another version of smtui",
            )
        graph = graph_of(*kept)
        children = {child.name: child for child in await reader.children()}
        found = Counter[str]()
        for each in names:
            for life in await reader.instances(each):
                found.update(life.configuration)
        states = {children[each].state for each in names if each in children}
        is_failed = bool(states) and states <= {ChildState.FAILED}
        return Subject(
            name.removesuffix("#*"),
            graph,
            {state: n for state, n in found.items() if state in graph.by_id},
            "failed" if is_failed else "active",
        )

    return read(data, look)

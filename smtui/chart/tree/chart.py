"""A statechart, ready to be stepped: its definition, its tree, its memo."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from smtui.chart.tree.compiling import compile_tree
from smtui.chart.tree.kernel import Kernel
from smtui.chart.tree.model import State, Transition, Tree
from smtui.definition import NodeKind, TreeDefinition

__all__ = ["DATA_EVENT", "StateChart", "compile_statechart"]

DATA_EVENT = "apply_data"
"""The event that brings data and nothing else, named as PyStator's method."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class StateChart:
    """The compiled form of a tree definition."""

    definition: TreeDefinition
    hash: str
    tree: Tree
    kernel: Kernel
    """The fast door; it remembers moves, and what it forgets changes nothing."""
    peers: frozenset[str]
    """Names of machines that `send` may name as its target."""
    children: Mapping[str, "StateChart"]
    """Charts written inside an invoke, by site: `STATE#N`."""

    def __repr__(self) -> str:
        """Return a line: all of it is thousands of words."""
        return f"<StateChart of {self.definition!r}>"

    @property
    def states(self) -> Mapping[str, State]:
        """Return the states by id, in document order, without histories."""
        return {
            state.id: state
            for state in self.tree.states[1:]
            if state.kind not in {NodeKind.HISTORY, NodeKind.DEEP_HISTORY}
        }

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Return the transitions in the order of the definition's arrows."""
        return self.tree.transitions

    @property
    def initial(self) -> str:
        """Return the id of the first state the root leads to, '' if there is none."""
        targets = self.definition.initial.targets
        return targets[0] if targets else ""

    def leaves(self, configuration: tuple[str, ...]) -> tuple[str, ...]:
        """Return the innermost of these active states. Raises StepError."""
        found = self.kernel.configuration(configuration)
        return tuple(leaf.id for leaf in found.leaves)

    def takers(self, event: str) -> tuple[str, ...]:
        """Return the states with an arrow for the event, in document order."""
        from smtui.chart.tree.select import words  # late: keeps the fast door lean

        named = words(self.tree, event)
        return tuple(
            state.id
            for state in self.tree.states
            if any(not arrow.names.isdisjoint(named) for arrow in state.arrows)
        )

    def event_names(self) -> tuple[str, ...]:
        """Return every event an arrow or the events table names, in order.

        Descriptors that name no one event (`*`), events the core makes itself
        (done.*, error.*) and those of delays are left out.
        """
        declared = [spec.name for spec in self.definition.events]
        data = [DATA_EVENT] if self.tree.routed else []
        return tuple(dict.fromkeys([*self._written(), *declared, *data]))

    def knows(self, event: str) -> bool:
        """Say whether anything names the event: its name, a prefix of it, `*`.

        So does a child whose parent forwards it all events.
        """
        from smtui.chart.tree.select import words  # late: keeps the fast door lean

        name = self.tree.semantics.normalizer.written(event)
        if name in self.event_names():
            return True
        named = words(self.tree, name)
        return any(
            one.arrow.delay_s is None and not one.names.isdisjoint(named)
            for one in self.transitions
        ) or any(
            site not in self.children or self.children[site].knows(event)
            for site, invoked in self.tree.invoked.items()
            if invoked.invoke.autoforward
        )

    def _written(self) -> Iterator[str]:
        makes = self.tree.semantics.makes
        for transition in self.transitions:
            arrow = transition.arrow
            own = arrow.events[1:] if arrow.delay_s is not None else arrow.events
            for event in own:
                name = event if event == "*" else event.removesuffix(".*")
                if name != "*" and not makes(name):
                    yield name


def compile_statechart(
    definition: TreeDefinition, peers: frozenset[str] = frozenset()
) -> StateChart:
    """Return the chart of a tree definition.

    Raises DefinitionError for what no loader lets through: an id used twice, a
    parent or target that is not there.
    """
    tree = compile_tree(definition)
    children = {
        f"{node.id}#{number}": compile_statechart(invoke.content, peers)
        for node in definition.nodes
        for number, invoke in enumerate(node.invokes)
        if isinstance(invoke.content, TreeDefinition)
    }
    return StateChart(
        definition=definition,
        hash=definition.hash,
        tree=tree,
        kernel=Kernel(tree),
        peers=peers,
        children=MappingProxyType(children),
    )

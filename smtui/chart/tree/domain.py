"""What a transition leaves: its domain and exit set.

SCXML 3.13: the domain is the least common compound ancestor of the source and
the effective targets, or the source of an internal transition to its own
descendants; everything active below the domain is left.

The local rule (Domain.LOCAL): the domain is the lowest state that holds, or
is, both the active leaves below the source and the leaves that will be entered;
what both share stays entered, and a self-transition of a leaf leaves nothing.
"""

from collections.abc import Iterable, Iterator

from smtui.chart.tree.memories import Histories
from smtui.chart.tree.model import ROOT, State, Transition, Tree, bits
from smtui.chart.tree.moves import Configuration
from smtui.definition import Domain, NodeKind

__all__ = ["claimed_mask", "domain_of", "effective_targets", "static_domain"]

_HISTORIES = frozenset({NodeKind.HISTORY, NodeKind.DEEP_HISTORY})


def claimed_mask(
    tree: Tree,
    configuration: Configuration,
    transition: Transition,
    histories: Histories,
) -> int:
    """Return the active states a transition needs for itself, as bits.

    It is the exit set, by which SCXML finds conflicts; a local transition that
    leaves nothing claims the leaf it stays in.
    """
    if not transition.targets:
        return 0
    domain = tree.states[domain_of(tree, configuration, transition, histories)]
    claimed = domain.below | domain.bit if domain.is_atomic else domain.below
    return configuration.mask & claimed


def domain_of(
    tree: Tree,
    configuration: Configuration,
    transition: Transition,
    histories: Histories,
) -> int:
    """Return the number of the state a transition stays inside of."""
    known = tree.domains[transition.number] if transition.number >= 0 else None
    if known is not None:
        return known
    if tree.semantics.domain is Domain.LOCAL:
        return _local_domain(tree, configuration, transition, histories)
    targets = effective_targets(tree, transition.targets, histories)
    return _scxml_domain(tree, transition, targets)


def static_domain(tree: Tree, transition: Transition) -> int | None:
    """Return a transition's domain where the chart alone decides it."""
    kinds = {tree.states[target].kind for target in transition.targets}
    if tree.semantics.domain is Domain.LOCAL or kinds & _HISTORIES:
        return None
    return _scxml_domain(tree, transition, transition.targets)


def _scxml_domain(tree: Tree, transition: Transition, targets: Iterable[int]) -> int:
    states = tree.states
    reached = 0
    for target in targets:
        reached |= 1 << target
    source = states[transition.source]
    is_inside = source.kind is NodeKind.COMPOUND and not reached & ~source.below
    if transition.arrow.is_internal and is_inside:
        return source.number
    for number in source.path[1:]:
        above = states[number]
        if above.kind is NodeKind.COMPOUND and not reached & ~above.below:
            return number
    return ROOT


def effective_targets(
    tree: Tree, targets: tuple[int, ...], histories: Histories
) -> Iterator[int]:
    """Yield the targets, histories replaced by what they stand for now."""
    for target in targets:
        state = tree.states[target]
        if state.kind not in _HISTORIES:
            yield target
        elif (kept := histories.get(state.id)) is not None:
            for id_ in kept:
                yield tree.numbers[id_]
        elif state.initial is not None:
            yield from effective_targets(tree, state.initial.targets, histories)


def _local_domain(
    tree: Tree,
    configuration: Configuration,
    transition: Transition,
    histories: Histories,
) -> int:
    source = tree.states[transition.source]
    ends = 0
    for leaf in configuration.leaves:
        if (leaf.bit | leaf.above) & source.bit or source.number == ROOT:
            ends |= leaf.bit
    for target in effective_targets(tree, transition.targets, histories):
        for end in _leaves_of(tree, tree.states[target], histories):
            ends |= 1 << end
    first = bits(ends)[0]
    for number in tree.states[first].path:
        state = tree.states[number]
        if not ends & ~(state.below | state.bit):
            return number
    return ROOT


def _leaves_of(tree: Tree, state: State, histories: Histories) -> Iterator[int]:
    """Yield the leaves that entering a state by default leads to."""
    if state.kind is NodeKind.PARALLEL:
        for child in state.children:
            yield from _leaves_of(tree, tree.states[child], histories)
    elif state.is_atomic or state.initial is None:
        yield state.number
    else:
        for target in effective_targets(tree, state.initial.targets, histories):
            yield from _leaves_of(tree, tree.states[target], histories)

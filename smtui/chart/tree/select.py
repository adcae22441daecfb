"""Which transitions an event takes: SCXML 3.13, `selectTransitions`.

For every active leaf, in document order, the first transition whose event
matches and whose tests hold, looked for in the leaf and then outwards; then
those whose exit sets meet are thinned out: the deeper source wins, else the
earlier one. Tests are made in exactly this order and stop at the first that
fails, each at most once in a selection.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from smtui.chart.tree.domain import claimed_mask
from smtui.chart.tree.guards import Test
from smtui.chart.tree.memories import Histories
from smtui.chart.tree.model import State, Transition, Tree
from smtui.chart.tree.moves import Configuration
from smtui.definition import NodeKind

__all__ = ["Holds", "matching", "select", "select_routes", "words"]

Holds: TypeAlias = Callable[[Test], bool]


def words(tree: Tree, event: str) -> tuple[str, ...]:
    """Return the descriptors that match an event's name."""
    if tree.semantics.exact_events:
        return (event,)
    found = [event, "*"]
    cut = event.rfind(".")
    while cut > 0:
        found.append(event[:cut])
        cut = event.rfind(".", 0, cut)
    return tuple(found)


def matching(
    tree: Tree, configuration: Configuration, event: str
) -> tuple[Transition, ...]:
    """Return what could take the event if every test held, in order of selection."""
    named = words(tree, event)
    seen: dict[int, Transition] = {}
    for leaf in configuration.leaves:
        for number in leaf.hearing:
            for transition in tree.states[number].arrows:
                if not transition.names.isdisjoint(named):
                    seen.setdefault(transition.number, transition)
    return tuple(seen.values())


def select(
    tree: Tree,
    configuration: Configuration,
    event: str | None,
    holds: Holds,
    histories: Histories,
    *,
    led_by: str,
) -> tuple[Transition, ...]:
    """Return the transitions to take together; for the event None, eventless ones.

    `led_by` is the event being processed: arrows of choice states may name it.
    """
    picker = _Picker(tree, holds, event, led_by)
    if event is None:
        eager = tree.restless
        picked = [
            picker.pick(leaf)
            for leaf in configuration.leaves
            if (leaf.bit | leaf.above) & eager
        ]
    else:
        picked = [picker.pick(leaf) for leaf in configuration.leaves]
    return _together(tree, configuration, picked, histories)


def select_routes(
    tree: Tree, configuration: Configuration, holds: Holds, histories: Histories
) -> tuple[Transition, ...]:
    """Return the transitions that data takes: to states that are not active yet."""
    picker = _Picker(tree, holds, None, "")
    picked = [
        picker.route(leaf, configuration.mask)
        for leaf in configuration.leaves
        if (leaf.bit | leaf.above) & tree.routed
    ]
    return _together(tree, configuration, picked, histories)


def _together(
    tree: Tree,
    configuration: Configuration,
    picked: Sequence[Transition | None],
    histories: Histories,
) -> tuple[Transition, ...]:
    """Return those of the picked ones that are taken together."""
    enabled = [transition for transition in picked if transition is not None]
    if len(enabled) < 2:  # noqa: PLR2004 - one cannot be in its own way
        return tuple(enabled)
    unique = tuple(dict.fromkeys(enabled))
    return _thinned(tree, configuration, unique, histories)


class _Picker:
    """One selection: remembers what its tests said."""

    __slots__ = ("_choice_words", "_event", "_holds", "_said", "_tree", "_words")

    def __init__(
        self, tree: Tree, holds: Holds, event: str | None, led_by: str
    ) -> None:
        self._tree = tree
        self._holds = holds
        self._event = event
        self._words = () if event is None else words(tree, event)
        self._choice_words = words(tree, led_by) if tree.choosing else ()
        self._said: dict[int, bool] = {}

    def pick(self, leaf: State) -> Transition | None:
        """Return the first transition of the leaf or its ancestors that is taken."""
        states = self._tree.states
        if self._event is None:
            for number in leaf.hearing:
                state = states[number]
                if state.eventless:
                    found = self._first(self._restless(state))
                    if found is not None:
                        return found
            return None
        named = self._words
        for number in leaf.hearing:
            for transition in states[number].arrows:
                if not transition.names.isdisjoint(named) and self._takes(transition):
                    return transition
        return None

    def route(self, leaf: State, mask: int) -> Transition | None:
        """Return the first transition that data takes out of the leaf."""
        for number in leaf.hearing:
            for transition in self._tree.states[number].routes:
                is_there = mask >> transition.targets[0] & 1
                if not is_there and self._takes(transition):
                    return transition
        return None

    def _restless(self, state: State) -> Iterable[Transition]:
        """Return what may leave a state now without an event of its own."""
        if state.kind is not NodeKind.CHOICE:
            return state.eventless
        return (
            t
            for t in state.eventless
            if not t.names or not t.names.isdisjoint(self._choice_words)
        )

    def _first(self, transitions: Iterable[Transition]) -> Transition | None:
        for transition in transitions:
            if self._takes(transition):
                return transition
        return None

    def _takes(self, transition: Transition) -> bool:
        if not transition.tests and not transition.choices:
            return True
        said = self._said.get(transition.number)
        if said is None:
            self._said[transition.number] = False  # a circle of choices leads nowhere
            said = all(map(self._holds, transition.tests)) and all(
                self._leads_on(choice) for choice in transition.choices
            )
            self._said[transition.number] = said
        return said

    def _leads_on(self, choice: int) -> bool:
        """Say whether a choice state has a way out now."""
        state = self._tree.states[choice]
        return any(self._takes(way) for way in self._restless(state))


def _thinned(
    tree: Tree,
    configuration: Configuration,
    enabled: Sequence[Transition],
    histories: Histories,
) -> tuple[Transition, ...]:
    """Return the transitions without those that others preempt."""
    kept: list[tuple[Transition, int]] = []
    for one in enabled:
        mask = claimed_mask(tree, configuration, one, histories)
        rivals = [pair for pair in kept if pair[1] & mask]
        below = tree.states[one.source].above
        if all(below >> rival.source & 1 for rival, _ in rivals):
            kept = [pair for pair in kept if pair not in rivals]
            kept.append((one, mask))
    return tuple(transition for transition, _ in kept)

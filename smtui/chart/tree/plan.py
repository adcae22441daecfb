"""What one microstep does: SCXML 3.13, `microstep`, as a list of things to do.

A plan is a value made from structure alone (configuration, transitions and the
histories): which states are left and entered, and what runs in which order.
It is the slow part of a step and is remembered by the kernel; carrying it out
is the work of `macrostep`.
"""

from collections.abc import Callable, Iterable, Sequence

from smtui.chart.tree.domain import domain_of, effective_targets
from smtui.chart.tree.memories import Histories, Later
from smtui.chart.tree.model import (
    ROOT,
    Edit,
    Entry,
    Phase,
    State,
    Task,
    Transition,
    Tree,
)
from smtui.chart.tree.moves import Configuration, Plan
from smtui.chart.values import Micro
from smtui.definition import NodeKind

__all__ = ["make_initial_plan", "make_plan"]

_HISTORIES = frozenset({NodeKind.HISTORY, NodeKind.DEEP_HISTORY})


def make_plan(
    tree: Tree,
    configuration: Configuration,
    transitions: Sequence[Transition],
    histories: Histories,
    *,
    event: str,
    intern: Callable[[int], Configuration],
) -> Plan:
    """Return what taking the transitions does; `event` is shown with them."""
    left = 0
    leading = [
        (transition.targets, domain_of(tree, configuration, transition, histories))
        for transition in transitions
        if transition.targets
    ]
    for _, domain in leading:
        left |= configuration.mask & tree.states[domain].below
    exits = tree.among(left)[::-1]
    remembered = _remembered(tree, configuration, exits) if tree.history_ids else ()
    if remembered:  # what is left now is what a history stands for now
        histories = Later(histories, dict(remembered))
    entering = _Entering(tree, histories)
    for targets, domain in leading:
        entering.begin(targets, domain)
    entered = entering.mask & ~(configuration.mask & ~left)
    target = intern(configuration.mask & ~left | entered)
    enters = tree.among(entered)
    phases = [state.leaving for state in exits]
    phases += [transition.phase for transition in transitions]
    phases += entering.phases(enters)
    out, in_ = tuple([s.id for s in exits]), tuple([s.id for s in enters])
    micro = [_micro(tree, one, event, out, in_) for one in transitions]
    return _plan(phases, target, remembered, tuple(micro), enters)


def make_initial_plan(tree: Tree, intern: Callable[[int], Configuration]) -> Plan:
    """Return what entering the chart does."""
    entering = _Entering(tree, {})
    root = tree.states[ROOT]
    targets = root.initial.targets if root.initial is not None else ()
    entering.begin(targets, ROOT)
    enters = tree.among(entering.mask)
    phases = [] if root.initial is None else [root.initial.phase]
    phases += entering.phases(enters)
    first = tree.states[targets[0]].id if targets else ""
    micro = Micro("", "", first, -1, entered=tuple([s.id for s in enters]))
    return _plan(phases, intern(entering.mask), (), (micro,), enters)


def _plan(
    phases: Sequence[Phase],
    target: Configuration,
    remembers: tuple[tuple[str, tuple[str, ...]], ...],
    micro: tuple[Micro, ...],
    enters: Sequence[State],
) -> Plan:
    tasks: list[Task] = []
    edits: list[Edit] = []
    is_plain = not remembers
    for own_tasks, own_edits in phases:
        tasks += own_tasks
        if own_edits is None:
            is_plain = False
        else:
            edits += own_edits
    ends = False
    for state in enters:
        if state.kind is NodeKind.FINAL and (state.parent == ROOT or target.is_deaf):
            ends = True
            is_plain = False
    found = tuple(edits) if is_plain else None
    return Plan(target, tuple(tasks), remembers, micro, found, ends)


def _micro(
    tree: Tree,
    transition: Transition,
    event: str,
    exited: tuple[str, ...],
    entered: tuple[str, ...],
) -> Micro:
    source = tree.states[transition.source].id
    target = tree.states[transition.targets[0]].id if transition.targets else source
    is_loop = not transition.targets
    return Micro(source, event, target, transition.number, is_loop, exited, entered)


# -------------------------------------------------------------------- leaving


def _remembered(
    tree: Tree, configuration: Configuration, exits: Iterable[State]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what the histories of the states that are left will stand for."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for state in exits:
        for number in state.histories:
            history = tree.states[number]
            if history.kind is NodeKind.DEEP_HISTORY:
                active = [s for s in configuration.leaves if s.above & state.bit]
            else:
                children = [tree.states[child] for child in state.children]
                active = [s for s in children if s.bit & configuration.mask]
            found.append((history.id, tuple([s.id for s in active])))
    return tuple(found)


# ------------------------------------------------------------------- entering


class _Entering:
    """SCXML 3.13, `computeEntrySet`, on bits."""

    __slots__ = ("_histories", "_tree", "contents", "defaults", "mask")

    def __init__(self, tree: Tree, histories: Histories) -> None:
        self._tree = tree
        self._histories = histories
        self.mask = 0
        self.defaults: dict[int, Entry] = {}
        """Compound states entered through their initial transition."""
        self.contents: dict[int, Entry] = {}
        """Parents of histories entered without a memory."""

    def begin(self, targets: tuple[int, ...], domain: int) -> None:
        """Enter the targets, and all between them and the domain."""
        for target in targets:
            self._descend(target)
        inside = self._tree.states[domain]
        for target in effective_targets(self._tree, targets, self._histories):
            # a local domain may lie below the target: all above it is entered
            if (inside.bit | inside.above) >> target & 1:
                continue
            self._ascend(target, domain)
        if inside.kind is NodeKind.PARALLEL:
            self._fill(inside)  # left and entered region by region

    def _descend(self, number: int) -> None:
        state = self._tree.states[number]
        if state.kind in _HISTORIES:
            self._recall(state)
            return
        self.mask |= state.bit
        if state.kind is NodeKind.PARALLEL:
            self._fill(state)
        elif state.kind is NodeKind.COMPOUND and state.initial is not None:
            self.defaults[number] = state.initial
            self._inside(state.initial.targets, number)

    def _recall(self, history: State) -> None:
        kept = self._histories.get(history.id)
        if kept is not None:
            targets = tuple(self._tree.numbers[id_] for id_ in kept)
        elif history.initial is not None:
            targets = history.initial.targets
            self.contents[history.parent] = history.initial
        else:
            return
        self._inside(targets, history.parent)

    def _inside(self, targets: tuple[int, ...], ancestor: int) -> None:
        for target in targets:
            self._descend(target)
        for target in targets:
            self._ascend(target, ancestor)

    def _ascend(self, number: int, ancestor: int) -> None:
        """Enter the proper ancestors of a state, up to but without `ancestor`."""
        states = self._tree.states
        above = states[number].parent
        while above not in {ancestor, ROOT, -1}:
            state = states[above]
            self.mask |= state.bit
            if state.kind is NodeKind.PARALLEL:
                self._fill(state)
            above = state.parent

    def _fill(self, parallel: State) -> None:
        """Enter the regions that are not entered yet."""
        for child in parallel.children:
            state = self._tree.states[child]
            if not self.mask & (state.below | state.bit):
                self._descend(child)

    def phases(self, enters: Iterable[State]) -> list[Phase]:
        """Return what entering the states does, in order."""
        found: list[Phase] = []
        for state in enters:
            found.append(state.entering)
            for entries in (self.defaults, self.contents):
                entry = entries.get(state.number)
                if entry is not None:
                    found.append(entry.phase)
        return found

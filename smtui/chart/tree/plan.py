"""What one microstep does: SCXML 3.13, `microstep`, as a list of things to do.

A plan is a value made from structure alone (configuration, transitions and the
histories): which states are left and entered, and what runs in which order.
It is the slow part of a step and is remembered by the kernel; carrying it out
is the work of `macrostep`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from smtui.chart.tree.domain import domain_of, effective_targets, exit_mask
from smtui.chart.tree.memories import Histories, Later
from smtui.chart.tree.model import (
    ROOT,
    Edit,
    Entry,
    State,
    Transition,
    Tree,
    bits,
)
from smtui.chart.tree.moves import Configuration, Do, Plan, Task
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
    leading = [transition for transition in transitions if transition.targets]
    for transition in leading:
        left |= exit_mask(tree, configuration, transition, histories)
    exits = [tree.states[number] for number in reversed([*bits(left)])]
    remembered = tuple(_remembered(tree, configuration, exits))
    if remembered:  # what is left now is what a history stands for now
        histories = Later(histories, dict(remembered))
    entering = _Entering(tree, histories)
    for transition in leading:
        domain = domain_of(tree, configuration, transition, histories)
        entering.begin(transition.targets, domain)
    entered = entering.mask & ~(configuration.mask & ~left)
    target = intern(configuration.mask & ~left | entered)
    tasks = [*_exit_tasks(exits)]
    tasks += (
        Task(Do.RUN, tree.states[t.source], t.site) for t in transitions if t.site
    )
    enters = [tree.states[number] for number in bits(entered)]
    tasks += _entry_tasks(enters, entering)
    out, in_ = tuple(s.id for s in exits), tuple(s.id for s in enters)
    return _plan(
        tasks,
        target,
        remembers=remembered,
        micro=tuple(_micro(tree, t, event, out, in_) for t in transitions),
        ends=any(s.kind is NodeKind.FINAL and s.parent == ROOT for s in enters)
        or (bool(enters) and target.is_deaf),
    )


def make_initial_plan(tree: Tree, intern: Callable[[int], Configuration]) -> Plan:
    """Return what entering the chart does."""
    entering = _Entering(tree, {})
    root = tree.states[ROOT]
    targets = root.initial.targets if root.initial is not None else ()
    entering.begin(targets, ROOT)
    enters = [tree.states[number] for number in bits(entering.mask)]
    tasks: list[Task] = []
    if root.initial is not None and root.initial.site is not None:
        tasks.append(Task(Do.RUN, root, root.initial.site))
    tasks += _entry_tasks(enters, entering)
    in_ = tuple(state.id for state in enters)
    target = intern(entering.mask)
    first = tree.states[targets[0]].id if targets else ""
    return _plan(
        tasks,
        target,
        remembers=(),
        micro=(Micro("", "", first, -1, entered=in_),),
        ends=any(s.kind is NodeKind.FINAL and s.parent == ROOT for s in enters)
        or target.is_deaf,
    )


def _plan(
    tasks: Sequence[Task],
    target: Configuration,
    *,
    remembers: tuple[tuple[str, tuple[str, ...]], ...],
    micro: tuple[Micro, ...],
    ends: bool,
) -> Plan:
    edits = _edits(tasks)
    if ends or remembers:
        edits = None
    return Plan(target, tuple(tasks), remembers, micro, edits, ends)


def _micro(
    tree: Tree,
    transition: Transition,
    event: str,
    exited: tuple[str, ...],
    entered: tuple[str, ...],
) -> Micro:
    source = tree.states[transition.source].id
    target = tree.states[transition.targets[0]].id if transition.targets else source
    return Micro(
        source,
        event,
        target,
        transition.number,
        is_loop=not transition.targets,
        exited=exited,
        entered=entered,
    )


def _edits(tasks: Iterable[Task]) -> tuple[Edit, ...] | None:
    """Return the tasks as functions on the data, None when they do more."""
    edits: list[Edit] = []
    for task in tasks:
        if task.site is not None:
            if task.site.edit is None:
                return None
            edits.append(task.site.edit)
        elif task.state.is_busy:
            return None
    return tuple(edits)


# -------------------------------------------------------------------- leaving


def _exit_tasks(exits: Iterable[State]) -> Iterator[Task]:
    for state in exits:
        for site in state.exit:
            yield Task(Do.RUN, state, site)
        yield Task(Do.LEAVE, state)


def _remembered(
    tree: Tree, configuration: Configuration, exits: Iterable[State]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what the histories of the states that are left will stand for."""
    for state in exits:
        for number in state.histories:
            history = tree.states[number]
            if history.kind is NodeKind.DEEP_HISTORY:
                active = (s for s in configuration.leaves if s.above & state.bit)
            else:
                children = (tree.states[child] for child in state.children)
                active = (s for s in children if s.bit & configuration.mask)
            yield history.id, tuple(s.id for s in active)


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
        for target in effective_targets(self._tree, targets, self._histories):
            self._ascend(target, domain)

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


def _entry_tasks(enters: Iterable[State], entering: _Entering) -> Iterator[Task]:
    for state in enters:
        yield Task(Do.ENTER, state)
        for site in state.entry:
            yield Task(Do.RUN, state, site)
        for entry in (
            entering.defaults.get(state.number),
            entering.contents.get(state.number),
        ):
            if entry is not None and entry.site is not None:
                yield Task(Do.RUN, state, entry.site)
        if state.kind is NodeKind.FINAL:
            yield Task(Do.FINISH, state)

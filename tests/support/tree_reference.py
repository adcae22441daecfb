"""SCXML 3.13 written down word by word, slow and without any cleverness.

It works on the definition itself, with sets and lists of ids, and shares no
line with the core: a chart that both step alike is stepped as the W3C says.
Of executable content it knows Change, If and Raise; of guards those on fields.
"""

from typing import Any

from smtui.definition import Arrow, Guard, Initial, Json, Node, NodeKind, TreeDefinition
from smtui.definition.content import Block, Change, ChangeOp, If, Raise
from smtui.definition.guards import AllOf, AnyOf, CheckOp, FieldGuard, NotGuard

HISTORIES = (NodeKind.HISTORY, NodeKind.DEEP_HISTORY)
ROOT = ""


class Reference:
    """An interpreter of one chart."""

    def __init__(self, definition: TreeDefinition) -> None:
        self.definition = definition
        self.nodes = {node.id: node for node in definition.nodes}
        self.order = self._document_order()
        self.configuration: set[str] = set()
        self.history: dict[str, set[str]] = {}
        self.data: dict[str, Json] = {}
        self.queue: list[str] = []
        self.is_running = True
        self.taken = 0

    def _document_order(self) -> list[str]:
        found: list[str] = []

        def visit(parent: str | None) -> None:
            for node in self.definition.nodes:
                if node.parent == parent:
                    found.append(node.id)
                    visit(node.id)

        visit(None)
        return found

    # ------------------------------------------------------------ the outside

    def start(self) -> None:
        self._enter_states([self.definition.initial], ROOT)
        self._macrostep()

    def send(self, event: str) -> bool:
        """Process an external event; say whether a transition took it."""
        if not self.is_running:
            return False
        enabled = self._select(event)
        if enabled:
            self._microstep(enabled)
        self._macrostep()
        return bool(enabled)

    def active(self) -> list[str]:
        return [id_ for id_ in self.order if id_ in self.configuration]

    # ------------------------------------------------------------ the algorithm

    def _macrostep(self) -> None:
        while self.is_running:
            enabled = self._select(None)
            if not enabled:
                if not self.queue:
                    return
                enabled = self._select(self.queue.pop(0))
            if enabled:
                self._microstep(enabled)

    def _select(self, event: str | None) -> list[Arrow]:
        enabled: list[Arrow] = []
        for id_ in self.active():
            if self._is_atomic(id_):
                found = self._first(id_, event)
                if found is not None and found not in enabled:
                    enabled.append(found)
        return self._without_conflicts(enabled)

    def _first(self, leaf: str, event: str | None) -> Arrow | None:
        for state in [leaf, *self._ancestors(leaf, ROOT)]:
            own = [a for a in self.definition.arrows if a.source == state]
            for arrow in sorted(own, key=lambda a: a.priority):
                if self._matches(arrow, event) and self._holds(arrow.guard):
                    return arrow
        return None

    def _matches(self, arrow: Arrow, event: str | None) -> bool:
        if event is None:
            return not arrow.events
        tokens = event.split(".")
        for descriptor in arrow.events:
            wanted = descriptor.removesuffix(".*").split(".")
            if descriptor == "*" or tokens[: len(wanted)] == wanted:
                return True
        return False

    def _without_conflicts(self, enabled: list[Arrow]) -> list[Arrow]:
        kept: list[Arrow] = []
        for one in enabled:
            is_preempted = False
            beaten: list[Arrow] = []
            for other in kept:
                if self._exit_set([one]) & self._exit_set([other]):
                    if one.source in self._descendants(other.source):
                        beaten.append(other)
                    else:
                        is_preempted = True
                        break
            if not is_preempted:
                kept = [other for other in kept if other not in beaten]
                kept.append(one)
        return kept

    def _microstep(self, enabled: list[Arrow]) -> None:
        self.taken += len(enabled)
        left = self._exit_set(enabled)
        exits = [id_ for id_ in reversed(self.order) if id_ in left]
        for id_ in exits:
            for history in self._children(id_, histories=True):
                self.history[history] = self._remembered(id_, history)
        for id_ in exits:
            for block in self.nodes[id_].exit:
                self._run(block)
            self.configuration.discard(id_)
        for arrow in enabled:
            self._run(arrow.content)
        self._enter(enabled)

    def _remembered(self, state: str, history: str) -> set[str]:
        if self.nodes[history].kind is NodeKind.DEEP_HISTORY:
            below = self._descendants(state)
            return {s for s in self.configuration if s in below and self._is_atomic(s)}
        return {s for s in self.configuration if self.nodes[s].parent == state}

    def _exit_set(self, arrows: list[Arrow]) -> set[str]:
        left: set[str] = set()
        for arrow in arrows:
            if arrow.targets:
                inside = self._descendants(self._domain(arrow))
                left |= {s for s in self.configuration if s in inside}
        return left

    def _domain(self, arrow: Arrow) -> str:
        targets = self._effective(arrow.targets)
        source = self.nodes[arrow.source]
        inside = self._descendants(source.id)
        is_compound = source.kind is NodeKind.COMPOUND
        if arrow.is_internal and is_compound and all(t in inside for t in targets):
            return source.id
        for above in self._ancestors(source.id, ROOT):
            if self.nodes[above].kind is NodeKind.COMPOUND and all(
                target in self._descendants(above) for target in targets
            ):
                return above
        return ROOT

    def _effective(self, targets: tuple[str, ...]) -> set[str]:
        found: set[str] = set()
        for target in targets:
            node = self.nodes[target]
            if node.kind not in HISTORIES:
                found.add(target)
            elif target in self.history:
                found |= self.history[target]
            elif node.initial is not None:
                found |= self._effective(node.initial.targets)
        return found

    # --------------------------------------------------------------- entering

    def _enter(self, enabled: list[Arrow]) -> None:
        entering: set[str] = set()
        defaults: set[str] = set()
        contents: dict[str, Block] = {}
        for arrow in enabled:
            if not arrow.targets:
                continue
            for target in arrow.targets:
                self._descend(target, entering, defaults, contents)
            domain = self._domain(arrow)
            for target in self._effective(arrow.targets):
                self._ascend(target, domain, entering, defaults, contents)
        self._arrive(entering, defaults, contents)

    def _enter_states(self, initials: list[Initial], domain: str) -> None:
        entering: set[str] = set()
        defaults: set[str] = set()
        contents: dict[str, Block] = {}
        for initial in initials:
            for target in initial.targets:
                self._descend(target, entering, defaults, contents)
            for target in initial.targets:
                self._ascend(target, domain, entering, defaults, contents)
        self._arrive(entering, defaults, contents)

    def _arrive(
        self, entering: set[str], defaults: set[str], contents: dict[str, Block]
    ) -> None:
        for id_ in self.order:
            if id_ not in entering or id_ in self.configuration:
                # an entry set holds what was not active (3.13, its definition);
                # the pseudo-code alone would enter a history's ancestors twice
                continue
            self.configuration.add(id_)
            node = self.nodes[id_]
            for block in node.entry:
                self._run(block)
            if id_ in defaults and node.initial is not None:
                self._run(node.initial.content)
            self._run(contents.get(id_, ()))
            if node.kind is NodeKind.FINAL:
                self._done(node)

    def _done(self, node: Node) -> None:
        if node.parent is None:
            self.is_running = False
            return
        self.queue.append(f"done.state.{node.parent}")
        above = self.nodes[node.parent].parent
        while above is not None and self.nodes[above].kind is NodeKind.PARALLEL:
            if not self._in_final(above):
                return
            self.queue.append(f"done.state.{above}")
            above = self.nodes[above].parent

    def _in_final(self, state: str) -> bool:
        children = self._children(state, histories=False)
        if self.nodes[state].kind is NodeKind.PARALLEL:
            return all(self._in_final(child) for child in children)
        return any(
            self.nodes[child].kind is NodeKind.FINAL and child in self.configuration
            for child in children
        )

    def _descend(
        self,
        id_: str,
        entering: set[str],
        defaults: set[str],
        contents: dict[str, Block],
    ) -> None:
        node = self.nodes[id_]
        if node.kind in HISTORIES:
            parent = node.parent or ROOT
            if id_ in self.history:
                targets = sorted(self.history[id_], key=self.order.index)
            elif node.initial is not None:
                contents[parent] = node.initial.content
                targets = [*node.initial.targets]
            else:
                return
            for target in targets:
                self._descend(target, entering, defaults, contents)
            for target in targets:
                self._ascend(target, parent, entering, defaults, contents)
            return
        entering.add(id_)
        if node.kind is NodeKind.COMPOUND and node.initial is not None:
            defaults.add(id_)
            for target in node.initial.targets:
                self._descend(target, entering, defaults, contents)
            for target in node.initial.targets:
                self._ascend(target, id_, entering, defaults, contents)
        elif node.kind is NodeKind.PARALLEL:
            self._fill(id_, entering, defaults, contents)

    def _ascend(
        self,
        id_: str,
        ancestor: str,
        entering: set[str],
        defaults: set[str],
        contents: dict[str, Block],
    ) -> None:
        for above in self._ancestors(id_, ancestor):
            entering.add(above)
            if self.nodes[above].kind is NodeKind.PARALLEL:
                self._fill(above, entering, defaults, contents)

    def _fill(
        self,
        parallel: str,
        entering: set[str],
        defaults: set[str],
        contents: dict[str, Block],
    ) -> None:
        for child in self._children(parallel, histories=False):
            inside = {child, *self._descendants(child)}
            if not entering & inside:
                self._descend(child, entering, defaults, contents)

    # -------------------------------------------------------------- the tree

    def _is_atomic(self, id_: str) -> bool:
        return self.nodes[id_].kind in {NodeKind.ATOMIC, NodeKind.FINAL}

    def _children(self, parent: str, *, histories: bool) -> list[str]:
        return [
            id_
            for id_ in self.order
            if self.nodes[id_].parent == parent
            and (self.nodes[id_].kind in HISTORIES) == histories
        ]

    def _ancestors(self, id_: str, until: str) -> list[str]:
        """Return the proper ancestors, inner first, up to but without `until`."""
        found: list[str] = []
        above = self.nodes[id_].parent
        while above is not None and above != until:
            found.append(above)
            above = self.nodes[above].parent
        return found

    def _descendants(self, id_: str) -> set[str]:
        if id_ == ROOT:
            return set(self.order)
        return {one for one in self.order if id_ in self._ancestors(one, ROOT)}

    # ----------------------------------------------------- content and guards

    def _run(self, block: Block) -> None:
        for content in block:
            match content:
                case Raise(event):
                    self.queue.append(event)
                case If(branches):
                    for branch in branches:
                        if self._holds(branch.guard):
                            self._run(branch.block)
                            break
                case Change():
                    self._change(content)
                case _:
                    raise AssertionError(content)

    def _change(self, change: Change) -> None:
        before: Any = self.data.get(change.field)
        match change.op:
            case ChangeOp.INCREMENT:
                self.data[change.field] = (before or 0) + 1
            case ChangeOp.DECREMENT:
                self.data[change.field] = (before or 0) - 1
            case ChangeOp.APPEND:
                self.data[change.field] = [*(before or []), change.value]
            case _:
                raise AssertionError(change)

    def _holds(self, guard: Guard | None) -> bool:  # noqa: PLR0911 - one a kind
        found: Any
        wanted: Any
        match guard:
            case None:
                return True
            case AllOf(guards):
                return all(self._holds(one) for one in guards)
            case AnyOf(guards):
                return any(self._holds(one) for one in guards)
            case NotGuard(inner):
                return not self._holds(inner)
            case FieldGuard(name, op, value):
                found, wanted = self.data.get(name), value
            case _:
                raise AssertionError(guard)
        match op:
            case CheckOp.EQ:
                return bool(found == wanted)
            case CheckOp.NEQ:
                return bool(found != wanted)
            case CheckOp.LT:
                return found is not None and found < wanted
            case CheckOp.GT:
                return found is not None and found > wanted
            case _:
                raise AssertionError(op)

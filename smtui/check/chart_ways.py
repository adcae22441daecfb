"""Where the arrows of a statechart lead: the questions its lints ask."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import takewhile

from smtui.definition import Arrow, Node, NodeKind, TreeDefinition

__all__ = ["Ways"]

_HISTORIES = frozenset({NodeKind.HISTORY, NodeKind.DEEP_HISTORY})


class Ways:
    """One tree of states with its arrows looked up by their source."""

    def __init__(self, definition: TreeDefinition) -> None:
        self.definition = definition
        self.nodes = {node.id: node for node in definition.nodes}
        self._out: dict[str, list[Arrow]] = {}
        for arrow in definition.arrows:
            self._out.setdefault(arrow.source, []).append(arrow)
        self._ordered = {
            source: sorted(arrows, key=lambda arrow: arrow.priority)
            for source, arrows in self._out.items()
        }
        self.children: dict[str, list[Node]] = {}
        for node in definition.nodes:
            if node.parent is not None:
                self.children.setdefault(node.parent, []).append(node)

    def out(self, id_: str) -> Sequence[Arrow]:
        """Return the arrows of one state, without those of its ancestors."""
        return self._out.get(id_, ())

    def ordered(self, id_: str) -> Sequence[Arrow]:
        """Return the arrows of one state in the order they are tried."""
        return self._ordered.get(id_, ())

    def above(self, node: Node) -> Iterator[Node]:
        """Yield the ancestors of a state, innermost first."""
        while node.parent is not None:
            node = self.nodes[node.parent]
            yield node

    def is_region(self, node: Node) -> bool:
        """Say whether a state is a region of a parallel one."""
        parent = self.nodes.get(node.parent or "")
        return parent is not None and parent.kind is NodeKind.PARALLEL

    @cached_property
    def reached(self) -> frozenset[str]:
        """Return the ids of all states that can be active.

        Guards may say anything, and events come at any time; an arrow that
        others always come before leads nowhere.
        """
        reach = _Reach(self)
        fallback = self.definition.semantics.error_policy.fallback
        for id_ in (
            *self.definition.initial.targets,
            *([fallback] if fallback else ()),
        ):
            reach.enter(id_)
        size = 0
        while size != reach.size:
            size = reach.size
            for arrow in self.definition.arrows:
                if arrow.source in reach.active and self._is_live(arrow, reach.active):
                    for target in arrow.targets:
                        reach.enter(target)
        return frozenset(reach.active)

    def entered_with(self, node: Node) -> Iterator[str]:
        """Yield what entering a state by default enters next."""
        if node.initial is not None:
            yield from node.initial.targets
        if node.kind is NodeKind.PARALLEL:
            yield from (child.id for child in self.regions(node))

    def regions(self, node: Node) -> Sequence[Node]:
        """Return the children of a parallel state that are always active with it."""
        children = self.children.get(node.id, ())
        return [child for child in children if child.kind not in _HISTORIES]

    # ------------------------------------------------- arrows never taken

    def first_winner(self, arrow: Arrow) -> Arrow | None:
        """Return an arrow of the same state that is always taken before, if any."""
        return self._beaten.get(id(arrow))

    def left_at_once(self, arrow: Arrow) -> Arrow | None:
        """Return the arrow without event and guard that leaves no time for one."""
        if not arrow.events:
            return None
        node = self.nodes[arrow.source]
        around = (node, *self.above(node))
        return next((sure for one in around if (sure := self._sure(one))), None)

    def is_kept_inside(self, arrow: Arrow, active: Collection[str]) -> bool:
        """Say whether inner states leave an arrow nothing, whichever is active."""
        leaves = [
            leaf for leaf in self._leaves.get(arrow.source, ()) if leaf.id in active
        ]
        return bool(leaves) and all(self._keeps(leaf, arrow) for leaf in leaves)

    def _keeps(self, leaf: Node, arrow: Arrow) -> bool:
        if leaf.kind is NodeKind.FINAL and self.definition.semantics.final_is_deaf:
            return True
        inner = takewhile(
            lambda node: node.id != arrow.source, (leaf, *self.above(leaf))
        )
        return any(
            self._winner(self.ordered(node.id), arrow) is not None
            or (arrow.events and self._sure(node) is not None)
            for node in inner
        )

    def _is_live(self, arrow: Arrow, active: Collection[str]) -> bool:
        return not (
            self.first_winner(arrow)
            or self.left_at_once(arrow)
            or self._never_comes(arrow, active)
            or self.is_kept_inside(arrow, active)
        )

    def _never_comes(self, arrow: Arrow, active: Collection[str]) -> bool:
        """Say whether only ends of states are waited for that never end."""
        semantics = self.definition.semantics
        if semantics.exact_events or not arrow.events:
            return False  # such an event may be sent by hand
        ends = (self._end_of(event) for event in arrow.events)
        return all(node is not None and not self.can_end(node, active) for node in ends)

    def _end_of(self, event: str) -> Node | None:
        """Return the state whose end an event tells, if it tells one."""
        prefix = self.definition.semantics.done_prefix
        is_end = event.startswith(prefix)
        return self.nodes.get(event.removeprefix(prefix)) if is_end else None

    def _sure(self, node: Node) -> Arrow | None:
        """Return the arrow by which a state is left as soon as it is entered."""
        if node.kind is NodeKind.CHOICE:
            return None
        arrows = [a for a in self.ordered(node.id) if not a.events]
        sure = (a for a in arrows if a.guard is None and not self._may_refuse(a))
        return next(sure, None)

    @cached_property
    def _beaten(self) -> dict[int, Arrow]:
        found: dict[int, Arrow] = {}
        for arrows in self._ordered.values():
            for place, arrow in enumerate(arrows):
                winner = self._winner(arrows[:place], arrow)
                if winner is not None:
                    found[id(arrow)] = winner
        return found

    @cached_property
    def _leaves(self) -> dict[str, list[Node]]:
        """Inner states without children, of each state without regions in it."""
        found: dict[str, list[Node]] = {}
        mixed: set[str] = set()
        for node in self.definition.nodes:
            for above in self.above(node):
                if node.kind is NodeKind.PARALLEL:
                    mixed.add(above.id)
                elif node.kind in {NodeKind.ATOMIC, NodeKind.FINAL}:
                    found.setdefault(above.id, []).append(node)
        return {
            id_: leaves
            for id_, leaves in found.items()
            if id_ not in mixed and self.nodes[id_].kind is not NodeKind.PARALLEL
        }

    def _winner(self, before: Iterable[Arrow], arrow: Arrow) -> Arrow | None:
        """Return the first of some arrows that together always come before one."""
        sure = [w for w in before if w.guard is None and not self._may_refuse(w)]
        if not arrow.events:
            return (
                None if arrow.trigger else next((w for w in sure if not w.events), None)
            )
        if arrow.delay_s is not None:
            return None
        winners = [
            next((w for w in sure if self._hears(w, event)), None)
            for event in arrow.events
        ]
        return None if None in winners else winners[0]

    def _hears(self, arrow: Arrow, event: str) -> bool:
        if arrow.delay_s is not None:
            return arrow.events[0] == event
        return any(self._covers(mine, event) for mine in arrow.events)

    def _may_refuse(self, arrow: Arrow) -> bool:
        """Say whether an arrow leads to a choice, which may have no way out."""
        return any(
            self.nodes[target].kind is NodeKind.CHOICE for target in arrow.targets
        )

    def _covers(self, mine: str, event: str) -> bool:
        if self.definition.semantics.exact_events:
            return mine == event
        mine = mine.removesuffix("*").removesuffix(".")
        return not mine or event == mine or event.startswith(mine + ".")

    def sure_next(self, id_: str) -> str | None:
        """Return the state that is surely gone to at once from one, if any."""
        node = self.nodes[id_]
        around = [node, *self.above(node)]
        if any(one.kind is NodeKind.PARALLEL for one in around[1:]):
            around = around[:1]  # other regions have a say
        arrows = (a for one in around for a in self.ordered(one.id) if not a.events)
        first = next(arrows, None)
        if first is None or first.guard is not None or len(first.targets) > 1:
            return None
        if not first.targets:
            return id_
        target = self.nodes[first.targets[0]]
        while target.initial is not None and target.initial.targets:
            target = self.nodes[target.initial.targets[0]]
        return target.id

    def can_end(self, node: Node, active: Collection[str]) -> bool:
        """Say whether a state has an end: a final child, in every region."""
        if node.kind is NodeKind.PARALLEL:
            return all(self.can_end(child, active) for child in self.regions(node))
        return any(
            child.kind is NodeKind.FINAL and child.id in active
            for child in self.children.get(node.id, ())
        )


class _Reach:
    """States found to be active, while they are being found."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._by_default: set[str] = set()
        self.active: set[str] = set()

    @property
    def size(self) -> int:
        """Return a number that grows with all that is found."""
        return len(self.active) + len(self._by_default)

    def enter(self, id_: str) -> None:
        """Enter a state, what is entered with it, and what is around it."""
        more = [id_]
        while more:
            node = self._ways.nodes[more.pop()]
            if node.id in self._by_default:
                continue
            self._by_default.add(node.id)
            self.active.add(node.id)
            more += self._ways.entered_with(node)
            inner = node
            for above in self._ways.above(node):
                self.active.add(above.id)
                if above.kind is NodeKind.PARALLEL:
                    others = self._ways.regions(above)
                    more += (one.id for one in others if one is not inner)
                inner = above

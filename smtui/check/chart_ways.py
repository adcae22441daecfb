"""Where the arrows of a statechart lead: the questions its lints ask."""

from collections.abc import Iterator, Sequence
from functools import cached_property

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
        """Return the ids of all states that can be active."""
        found: set[str] = set()
        fallback = self.definition.semantics.error_policy.fallback
        more = [*self.definition.initial.targets, *([fallback] if fallback else ())]
        while more:
            id_ = more.pop()
            if id_ in found:
                continue
            found.add(id_)
            node = self.nodes[id_]
            if node.parent is not None:
                more.append(node.parent)
            more += self._entered_with(node)
            more += (target for arrow in self.out(id_) for target in arrow.targets)
        return frozenset(found)

    def _entered_with(self, node: Node) -> Iterator[str]:
        if node.initial is not None:
            yield from node.initial.targets
        if node.kind is NodeKind.PARALLEL:
            yield from (
                child.id
                for child in self.children.get(node.id, ())
                if child.kind not in _HISTORIES
            )

    def always_beats(self, first: Arrow, second: Arrow) -> bool:
        """Say whether the first of two arrows of one state is always taken before."""
        if first.guard is not None or self._may_refuse(first):
            return False
        if not first.events or not second.events:
            return not first.events and not second.events and not second.trigger
        if first.delay_s is not None or second.delay_s is not None:
            return first.events[0] == second.events[0] and second.delay_s is None
        return all(
            any(self._covers(mine, event) for mine in first.events)
            for event in second.events
        )

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
        first = next((a for a in self.ordered(id_) if not a.events), None)
        if first is None or first.guard is not None or not first.targets:
            return None
        target = self.nodes[first.targets[0]]
        while target.initial is not None and target.initial.targets:
            target = self.nodes[target.initial.targets[0]]
        return target.id if len(first.targets) == 1 else None

    def can_end(self, node: Node) -> bool:
        """Say whether a state has an end: a final child, in every region."""
        if node.kind is NodeKind.PARALLEL:
            return all(
                self.can_end(child)
                for child in self.children.get(node.id, ())
                if child.kind not in _HISTORIES
            )
        return any(
            child.kind is NodeKind.FINAL for child in self.children.get(node.id, ())
        )

"""What only the whole document shows: ids, targets and initial states.

Source: W3C SCXML 1.0, 3.3 to 3.11; legal state specifications 3.11.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from smtui.definition import Arrow, Node, NodeKind, Position, TreeDefinition
from smtui.definition.guards import ExprGuard
from smtui.dialects.notes import Notes, shown
from smtui.dialects.scxml.values import Reading
from smtui.expr.ecmascript.peers import IN_PEER

__all__ = ["check_names", "check_peers", "check_tree"]


def check_tree(
    tree: TreeDefinition, notes: Notes, places: Mapping[Position, Position]
) -> None:
    """Note every state named twice, and every target that cannot be entered.

    `places` tells of a transition where its targets stand.
    """
    nodes = _by_id(tree.nodes, notes)
    checker = _Checker(nodes, notes)
    if tree.nodes:
        checker.initial(tree.initial.targets, tree.initial.at, None)
    for node in tree.nodes:
        if node.initial is not None:
            checker.initial(node.initial.targets, node.initial.at, node)
    for arrow in tree.arrows:
        checker.targets(arrow.targets, places.get(arrow.at, arrow.at))
    _check_data(tree, notes)


def check_names(tree: TreeDefinition, reading: Reading) -> None:
    """Note every variable that is read and that nothing declares."""
    items = (*tree.data, *(item for node in tree.nodes for item in node.data))
    known = {*reading.declared, *(item.id for item in items)}
    told: set[str] = set()
    for written, names in reading.read:
        for name in sorted(names - known - told):
            told.add(name)
            word = re.compile(rf"(?<![\w$.]){re.escape(name)}(?![\w$])")
            found = word.search(written.value)
            reading.notes.warning(
                written.place(0 if found is None else found.start()),
                "unknown-variable",
                f"found {shown(name)}, which nothing here declares: "
                "it gives error.execution when it is evaluated",
                reading.notes.hint(name, sorted(known)),
            )


def check_peers(tree: TreeDefinition, reading: Reading) -> TreeDefinition:
    """Note every InPeer that cannot be checked, or stands where none is asked.

    A document that has a variable of that name asks nobody.
    """
    items = (*tree.data, *(item for node in tree.nodes for item in node.data))
    if IN_PEER in {*reading.declared, *(item.id for item in items)}:
        return replace(tree, arrows=tuple(map(_without_peers, tree.arrows)))
    for written, call, is_guard in reading.peers:
        at = written.place(call.offset)
        if not is_guard:
            reading.notes.error(
                at,
                "bad-peer",
                f"found {IN_PEER} where no transition is decided",
                "another machine is looked at in the cond of a <transition>",
            )
        elif not call.names:
            reading.notes.error(
                at,
                "bad-peer",
                f"found {IN_PEER} without the names of a machine and a state",
                f"write them as texts: {IN_PEER}('door', 'open')",
            )
    return tree


def _without_peers(arrow: Arrow) -> Arrow:
    guard = arrow.guard
    return (
        replace(arrow, guard=replace(guard, peers=()))
        if isinstance(guard, ExprGuard)
        else arrow
    )


def _by_id(nodes: Sequence[Node], notes: Notes) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for node in nodes:
        if not node.id.isprintable() or len(node.id.split()) != 1:
            notes.error(
                node.at,
                "bad-name",
                f"found the id {shown(node.id)}, expected a word without blanks",
            )
        other = found.setdefault(node.id, node)
        if other is not node:
            notes.error(
                node.at,
                "duplicate",
                f"found the id {shown(node.id)} a second time, "
                f"first in line {other.at.line}",
            )
    return found


def _check_data(tree: TreeDefinition, notes: Notes) -> None:
    seen: dict[str, Position] = {}
    for item in (*tree.data, *(i for node in tree.nodes for i in node.data)):
        first = seen.setdefault(item.id, item.at)
        if first is not item.at:
            notes.error(
                item.at,
                "duplicate",
                f"found the variable {shown(item.id)} a second time, "
                f"first in line {first.line}",
                "all data of a document are in one scope",
            )


class _Checker:
    """Looks up targets."""

    def __init__(self, nodes: dict[str, Node], notes: Notes) -> None:
        self._nodes = nodes
        self._notes = notes

    def initial(self, targets: Sequence[str], at: Position, owner: Node | None) -> None:
        """Note targets that are unknown, not inside, or not together possible."""
        if not self.targets(targets, at) or owner is None:
            return
        is_history = owner.kind in {NodeKind.HISTORY, NodeKind.DEEP_HISTORY}
        around = owner.parent if is_history else owner.id
        for target in targets:
            above = [node.id for node in self._above(self._nodes[target])]
            if around is not None and around not in above:
                self._notes.error(
                    at,
                    "bad-target",
                    f"found {shown(target)} as what {owner.id!r} is entered by, "
                    f"expected a state inside {around!r}",
                )

    def targets(self, targets: Sequence[str], at: Position) -> bool:
        """Note targets that are unknown or not together possible."""
        unknown = [target for target in targets if target not in self._nodes]
        for target in unknown:
            self._notes.error(
                at,
                "unknown-state",
                f"found the target {shown(target)}, which is no state",
                self._notes.hint(target, self._nodes),
            )
        if unknown:
            return False
        for index, first in enumerate(targets):
            for second in targets[index + 1 :]:
                self._check_pair(first, second, at)
        return True

    def _check_pair(self, first: str, second: str, at: Position) -> None:
        one, other = self._nodes[first], self._nodes[second]
        paths = [[*self._above(node)] for node in (one, other)]
        if one in paths[1] or other in paths[0] or one is other:
            together = False
        else:
            shared = next((node for node in paths[0] if node in paths[1]), None)
            together = shared is not None and shared.kind is NodeKind.PARALLEL
        if not together:
            self._notes.error(
                at,
                "bad-target",
                f"found the targets {first!r} and {second!r}, which cannot be "
                "active together",
                "several targets stand in different regions of one parallel state",
            )

    def _above(self, node: Node) -> Iterator[Node]:
        """Yield the ancestors of a node, the nearest first."""
        while node.parent is not None and node.parent in self._nodes:
            node = self._nodes[node.parent]
            yield node

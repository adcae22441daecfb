"""What a kernel remembers: configurations, each with a row of moves.

The laws of this file: it is bounded, in configurations and in moves; full it
forgets a part of it. Not the oldest part: a chart that goes round in a few more
configurations than there is room for would lose just those it comes to next,
and find none of them ever again. A configuration that was forgotten lives on
in the moves that lead to it; asked again it is remembered again, or shares the
row of the one that took its place.
"""

from smtui.chart.tree.model import Tree
from smtui.chart.tree.moves import Configuration, Fork, Key, Node, Recall

__all__ = ["Memo"]

MAX_ROW = 256
"""Event names a row: names nobody knows must not grow it for ever."""

PARTS = 32
"""One of so many is forgotten at a time."""


class Memo:
    """The configurations of one chart, as far as there is room."""

    __slots__ = (
        "_by_ids",
        "_by_mask",
        "_most_configurations",
        "_most_nodes",
        "_next_part",
        "_nodes",
        "_parts",
        "_tree",
    )

    def __init__(self, tree: Tree, most_configurations: int, most_nodes: int) -> None:
        self._tree = tree
        self._most_configurations = most_configurations
        self._most_nodes = most_nodes
        self._by_mask: dict[int, Configuration] = {}
        self._by_ids: dict[tuple[str, ...], Configuration] = {}
        self._nodes = 0
        self._parts: list[list[Configuration]] = [[] for _ in range(PARTS)]
        """What is forgotten together: each new configuration joins the next."""
        self._next_part = 0

    @property
    def size(self) -> tuple[int, int]:
        """Return how many configurations, and moves and forks, there are."""
        return len(self._by_mask), self._nodes

    def forget(self) -> None:
        """Forget everything."""
        for configuration in self._by_mask.values():
            configuration.row.clear()
        for part in self._parts:
            part.clear()
        self._by_mask = {}
        self._by_ids = {}
        self._nodes = 0

    def of(self, ids: tuple[str, ...]) -> Configuration | None:
        """Return the configuration of these states, if it is remembered."""
        return self._by_ids.get(ids)

    def intern(self, mask: int) -> Configuration:
        """Return the one configuration with this set of states."""
        found = self._by_mask.get(mask)
        if found is None:
            found = Configuration(self._tree, mask)
            self._enrol(found)
        return found

    def find(self, configuration: Configuration, key: Key) -> Node | None:
        """Return what another with the same states knows; it shares its row now."""
        own = self._by_mask.get(configuration.mask)
        if own is None:
            configuration.row = {}
            self._enrol(configuration)
            return None
        configuration.row = own.row
        return own.row.get(key)

    def remember(self, configuration: Configuration, key: Key, node: Node) -> None:
        """Keep a node in a row; a full row loses some first."""
        row = configuration.row
        if len(row) >= MAX_ROW:
            for old in [*row][::PARTS]:
                self._nodes -= _weight(row.pop(old))
        row[key] = node
        self.count(configuration)

    def count(self, configuration: Configuration) -> None:
        """Count a node that was added; a row that was forgotten meanwhile has none."""
        own = self._by_mask.get(configuration.mask)
        if own is None or own.row is not configuration.row:
            configuration.row.clear()
            return
        self._nodes += 1
        if self._nodes > self._most_nodes:
            self._thin()

    def _enrol(self, configuration: Configuration) -> None:
        if len(self._by_mask) >= self._most_configurations:
            self._thin()
        self._by_mask[configuration.mask] = configuration
        self._by_ids[configuration.ids] = configuration
        self._parts[self._next_part].append(configuration)
        self._next_part = (self._next_part + 1) % PARTS

    def _thin(self) -> None:
        """Forget a part, or as many as it takes to have room."""
        for _ in range(PARTS):
            part = self._parts.pop(0)
            self._parts.append([])
            for configuration in part:
                self._nodes -= sum(map(_weight, configuration.row.values()))
                configuration.row.clear()
                del self._by_mask[configuration.mask]
                del self._by_ids[configuration.ids]
            has_room = len(self._by_mask) < self._most_configurations
            if has_room and self._nodes <= self._most_nodes:
                return


def _weight(node: Node | None) -> int:
    """Return how many moves and forks there are from a node on."""
    if isinstance(node, Fork):
        return 1 + _weight(node.yes) + _weight(node.no)
    if isinstance(node, Recall):
        return len(node.moves)
    return 0 if node is None else 1

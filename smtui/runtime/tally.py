"""How many instances a machine has, and how many of them wait for a human.

Counted once when a process takes over, from the counts the store keeps, and
from then on by what each step changes: nothing is ever looked through.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from smtui.chart.values import Snapshot, Status
from smtui.definition import TreeDefinition
from smtui.store.rows import InstanceSize

__all__ = ["Tally"]


class Tally:
    """The counts of one machine."""

    def __init__(self, definition: TreeDefinition) -> None:
        self._asks = {node.id for node in definition.nodes if node.ask}
        self.instances = 0
        self._asking: Counter[str] = Counter()

    def load(self, sizes: Iterable[InstanceSize]) -> None:
        """Take over what the store counts."""
        for size in sizes:
            self.instances += size.n
            for state in self._of(size.status, size.configuration):
                self._asking[state] += size.n

    def moved(self, before: Snapshot | None, after: Snapshot) -> None:
        """Count a step; `before` is None for the one that begins an instance."""
        if not self._asks:
            return
        if before is not None:
            self._asking.subtract(self._of(before.status, before.configuration))
        self._asking.update(self._of(after.status, after.configuration))

    @property
    def asking(self) -> tuple[int, str]:
        """Return how many ask, and the state most of them are in, or ''."""
        found = +self._asking
        state = min(found, key=lambda each: (-found[each], each), default="")
        return found.total(), state

    def _of(self, status: str, configuration: Iterable[str]) -> Iterator[str]:
        """Yield the state whose question it puts: the first, as of a machine."""
        if status == Status.RUNNING:
            asking = [state for state in configuration if state in self._asks]
            yield from asking[:1]

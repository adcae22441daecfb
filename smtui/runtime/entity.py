"""One instance of many, as its machine has it in memory.

It changes only after a commit. What it cannot be forgotten with (results no
step has consumed, actions in hand, a family) keeps it in memory; all else of
it is in the store.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from smtui.chart import StateChart
from smtui.chart.values import ChildEntry, Done, Snapshot, Status
from smtui.runtime.hands import Hands
from smtui.runtime.turns import Answers, Batch

__all__ = ["Entity"]

_OVER = frozenset({Status.FINAL, Status.FAILED})


@dataclass(slots=True, eq=False)
class Entity:
    """A committed snapshot, its chart, and what has come in for it."""

    chart: StateChart
    snapshot: Snapshot
    done: list[Done] = field(default_factory=list[Done])
    """Results no step has consumed."""
    answers: Answers | None = None
    counters: Mapping[str, int] = field(default_factory=dict[str, int])
    """Numbers of what it watches and what has changed, as they were read."""
    is_asking: bool = False
    """Guards of the author's are being asked: no turn before they have said."""
    hands: Hands | None = None
    """What runs outside now; None when nothing does."""
    why_blocked: str = ""
    """Why it cannot go on under a changed definition."""

    @property
    def is_over(self) -> bool:
        """Say whether its run has ended."""
        return self.snapshot.status in _OVER

    @property
    def children(self) -> Iterable[ChildEntry]:
        """Return the instances it has invoked and that have not ended."""
        entries = self.snapshot.pending.values()
        return [e for e in entries if isinstance(e, ChildEntry) and not e.type]

    @property
    def is_free(self) -> bool:
        """Say whether the store knows all of it."""
        is_busy = self.is_asking or self.done or self.hands is not None
        has_family = self.snapshot.lineage is not None or any(self.children)
        return not (is_busy or has_family)

    def move_on(self, batch: Batch) -> None:
        """Make a committed batch count."""
        self.snapshot = batch.snapshot
        self.answers = None
        self.counters = {}
        pending = batch.snapshot.pending
        self.done = [
            done
            for done in self.done
            if done.id not in batch.used and done.id in pending
        ]

"""The one instance a machine has in memory: where it is, what it may use.

It changes only after a commit. Deciding is done by `turns`, with the values
this gives out; doing is the machine's.
"""

from collections.abc import Mapping, Sequence

from smtui.chart.values import (
    At,
    Done,
    Raised,
    Result,
    RunEntry,
    Snapshot,
    Status,
    WatchEntry,
)
from smtui.runtime.frames import Counts
from smtui.runtime.inbox import Window
from smtui.runtime.turns import Answers, Batch, Hand

__all__ = ["Life"]


class Life:
    """A committed snapshot and everything it has to choose from."""

    def __init__(self) -> None:
        """Begin without a snapshot: move_on() or resume() gives the first."""
        self._snapshot: Snapshot | None = None
        self._done: list[Done] = []
        self._counters: dict[str, int] = {}
        self.answers: Answers | None = None
        """What was asked while an input was stepped."""
        self.window = Window()
        self.counts = Counts()

    @property
    def snapshot(self) -> Snapshot:
        """Return what was committed last."""
        if self._snapshot is None:
            raise AssertionError("asked before it was loaded")
        return self._snapshot

    @property
    def has_begun(self) -> bool:
        """Say whether there is a snapshot."""
        return self._snapshot is not None

    @property
    def is_over(self) -> bool:
        """Say whether the run has ended."""
        return self.snapshot.status in {Status.FINAL, Status.FAILED}

    def resume(self, snapshot: Snapshot, done: Sequence[Done]) -> None:
        """Go on from what an earlier process committed."""
        self._snapshot = snapshot
        self._done = list(done)

    def hand(self, seconds: Mapping[str, float]) -> Hand:
        """Return what there is to choose from."""
        window = self.window
        return Hand(
            self.snapshot,
            window.events,
            window.rows,
            self._done,
            self._counters,
            seconds,
            self.answers,
        )

    def topics(self) -> list[str]:
        """Return the change counters this instance watches."""
        return [
            topic
            for entry in self.snapshot.pending.values()
            if isinstance(entry, WatchEntry)
            for topic in entry.on
            if not topic.startswith(("inbox/", "data/"))
        ]

    def add(self, done: Sequence[Done]) -> None:
        """Take results of actions, to be stepped."""
        self._done.extend(done)

    def forget_results(self) -> None:
        """Leave stored results to the next process: they are in the store."""
        self._done = []

    def saw(self, counters: Mapping[str, int]) -> None:
        """Take the present numbers of the watched topics."""
        self._counters.update(counters)

    def move_on(
        self, batch: Batch, answers: Mapping[str, Result | Raised], at: At
    ) -> None:
        """Make a committed batch count; `answers` are those of its queries."""
        self._snapshot = batch.snapshot
        self.answers = None
        self.window.drop_ids(batch.handled)
        pending = batch.snapshot.pending
        self._done = [
            done
            for done in self._done
            if done.id not in batch.used and done.id in pending
        ]
        self._count(batch, at)
        for id_, answer in answers.items():
            self._done.append(Done(id_, answer, at))
            entry = pending.get(id_)
            if isinstance(entry, RunEntry):
                self._inbox_changed(entry.action, answer)

    def _inbox_changed(self, action: str, answer: Result | Raised) -> None:
        """Keep the window true after an action that took or dropped rows."""
        if action == "clear_events":
            self.window.reset()
        if action != "check_events" or not isinstance(answer, Result):
            return
        event = answer.value.get("event")
        if isinstance(event, dict):
            self.window.drop_ids([str(event.get("id"))])
        else:  # what it was woken for is gone
            self.window.reset()

    def _count(self, batch: Batch, at: At) -> None:
        counts = self.counts
        counts.steps += batch.steps
        counts.idle += batch.idle
        counts.ignored += batch.ignored
        counts.waiting = len(self.window.rows)
        if batch.problem:
            counts.problem, counts.problem_at = batch.problem, at.wall

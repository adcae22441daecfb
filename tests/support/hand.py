"""One machine stepped by hand: give it an input, look at what it asks.

Nothing is chosen and nothing performed here, so a test says exactly which
input comes next, the unlikely ones too.
"""

from collections.abc import Mapping

from smtui.chart import compile_chart
from smtui.chart.values import (
    At,
    Done,
    Effect,
    Event,
    Fired,
    Given,
    Go,
    In,
    Interrupted,
    Log,
    Patch,
    Raised,
    Result,
    RunEntry,
    Settle,
    Snapshot,
    Step,
    TimerEntry,
    WatchEntry,
    Woken,
)
from smtui.definition import Definition, Json
from smtui.stepper import start
from tests.support.definitions import definition
from tests.support.steps import step

__all__ = ["Hand", "at"]

_START = At(1_700_000_000.0, 1000.0, "boot-1")


def at(seconds: float = 0.0, boot_id: str = "boot-1") -> At:
    """Return an instant, in seconds after the machines of tests begin."""
    return _START.plus(seconds)._replace(boot_id=boot_id)


class Hand:
    """A machine in the middle of its life."""

    def __init__(
        self,
        text: str | Definition,
        data: Mapping[str, Json] | None = None,
        *,
        custom: frozenset[str] = frozenset(),
        held: tuple[str, ...] = (),
    ) -> None:
        made = definition(text, custom=custom) if isinstance(text, str) else text
        self.chart = compile_chart(made, custom)
        self.now = _START
        given = Given(
            "m", "main", 1, "born", self.now, {"machine_name": "m"}, held=held
        )
        self.last: Step = start(self.chart, data or {}, given)
        self.effects: list[Effect] = list(self.last.effects)
        """All that was ever asked for."""
        self.sent = 0

    # ------------------------------------------------------------- looking

    @property
    def snapshot(self) -> Snapshot:
        return self.last.snapshot

    @property
    def state(self) -> str:
        return self.snapshot.configuration[0]

    @property
    def data(self) -> Mapping[str, Json]:
        return self.snapshot.data

    @property
    def taken(self) -> list[tuple[str, str]]:
        """Return event and target of each transition of the last step."""
        return [(micro.event, micro.target) for micro in self.last.micro]

    @property
    def asked(self) -> RunEntry:
        """Return the action in hand; the test fails when there is none."""
        found = [e for e in self.snapshot.pending.values() if isinstance(e, RunEntry)]
        assert len(found) == 1, found
        return found[0]

    @property
    def is_busy(self) -> bool:
        return any(isinstance(e, RunEntry) for e in self.snapshot.pending.values())

    @property
    def watch(self) -> WatchEntry | None:
        found = [e for e in self.snapshot.pending.values() if isinstance(e, WatchEntry)]
        return found[0] if found else None

    @property
    def timers(self) -> dict[str, float]:
        """Return the delays under way: event -> seconds after the beginning."""
        return {
            e.event: e.due.boot - _START.boot
            for e in self.snapshot.pending.values()
            if isinstance(e, TimerEntry)
        }

    @property
    def settled(self) -> list[tuple[str, str]]:
        """Return what became of jobs in steps so far: id, how."""
        return [(e.job_id, e.how.value) for e in self.effects if isinstance(e, Settle)]

    @property
    def logged(self) -> list[tuple[str, str]]:
        return [(e.level, e.message) for e in self.effects if isinstance(e, Log)]

    # -------------------------------------------------------------- stepping

    def take(self, given: In) -> "Hand":
        self.last = step(self.chart, self.snapshot, given)
        self.effects += self.last.effects
        return self

    def later(self, seconds: float) -> "Hand":
        self.now = self.now.plus(seconds)
        return self

    def go(self) -> "Hand":
        return self.take(Go(self.now))

    def send(
        self, event: str, payload: Json = None, job_id: str | None = None
    ) -> "Hand":
        self.sent += 1
        id_ = f"event-{self.sent}"
        return self.take(Event(event, payload, id_, self.now, "tests", job_id))

    def gives(
        self,
        value: Mapping[str, Json] | Raised | Interrupted,
        *,
        counters: Mapping[str, int] | None = None,
        patch: Patch | None = None,
    ) -> "Hand":
        """End the action in hand."""
        asked = self.asked
        id_ = next(i for i, e in self.snapshot.pending.items() if e is asked)
        answer: Result | Raised | Interrupted
        if isinstance(value, Mapping):
            present = dict.fromkeys(asked.topics, 0) if counters is None else counters
            answer = Result(value, present)
        else:
            answer = value
        return self.take(Done(id_, answer, self.now, patch))

    def exits(self, code: int = 0, stderr: str = "", line: str | None = None) -> "Hand":
        """End the bash command in hand."""
        return self.gives({"exit": code, "stderr": stderr, "last_line": line})

    def fires(self, event: str) -> "Hand":
        id_ = next(
            i
            for i, e in self.snapshot.pending.items()
            if isinstance(e, TimerEntry) and e.event == event
        )
        return self.take(Fired(id_, self.now))

    def wakes(self) -> "Hand":
        id_ = next(
            i for i, e in self.snapshot.pending.items() if isinstance(e, WatchEntry)
        )
        return self.take(Woken(id_, self.now))

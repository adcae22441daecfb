"""Statecharts driven in one thread and in virtual time, children included.

    sessions = Sessions()
    sessions.begin(chart)
    sessions.send("main", "go")
    sessions.advance(5.0)
    sessions.configuration("main")

The laws of this file: it decides nothing: `driver.choose` says whose turn it
is, `stepper.step` what happens, the FakeStore keeps it. A delay is waited for
by moving the clock, so a suite of hour-long time-outs runs in milliseconds.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from smtui.chart import StateChart
from smtui.chart.messages import (
    Address,
    AddressKind,
    Answer,
    Ask,
    Lineage,
    Message,
    MessageKind,
    Question,
    Send,
)
from smtui.chart.values import (
    CancelChild,
    Cancelled,
    ChildEntry,
    Done,
    Event,
    Finish,
    Given,
    In,
    Log,
    Patch,
    Raised,
    Result,
    Run,
    RunEntry,
    Snapshot,
    StartChild,
    Step,
)
from smtui.definition import Json
from smtui.driver import Offer, Wait, choose, journal
from smtui.errors import SmtuiError, StepError
from smtui.stepper import start, step
from smtui.testing.clock import ManualClock
from smtui.testing.store import FakeStore

__all__ = ["Action", "Guard", "Load", "Sessions", "drive"]

Guard: TypeAlias = Callable[[Question], bool]
Action: TypeAlias = Callable[[RunEntry, Mapping[str, Json]], Mapping[str, Json] | None]
"""Gets what was asked and a copy of the data; returns keys to set in it."""
Load: TypeAlias = Callable[[ChildEntry, StateChart], StateChart]
"""Finds the chart of a child that is not written inline; may raise SmtuiError."""

MAX_STEPS = 100_000
"""Without the clock moving: more is a fleet that chases itself."""


class Sessions:
    """Instances of statecharts, with one clock and one store."""

    def __init__(
        self,
        *,
        guards: Mapping[str, Guard] | None = None,
        actions: Mapping[str, Action] | None = None,
        load: Load | None = None,
    ) -> None:
        self.clock = ManualClock()
        self.store = FakeStore()
        self.logs: list[tuple[str, Log]] = []
        """Lines logged, with the instance that did."""
        self.sent: list[tuple[str, Send]] = []
        """Messages to machines that are not here, with the instance that sent."""
        self.steps: list[tuple[str, Step]] = []
        self.finished: dict[str, Finish] = {}
        self._charts: dict[str, StateChart] = {}
        self._names: dict[str, str] = {}
        self._guards = guards or {}
        self._actions = actions or {}
        self._load = load

    # ------------------------------------------------------------ the outside

    def begin(
        self,
        chart: StateChart,
        data: Mapping[str, Json] | None = None,
        *,
        instance: str = "main",
        lineage: Lineage | None = None,
    ) -> None:
        """Begin an instance, and run until everything waits.

        Raises StepError for a chart that cannot begin, StoreError for an
        instance that is there already.
        """
        self._begin(chart, data or {}, instance, lineage)
        self.run()

    def send(self, instance: str, event: str, data: Json = None) -> None:
        """Put an event into an inbox, and run until everything waits.

        Raises StoreError when there is no such instance.
        """
        self.store.kept(instance)
        self._accept(instance, Message(event, data))
        self.run()

    def advance(self, seconds: float) -> None:
        """Let time pass; what becomes due on the way is stepped at its instant."""
        end = self.clock.elapsed() + seconds
        while (due := self.run()) is not None and due <= end:
            self.clock.advance(max(0.0, due - self.clock.elapsed()))
        self.clock.advance(max(0.0, end - self.clock.elapsed()))
        self.run()

    def settle(self, limit_s: float = 3600.0) -> None:
        """Let time pass until nothing is due any more, or the limit is reached."""
        end = self.clock.elapsed() + limit_s
        while (due := self.run()) is not None and due <= end:
            self.clock.advance(max(0.0, due - self.clock.elapsed()))

    def snapshot(self, instance: str = "main") -> Snapshot:
        """Return the present snapshot. Raises StoreError when there is none."""
        return self.store.snapshot(instance)

    def configuration(self, instance: str = "main") -> tuple[str, ...]:
        """Return the active states, in document order."""
        return self.snapshot(instance).configuration

    def leaves(self, instance: str = "main") -> tuple[str, ...]:
        """Return the innermost active states, in document order."""
        return self._charts[instance].leaves(self.configuration(instance))

    # ------------------------------------------------------------- the inside

    def run(self) -> float | None:
        """Step until all wait; return when, on `clock.elapsed`, the next is due."""
        for _ in range(MAX_STEPS):
            dues = [self._turn(instance) for instance in self.store]
            if None not in dues:
                found = [due for due in dues if due is not None and due >= 0]
                return min(found, default=None)
        raise StepError("the sessions never come to rest")

    def _turn(self, instance: str) -> float | None:
        """Take one step; None when one was taken, else when the next is due.

        Returns -1 for an instance that waits for nothing but an event.
        """
        if instance not in self.store:  # it ended earlier in this round
            return -1.0
        chart, snapshot = self._charts[instance], self.store.snapshot(instance)
        kept = self.store.kept(instance)
        offer = Offer(self.clock.at(), kept.results, kept.inbox)
        given = choose(chart, snapshot, offer)
        if isinstance(given, Wait):
            return -1.0 if given.until is None else given.until.boot
        if isinstance(given, Event):
            kept.inbox.remove(given)
            given = given._replace(at=self.clock.at())
        elif isinstance(given, Done):
            kept.results.remove(given)
        self._step(chart, snapshot, given)
        return None

    def _step(self, chart: StateChart, snapshot: Snapshot, given: In) -> None:
        answers: list[Answer] = []
        taken = step(chart, snapshot, given)
        while isinstance(taken, Ask):
            answers += [self._answer(question) for question in taken.questions]
            taken = step(chart, snapshot, given, answers)
        self.store.commit(taken, journal(snapshot, given, taken))
        self._carry_out(taken)

    def _answer(self, question: Question) -> Answer:
        guard = self._guards.get(question.name)
        if guard is None:
            known = ", ".join(sorted(self._guards)) or "none"
            raise StepError(f"no guard {question.name!r} here, known: {known}")
        try:
            return Answer(question.id, guard(question))
        except Exception as problem:  # noqa: BLE001 - author's code: any error is a no
            return Answer(question.id, holds=False, error=repr(problem))

    def _begin(
        self,
        chart: StateChart,
        data: Mapping[str, Json],
        instance: str,
        lineage: Lineage | None,
    ) -> None:
        self.store.add(instance)
        self._charts[instance] = chart
        self._names[chart.definition.name] = instance
        given = Given(
            machine=chart.definition.name,
            instance=instance,
            run=1,
            id=f"start-{instance}",
            at=self.clock.at(),
            lineage=lineage,
        )
        try:
            begun = start(chart, data, given)
        except StepError:
            self.store.remove(instance)
            raise
        self.store.commit(begun, journal(None, None, begun))
        self._carry_out(begun)

    def _carry_out(self, taken: Step) -> None:
        instance = taken.snapshot.instance
        self.steps.append((instance, taken))
        for effect in taken.effects:
            match effect:
                case Send():
                    self._deliver(instance, effect)
                case StartChild(entry=entry):
                    self._start_child(instance, entry)
                case CancelChild(instance=child):
                    self._cancel(child)
                case Run(id_, entry):
                    self._perform(taken.snapshot, id_, entry)
                case Log():
                    self.logs.append((instance, effect))
                case Finish():
                    self._finish(taken.snapshot, effect)
                case _:
                    pass

    # ------------------------------------------------------- messages, children

    def _accept(self, instance: str, message: Message) -> bool:
        id_ = self.store.new_id()
        event = Event(message.name, message.data, id_, self.clock.at(), message=message)
        return self.store.accept(instance, event)

    def _deliver(self, sender: str, send: Send) -> None:
        to: Address = send.to
        name = to.name
        if to.kind is AddressKind.MACHINE:
            name = self._names.get(to.name, "")
        if not self._accept(name, send.message):
            self.sent.append((sender, send))

    def _start_child(self, parent: str, entry: ChildEntry) -> None:
        lineage = Lineage(parent, entry.invoke_id)
        try:
            chart = self._child_chart(parent, entry)
            self._begin(chart, entry.data, entry.instance, lineage)
        except SmtuiError as problem:
            failed = Message(
                "error.communication",
                str(problem),
                invoke_id=entry.invoke_id,
                kind=MessageKind.PLATFORM,
            )
            self._accept(parent, failed)

    def _child_chart(self, parent: str, entry: ChildEntry) -> StateChart:
        chart = self._charts[parent]
        inline = chart.children.get(entry.site)
        if inline is not None:
            return inline
        if self._load is None:
            raise StepError(f"nobody loads the chart {entry.src!r} of {entry.site}")
        return self._load(entry, chart)

    def _cancel(self, child: str) -> None:
        if child not in self.store:
            return
        chart, snapshot = self._charts[child], self.store.snapshot(child)
        self._step(chart, snapshot, Cancelled(self.clock.at()))

    def _finish(self, snapshot: Snapshot, finish: Finish) -> None:
        self.finished[snapshot.instance] = finish
        lineage = snapshot.lineage
        if lineage is None:
            return
        self.store.remove(snapshot.instance)
        if not finish.is_cancelled:
            name = f"done.invoke.{lineage.invoke_id}"
            done = Message(name, finish.data, invoke_id=lineage.invoke_id)
            self._accept(lineage.parent, done)

    def _perform(self, snapshot: Snapshot, id_: str, entry: RunEntry) -> None:
        at = self.clock.at()
        kept = self.store.kept(snapshot.instance)
        action = self._actions.get(entry.action)
        if action is None:
            known = ", ".join(sorted(self._actions)) or "none"
            problem = f"no action {entry.action!r} here, known: {known}"
            kept.results.append(Done(id_, Raised(problem, "NotFound"), at))
            return
        try:
            given = action(entry, dict(snapshot.data))
        except Exception as problem:  # noqa: BLE001 - author's code may raise anything
            raised = Raised(str(problem), type(problem).__name__)
            kept.results.append(Done(id_, raised, at))
            return
        patch = Patch(given) if given else None
        kept.results.append(Done(id_, Result(given or {}), at, patch))


def drive(chart: StateChart, *events: str | tuple[str, Json]) -> Sessions:
    """Begin one instance, send it events, and return the sessions.

    An event is a name, or a name with its payload.
    """
    sessions = Sessions()
    sessions.begin(chart)
    for event in events:
        name, data = (event, None) if isinstance(event, str) else event
        sessions.send("main", name, data)
    return sessions

"""Machines driven in one thread and in virtual time, children included.

    sessions = Sessions()
    sessions.begin(chart)
    sessions.send("main", "go")
    sessions.advance(5.0)

The laws of this file: it decides nothing: `driver.choose` says whose turn it
is, `stepper.step` what happens, the FakeStore keeps it. A delay is waited for
by moving the clock, so a suite of hour-long time-outs runs in milliseconds.
Author's code never runs here by itself: a `World` answers for it.
"""

from collections.abc import Mapping
from copy import copy

from smtui.chart import Chart, StateChart
from smtui.chart.messages import (
    Address,
    AddressKind,
    Answer,
    Ask,
    Lineage,
    Message,
    MessageKind,
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
    Kind,
    Log,
    Query,
    Raised,
    Result,
    Run,
    RunEntry,
    Settle,
    Snapshot,
    StartChild,
    Step,
)
from smtui.definition import Json
from smtui.driver import Offer, Wait, choose, journal
from smtui.errors import SmtuiError, StepError
from smtui.stepper import start, step
from smtui.testing.clock import ManualClock
from smtui.testing.queue import FakeQueue
from smtui.testing.shelf import answer_query
from smtui.testing.store import FakeStore
from smtui.testing.world import Action, Ending, Functions, Guard, Load, World

__all__ = ["Sessions", "drive"]

MAX_STEPS = 100_000
"""Without the clock moving: more is a fleet that chases itself."""


class Sessions:
    """Instances of machines, with one clock, one store and one job queue."""

    def __init__(
        self,
        *,
        guards: Mapping[str, Guard] | None = None,
        actions: Mapping[str, Action] | None = None,
        load: Load | None = None,
        world: World | None = None,
        most_steps: int = MAX_STEPS,
    ) -> None:
        """Make an empty stage; `world` stands in the place of the functions."""
        self.clock = ManualClock()
        self.store = FakeStore()
        self.queue = FakeQueue()
        self.logs: list[tuple[str, Log]] = []
        """Lines logged, with the instance that did."""
        self.sent: list[tuple[str, Send]] = []
        """Messages to machines that are not here, with the instance that sent."""
        self.steps: list[tuple[str, Step]] = []
        self.finished: dict[str, Finish] = {}
        self.runs: list[tuple[str, RunEntry]] = []
        """Actions that were asked for, with the instance that did."""
        self.world: World = world or Functions(guards or {}, actions or {})
        self._charts: dict[str, Chart] = {}
        self._names: dict[str, str] = {}
        self._load = load
        self._most_steps = most_steps
        self._later: list[tuple[float, str, Done]] = []
        """Results of actions that still take their time, with when and whose."""

    def fork(self, world: World) -> "Sessions":
        """Return the same again, to go its own way with another world."""
        other = copy(self)
        other.clock, other.store = self.clock.copy(), self.store.copy()
        other.queue, other.world = self.queue.copy(), world
        other.logs, other.sent = [*self.logs], [*self.sent]
        other.steps, other.runs = [*self.steps], [*self.runs]
        other.finished = dict(self.finished)
        vars(other).update(
            _charts=dict(self._charts),
            _names=dict(self._names),
            _later=[*self._later],
        )
        return other

    # ------------------------------------------------------------ the outside

    def begin(
        self,
        chart: Chart,
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

    def send(self, instance: str, event: str, data: Json = None) -> str:
        """Put an event into an inbox, and run until everything waits.

        Returns the id of its row, the cause of a row of the journal. Raises
        StoreError when there is no such instance.
        """
        self.store.kept(instance)
        id_ = self._accept(instance, Message(event, data))
        self.run()
        return id_

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
        chart, active = self._charts[instance], self.configuration(instance)
        return chart.leaves(active) if isinstance(chart, StateChart) else active

    def under_way(self) -> tuple[tuple[str, Done], ...]:
        """Return the results that are still to come, with whose they are."""
        return tuple((instance, done) for _, instance, done in self._later)

    # ------------------------------------------------------------- the inside

    def run(self) -> float | None:
        """Step until all wait; return when, on `clock.elapsed`, the next is due."""
        for _ in range(self._most_steps):
            self._let_end()
            dues = [self._turn(instance) for instance in self.store]
            if None not in dues:
                found = [due for due in dues if due is not None and due >= 0]
                found += [due for due, _, _ in self._later]
                retry = self.queue.next_due()
                return min(
                    [*found, retry] if retry is not None else found, default=None
                )
        raise StepError("the sessions never come to rest")

    def _let_end(self) -> None:
        """Hand over the results of actions whose time is over."""
        now = self.clock.elapsed()
        over = [one for one in self._later if one[0] <= now]
        if over:
            self._later = [one for one in self._later if one[0] > now]
        for _, instance, done in sorted(over, key=lambda one: one[0]):
            if instance in self.store:
                ended = done._replace(at=self.clock.at())
                self.store.kept(instance).results.append(ended)
        self.queue.promote(now)

    def _turn(self, instance: str) -> float | None:
        """Take one step; None when one was taken, else when the next is due.

        Returns -1 for an instance that waits for nothing but an event.
        """
        if instance not in self.store:  # it ended earlier in this round
            return -1.0
        chart, snapshot = self._charts[instance], self.store.snapshot(instance)
        kept = self.store.kept(instance)
        offer = Offer(self.clock.at(), kept.results, kept.inbox, self.queue.counters)
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

    def _step(self, chart: Chart, snapshot: Snapshot, given: In) -> None:
        answers: list[Answer] = []
        taken = step(chart, snapshot, given)
        while isinstance(taken, Ask):
            ask, noted = self.world.answer, self.queue.noted
            answers += [noted(question, ask(question)) for question in taken.questions]
            taken = step(chart, snapshot, given, answers)
        self.store.commit(taken, journal(snapshot, given, taken))
        self._carry_out(taken)

    def _begin(
        self,
        chart: Chart,
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
            reserved=_reserved(chart),
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
                case Run(id_, entry) | Query(id_, entry):
                    self._perform(taken.snapshot, id_, entry)
                case Settle():
                    self.queue.settle(effect, self.clock.elapsed())
                case Log():
                    self.logs.append((instance, effect))
                case Finish():
                    self._finish(taken.snapshot, effect)
                case _:
                    pass

    # ------------------------------------------------------- messages, children

    def _accept(self, instance: str, message: Message) -> str:
        """Put a message into an inbox; '' when there is no such instance."""
        id_ = self.store.new_id()
        event = Event(message.name, message.data, id_, self.clock.at(), message=message)
        return id_ if self.store.accept(instance, event) else ""

    def _deliver(self, sender: str, send: Send) -> None:
        to: Address = send.to
        name = to.name
        if to.kind is AddressKind.MACHINE:
            name = self._names.get(to.name, "")
        if not name or not self._accept(name, send.message):
            self.sent.append((sender, send))

    def _start_child(self, parent: str, entry: ChildEntry) -> None:
        if entry.type:
            return  # a machine: the test plays its part
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
        if not isinstance(chart, StateChart):
            raise StepError(f"{parent} is no statechart and invokes nothing")
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
            origin = f"#_scxml_{snapshot.instance}"
            done = Message(
                name, finish.data, origin=origin, invoke_id=lineage.invoke_id
            )
            self._accept(lineage.parent, done)

    def _perform(self, snapshot: Snapshot, id_: str, entry: RunEntry) -> None:
        """Let an action end, now or when its time is over."""
        instance = snapshot.instance
        self.runs.append((instance, entry))
        ending = self.world.perform(snapshot, entry) or self._own(snapshot, entry)
        answer = ending.answer
        if entry.topics and isinstance(answer, Result):
            seen = {topic: self.queue.counters[topic] for topic in entry.topics}
            answer = answer._replace(counters=seen)
        done = Done(id_, answer, self.clock.at(), ending.patch)
        if ending.takes_s > 0:
            due = self.clock.elapsed() + ending.takes_s
            self._later.append((due, instance, done))
        else:
            self.store.kept(instance).results.append(done)

    def _own(self, snapshot: Snapshot, entry: RunEntry) -> Ending:
        """Answer an action that the world leaves to us."""
        now = self.clock.elapsed()
        if entry.action == "sleep" and entry.kind is Kind.WORLD:
            due = entry.args.get("due")
            until = due[1] if isinstance(due, list) else now
            return Ending(Result({}), takes_s=max(0.0, float(str(until)) - now))
        if entry.kind is not Kind.STORE:
            return Ending(Raised(f"nobody performs {entry.action!r} here", "NotFound"))
        for settle in entry.settle:
            self.queue.settle(settle, now)
        self.queue.promote(now)
        machine = next(
            (n for n, one in self._names.items() if one == snapshot.instance), ""
        )
        found = self.queue.do(entry.action, machine, entry.args, now)
        if found is None:
            inbox = self.store.kept(snapshot.instance).inbox
            found, sent = answer_query(entry, inbox)
            if sent is not None:
                self._deliver(snapshot.instance, sent)
        answer = found if isinstance(found, Raised) else Result(found)
        return Ending(answer)


def _reserved(chart: Chart) -> Mapping[str, Json]:
    """Return the keys of the data that a machine owns."""
    if isinstance(chart, StateChart):
        return {}
    return {"machine_name": chart.definition.name}


def drive(chart: Chart, *events: str | tuple[str, Json]) -> Sessions:
    """Begin one instance, send it events, and return the sessions.

    An event is a name, or a name with its payload.
    """
    sessions = Sessions()
    sessions.begin(chart)
    for event in events:
        name, data = (event, None) if isinstance(event, str) else event
        sessions.send("main", name, data)
    return sessions

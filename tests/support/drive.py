"""A whole fleet in one thread and virtual time, for tests of the pure core.

`Fleet` keeps what a store keeps (snapshots, inbox, jobs, counters, results) and
drives every machine with the real driver and stepper. World actions are texts
of the form `NAME SECONDS [EXIT]`: they take virtual time and their effect is
kept once per idempotency key, like an idempotent receiver would.

`kill_at=n` forgets everything uncommitted around commit n and resumes.
"""

import heapq
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from smtui.chart import ListChart, compile_chart, decode, encode
from smtui.chart.values import (
    At,
    Done,
    Event,
    Given,
    In,
    Kind,
    Query,
    Raised,
    Result,
    RunEntry,
    Settle,
    Snapshot,
    Status,
    Step,
)
from smtui.definition import Definition, Json
from smtui.dialects import load_text
from smtui.driver import Offer, Row, Wait, choose, journal
from smtui.stepper import start
from smtui.testing.queue import FakeQueue, Job
from smtui.testing.shelf import answer_query
from tests.support.steps import step

BOOT = "boot-1"


def definition_of(text: str, name: str = "m") -> Definition:
    """Return the definition of an engine YAML text; its problems fail the test."""
    loaded = load_text(text, f"{name}.yaml")
    assert isinstance(loaded.definition, Definition), loaded.problems
    return loaded.definition


@dataclass
class Machine:
    """One machine of the fleet: what is stored, and what only memory has."""

    name: str
    chart: ListChart
    stored: str = ""
    inbox: list[Event] = field(default_factory=list)
    results: dict[str, Result | Raised] = field(default_factory=dict)
    journal: list[Row] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    running: set[str] = field(default_factory=set)
    moves: list[tuple[str, str, str]] = field(default_factory=list)
    """(from, event, to) of every transition, those of idle passes too."""
    commits: int = 0
    idle: int = 0
    handed: tuple[str, ...] = ()
    context: dict[str, Json] = field(default_factory=dict)

    @property
    def snapshot(self) -> Snapshot:
        return decode(json.loads(self.stored))

    @property
    def state(self) -> str:
        return self.snapshot.configuration[0]

    def transitions(self) -> list[tuple[str, str, str]]:
        """Return (from, event, to) of every journalled transition."""
        return [
            (str(m["from"]), str(m["event"]), str(m["to"]))
            for row in self.journal
            for m in row.micro
            if m["from"]
        ]


Look: TypeAlias = Callable[[Machine, Snapshot, In | Wait, Step | None], None]


class Fleet:
    """Machines, a queue and a clock."""

    def __init__(self, kill_at: int | None = None) -> None:
        self.now = 1000.0
        self.machines: dict[str, Machine] = {}
        self.queue = FakeQueue()
        self.counters = self.queue.counters
        self.jobs = self.queue.jobs
        self.effects: list[str] = []
        """Names of the World actions that took effect, in order."""
        self.starts: list[tuple[float, str]] = []
        self.keys: set[str] = set()
        self.agenda: list[tuple[float, int, Callable[[], None]]] = []
        self.sequence = 0
        self.commits = 0
        self.kill_at = kill_at
        self.templates: dict[str, str] = {}
        self.steps = 0
        self.looks: Look | None = None
        """Called at each turn: machine, snapshot, what was chosen, the step."""

    # ------------------------------------------------------------ the outside

    def at(self) -> At:
        return At(1_700_000_000 + self.now, self.now, BOOT)

    def add(self, made: str | Definition, name: str = "m", **context: Json) -> Machine:
        definition = definition_of(made, name) if isinstance(made, str) else made
        machine = Machine(name, compile_chart(definition))
        machine.context = dict(context)
        self.machines[name] = machine
        self._begin(machine)
        return machine

    def send(self, name: str, event: str, **payload: Json) -> None:
        self.sequence += 1
        row = Event(event, payload, f"ev{self.sequence:04}", self.at())
        self.machines[name].inbox.append(row)

    def add_job(self, id_: str, type_: str = "t", **data: Json) -> None:
        self.queue.add(id_, type_, data)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        self.sequence += 1
        heapq.heappush(self.agenda, (self.now + seconds, self.sequence, act))

    def run(self, seconds: float) -> None:
        """Let virtual time pass."""
        end = self.now + seconds
        while True:
            due = self._step_all()
            dues = (due, self._next_on_agenda(), self.queue.next_due())
            upcoming = [due for due in dues if due is not None]
            if not upcoming or min(upcoming) > end:
                break
            then = min(upcoming)
            self.now = max(self.now, then)
            while self.agenda and self.agenda[0][0] <= self.now:
                heapq.heappop(self.agenda)[2]()
        self.now = end

    # ------------------------------------------------------------- the inside

    def _next_on_agenda(self) -> float | None:
        return self.agenda[0][0] if self.agenda else None

    def _begin(self, machine: Machine) -> None:
        given = Given(
            machine=machine.name,
            instance="main",
            run=1,
            id=f"start-{machine.name}",
            at=self.at(),
            reserved={"machine_name": machine.name},
            held=machine.handed,
        )
        begun = start(machine.chart, machine.context, given)
        self._commit(machine, None, None, begun, None)

    def _step_all(self) -> float | None:
        """Step every machine until all wait; return the earliest due instant."""
        while True:
            waits = [self._step_one(m) for m in list(self.machines.values())]
            if all(isinstance(w, Wait) for w in waits):
                dues = [w.until.boot for w in waits if isinstance(w, Wait) and w.until]
                return min(dues, default=None)

    def _step_one(self, machine: Machine) -> Wait | None:
        snapshot = machine.snapshot
        self._resume(machine, snapshot)
        self.queue.promote(self.now)
        stored = [
            Done(id_, answer, self.at()) for id_, answer in machine.results.items()
        ]
        offer = Offer(self.at(), [*stored, *machine.done], machine.inbox, self.counters)
        given = choose(machine.chart, snapshot, offer)
        if isinstance(given, Wait):
            if self.looks is not None:
                self.looks(machine, snapshot, given, None)
            return given
        if isinstance(given, Event):
            given = given._replace(at=self.at())
        self.steps += 1
        assert self.steps < 20_000, "the fleet spins"
        before = json.dumps(encode(snapshot))
        result = step(machine.chart, snapshot, given)
        assert json.dumps(encode(snapshot)) == before, "step changed its arguments"
        if self.looks is not None:
            self.looks(machine, snapshot, given, result)
        self._commit(machine, snapshot, given, result, given)
        return None

    def _resume(self, machine: Machine, snapshot: Snapshot) -> None:
        """Perform what is pending without a result and not under way."""
        for id_, entry in snapshot.pending.items():
            if not isinstance(entry, RunEntry) or id_ in machine.running:
                continue
            if id_ in machine.results or any(d.id == id_ for d in machine.done):
                continue
            machine.running.add(id_)
            if entry.kind is Kind.STORE:
                machine.results[id_] = self._perform(machine, entry)
                machine.running.discard(id_)
            else:
                self._world(machine, id_, entry)

    def _commit(
        self,
        machine: Machine,
        before: Snapshot | None,
        given: In | None,
        result: Step,
        handled: In | None,
    ) -> None:
        self.commits += 1
        if self.commits == self.kill_at:
            self._kill(machine)
            if before is not None:
                return
        machine.stored = json.dumps(encode(result.snapshot))
        machine.commits += 1
        machine.moves += [(m.source, m.event, m.target) for m in result.micro]
        row = journal(before, given, result)
        if row is None:
            machine.idle += 1
        else:
            machine.journal.append(row)
        if isinstance(handled, Event):
            machine.inbox = [e for e in machine.inbox if e.id != handled.id]
        if isinstance(handled, Done):
            machine.results.pop(handled.id, None)
            machine.done = [d for d in machine.done if d.id != handled.id]
        self._carry_out(machine, result)
        if self.commits + 1 == self.kill_at:
            self.commits += 1
            self._kill(machine)

    def _carry_out(self, machine: Machine, result: Step) -> None:
        """Settle jobs and answer queries, as a commit does."""
        for effect in result.effects:
            if isinstance(effect, Settle):
                self.queue.settle(effect, self.now)
            elif isinstance(effect, Query):
                machine.results[effect.id] = self._perform(machine, effect.entry)

    def _kill(self, machine: Machine) -> None:
        """Forget what only memory had; what runs in the world runs on, unheard."""
        machine.done = []
        machine.running = set()

    def _world(self, machine: Machine, id_: str, entry: RunEntry) -> None:
        if entry.action == "sleep":
            due = entry.args["due"]
            assert isinstance(due, list)
            seconds, name, code = float(str(due[1])) - self.now, "sleep", 0
        else:
            name, *rest = str(entry.args["command"]).split()
            seconds = float(rest[0]) if rest else 0.0
            code = int(rest[1]) if len(rest) > 1 else 0
        self.starts.append((self.now, name))
        value: dict[str, Json] = {"exit": code, "stderr": "", "last_line": None}
        mark = machine.running

        def finish() -> None:
            if entry.key not in self.keys and name != "sleep":
                self.keys.add(entry.key)
                self.effects.append(name)
            if machine.running is mark:
                machine.done.append(Done(id_, Result(value), self.at()))
                machine.running.discard(id_)

        self.later(max(0.0, seconds), finish)

    # -------------------------------------------------------- the fake store

    def _perform(self, machine: Machine, entry: RunEntry) -> Result | Raised:
        for settle in entry.settle:
            self.queue.settle(settle, self.now)
        self.queue.promote(self.now)
        answer: dict[str, Json] | Raised | None = self.queue.do(
            entry.action, machine.name, entry.args, self.now
        )
        if answer is None:
            answer = self._answer(machine, entry)
        if isinstance(answer, Raised):
            return answer
        return Result(answer, {t: self.counters[t] for t in entry.topics})

    def _answer(self, machine: Machine, entry: RunEntry) -> dict[str, Json]:
        if entry.action == "start_fsm":
            return self._start_fsm(dict(entry.args))
        answer, sent = answer_query(entry, machine.inbox)
        if sent is not None and sent.to.name in self.machines:
            payload = sent.message.data
            data = payload if isinstance(payload, dict) else {}
            self.send(sent.to.name, sent.message.name, **data)
        return answer

    def _start_fsm(self, args: dict[str, Json]) -> dict[str, Json]:
        name = str(args["machine_name"])
        if name in self.machines:
            return {"created": False}
        text = self.templates[str(args["yaml_path"]).rsplit("/", 1)[-1]]
        child = Machine(name, compile_chart(definition_of(text, name)))
        context, jobs = args["context"], args["jobs"]
        assert isinstance(context, dict)
        assert isinstance(jobs, list)
        child.context = context
        child.handed = tuple(str(job) for job in jobs)
        self.machines[name] = child
        self._begin(child)
        return {"created": True}


def statuses(fleet: Fleet) -> dict[str, str]:
    """Return job id -> status."""
    return {job.id: job.status for job in fleet.jobs.values()}


__all__ = ["Fleet", "Job", "Machine", "Status", "definition_of", "statuses"]

"""The queue under any sequence of acts, beside a model of a few lines.

No job is lost, none is in two hands, none ends twice, and the claim is always
the first by priority and age of those that can be had.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from smtui.chart.values import Settle, Settlement, Snapshot
from smtui.definition import Json
from smtui.errors import StoreError
from smtui.store import JobState, Owner, Writer
from smtui.store.jobs import ENDED, retry_delay_s
from tests.support.store import (
    HandClock,
    ask,
    open_writer,
    own,
    query,
    snapshot,
    step,
    value,
)

MACHINES = ("m1", "m2")
TYPES = ("a", "b")


@dataclass
class Model:
    """What a job should be."""

    job_type: str
    machine_type: str | None
    priority: int
    age: int
    max_attempts: int
    status: JobState = JobState.AVAILABLE
    attempts: int = 0
    due: float = 0.0
    holder: str | None = None


class QueueMachine(RuleBasedStateMachine):
    """Two owners, an operator, a clock, and crashes."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = HandClock()
        self.writer: Writer = open_writer(Path(self.folder.name), self.clock)
        self.writer._db._conn.execute("PRAGMA synchronous = OFF")
        self.jobs: dict[str, Model] = {}
        self.owners: dict[str, Owner] = {}
        self.asked = 0

    def teardown(self) -> None:
        self.writer.close()
        self.folder.cleanup()

    @initialize()
    def begin(self) -> None:
        for name in MACHINES:
            self.owners[name] = own(self.writer, name)
            self.keep(name)

    # ------------------------------------------------------------- acts

    @rule(
        target=ids,
        job_type=st.sampled_from(TYPES),
        machine_type=st.sampled_from([None, "x", "y"]),
        priority=st.integers(1, 3),
        delay_s=st.sampled_from([0.0, 0.0, 7.0]),
        max_attempts=st.integers(1, 3),
    )
    def add(
        self,
        job_type: str,
        machine_type: str | None,
        priority: int,
        delay_s: float,
        max_attempts: int,
    ) -> str:
        added = self.writer.add_job(
            job_type,
            {},
            source="test",
            priority=priority,
            machine_type=machine_type,
            delay_s=delay_s,
            max_attempts=max_attempts,
        )
        model = Model(job_type, machine_type, priority, len(self.jobs), max_attempts)
        if delay_s:
            model.status = JobState.SCHEDULED
            model.due = self.clock.boot + delay_s
        self.jobs[added.id] = model
        return added.id

    @rule(
        name=st.sampled_from(MACHINES),
        job_type=st.sampled_from(TYPES),
        machine_type=st.sampled_from([None, "x", "y"]),
    )
    def claim(self, name: str, job_type: str, machine_type: str | None) -> None:
        got = self.ask(
            name, "check_database_queue", job_type=job_type, machine_type=machine_type
        )
        self.promote()
        free = [
            id_
            for id_, job in self.jobs.items()
            if job.status is JobState.AVAILABLE
            and job.job_type == job_type
            and (machine_type is None or job.machine_type in {None, machine_type})
        ]
        free.sort(key=lambda id_: (self.jobs[id_].priority, self.jobs[id_].age))
        job = got["job"]
        claimed = job["id"] if isinstance(job, dict) else None

        assert claimed == (free[0] if free else None)

        if free:
            self.take(name, free[0])

    @rule(name=st.sampled_from(MACHINES), id_=ids)
    def claim_one(self, name: str, id_: str) -> None:
        got = self.ask(name, "claim_job", job_id=id_)
        self.promote()
        was_free = self.jobs[id_].status is JobState.AVAILABLE

        assert got["claimed"] is was_free

        if was_free:
            self.take(name, id_)

    @rule(name=st.sampled_from(MACHINES), id_=ids, how=st.sampled_from(Settlement))
    def settle(self, name: str, id_: str, how: Settlement) -> None:
        job = self.jobs[id_]
        settles = (Settle(id_, how, "broke"),)
        self.writer.commit(
            self.owners[name], [step(self.snapshot(name), settles=settles)]
        )
        if job.status is JobState.RUNNING and job.holder == name:
            match how:
                case Settlement.COMPLETED:
                    job.status = JobState.COMPLETED
                case Settlement.RELEASED:
                    self.back(job)
                case Settlement.FAILED:
                    self.fail(job)
        self.keep(name)

    @rule(name=st.sampled_from(MACHINES), id_=ids)
    def fail_by_anyone(self, name: str, id_: str) -> None:
        self.ask(name, "fail_job", job_id=id_)
        job = self.jobs[id_]
        if job.status not in ENDED:
            job.attempts += job.status is not JobState.RUNNING
            self.fail(job)
        self.keep_all()

    @rule(name=st.sampled_from(MACHINES), crashed=st.booleans())
    def die(self, name: str, crashed: bool) -> None:
        epoch = self.writer.raise_epoch(name, [name], crashed=crashed)
        self.owners[name] = Owner(name, epoch)
        for job in self.jobs.values():
            if job.status is JobState.RUNNING and job.holder == name:
                job.attempts += crashed

    @rule(name=st.sampled_from(MACHINES))
    def start_over(self, name: str) -> None:
        self.writer.end_run(name)
        for job in self.jobs.values():
            if job.status is JobState.RUNNING and job.holder == name:
                self.back(job)
        self.keep(name)

    @rule(id_=ids)
    def retry(self, id_: str) -> None:
        job = self.jobs[id_]
        try:
            self.writer.retry_job(id_, "me")
        except StoreError:
            assert job.status is JobState.RUNNING
        else:
            assert job.status is not JobState.RUNNING
            job.status, job.attempts = JobState.AVAILABLE, 0

    @rule(id_=ids)
    def cancel(self, id_: str) -> None:
        job = self.jobs[id_]
        try:
            self.writer.cancel_job(id_, "me")
        except StoreError:
            assert job.status is JobState.RUNNING or job.status in ENDED
        else:
            job.status = JobState.CANCELLED

    @rule(seconds=st.sampled_from([1.0, 2.0, 5.0, 60.0]))
    def wait(self, seconds: float) -> None:
        self.clock.pass_s(seconds)

    @precondition(lambda self: bool(self.jobs))
    @rule()
    def reboot(self) -> None:
        self.writer.close()
        left = {id_: job.due - self.clock.boot for id_, job in self.jobs.items()}
        self.clock.reboot(down_s=1.0)
        for id_, job in self.jobs.items():
            job.due = self.clock.boot + max(0.0, left[id_] - 1.0)
        self.writer = open_writer(Path(self.folder.name), self.clock)
        for name in MACHINES:
            epoch = self.writer.raise_epoch(name, [name])
            self.owners[name] = Owner(name, epoch)

    # ------------------------------------------------------ what must hold

    @invariant()
    def every_job_is_what_the_model_says(self) -> None:
        for id_, model in self.jobs.items():
            job = self.writer.job(id_)
            assert job is not None
            assert (job.status, job.attempts) == (model.status, model.attempts)
            if model.status is JobState.RUNNING:
                owner = self.owners[model.holder or ""]
                assert (job.machine, job.epoch) == owner

    @invariant()
    def the_counts_are_those_of_the_rows(self) -> None:
        with self.writer._db.reading() as tx:
            kept = tx.every("SELECT * FROM job_sizes WHERE n <> 0")
            counted = tx.every(
                "SELECT job_type, coalesce(machine_type, '') AS machine_type, status,"
                " count(*) AS n FROM jobs GROUP BY 1, 2, 3"
            )
        assert {tuple(row) for row in kept} == {tuple(row) for row in counted}

    # -------------------------------------------------------------- helpers

    def ask(self, name: str, action: str, **args: Json) -> dict[str, Json]:
        self.asked += 1
        id_ = f"q.{self.asked}"
        owner = self.owners[name]
        answer = ask(
            self.writer, owner, query(action, id_, **args), self.snapshot(name)
        )
        self.writer.commit(owner, [step(self.snapshot(name), consumed=(id_,))])
        return dict(value(answer))

    def take(self, name: str, id_: str) -> None:
        job = self.jobs[id_]
        job.status, job.holder = JobState.RUNNING, name
        job.attempts += 1
        self.keep(name)

    def keep_all(self) -> None:
        for name in MACHINES:
            self.keep(name)

    def keep(self, name: str) -> None:
        """Commit a snapshot that holds what the model says it holds."""
        self.writer.commit(self.owners[name], [step(self.snapshot(name))])

    def snapshot(self, name: str) -> Snapshot:
        held = {
            id_: "queue"
            for id_, job in self.jobs.items()
            if job.status is JobState.RUNNING and job.holder == name
        }
        return snapshot(held=held)

    def back(self, job: Model) -> None:
        job.status = JobState.AVAILABLE
        job.attempts = max(0, job.attempts - 1)
        job.holder = None

    def fail(self, job: Model) -> None:
        job.holder = None
        if job.attempts >= job.max_attempts:
            job.status = JobState.DISCARDED
        else:
            job.status = JobState.RETRYABLE
            job.due = self.clock.boot + retry_delay_s(job.attempts)

    def promote(self) -> None:
        """Make available what is due, as every claim does."""
        for job in self.jobs.values():
            waits = job.status in {JobState.RETRYABLE, JobState.SCHEDULED}
            if waits and job.due <= self.clock.boot:
                job.status = JobState.AVAILABLE


TestQueue = pytest.mark.acceptance(QueueMachine.TestCase)
TestQueue.settings = settings(
    max_examples=settings().max_examples // 2,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

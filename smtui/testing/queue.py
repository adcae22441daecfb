"""The job queue of machines in virtual time, and what there is to watch.

Instants are handed in, as seconds of the clock whose machines use the queue.
The answers of `do` are those of the engine dialect's store actions.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from smtui.chart.messages import Answer, Question, QuestionKind
from smtui.chart.values import Raised, Settle, Settlement
from smtui.definition import Json

__all__ = ["FakeQueue", "Job"]

MOST_ATTEMPTS = 3


@dataclass
class Job:
    """A job of the fake queue."""

    id: str
    type: str
    data: dict[str, Json] = field(default_factory=dict[str, Json])
    status: str = "available"
    """available, running, retryable, completed or discarded."""
    attempts: int = 0
    due: float = 0.0
    """When a retryable one is available again."""
    holder: str = ""


class FakeQueue:
    """What a store does with jobs."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.counters = Counter[str]()
        """How often a topic (`jobs/TYPE`, `jobs_ended`) has changed."""

    def copy(self) -> "FakeQueue":
        """Return a queue with the same jobs that goes its own way."""
        other = FakeQueue()
        other.jobs = {id_: replace(job) for id_, job in self.jobs.items()}
        other.counters = self.counters.copy()
        return other

    def add(self, id_: str, type_: str, data: Mapping[str, Json]) -> None:
        """Add a job that is available at once."""
        self.jobs[id_] = Job(id_, type_, dict(data))
        self._changed(type_)

    def let_move(self, *machines: str) -> None:
        """Note that machines outside have moved: who watches them looks again."""
        self.counters.update(_topic(machine) for machine in machines)

    def noted(self, question: Question, answer: Answer) -> Answer:
        """Return the answer with what changes when the machine asked for moves."""
        if question.kind is not QuestionKind.PEER:
            return answer
        topic = _topic(question.name)
        return answer._replace(topics={topic: self.counters[topic]})

    def promote(self, now: float) -> None:
        """Make the retryable jobs that are due available."""
        for job in self.jobs.values():
            if job.status == "retryable" and job.due <= now:
                job.status = "available"
                self._changed(job.type)

    def next_due(self) -> float | None:
        """Return when the next retryable job is due, None for never."""
        dues = [job.due for job in self.jobs.values() if job.status == "retryable"]
        return min(dues, default=None)

    def settle(self, settle: Settle, now: float) -> None:
        """Complete, fail or give back a job; one that does not run is left alone."""
        job = self.jobs.get(settle.job_id)
        if job is None or job.status != "running":
            return
        match settle.how:
            case Settlement.COMPLETED:
                job.status = "completed"
                self.counters["jobs_ended"] += 1
            case Settlement.RELEASED:
                job.status = "available"
                job.attempts -= 1
                self._changed(job.type)
            case Settlement.FAILED:
                self._fail(job, now)

    def _fail(self, job: Job, now: float) -> None:
        if job.attempts >= MOST_ATTEMPTS:
            job.status = "discarded"
            self.counters["jobs_ended"] += 1
        else:
            job.status = "retryable"
            job.due = now + 2.0**job.attempts

    def _changed(self, type_: str) -> None:
        self.counters[f"jobs/{type_}"] += 1
        self.counters["jobs"] += 1

    # ------------------------------------------------------- the store's actions

    def do(  # noqa: PLR0911 - one for each action
        self, action: str, machine: str, args: Mapping[str, Json], now: float
    ) -> dict[str, Json] | Raised | None:
        """Return the answer to a machine's action; None for one not of jobs."""
        match action:
            case "check_database_queue":
                return {"job": self._next(machine, args["job_type"])}
            case "get_pending_jobs":
                return {"jobs": self._pending(args.get("job_type"))}
            case "claim_job":
                return {"claimed": self._claim(machine, str(args["job_id"]))}
            case "complete_job":
                return self._complete(str(args["job_id"]))
            case "fail_job":
                return self._give_up(str(args["job_id"]), now)
            case "add_job":
                return self._enqueue(args)
            case "wait_for_jobs":
                return self._ended(args["ids"])
            case _:
                return None

    def _next(self, machine: str, type_: Json) -> Json:
        for job in self.jobs.values():
            if job.status == "available" and job.type == type_:
                self._claim(machine, job.id)
                return {"id": job.id, "job_type": job.type, "data": job.data}
        return None

    def _pending(self, type_: Json) -> Json:
        return [
            {"job_id": job.id, "job_type": job.type, "data": job.data}
            for job in self.jobs.values()
            if job.status == "available" and type_ in (None, "", job.type)
        ]

    def _claim(self, machine: str, id_: str) -> bool:
        job = self.jobs.get(id_)
        if job is None or job.status != "available":
            return False
        job.status, job.holder = "running", machine
        job.attempts += 1
        return True

    def _complete(self, id_: str) -> dict[str, Json] | Raised:
        job = self.jobs.get(id_)
        if job is None:
            return Raised(f"no job {id_!r}")
        job.status = "completed"
        self.counters["jobs_ended"] += 1
        return {"completed": True}

    def _give_up(self, id_: str, now: float) -> dict[str, Json] | Raised:
        job = self.jobs.get(id_)
        if job is None:
            return Raised(f"no job {id_!r}")
        self._fail(job, now)
        return {"failed": True, "status": job.status}

    def _enqueue(self, args: Mapping[str, Json]) -> dict[str, Json]:
        data = args.get("data")
        id_ = str(args.get("job_id") or f"job-{len(self.jobs) + 1:04}")
        self.add(id_, str(args["job_type"]), data if isinstance(data, dict) else {})
        return {"id": id_}

    def _ended(self, ids: Json) -> dict[str, Json]:
        by: dict[str, list[Json]] = {"completed": [], "failed": [], "pending": []}
        for id_ in ids if isinstance(ids, list) else []:
            job = self.jobs.get(str(id_))
            # one nobody knows will never end: waiting for it would be for ever
            status = "discarded" if job is None else job.status
            word = {"completed": "completed", "discarded": "failed"}.get(status)
            by[word or "pending"].append(id_)
        return {**by}


def _topic(machine: str) -> str:
    return f"state/{machine}/main"

"""The job queue of a fleet in virtual time."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from smtui.chart.values import Raised, Settle, Settlement
from smtui.definition import Json

__all__ = ["FakeQueue", "Job"]


@dataclass
class Job:
    """A job of the fake queue."""

    id: str
    type: str
    data: dict[str, Json]
    status: str = "available"
    attempts: int = 0
    due: float = 0.0
    holder: str = ""


class FakeQueue:
    """What a store does with jobs; `do_...` are the actions of machines."""

    def __init__(
        self,
        counters: Counter[str],
        now: Callable[[], float],
        later: Callable[[float, Callable[[], None]], None],
    ) -> None:
        self.jobs: dict[str, Job] = {}
        self.counters = counters
        self.now = now
        self.later = later

    def promote(self) -> None:
        for job in self.jobs.values():
            if job.status == "retryable" and job.due <= self.now():
                job.status = "available"
                self.counters[f"jobs/{job.type}"] += 1

    def settle(self, settle: Settle) -> None:
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
                self.counters[f"jobs/{job.type}"] += 1
            case Settlement.FAILED:
                self._fail(job)

    def _fail(self, job: Job) -> None:
        if job.attempts >= 3:
            job.status = "discarded"
            self.counters["jobs_ended"] += 1
        else:
            job.status = "retryable"
            job.due = self.now() + 2.0**job.attempts
            self.later(2.0**job.attempts, lambda: None)

    def do_check_database_queue(
        self, machine: str, args: dict[str, Json]
    ) -> dict[str, Json]:
        for job in self.jobs.values():
            if job.status == "available" and job.type == args["job_type"]:
                job.status, job.holder = "running", machine
                job.attempts += 1
                return {"job": {"id": job.id, "job_type": job.type, "data": job.data}}
        return {"job": None}

    def do_get_pending_jobs(
        self, machine: str, args: dict[str, Json]
    ) -> dict[str, Json]:
        del machine
        found: list[Json] = [
            {"job_id": j.id, "job_type": j.type, "data": j.data}
            for j in self.jobs.values()
            if j.status == "available" and j.type == args["job_type"]
        ]
        return {"jobs": found}

    def do_claim_job(self, machine: str, args: dict[str, Json]) -> dict[str, Json]:
        job = self.jobs.get(str(args["job_id"]))
        if job is None or job.status != "available":
            return {"claimed": False}
        job.status, job.holder = "running", machine
        job.attempts += 1
        return {"claimed": True}

    def do_complete_job(
        self, machine: str, args: dict[str, Json]
    ) -> dict[str, Json] | Raised:
        del machine
        job = self.jobs.get(str(args["job_id"]))
        if job is None:
            return Raised(f"no job {args['job_id']!r}")
        job.status = "completed"
        self.counters["jobs_ended"] += 1
        return {"completed": True}

    def do_wait_for_jobs(self, machine: str, args: dict[str, Json]) -> dict[str, Json]:
        del machine
        ids = args["ids"]
        assert isinstance(ids, list)
        by: dict[str, list[Json]] = {"completed": [], "failed": [], "pending": []}
        for id_ in ids:
            status = self.jobs[str(id_)].status
            word = {"completed": "completed", "discarded": "failed"}.get(status)
            by[word or "pending"].append(id_)
        return {**by}

"""The job queue of the naive machine: what it holds, and when it tries again."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Job", "Queue"]


@dataclass
class Job:
    id: str
    status: str = "available"
    attempts: int = 0
    due: float = 0.0


class Queue:
    """Jobs of one type, one machine that works on them, and their clock."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.jobs: dict[str, Job] = {}
        self.held: list[str] = []
        self.counter = 0
        """How often a job has become available."""
        self.now = now

    def add(self, id_: str) -> None:
        self.jobs[id_] = Job(id_)
        self.counter += 1

    def claim(self) -> list[str]:
        """Take the first job that is available; nobody holds it yet."""
        self.retry()
        free = [job for job in self.jobs.values() if job.status == "available"][:1]
        for job in free:
            job.status, job.attempts = "running", job.attempts + 1
        return [job.id for job in free]

    def settle(self, how: str) -> list[float]:
        """Complete what is held, or count a failed attempt.

        Returns after how many seconds something may be tried again.
        """
        pauses: list[float] = []
        for job in (self.jobs[id_] for id_ in self.held):
            job.status = how
            if how == "failed":
                job.status = "discarded" if job.attempts >= 3 else "retryable"
                pauses.append(2.0**job.attempts)
                job.due = self.now() + pauses[-1]
        self.held = []
        return pauses

    def release(self, *ids: str) -> None:
        """Give jobs back as if they had never been claimed."""
        for job in (self.jobs[id_] for id_ in ids):
            job.status, job.attempts = "available", job.attempts - 1
            self.counter += 1
        self.held = [id_ for id_ in self.held if id_ not in ids]

    def retry(self) -> None:
        """Make available what has waited long enough."""
        for job in self.jobs.values():
            if job.status == "retryable" and job.due <= self.now():
                job.status = "available"
                self.counter += 1

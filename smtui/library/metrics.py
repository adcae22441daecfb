"""A metrics collector: how many, how well, how fast.

Counts go on for ever; durations are those of the last events, so that the
collector never grows.
"""

from collections import Counter, deque
from collections.abc import Mapping
from math import ceil
from threading import Lock
from typing import TypedDict

from smtui.definition import Json
from smtui.library.results import TransitionResult

__all__ = ["Durations", "MetricsCollector", "MetricsSummary"]

KEPT = 10_000
"""Durations the percentiles are of: 80 kB."""


class Durations(TypedDict):
    """How long events took, in milliseconds; all 0 where none was measured."""

    min_ms: float
    max_ms: float
    avg_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


class MetricsSummary(TypedDict):
    """What a collector knows, under PyStator's keys."""

    total_transitions: int
    """Events, taken or refused."""
    successful: int
    failed: int
    """Refused."""
    errors: int
    """What raised: an action, a binding, a store."""
    success_rate: float
    """0 to 1."""
    by_trigger: dict[str, int]
    by_source_state: dict[str, int]
    by_target_state: dict[str, int]
    duration: Durations


class MetricsCollector:
    """A hook that counts; safe to share between threads."""

    def __init__(self, kept: int = KEPT) -> None:
        """Keep the durations of so many events."""
        self._lock = Lock()
        self._kept = kept
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        with self._lock:
            self._successful = self._failed = self._errors = 0
            self._by_trigger: Counter[str] = Counter()
            self._by_source: Counter[str] = Counter()
            self._by_target: Counter[str] = Counter()
            self._durations: deque[float] = deque(maxlen=self._kept)

    def on_before_process(
        self, state: str, trigger: str, context: Mapping[str, Json]
    ) -> None:
        """Count nothing yet."""

    def on_transition_start(self, result: TransitionResult) -> None:
        """Count nothing yet."""

    def on_transition_complete(
        self, result: TransitionResult, duration_ms: float
    ) -> None:
        """Count an event."""
        with self._lock:
            self._successful += result.success
            self._failed += not result.success
            self._by_trigger[result.trigger] += 1
            self._by_source[result.source_state] += 1
            if result.target_state is not None:
                self._by_target[result.target_state] += 1
            self._durations.append(duration_ms)

    def on_transition_error(
        self, state: str, trigger: str, error: BaseException
    ) -> None:
        """Count an error."""
        del state, trigger, error
        with self._lock:
            self._errors += 1

    def get_summary(self) -> MetricsSummary:
        """Return all counts, and how long the last events took."""
        with self._lock:
            total = self._successful + self._failed
            return {
                "total_transitions": total,
                "successful": self._successful,
                "failed": self._failed,
                "errors": self._errors,
                "success_rate": self._successful / total if total else 0.0,
                "by_trigger": dict(self._by_trigger),
                "by_source_state": dict(self._by_source),
                "by_target_state": dict(self._by_target),
                "duration": _spread(sorted(self._durations)),
            }


def _spread(durations: list[float]) -> Durations:
    """Return the smallest, largest and average, and the nearest-rank percentiles."""
    durations = durations or [0.0]
    return {
        "min_ms": durations[0],
        "max_ms": durations[-1],
        "avg_ms": sum(durations) / len(durations),
        "p50_ms": _rank(durations, 50),
        "p95_ms": _rank(durations, 95),
        "p99_ms": _rank(durations, 99),
    }


def _rank(ordered: list[float], percent: int) -> float:
    return ordered[ceil(len(ordered) * percent / 100) - 1]

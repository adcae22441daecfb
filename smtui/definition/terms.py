"""The terms an author's action is done on: how long, how often, what if not.

A failure is either FINAL (a mistake of the code: done again it fails again) or
one of input and output that may pass: an OSError, a TimeoutError among them.
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CODE", "HTTP", "PERFORMED_HERE", "Failure", "OnError", "Terms"]

HTTP = "_http"
"""Name of the action that is a request written in the definition."""

CODE = "_code"
"""Name of the action that is Python written in the definition."""

PERFORMED_HERE = frozenset({HTTP, CODE})
"""Actions no author's function is bound to."""

MOST_PAUSE_S = 86_400.0
"""Attempts are a day apart at the most."""

_MOST_DOUBLINGS = 40


class OnError(StrEnum):
    """What follows when the last attempt has failed."""

    FAIL = "fail"
    """The action has failed: `error_policy` says what follows."""
    LOG = "log"
    """It is told in the log, and the step goes on."""
    IGNORE = "ignore"


class Failure(StrEnum):
    """What is known of a failed attempt."""

    FINAL = "final"
    PASSING = "passing"
    OPEN = "open"
    """Passing, and nobody knows whether it happened: no answer came. Tried
    again, it has the same idempotency key."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What an author says of one action beside what it does."""

    timeout_s: float | None = None
    """Of one attempt; None for as long as it takes."""
    retries: int | None = None
    """Further attempts after failures that may pass; None: `retry_attempts` of
    the error policy decides, for every failure."""
    backoff_s: float | None = None
    """Before the second attempt, doubled before each further one; None is 1 s
    for an action's own retries and no pause for those of the error policy."""
    on_error: OnError = OnError.FAIL

    def may_try_again(self, tries: int, policy: int, failure: Failure) -> bool:
        """Say whether to try again after `tries` further attempts.

        `policy` is how many of them the error policy gives.
        """
        if self.retries is None:
            return tries < policy
        return tries < self.retries and failure is not Failure.FINAL

    def pause_s(self, tries: int) -> float:
        """Return seconds to wait before the next attempt."""
        first = self.backoff_s
        if first is None:
            first = 0.0 if self.retries is None else 1.0
        doubled: float = first * 2 ** min(tries, _MOST_DOUBLINGS)
        return min(MOST_PAUSE_S, doubled)

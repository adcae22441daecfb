"""Whether, and when, a child that ended is started again.

Pure: decide(policy, ledger, exit, jitter) -> Decision. It reads no clock and
draws no random number; both come in as values.

Words, and what each means unless a machine says otherwise:

- restart: always | on-failure | never (on-failure). A failure is an exit code
  that is not in success_exit_codes, or a signal.
- the first restart comes at once, the next after backoff: min 0.2 s, doubled
  each time, max 30 s, each 20 % more or less, so that children that fell
  together do not come back together
- intensity: when the 5th exit inside 60 s has happened, the child is given up
- stable: after 30 s of life the next restart is a first one again, at once

Laws of this file:

- what an operator asked for is never counted
- a fenced process (exit 75) obeyed; it is started again and not counted
- a child whose definition ended is done, and no policy applies
- all automatic restarts are in one ledger, whatever their cause, so no loop
  escapes the intensity (pm2 #839: restarts by memory reset the counter); a
  stable life resets the backoff alone, the window forgets by its own period
"""

import signal
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from smtui.wire import Backoff, Intensity

__all__ = [
    "EXIT_FENCED",
    "STABLE_S",
    "Again",
    "Decision",
    "Done",
    "Exit",
    "GiveUp",
    "Ledger",
    "Policy",
    "Rest",
    "Restart",
    "decide",
    "how_it_ended",
]

EXIT_FENCED = 75
"""FencedError.exit_code: a newer owner holds the machine."""

STABLE_S = 30.0
"""A life this long proves that starting is not what is wrong (pm2's reset)."""


class Restart(StrEnum):
    """When a child that ended by itself is started again."""

    ALWAYS = "always"
    ON_FAILURE = "on-failure"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the author or smtui.yaml says about restarts of one child."""

    restart: Restart = Restart.ON_FAILURE
    backoff: Backoff = field(default_factory=Backoff)
    intensity: Intensity = field(default_factory=Intensity)
    success_exit_codes: frozenset[int] = frozenset({0})


class Ledger(NamedTuple):
    """The exits of a child that count; a new one is empty."""

    exits: tuple[float, ...] = ()
    """When, in seconds since boot; only those of the last period."""
    in_a_row: int = 0
    """Exits since it was last stable; the exponent of the backoff."""
    fenced: int = 0
    """Fenced exits in a row; not counted, but not repeated in a loop."""


class Exit(NamedTuple):
    """The end of a process."""

    at: float
    """Seconds since boot."""
    lived_s: float
    code: int
    """As subprocess says it: a signal is negative."""
    is_asked: bool = False
    """An operator, or the end of the fleet, stopped it."""
    is_final: bool = False
    """Its definition ended."""
    why: str = ""
    """It never lived: `cannot be started: ...`; a failure whatever the code."""
    words: str = ""
    """The last line it printed on standard error."""


class Again(NamedTuple):
    """Start it again after a delay."""

    delay_s: float
    reason: str
    ledger: Ledger


class GiveUp(NamedTuple):
    """Failed: an operator has to look."""

    reason: str
    ledger: Ledger


class Done(NamedTuple):
    """It came to its end."""

    reason: str = ""


class Rest(NamedTuple):
    """Stopped: by an operator, or because it ended and nothing says again."""

    reason: str = ""


Decision: TypeAlias = Again | GiveUp | Done | Rest


def decide(policy: Policy, ledger: Ledger, ended: Exit, jitter: float) -> Decision:
    """Return what to do after `ended`.

    `jitter` is uniform in [-1, 1]. The ledger of Again is to be kept for the
    next exit; every other decision ends it.
    """
    if ended.is_final:
        return Done()
    if ended.is_asked:
        return Rest()
    if ended.code == EXIT_FENCED:
        return _again_after_fencing(policy, ledger, jitter)
    is_success = ended.code in policy.success_exit_codes and not ended.why
    match policy.restart:
        case Restart.NEVER:
            is_over = True
        case Restart.ON_FAILURE:
            is_over = is_success
        case Restart.ALWAYS:
            is_over = False
    if is_over and is_success:
        return Done(how_it_ended(ended._replace(words="")))
    counted = _count(policy, ledger, ended)
    if is_over:
        return GiveUp(f"{how_it_ended(ended)}; restart is never", counted)
    return _again(policy, counted, ended, jitter)


def how_it_ended(ended: Exit) -> str:
    """Return the end of a process in an operator's words."""
    if ended.why:
        return ended.why
    words = f": {ended.words}" if ended.words else ""
    if ended.code >= 0:
        return f"exit {ended.code}{words}"
    try:
        name = signal.Signals(-ended.code).name
    except ValueError:
        name = f"signal {-ended.code}"
    return f"killed by {name}{words}"


def _count(policy: Policy, ledger: Ledger, ended: Exit) -> Ledger:
    before = 0 if ended.lived_s >= STABLE_S else ledger.in_a_row
    begin = ended.at - policy.intensity.period_s
    recent = tuple(at for at in ledger.exits if at > begin)
    return Ledger((*recent, ended.at), before + 1)


def _again(
    policy: Policy, counted: Ledger, ended: Exit, jitter: float
) -> Again | GiveUp:
    reason = how_it_ended(ended)
    n = len(counted.exits)
    if n >= policy.intensity.count:
        period = f"{policy.intensity.period_s:g} s"
        exits = "exit" if n == 1 else "exits"
        why = f"gave up after {n} {exits} in {period}: {reason}"
        return GiveUp(why, counted)
    delay = _delay(policy.backoff, counted.in_a_row - 2, jitter)
    return Again(delay, reason, counted)


def _again_after_fencing(policy: Policy, ledger: Ledger, jitter: float) -> Again:
    fenced = ledger.fenced + 1
    delay = _delay(policy.backoff, fenced - 2, jitter)
    return Again(delay, "a newer owner held it", ledger._replace(fenced=fenced))


def _delay(backoff: Backoff, doublings: int, jitter: float) -> float:
    """Return seconds to wait; below 0 doublings it is the first restart."""
    if doublings < 0:
        return 0.0
    try:
        grown = backoff.min_s * backoff.factor**doublings
    except OverflowError:
        grown = backoff.max_s
    spread = 1.0 + backoff.jitter * max(-1.0, min(1.0, jitter))
    return min(backoff.max_s, grown) * spread

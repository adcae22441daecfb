"""How long a machine usually stays in a state, learned from its journal.

Kept small on purpose: the last 200 stays of each state are enough for the
range of the card and for the rule `stuck = 5 times the 99th percentile`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["NO_STAYS", "STUCK_FLOOR_S", "Stays", "learn", "stuck_after", "usual_range"]

KEPT = 200
NEEDED = 20
"""Visits before a machine's own habit says anything."""
FACTOR = 5.0
STUCK_FLOOR_S = 30.0
"""Below half a minute nobody calls it stuck, however fast it usually is."""


@dataclass(frozen=True, slots=True)
class Stays:
    """Seconds of the last stays of one machine, by state."""

    of: Mapping[str, tuple[float, ...]]
    state: str = ""
    since: float = 0.0
    """The stay under way, so that the next step can end it."""


NO_STAYS = Stays({})


def learn(stays: Stays, state: str, at: float) -> Stays:
    """Return the stays after the machine was seen to enter `state` at that time."""
    if state == stays.state:
        return stays
    if not stays.state:
        return Stays(stays.of, state, at)
    stay = max(0.0, at - stays.since)
    kept = (*stays.of.get(stays.state, ()), stay)[-KEPT:]
    return Stays({**stays.of, stays.state: kept}, state, at)


def usual_range(stays: Stays, state: str) -> tuple[float, float] | None:
    """Return the 10th and 90th percentile of the stays, or None when unknown."""
    seen = sorted(stays.of.get(state, ()))
    if not seen:
        return None
    return _percentile(seen, 0.1), _percentile(seen, 0.9)


def stuck_after(stays: Stays, state: str) -> float | None:
    """Return the learned limit: 5 times the 99th percentile after 20 visits."""
    seen = sorted(stays.of.get(state, ()))
    if len(seen) < NEEDED:
        return None
    return max(STUCK_FLOOR_S, FACTOR * _percentile(seen, 0.99))


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

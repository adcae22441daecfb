"""How restarts are spaced, as what reads the project file tells the supervisor."""

from dataclasses import dataclass

__all__ = ["Backoff", "Intensity"]


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait from the second restart in a row on."""

    min_s: float = 0.2
    max_s: float = 30.0
    factor: float = 2.0
    jitter: float = 0.2
    """Share of the wait that is random: with 0.2 up to 20 % shorter or longer."""


@dataclass(frozen=True, slots=True)
class Intensity:
    """How many exits, in how many seconds, make a child hopeless."""

    count: int = 5
    period_s: float = 60.0

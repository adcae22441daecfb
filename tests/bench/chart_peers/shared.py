"""What the peers share: sizes of the workloads, and how a loop is made of one.

`Foreign` is a value of a package that lives in the peers' environment only.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

__all__ = [
    "DEPTH",
    "REGIONS",
    "RING",
    "SIDES",
    "Foreign",
    "Loop",
    "Unable",
    "each",
    "keep",
    "let_go",
    "pairs",
]

Foreign: TypeAlias = Any
Loop: TypeAlias = Callable[[int], None]

DEPTH, REGIONS, RING = 5, 8, 100
SIDES = ("l", "r")


class Unable(Exception):  # noqa: N818 - it is no error of ours
    """The peer cannot say this workload."""


def each(send: Callable[[], object]) -> Loop:
    """Return the loop that sends n events, one after the other."""

    def loop(n: int) -> None:
        for _ in range(n):
            send()

    return loop


def pairs(send: Callable[[], object]) -> Loop:
    """Deliver two events a turn: the one sent, and the one its action sends."""

    def loop(n: int) -> None:
        for _ in range(n // 2):
            send()

    return loop


_kept: list[Foreign] = []


def keep(make: Callable[[], Foreign]) -> Loop:
    """Return the loop that makes n instances and keeps them until the next time."""

    def loop(n: int) -> None:
        _kept.clear()
        _kept.extend([make() for _ in range(n)])

    return loop


def let_go() -> None:
    """Forget the instances that were kept."""
    _kept.clear()

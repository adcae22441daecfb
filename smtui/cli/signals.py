"""Signals that come while a fleet is being started."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

__all__ = ["held_signals"]


@contextmanager
def held_signals() -> Generator[list[int]]:
    """Keep INT and TERM in the list meanwhile, until somebody acts on them.

    Told to end while it starts a fleet, a command must not leave it behind.
    """
    told: list[int] = []

    def keep(number: int, frame: FrameType | None) -> None:
        del frame
        told.append(number)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, keep) for number in numbers]
    try:
        yield told
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)

"""Signals that come while a fleet is being started, or followed."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

__all__ = ["heeded_interrupts", "held_signals"]


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


@contextmanager
def heeded_interrupts() -> Generator[None]:
    """Let INT end what goes on for ever, meanwhile.

    A script that puts a command into its background (`smtui events --follow &`)
    has it ignore INT: then it could only be killed.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

"""What can go wrong with the store that a caller tells apart.

Two are worth waiting for: `StoreBusyError` and `StoreFullError`. A machine
that meets them pauses, performs nothing and tries again; a command fails.
"""

from smtui.errors import StoreError

__all__ = ["GoneError", "StoreBusyError", "StoreFullError"]


class StoreBusyError(StoreError):
    """Another process holds the write lock: wait and try again."""


class StoreFullError(StoreError):
    """The disk is full: nothing was written, wait and try again."""


class GoneError(StoreError):
    """An inbox row was handled, dropped or replaced by somebody else."""

    def __init__(self, seq: int) -> None:
        super().__init__(
            f"inbox row {seq} is no longer pending",
            hint="read the inbox again and decide again",
        )
        self.seq = seq

"""Waiting for a store that is locked or full."""

from pathlib import Path

import pytest

from smtui.clock import SystemClock
from smtui.errors import StoreError
from smtui.runtime.patience import Patience
from smtui.runtime.stop import Stop
from smtui.store import StoreBusyError, StoreFullError, StoreThread, Writer


class Sometimes:
    """A function of the store that fails until it does not."""

    def __init__(self, *errors: StoreError) -> None:
        self._errors = list(errors)

    def __call__(self, writer: Writer, value: int) -> int:
        """Return the value, at last."""
        del writer
        if self._errors:
            raise self._errors.pop(0)
        return value


async def test_a_locked_store_is_tried_again(tmp_path: Path) -> None:
    waits: list[bool] = []
    errors = [StoreBusyError("locked"), StoreBusyError("locked")]
    async with StoreThread(tmp_path / "db", "normal", SystemClock()) as thread:
        store = Patience(thread, Stop(1), waits.append)
        store.jitter_s = (0.001, 0.002)

        assert await store.call(Sometimes(*errors), 7) == 7

    assert waits == [True, False]


async def test_a_stop_ends_the_waiting(tmp_path: Path) -> None:
    stop = Stop(1)
    full = Sometimes(StoreFullError("full"), StoreFullError("full"))
    async with StoreThread(tmp_path / "db", "normal", SystemClock()) as thread:
        store = Patience(thread, stop, lambda _: stop.tell())

        with pytest.raises(StoreFullError):
            await store.call(full, 7)


async def test_other_errors_are_raised_at_once(tmp_path: Path) -> None:
    async with StoreThread(tmp_path / "db", "normal", SystemClock()) as thread:
        store = Patience(thread, Stop(1), lambda _: None)

        with pytest.raises(StoreError, match="sick"):
            await store.call(Sometimes(StoreError("sick")), 7)

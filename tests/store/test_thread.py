"""The async door: order, errors, closing."""

import asyncio
import threading
from pathlib import Path

import pytest

from smtui.errors import StoreError
from smtui.store import StoreThread, Writer
from tests.support.store import HandClock


def thread(folder: Path) -> StoreThread:
    return StoreThread(folder / "smtui.db", "normal", HandClock())


async def test_calls_are_served_in_order_by_one_other_thread(tmp_path: Path) -> None:
    seen: list[int] = []

    def note(_: Writer, n: int) -> int:
        seen.append(n)
        return threading.get_ident()

    async with thread(tmp_path) as store:
        idents = await asyncio.gather(*(store.call(note, n) for n in range(20)))

    assert seen == list(range(20))
    assert len(set(idents)) == 1
    assert threading.get_ident() not in idents


async def test_a_writers_method_is_called_with_its_arguments(tmp_path: Path) -> None:
    async with thread(tmp_path) as store:
        accepted = await store.call(Writer.accept, "m", "go", None, source="t")
        rows = await store.call(Writer.read_inbox, "m")

    assert [row.id for row in rows] == [accepted.id]


async def test_what_a_call_raises_is_raised(tmp_path: Path) -> None:
    async with thread(tmp_path) as store:
        with pytest.raises(StoreError, match="is not JSON"):
            await store.call(Writer.accept, "m", "go", float("nan"), source="t")


async def test_a_store_that_cannot_be_opened_raises_at_the_first_call(
    tmp_path: Path,
) -> None:
    (tmp_path / "smtui.db").write_bytes(b"once upon a time " * 100)

    async with thread(tmp_path) as store:
        with pytest.raises(StoreError, match="not a healthy SQLite database"):
            await store.call(Writer.children)


async def test_nothing_is_opened_before_the_first_call(tmp_path: Path) -> None:
    async with thread(tmp_path):
        pass

    assert not (tmp_path / "smtui.db").exists()


async def test_closing_ends_the_thread_and_may_be_repeated(tmp_path: Path) -> None:
    before = threading.active_count()
    store = thread(tmp_path)
    await store.call(Writer.children)
    assert threading.active_count() == before + 1

    await store.aclose()
    await store.aclose()

    assert threading.active_count() == before

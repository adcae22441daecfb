"""A journal counted page by page."""

from smtui.store.rows import JournalEntry
from smtui.tui.counting import PAGE_STEPS, Counting, Subject
from smtui.view.graph import arrows_of
from tests.support.view_fake import FakeFleet
from tests.support.view_graphs import graph_of
from tests.support.view_rows import entry

ARROWS = arrows_of(graph_of("a b go\nb a back"))
M = Subject("m", "hash")


def steps(first: int, last: int) -> list[JournalEntry]:
    """Return steps of `m` from a to b and back, between those of another."""
    return [
        entry(2 * n, "m", *(("a", "go", "b") if n % 2 else ("b", "back", "a")), at=n)
        for n in range(first, last)
    ] + [entry(2 * n + 1, "other", "a", "go", "b", at=n) for n in range(first, last)]


async def test_all_pages_are_counted_and_each_is_told_of() -> None:
    fake = FakeFleet(steps_kept=steps(0, 2 * PAGE_STEPS + 100))
    counting, told = Counting(fake), list[int]()

    def tell() -> None:
        found = counting.of(M)
        assert found is not None
        told.append(found.steps)

    await counting.read(M, ARROWS, tell)

    assert [PAGE_STEPS, 2 * PAGE_STEPS, 2 * PAGE_STEPS + 100] == told
    found = counting.of(M)
    assert found is not None
    assert found.is_whole
    assert PAGE_STEPS + 50 == found.edges["0"].count


async def test_what_came_since_is_added_however_much() -> None:
    fake = FakeFleet(steps_kept=steps(0, 10))
    counting = Counting(fake)
    await counting.read(M, ARROWS, lambda: None)
    fake.steps_kept += steps(10, 10 + 2 * PAGE_STEPS)

    await counting.read(M, ARROWS, lambda: None)

    found = counting.of(M)
    assert found is not None
    assert 10 + 2 * PAGE_STEPS == found.steps
    assert 5 + PAGE_STEPS == found.edges["1"].count


async def test_another_machine_or_version_begins_anew() -> None:
    counting = Counting(FakeFleet(steps_kept=steps(0, 4)))
    await counting.read(M, ARROWS, lambda: None)

    assert counting.of(Subject("m", "newer")) is None
    await counting.read(Subject("other", "hash"), ARROWS, lambda: None)
    assert counting.of(M) is None

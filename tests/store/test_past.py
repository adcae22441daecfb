"""Going back in a journal: places, states, events and visits, without a walk."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from smtui.store import PastReader, Place, Reader, RunSpan, Writer
from smtui.view.past import fold
from tests.support.past import BEGAN, Stride, go, strides, write_past
from tests.support.store import own

WHO = ("crawler", "main")


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a machine with two runs: 450 steps, then 9."""
    folder = tmp_path_factory.mktemp("past")
    write_past(folder, [*strides(450), *strides(9, run=2)])
    return folder


@pytest.fixture
async def past(two_runs: Path) -> AsyncIterator[PastReader]:
    async with PastReader(two_runs / "smtui.db") as reader:
        yield reader


async def test_the_runs_of_an_instance_are_spans_of_steps(past: PastReader) -> None:
    assert [RunSpan(1, 1, 450), RunSpan(2, 1, 9)] == await past.past_runs(*WHO)


async def test_an_instance_without_a_journal_has_no_runs(past: PastReader) -> None:
    assert [] == await past.past_runs("crawler", "nobody")
    assert await past.past_state("crawler", "nobody", Place(1, 1)) is None
    assert await past.past_moment("crawler", "nobody", BEGAN) is None


async def test_steps_around_a_place_cross_from_run_to_run(past: PastReader) -> None:
    rows = await past.past_steps(*WHO, Place(1, 450), before=2, after=2)

    assert [(1, 449), (1, 450), (2, 1), (2, 2)] == [
        (entry.row.run, entry.row.seq) for entry in rows
    ]


@pytest.mark.parametrize("seq", [1, 2, 199, 200, 201, 399, 400, 401, 450])
async def test_the_state_of_any_step_folds_to_what_it_was(
    past: PastReader, seq: int
) -> None:
    state = await past.past_state(*WHO, Place(1, seq))

    assert state is not None
    assert len(state.patches) < 200
    instant = fold(state)
    assert {"machine_name": "crawler", "n": seq - 1} == instant.data
    assert BEGAN + 10 * (seq - 1) == instant.since
    assert instant.is_whole


async def test_an_event_is_found_before_and_after_a_place(past: PastReader) -> None:
    found = await past.past_event(*WHO, Place(1, 1), "429", back=False)
    assert Place(1, 4) == found
    again = await past.past_event(*WHO, Place(1, 4), "429", back=False)
    assert Place(1, 12) == again
    assert Place(1, 4) == await past.past_event(*WHO, Place(1, 12), "429", back=True)
    assert await past.past_event(*WHO, Place(1, 4), "429", back=True) is None
    assert await past.past_event(*WHO, Place(1, 4), "nothing", back=False) is None


async def test_a_state_is_visited_when_it_is_entered(past: PastReader) -> None:
    found = await past.past_visit(*WHO, Place(1, 445), "waiting", back=False)
    assert Place(2, 4) == found
    assert Place(1, 444) == await past.past_visit(
        *WHO, Place(1, 446), "waiting", back=True
    )
    assert await past.past_visit(*WHO, Place(2, 4), "waiting", back=False) is None


async def test_a_step_that_stays_in_a_state_is_no_visit(
    tmp_path: Path, writer: Writer
) -> None:
    steps = [
        Stride("", "", "a", {}),
        Stride("a", "poll", "a", {}),
        Stride("a", "go", "b", {}),
        Stride("b", "poll", "b", {}),
        Stride("b", "back", "a", {}),
    ]
    go(writer, own(writer, "crawler"), steps)

    async with PastReader(tmp_path / "smtui.db") as past:
        assert Place(1, 5) == await past.past_visit(*WHO, Place(1, 1), "a", back=False)
        assert Place(1, 3) == await past.past_visit(*WHO, Place(1, 5), "b", back=True)


@pytest.mark.parametrize(
    ("seconds", "place"),
    [
        (-1, None),
        (0, Place(1, 1)),
        (9.9, Place(1, 1)),
        (10, Place(1, 2)),
        (4490, Place(1, 450)),
        (4500, Place(2, 1)),
        (1e9, Place(2, 9)),
    ],
)
async def test_a_time_is_the_last_step_taken_by_then(
    past: PastReader, seconds: float, place: Place | None
) -> None:
    assert place == await past.past_moment(*WHO, BEGAN + seconds)


async def test_where_history_was_cut_a_state_says_it_is_not_whole(
    tmp_path: Path,
) -> None:
    clock = write_past(tmp_path, strides(450))
    with Writer(tmp_path / "smtui.db", "normal", clock) as writer:
        while not writer.trim(max_age_s=1e9, max_rows=150).is_done:
            pass

    async with PastReader(tmp_path / "smtui.db") as past:
        (span,) = await past.past_runs(*WHO)
        first = await past.past_state(*WHO, Place(1, span.first))
        later = await past.past_state(*WHO, Place(1, 410))

    assert span.first > 200
    assert first is not None
    assert not fold(first).is_whole
    assert {"n": span.first - 1} == fold(first).data
    assert later is not None
    assert fold(later).is_whole


async def test_a_big_patch_is_folded_from_its_blob(
    tmp_path: Path, writer: Writer
) -> None:
    big = "x" * 100_000
    go(
        writer,
        own(writer, "crawler"),
        [Stride("", "", "a", {}), Stride("a", "go", "b", {"big": big})],
    )

    async with PastReader(tmp_path / "smtui.db") as past:
        state = await past.past_state(*WHO, Place(1, 2))

    assert state is not None
    assert {"big": big} == fold(state).data


async def test_a_place_before_the_runs_and_none_at_all_have_no_steps(
    past: PastReader,
) -> None:
    assert [] == await past.past_steps(*WHO, Place(0, 0), before=5)
    assert [] == await past.past_steps(*WHO, Place(1, 1))


async def test_it_is_a_reader_too(past: PastReader) -> None:
    assert isinstance(past, Reader)
    assert ["crawler"] == [row.name for row in await past.machines()]

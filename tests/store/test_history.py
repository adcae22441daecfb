"""Cutting the past."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from smtui.definition import Json
from smtui.store import Handled, InboxStatus, Reader, Writer
from smtui.store.commits import BLOB_BYTES
from tests.support.store import BEGAN, HandClock, ask, own, query, row, step

DAY_S = 86_400.0


def rows(writer: Writer, table: str, column: str = "rowid") -> list[int]:
    with writer._db.reading() as tx:
        found = tx.every(f"SELECT {column} AS x FROM {table} ORDER BY x")  # noqa: S608 - our own words
    return [one["x"] for one in found]


def days(writer: Writer, clock: HandClock, n: int) -> None:
    """Let one event be handled a day."""
    owner = own(writer, "m")
    for seq in range(1, n + 1):
        accepted = writer.accept("m", "go", None, source="t")
        entry = replace(row(seq), at=clock.now())
        handled = Handled(accepted.seq, InboxStatus.TAKEN)
        writer.commit(owner, [step(journal=entry, inbox=(handled,))])
        clock.pass_s(DAY_S)


async def test_history_older_than_a_month_is_cut_and_counted(
    writer: Writer, clock: HandClock, tmp_path: Path
) -> None:
    days(writer, clock, 40)

    trimmed = writer.trim()

    assert (trimmed.journal, trimmed.inbox, trimmed.is_done) == (10, 10, True)
    assert rows(writer, "journal") == list(range(11, 41))
    assert rows(writer, "inbox") == list(range(11, 41))
    assert rows(writer, "snapshots", "seq") == []
    async with Reader(tmp_path / "smtui.db") as reader:
        assert await reader.cut_counts() == {"journal": 10, "inbox": 10}


def test_rows_beyond_the_limit_are_cut(writer: Writer, clock: HandClock) -> None:
    days(writer, clock, 5)

    writer.trim(max_rows=2)

    assert (rows(writer, "journal"), rows(writer, "inbox")) == ([4, 5], [4, 5])


def test_what_waits_or_is_parked_stays(writer: Writer, clock: HandClock) -> None:
    owner = own(writer, "m")
    for event in ("parked", "waits", "handled", "last"):
        writer.accept("m", event, None, source="t")
    for _ in range(3):
        epoch = writer.raise_epoch("m", ["m"])
    done = Handled(3, InboxStatus.TAKEN)
    writer.commit(owner._replace(epoch=epoch), [step(inbox=(done,))])
    clock.pass_s(31 * DAY_S)

    assert writer.trim().inbox == 1

    assert rows(writer, "inbox") == [1, 2, 4]


def test_the_newest_row_stays_so_that_its_number_is_not_used_twice(
    writer: Writer, clock: HandClock
) -> None:
    days(writer, clock, 2)
    clock.pass_s(365 * DAY_S)

    writer.trim()

    assert (rows(writer, "journal"), rows(writer, "inbox")) == ([2], [2])
    assert writer.accept("m", "go", None, source="t").seq == 3


def test_ended_jobs_are_cut_by_age_and_others_stay(
    writer: Writer, clock: HandClock
) -> None:
    owner = own(writer, "m")
    for id_ in ("ended", "waits", "last"):
        writer.add_job("t", {}, source="me", job_id=id_)
    ask(writer, owner, query("complete_job", job_id="ended"))
    clock.pass_s(31 * DAY_S)

    assert writer.trim().jobs == 1

    assert rows(writer, "jobs") == [2, 3]


def test_a_big_patch_goes_with_its_last_row(writer: Writer, clock: HandClock) -> None:
    owner = own(writer, "m")
    big: Mapping[str, Json] = {"set": {"x": "y" * BLOB_BYTES}}
    for seq, patch in ((1, big), (2, None)):
        entry = replace(row(seq), at=BEGAN, data_patch=patch)
        writer.commit(owner, [step(journal=entry)])
    clock.pass_s(31 * DAY_S)

    writer.trim()

    assert rows(writer, "blobs") == []


def test_one_call_cuts_a_thousand_rows_at_most(
    writer: Writer, clock: HandClock
) -> None:
    owner = own(writer, "m")
    for first in range(1, 1200, 60):
        steps = [step(journal=row(seq)) for seq in range(first, first + 60)]
        writer.commit(owner, steps)
    clock.pass_s(31 * DAY_S)

    cut = [writer.trim() for _ in range(2)]

    assert [(one.journal, one.is_done) for one in cut] == [(1000, False), (199, True)]

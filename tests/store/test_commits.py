"""Commits: whole or not at all, by the present owner only."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from smtui.chart.values import Pending, Raised, Result, Status
from smtui.definition import Json
from smtui.errors import FencedError, StoreError
from smtui.store import MAX_STEPS, Handled, InboxStatus, Loaded, Owner, Reader, Writer
from smtui.store.commits import BLOB_BYTES
from tests.support.store import (
    own,
    query,
    row,
    snapshot,
    step,
    telling,
    timer,
    value,
    watch,
)


def count(writer: Writer, table: str) -> int:
    with writer._db.reading() as tx:
        found = tx.one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - our own word
    assert found is not None
    return int(found["n"])


def test_a_machine_nobody_ran_begins_its_first_run(writer: Writer) -> None:
    assert writer.load("m") == [Loaded("main", 1, None, {})]


def test_a_committed_snapshot_is_loaded_as_it_was(writer: Writer) -> None:
    owner = own(writer, "m")
    write = step(snapshot(data={"x": [1, "ü", None]}, pending={"1.1": timer(5)}))

    writer.commit(owner, [write])

    assert writer.load("m") == [Loaded("main", 1, write.snapshot, {})]


def test_an_older_owner_is_fenced_and_writes_nothing(writer: Writer) -> None:
    old = own(writer, "m")
    new = Owner("m", writer.raise_epoch("m", ["m"]))
    writer.accept("m", "go", None, source="t")
    write = step(journal=row(), inbox=(Handled(1, InboxStatus.TAKEN),))

    with pytest.raises(FencedError, match="belongs to epoch 2, this process is 1"):
        writer.commit(old, [write])

    assert (count(writer, "journal"), len(writer.read_inbox("m"))) == (0, 1)
    writer.commit(new, [write])
    assert count(writer, "journal") == 1


def test_nobody_commits_for_an_unknown_machine(writer: Writer) -> None:
    with pytest.raises(FencedError):
        writer.commit(Owner("ghost", 1), [step()])


def test_more_steps_than_a_transaction_may_hold_are_refused(writer: Writer) -> None:
    owner = own(writer, "m")

    with pytest.raises(StoreError, match=f"limit is {MAX_STEPS}"):
        writer.commit(owner, [step()] * (MAX_STEPS + 1))


def test_a_step_is_journalled_once(writer: Writer) -> None:
    owner = own(writer, "m")
    writer.commit(owner, [step(journal=row(1))])

    with pytest.raises(StoreError, match="UNIQUE"):
        writer.commit(owner, [step(journal=row(2)), step(journal=row(1))])

    assert count(writer, "journal") == 1
    writer.commit(owner, [step(journal=row(1, run=2))])


def test_a_full_snapshot_is_kept_at_the_first_row_and_every_200(writer: Writer) -> None:
    owner = own(writer, "m")
    for first in range(1, 451, 50):
        steps = [
            step(snapshot(seq=seq, data={"seq": seq}), journal=row(seq))
            for seq in range(first, first + 50)
        ]
        writer.commit(owner, steps)

    with writer._db.reading() as tx:
        kept = tx.every("SELECT seq, snapshot_json FROM snapshots ORDER BY seq")
    assert [found["seq"] for found in kept] == [1, 200, 400]
    assert [json.loads(found[1])["data"]["seq"] for found in kept] == [1, 200, 400]


def test_the_last_of_many_steps_is_what_is_loaded(writer: Writer) -> None:
    owner = own(writer, "m")

    writer.commit(owner, [step(snapshot(seq=seq)) for seq in range(1, 65)])

    (found,) = writer.load("m")
    assert found.snapshot is not None
    assert found.snapshot["seq"] == 64


async def test_a_big_patch_is_kept_once_and_read_back(
    writer: Writer, tmp_path: Path
) -> None:
    owner = own(writer, "m")
    patch: dict[str, Json] = {"set": {"x": "y" * BLOB_BYTES}, "unset": []}
    rows = [replace(row(seq), data_patch=patch) for seq in (1, 2)]

    writer.commit(owner, [step(journal=entry) for entry in rows])

    assert count(writer, "blobs") == 1
    async with Reader(tmp_path / "smtui.db") as reader:
        page = await reader.journal_page("m")
    assert [entry.row.data_patch for entry in page] == [patch, patch]


def test_a_result_stays_until_a_step_consumes_it(writer: Writer) -> None:
    owner = own(writer, "m")
    asked = query("add_job", "7.1", job_type="t")
    after = snapshot(pending={"7.1": asked.entry})

    committed = writer.commit(owner, [step(after, queries=(asked,))])

    answer = committed.answers["main", "7.1"]
    assert value(answer)["created"] is True
    assert writer.load("m")[0].results == {"7.1": answer}
    writer.commit(owner, [step(consumed=("7.1",))])
    assert writer.load("m")[0].results == {}


def test_a_query_whose_result_is_kept_is_never_performed_again(writer: Writer) -> None:
    owner = own(writer, "m")
    asked = query("add_job", "7.1", job_type="t")
    first = writer.commit(owner, [step(queries=(asked,))])

    again = writer.commit(owner, [step(queries=(asked,))])

    assert again.answers == first.answers
    assert count(writer, "jobs") == 1


def test_what_raised_is_kept_too(writer: Writer) -> None:
    owner = own(writer, "m")
    asked = query("complete_job", job_id="ghost")
    after = snapshot(pending={"1.1": asked.entry})

    committed = writer.commit(owner, [step(after, queries=(asked,))])

    expected = Raised("no job 'ghost'", "ValueError")
    assert committed.answers == {("main", "1.1"): expected}
    assert writer.load("m")[0].results == {"1.1": expected}


def test_a_delay_takes_the_place_of_one_that_is_over(writer: Writer) -> None:
    owner = own(writer, "m")
    first = snapshot(pending={"1.1": timer(5), "1.2": timer(6), "1.3": timer(7)})
    then = snapshot(pending={"1.2": timer(9), "2.1": timer(8), "2.2": timer(4)})
    last = snapshot(pending={"3.1": timer(1)})

    found: list[dict[str, float]] = []
    for after in (first, then, last):
        writer.commit(owner, [step(after)])
        with writer._db.reading() as tx:
            kept = tx.every("SELECT id, due_boot FROM timers")
            found.append({row["id"]: row["due_boot"] - 1000 for row in kept})

    assert found == [
        {"1.1": 5, "1.2": 6, "1.3": 7},
        {"1.2": 9, "2.1": 8, "2.2": 4},
        {"3.1": 1},
    ]


def test_timers_follow_the_snapshot(writer: Writer) -> None:
    owner = own(writer, "m")
    for pending in (
        {"1": timer(5), "2": timer(9, "late")},
        {"1": timer(7), "3": timer(1)},
        {"3": timer(1)},
    ):
        writer.commit(owner, [step(snapshot(pending=pending))])
        with writer._db.reading() as tx:
            kept = tx.every("SELECT id, event, due_boot FROM timers ORDER BY id")
        expected = [(k, t.event, t.due.boot) for k, t in sorted(pending.items())]
        assert [tuple(found) for found in kept] == expected


def test_a_commit_rings_who_watches_what_it_changed(writer: Writer) -> None:
    watcher, worker = own(writer, "watcher"), own(writer, "worker")
    pending = {"1": watch("jobs/t", "data/items", "inbox/go")}
    writer.commit(watcher, [step(snapshot(pending=pending))])

    committed = writer.commit(worker, [step(queries=(query("add_job", job_type="t"),))])

    assert committed.bells == {"watcher"}
    writer.commit(watcher, [step(snapshot())])
    asked = query("add_job", "1.2", job_type="t")
    assert writer.commit(worker, [step(queries=(asked,))]).bells == frozenset()


def test_who_waits_for_a_job_of_any_type_is_rung_by_each(writer: Writer) -> None:
    watcher, worker = own(writer, "watcher"), own(writer, "worker")
    writer.commit(watcher, [step(snapshot(pending={"1": watch("jobs")}))])

    for n, job_type in enumerate(("t", "u"), start=1):
        asked = query("add_job", f"{n}.1", job_type=job_type)
        assert writer.commit(worker, [step(queries=(asked,))]).bells == {"watcher"}

    assert writer.counters(["jobs"]) == {"jobs": 2}


def test_a_change_between_a_query_and_its_watch_shows_in_the_counters(
    writer: Writer,
) -> None:
    owner = own(writer, "m")
    asked = telling(query("check_database_queue", job_type="t"), "jobs/t")
    answer = writer.commit(owner, [step(queries=(asked,))]).answers["main", "1.1"]
    writer.add_job("t", {}, source="other")

    committed = writer.commit(owner, [step(snapshot(pending={"2": watch("jobs/t")}))])

    assert isinstance(answer, Result)
    assert answer.counters == {"jobs/t": 0}
    assert committed.counters == {"jobs/t": 1}
    assert writer.counters(["jobs/t", "jobs_ended"]) == {"jobs/t": 1, "jobs_ended": 0}


def test_a_run_that_finished_is_loaded_as_finished(writer: Writer) -> None:
    owner = own(writer, "m")
    writer.commit(owner, [step(snapshot(status=Status.FINAL))])

    (found,) = writer.load("m")
    assert found.snapshot is not None
    assert found.snapshot["status"] == "final"


def test_end_run_begins_the_next_and_keeps_what_is_not_the_runs(
    writer: Writer,
) -> None:
    owner = own(writer, "m")
    writer.accept("m", "later", None, source="t")
    writer.add_job("t", {}, source="t")
    claim = query("check_database_queue", "9.1", job_type="t")
    pending: dict[str, Pending] = {"1": timer(5), "2": watch("jobs/t")}
    write = step(snapshot(pending=pending), journal=row(), queries=(claim,))
    writer.commit(owner, [write])

    writer.end_run("m")

    assert writer.load("m") == [Loaded("main", 2, None, {})]
    tables = ("timers", "watches", "results", "journal", "inbox", "jobs")
    assert [count(writer, table) for table in tables] == [0, 0, 0, 1, 1, 1]
    other = own(writer, "other")
    answer = writer.commit(other, [step(queries=(claim,))]).answers["main", "9.1"]
    assert value(answer)["job"] is not None

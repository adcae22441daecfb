"""Pages: what they show, in which order, and that they hold nothing open."""

from dataclasses import replace
from pathlib import Path

import pytest

from smtui.chart.values import Status
from smtui.errors import StoreError
from smtui.store import (
    ChildRow,
    Handled,
    InboxStatus,
    JobState,
    Reader,
    Writer,
)
from tests.support.store import (
    BEGAN,
    HandClock,
    ask,
    machine_row,
    own,
    query,
    row,
    snapshot,
    step,
    timer,
)


def reader(folder: Path) -> Reader:
    return Reader(folder / "smtui.db")


async def test_without_a_store_the_error_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no store at .*smtui run PATH"):
        await reader(tmp_path).open()

    assert not (tmp_path / "smtui.db").exists()


async def test_a_store_whose_tables_are_not_made_yet_is_none(tmp_path: Path) -> None:
    (tmp_path / "smtui.db").touch()

    with pytest.raises(StoreError, match="no store at"):
        await reader(tmp_path).open()


async def test_a_reader_that_is_not_open_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="this reader is not open"):
        await reader(tmp_path).machines()


async def test_a_newer_store_is_refused(writer: Writer, tmp_path: Path) -> None:
    writer._db._conn.execute("PRAGMA user_version = 99")

    with pytest.raises(StoreError, match="a newer smtui made it"):
        await reader(tmp_path).open()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "smtui.db").write_bytes(b"once upon a time " * 100)

    with pytest.raises(StoreError, match="not a healthy SQLite database"):
        await reader(tmp_path).open()


@pytest.mark.usefixtures("writer")
async def test_a_reader_cannot_write(tmp_path: Path) -> None:
    async with reader(tmp_path) as pages:
        with pytest.raises(StoreError, match="read-only"):
            await pages._every("DELETE FROM inbox")


async def test_a_page_leaves_no_read_open(writer: Writer, tmp_path: Path) -> None:
    for _ in range(300):
        writer.accept("m", "go", "x" * 1000, source="t")
    async with reader(tmp_path) as pages:
        await pages.events_page("m", limit=2)

        busy, log, done = writer._db._conn.execute(
            "PRAGMA wal_checkpoint(TRUNCATE)"
        ).fetchone()

    assert (busy, log, done) == (0, 0, 0)


async def test_events_are_paged_newest_first(writer: Writer, tmp_path: Path) -> None:
    for n in range(5):
        writer.accept("m", f"e{n}", None, source="t")
        writer.accept("other", "x", None, source="t")

    async with reader(tmp_path) as pages:
        first = await pages.events_page("m", limit=2)
        second = await pages.events_page("m", before=first[-1].seq, limit=2)
        after = await pages.events_page("m", after=second[0].seq)
        everywhere = await pages.events_page()
        onward = await pages.events_page(after=8)

    assert [found.event for found in first + second] == ["e4", "e3", "e2", "e1"]
    assert [found.event for found in after] == ["e3", "e4"]
    assert len(everywhere) == 10
    assert [found.seq for found in onward] == [9, 10]


async def test_events_are_filtered_by_status_and_time(
    writer: Writer, tmp_path: Path, clock: HandClock
) -> None:
    owner = own(writer, "m")
    for event in ("old", "poison", "new"):
        writer.accept("m", event, None, source="t")
        clock.pass_s(10)
    writer.commit(owner, [step(inbox=(Handled(1, InboxStatus.TAKEN),))])
    for _ in range(3):
        writer.raise_epoch("m", ["m"])

    async with reader(tmp_path) as pages:
        taken = await pages.events_page("m", status=InboxStatus.TAKEN)
        pending = await pages.events_page("m", status=InboxStatus.PENDING)
        parked = await pages.events_page(status=InboxStatus.PARKED)
        late = await pages.events_page(since=BEGAN + 15)
        counts = await pages.inbox_counts()
        one = await pages.event(taken[0].id)
        none = await pages.event("ghost")

    assert [found.event for found in taken] == ["old"]
    assert [found.event for found in pending] == ["new"]
    assert [found.event for found in parked] == ["poison"]
    assert [found.event for found in late] == ["new"]
    assert counts == {"m": 1}
    assert (one, none) == (taken[0], None)


async def test_history_is_paged_newest_first(writer: Writer, tmp_path: Path) -> None:
    owner, other = own(writer, "m"), own(writer, "other")
    for seq in (1, 2, 3):
        writer.commit(owner, [step(journal=row(seq, event=f"e{seq}"))])
        writer.commit(other, [step(journal=replace(row(seq), at=BEGAN + seq))])

    async with reader(tmp_path) as pages:
        first = await pages.journal_page("m", limit=2)
        rest = await pages.journal_page("m", before=first[-1].id)
        after = await pages.journal_page("m", after=first[-1].id)
        everywhere = await pages.journal_page()
        onward = await pages.journal_page(after=4)
        late = await pages.journal_page(since=BEGAN + 2.5)
        nobody = await pages.journal_page("m", instance="x")
        one = await pages.journal_entry(first[0].id)

    assert [found.row.event for found in first + rest] == ["e3", "e2", "e1"]
    assert [found.row.event for found in after] == ["e3"]
    assert (len(everywhere), [found.id for found in onward]) == (6, [5, 6])
    assert [found.machine for found in late] == ["other"]
    assert nobody == []
    assert one == first[0]
    assert first[0].row == row(3, event="e3")


async def test_jobs_are_paged_counted_and_found(writer: Writer, tmp_path: Path) -> None:
    owner = own(writer, "m")
    for n, priority in enumerate((5, 1, 9)):
        writer.add_job("t", {"n": n}, source="me", priority=priority, job_id=f"J{n}")
    writer.add_job("u", {}, source="me", job_id="U", machine_type="mt")
    ask(writer, owner, query("claim_job", job_id="J1"))

    async with reader(tmp_path) as pages:
        newest = await pages.jobs_page(limit=2)
        rest = await pages.jobs_page(before=newest[-1].seq)
        running = await pages.jobs_page(status=JobState.RUNNING)
        of_type = await pages.jobs_page(job_type="u")
        of_machine = await pages.jobs_page(machine="m")
        following = await pages.jobs_next(job_type="t")
        counts = await pages.job_counts()
        held = await pages.jobs_held()
        one = await pages.job("U")

    assert [job.id for job in newest + rest] == ["U", "J2", "J1", "J0"]
    assert [job.id for job in running] == [job.id for job in of_machine] == ["J1"]
    assert [job.id for job in of_type] == ["U"]
    assert [job.id for job in following] == ["J0", "J2"]
    assert [tuple(count) for count in counts] == [
        ("t", None, "available", 2),
        ("t", None, "running", 1),
        ("u", "mt", "available", 1),
    ]
    assert held == {"m": 1}
    assert one == newest[0]


async def test_the_fleet_is_read_by_name(writer: Writer, tmp_path: Path) -> None:
    for name in ("b", "a"):
        writer.put_machine(machine_row(name))
        writer.put_child(ChildRow(name, {}))
    writer.put_definition("h", "engine", "a", "/a.yaml", "initial_state: a\n")
    writer.put_definition("h", "engine", "a", "/a.yaml", "another text")

    async with reader(tmp_path) as pages:
        machines = await pages.machines()
        children = await pages.children()
        definition = await pages.definition("h")
        none = await pages.definition("x")

    assert [found.name for found in machines] == ["a", "b"]
    assert [found.name for found in children] == ["a", "b"]
    assert definition is not None
    assert (definition.text, definition.added_at) == ("initial_state: a\n", BEGAN)
    assert none is None


async def test_instances_show_data_and_timers(writer: Writer, tmp_path: Path) -> None:
    owner, other = own(writer, "m"), own(writer, "other")
    pending = {"1": timer(9, "late"), "2": timer(5)}
    after = snapshot(data={"x": 1}, pending=pending, configuration=("b",))
    writer.commit(owner, [step(after)])
    writer.commit(other, [step(snapshot(status=Status.FINAL))])

    async with reader(tmp_path) as pages:
        (found,) = await pages.instances("m")
        everyone = await pages.instances()
        final = await pages.instances(status="final")
        kept = await pages.snapshot("m", "main")
        nothing = await pages.snapshot("ghost", "main")
        timers = await pages.timers("m")
        all_timers = await pages.timers()

    assert (found.configuration, found.data, found.run) == (("b",), {"x": 1}, 1)
    assert [one.machine for one in everyone] == ["m", "other"]
    assert [one.machine for one in final] == ["other"]
    assert kept == found.snapshot
    assert nothing is None
    assert [(one.event, one.due_at) for one in timers] == [
        ("timeout(5)", BEGAN + 5),
        ("late", BEGAN + 9),
    ]
    assert all_timers == timers


async def test_an_ended_run_has_no_data(writer: Writer, tmp_path: Path) -> None:
    owner = own(writer, "m")
    writer.commit(owner, [step(snapshot(data={"x": 1}))])
    writer.end_run("m")

    async with reader(tmp_path) as pages:
        (found,) = await pages.instances("m")

    assert (found.status, found.configuration, found.data) == ("ended", (), {})


async def test_the_data_version_tells_of_a_write_elsewhere(
    writer: Writer, tmp_path: Path
) -> None:
    async with reader(tmp_path) as pages:
        before = await pages.data_version()
        same = await pages.data_version()
        writer.accept("m", "go", None, source="t")
        after = await pages.data_version()

    assert before == same != after

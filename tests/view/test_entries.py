"""The event log: what is told, in which words, in which order."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import Json
from smtui.store.rows import InboxKind, InboxStatus
from smtui.view.entries import (
    Entry,
    add_entries,
    child_changes,
    entry_line,
    inbox_entry,
    journal_entry,
)
from smtui.view.text import plain
from smtui.wire.messages import ChildState
from tests.support.view_app import CET
from tests.support.view_fleet import NOW, machine, night_machines
from tests.support.view_rows import entry, mail


def text_of(found: Entry | None) -> str:
    assert found is not None
    return plain(entry_line(found, CET)).rstrip()


def test_a_step_says_from_where_by_what_to_where() -> None:
    step = entry(1, "crawler", "queued", "url", "fetching", at=NOW)

    assert (
        text_of(journal_entry(step))
        == "01:55:21.000 crawler    ● queued ─url→ fetching"
    )


def test_an_ignored_event_is_loud_and_says_why() -> None:
    step = entry(1, "m", "a", "go", "a", outcome="ignored", why='no "go" in a')

    assert '! ignored go  no "go" in a' in text_of(journal_entry(step))


def test_steps_that_changed_no_state_are_not_told() -> None:
    quiet = entry(1, "m", "a", "", "a")

    assert None is journal_entry(quiet)


def test_an_operator_s_event_names_its_target() -> None:
    row = mail(1, "crawler#2", "cancel", payload={"password": "x"}, at=NOW)

    assert (
        text_of(inbox_entry(row))
    ) == '01:55:21.000 operator   → cancel to crawler#2 {"password":"***"}'


def test_events_between_machines_are_told_by_the_journal_alone() -> None:
    assert None is inbox_entry(mail(1, "m", "go", source="scout"))


def test_a_parked_event_is_told_whoever_sent_it() -> None:
    row = mail(1, "m", "go", source="scout", status=InboxStatus.PARKED, why="3 times")

    assert "! parked go  3 times" in text_of(inbox_entry(row))


def test_an_audit_line_is_its_message() -> None:
    row = mail(1, "m", "activity_log", kind=InboxKind.AUDIT, payload={"message": "hi"})

    assert text_of(inbox_entry(row)).endswith("m          │ hi")


def test_what_a_machine_logs_is_told_as_its_own() -> None:
    said: Json = {"message": "hi", "level": "info", "machine": "scout"}
    row = mail(1, "ui", "activity_log", kind=InboxKind.AUDIT, payload=said)

    assert text_of(inbox_entry(row)).endswith("scout      │ hi")


def test_an_act_of_another_operator_says_what_and_who() -> None:
    stop = mail(1, "m", "stop", kind=InboxKind.AUDIT)
    retry = mail(2, "m", "job_retry", kind=InboxKind.AUDIT, payload={"job": "01J"})

    assert text_of(inbox_entry(stop)).rstrip().endswith("│ stop by anna@pts/3")
    assert text_of(inbox_entry(retry)).endswith(
        '│ job retry by anna@pts/3  {"job":"01J"}'
    )


def test_a_restart_is_told_once_and_counted() -> None:
    running = machine("m")
    begun = replace(
        running, state=ChildState.STARTING, state_since=NOW, restarts=2, pid=None
    )

    assert text_of(child_changes(running, begun, 1)).endswith("◐ starting  restart 2")
    why = "after exit 1: no such file"
    ready = replace(begun, state=ChildState.READY, reason=why, pid=77)
    assert text_of(child_changes(running, ready, 2)).endswith(
        "● ready  pid 77, restart 2 after exit 1: no such file"
    )
    assert None is child_changes(begun, replace(begun, pid=9), 2)


def test_a_backoff_says_how_many_tries_and_when() -> None:
    uploader = next(m for m in night_machines() if m.name == "uploader")

    line = text_of(child_changes(machine("uploader"), uploader, 1))

    assert (
        '▲ backoff  exit 111 in bash "scp": connection refused, retry 3/5 in 10s'
        in (line)
    )


def test_a_row_that_says_nothing_new_of_the_process_is_no_entry() -> None:
    before = machine("m")

    assert None is child_changes(before, replace(before, jobs=3), 1)
    assert None is not child_changes(before, replace(before, pid=9), 1)
    assert None is not child_changes(None, replace(before, state=ChildState.DONE), 1)


def test_a_self_loop_that_comes_again_is_counted() -> None:
    loops = [journal_entry(entry(n, "m", "a", "poll", "a")) for n in range(1, 8)]
    other = journal_entry(entry(9, "n", "a", "go", "b"))
    new = [found for found in [*loops[:4], other, *loops[4:]] if found]

    kept = add_entries([], new)

    assert len(kept) == 2
    assert next(found.times for found in kept if found.machine == "m") == 7


def test_a_loop_is_not_counted_over_a_real_step() -> None:
    rows = [
        entry(1, "m", "a", "poll", "a"),
        entry(2, "m", "a", "go", "b"),
        entry(3, "m", "a", "poll", "a"),
    ]

    kept = add_entries([], [found for row in rows if (found := journal_entry(row))])

    assert [found.times for found in kept] == [1, 1, 1]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.integers(1, 50)), max_size=40))
def test_entries_are_in_order_of_time_however_they_come(
    given_rows: list[tuple[float, int]],
) -> None:
    kept: list[Entry] = []
    for at, number in given_rows:
        found = journal_entry(entry(number, f"m{number}", "a", "go", "b", at=at))
        assert found is not None
        kept = add_entries(kept, [found])

    assert sorted(found.at for found in kept) == [found.at for found in kept]


def test_the_oldest_entries_fall_off() -> None:
    new = [journal_entry(entry(n, "m", "a", "go", "b", at=float(n))) for n in range(9)]

    kept = add_entries([], [found for found in new if found], limit=3)

    assert [found.at for found in kept] == [6.0, 7.0, 8.0]

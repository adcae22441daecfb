"""Ownership: what passes from one owner to the next, and the poison rule."""

import pytest

from smtui.chart import decode
from smtui.chart.values import RunEntry, Status
from smtui.errors import StoreError
from smtui.store import InboxStatus, JobRow, JobState, Owner, Writer
from tests.support.store import (
    HandClock,
    ask,
    machine_row,
    own,
    query,
    snapshot,
    step,
    world,
)


@pytest.fixture
def owner(writer: Writer) -> Owner:
    return own(writer, "m")


def crash(writer: Writer) -> Owner:
    """Let the owner die and another take its place."""
    return Owner("m", writer.raise_epoch("m", ["m"]))


def attempt(writer: Writer, id_: str = "1.1") -> int:
    (found,) = writer.load("m")
    assert found.snapshot is not None
    entry = decode(found.snapshot).pending[id_]
    assert isinstance(entry, RunEntry)
    return entry.attempt


def job(writer: Writer) -> JobRow:
    found = writer.job("J")
    assert found is not None
    return found


def crashes(writer: Writer) -> list[tuple[str, int]]:
    return [(found.event, found.crashes) for found in writer.read_inbox("m")]


def hold(writer: Writer, owner: Owner) -> None:
    """Let the run hold job J."""
    writer.add_job("t", {}, source="me", job_id="J")
    ask(writer, owner, query("check_database_queue", "9.1", job_type="t"))
    held = snapshot(held={"J": "queue"})
    writer.commit(owner, [step(held, consumed=("9.1",))])


def test_an_epoch_is_one_more_than_any_of_the_childs_machines_had(
    writer: Writer, owner: Owner
) -> None:
    assert owner.epoch == 1
    writer.put_machine(machine_row("n", child="m"))

    assert writer.raise_epoch("m", ["m", "n"]) == 2
    assert writer.raise_epoch("m", ["n", "m"]) == 3
    writer.commit(Owner("n", 3), [step()])


def test_a_machine_nobody_knows_cannot_be_owned(writer: Writer) -> None:
    with pytest.raises(StoreError, match="no machine 'ghost' of child 'c'"):
        writer.raise_epoch("c", ["ghost"])


def test_what_is_known_of_a_machine_changes_and_its_epoch_does_not(
    writer: Writer, owner: Owner
) -> None:
    writer.put_machine(machine_row("m"))

    writer.commit(owner, [step()])


def test_a_crash_raises_the_attempt_of_what_was_in_hand(
    writer: Writer, owner: Owner
) -> None:
    writer.commit(owner, [step(snapshot(pending={"1.1": world()}))])

    crash(writer)
    crash(writer)

    assert attempt(writer) == 3


def test_an_event_that_is_tried_alone_is_blamed_alone(
    writer: Writer, owner: Owner
) -> None:
    writer.commit(owner, [step(snapshot(pending={"1.1": world()}))])
    for event in ("first", "tried"):
        tried = writer.accept("m", event, None, source="t").id
    writer.accuse(tried)

    crash(writer)

    assert attempt(writer) == 1
    assert crashes(writer) == [("first", 0), ("tried", 2)]

    writer.accuse(tried, is_over=True)
    crash(writer)
    assert (attempt(writer), crashes(writer)[1]) == (2, ("tried", 2))

    writer.accuse(tried)
    crash(writer)
    assert crashes(writer) == [("first", 0)]


def test_a_sleep_is_no_attempt_at_anything(writer: Writer, owner: Owner) -> None:
    pending = {"1.1": world("sleep", due=[1, 1, "boot-1"])}
    writer.commit(owner, [step(snapshot(pending=pending))])

    crash(writer)

    assert attempt(writer) == 1


def test_a_clean_end_counts_nothing(writer: Writer, owner: Owner) -> None:
    writer.accept("m", "go", None, source="t")
    hold(writer, owner)
    pending = {"1.1": world()}
    writer.commit(owner, [step(snapshot(pending=pending, held={"J": "queue"}))])
    writer.leave(owner)

    crash(writer)

    assert (attempt(writer), job(writer).attempts) == (1, 1)
    assert crashes(writer) == [("go", 0)]


def test_a_fenced_owner_cannot_say_that_the_new_one_left(
    writer: Writer, owner: Owner
) -> None:
    writer.commit(owner, [step(snapshot(pending={"1.1": world()}))])
    crash(writer)
    writer.leave(owner)

    crash(writer)

    assert attempt(writer) == 3


def test_an_end_the_supervisor_caused_counts_nothing(
    writer: Writer, owner: Owner
) -> None:
    writer.commit(owner, [step(snapshot(pending={"1.1": world()}))])

    writer.raise_epoch("m", ["m"], crashed=False)

    assert attempt(writer) == 1


def test_a_reboot_counts_nothing(
    writer: Writer, owner: Owner, clock: HandClock
) -> None:
    writer.commit(owner, [step(snapshot(pending={"1.1": world()}))])
    clock.reboot()

    crash(writer)

    assert attempt(writer) == 1


def test_a_held_job_passes_to_the_new_owner_and_a_crash_is_an_attempt(
    writer: Writer, owner: Owner
) -> None:
    hold(writer, owner)

    crash(writer)

    found = job(writer)
    assert (found.status, found.epoch, found.attempts) == (JobState.RUNNING, 2, 2)


def test_a_job_claimed_and_not_yet_stepped_passes_too(
    writer: Writer, owner: Owner
) -> None:
    writer.add_job("t", {}, source="me", job_id="J")
    ask(writer, owner, query("check_database_queue", "9.1", job_type="t"))

    crash(writer)

    assert (job(writer).status, job(writer).epoch) == (JobState.RUNNING, 2)


def test_a_job_the_run_let_go_of_is_given_back(writer: Writer, owner: Owner) -> None:
    hold(writer, owner)
    writer.commit(owner, [step(snapshot())])

    crash(writer)

    assert (job(writer).status, job(writer).attempts) == (JobState.AVAILABLE, 0)


def test_a_run_that_ended_holds_nothing(writer: Writer, owner: Owner) -> None:
    hold(writer, owner)
    ended = snapshot(held={"J": "queue"}, status=Status.FINAL)
    writer.commit(owner, [step(ended)])

    crash(writer)

    assert job(writer).status is JobState.AVAILABLE


def test_an_event_that_ends_the_process_three_times_is_parked(
    writer: Writer, owner: Owner
) -> None:
    writer.commit(owner, [step()])
    for event in ("poison", "good"):
        writer.accept("m", event, None, source="t")

    crash(writer)
    crash(writer)
    assert crashes(writer) == [("poison", 2), ("good", 0)]
    crash(writer)

    assert crashes(writer) == [("good", 0)]
    with writer._db.reading() as tx:
        (found,) = tx.every("SELECT * FROM inbox WHERE event = 'poison'")
    assert found["status"] == InboxStatus.PARKED
    assert found["why"] == "its step ended the process 3 times"
    again = writer.requeue_event(found["id"], "me")
    assert crashes(writer) == [("good", 0), ("poison", 0)]
    assert again.is_new


@pytest.mark.parametrize("in_hand", ["bash", "sleep"])
def test_no_event_is_blamed_while_an_action_is_in_hand(
    writer: Writer, owner: Owner, in_hand: str
) -> None:
    writer.accept("m", "go", None, source="t")
    writer.commit(owner, [step(snapshot(pending={"1.1": world(in_hand)}))])

    crash(writer)

    assert crashes(writer) == [("go", 0)]


def test_no_event_is_blamed_while_a_result_waits_to_be_stepped(
    writer: Writer, owner: Owner
) -> None:
    writer.accept("m", "go", None, source="t")
    ask(writer, owner, query("add_job", job_type="t"))

    crash(writer)

    assert crashes(writer) == [("go", 0)]


def test_a_first_owner_was_preceded_by_no_crash(writer: Writer) -> None:
    writer.accept("m", "go", None, source="t")

    own(writer, "m")

    assert crashes(writer) == [("go", 0)]

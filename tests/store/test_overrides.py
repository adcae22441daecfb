"""Jobs in an operator's hands."""

import pytest

from smtui.chart.values import Status
from smtui.errors import StoreError, UsageError
from smtui.store import JobRow, JobState, Owner, Writer
from tests.support.store import ask, own, query, snapshot, step, watch


@pytest.fixture
def owner(writer: Writer) -> Owner:
    return own(writer, "m")


@pytest.fixture(autouse=True)
def queued(writer: Writer) -> None:
    writer.add_job("t", {"x": 1}, source="me", job_id="J", max_attempts=1)


def claim(writer: Writer, owner: Owner) -> None:
    ask(writer, owner, query("claim_job", "9.1", job_id="J"))
    held = snapshot(held={"J": "claim"})
    writer.commit(owner, [step(held, consumed=("9.1",))])


def fail(writer: Writer, owner: Owner) -> None:
    ask(writer, owner, query("fail_job", "9.2", job_id="J", reason="broke"))


def job(writer: Writer) -> JobRow:
    found = writer.job("J")
    assert found is not None
    return found


def test_a_discarded_job_is_tried_again_from_the_first_attempt(
    writer: Writer, owner: Owner
) -> None:
    claim(writer, owner)
    fail(writer, owner)
    assert job(writer).status is JobState.DISCARDED

    changed = writer.retry_job("J", "me@tty1")

    found = job(writer)
    assert (changed.id, changed.status) == ("J", JobState.AVAILABLE)
    assert (found.status, found.attempts, found.ended_at) == (
        JobState.AVAILABLE,
        0,
        None,
    )
    assert (found.data, found.error) == ({"x": 1}, "broke")


def test_a_retried_job_may_get_other_data(writer: Writer) -> None:
    writer.retry_job("J", "me", {"x": 2})

    assert job(writer).data == {"x": 2}


def test_a_retry_rings_who_watches(writer: Writer, owner: Owner) -> None:
    writer.commit(owner, [step(snapshot(pending={"1": watch("jobs/t")}))])

    assert writer.retry_job("J", "me").bells == {"m"}


def test_a_cancelled_job_is_never_claimed(writer: Writer, owner: Owner) -> None:
    assert writer.cancel_job("J", "me").status is JobState.CANCELLED

    claim(writer, owner)
    assert job(writer).status is JobState.CANCELLED
    with pytest.raises(StoreError, match="is cancelled, there is nothing to cancel"):
        writer.cancel_job("J", "me")


def test_a_running_job_is_not_taken_from_its_holder(
    writer: Writer, owner: Owner
) -> None:
    claim(writer, owner)

    for act in (writer.retry_job, writer.cancel_job):
        with pytest.raises(StoreError, match="job J is running in 'm'"):
            act("J", "me")
    with pytest.raises(StoreError, match="it would be done twice"):
        writer.release_job("J", "me")

    assert job(writer).status is JobState.RUNNING


def test_an_operator_who_insists_takes_it(writer: Writer, owner: Owner) -> None:
    claim(writer, owner)

    writer.release_job("J", "me", force=True)
    assert (job(writer).status, job(writer).attempts) == (JobState.AVAILABLE, 0)

    ask(writer, owner, query("claim_job", "9.3", job_id="J"))
    writer.cancel_job("J", "me", force=True)
    assert job(writer).status is JobState.CANCELLED


def test_a_job_its_run_has_lost_is_released_without_force(
    writer: Writer, owner: Owner
) -> None:
    claim(writer, owner)
    writer.commit(owner, [step(snapshot())])

    assert writer.release_job("J", "me").status is JobState.AVAILABLE


def test_a_job_of_a_run_that_ended_is_released_without_force(
    writer: Writer, owner: Owner
) -> None:
    claim(writer, owner)
    ended = snapshot(held={"J": "claim"}, status=Status.FINAL)
    writer.commit(owner, [step(ended)])

    assert writer.release_job("J", "me").status is JobState.AVAILABLE


def test_a_job_handed_to_a_run_that_has_not_begun_is_in_its_hands(
    writer: Writer, owner: Owner
) -> None:
    claim(writer, owner)
    start = query("start_fsm", "9.4", machine_name="w", file="/w.yaml", jobs=["J"])
    ask(writer, owner, start)

    with pytest.raises(StoreError, match="in the hands of 'w'"):
        writer.release_job("J", "me")


def test_a_job_nobody_holds_cannot_be_released(writer: Writer) -> None:
    with pytest.raises(StoreError, match="is available, nobody holds it"):
        writer.release_job("J", "me")


def test_an_unknown_job_is_a_mistake_of_the_command_line(writer: Writer) -> None:
    with pytest.raises(UsageError, match="no job 'ghost'"):
        writer.retry_job("ghost", "me")


def test_every_act_is_kept_with_who_did_it(writer: Writer) -> None:
    writer.cancel_job("J", "me@tty1")

    with writer._db.reading() as tx:
        (row,) = tx.every("SELECT * FROM inbox")
    assert (row["event"], row["source"], row["job_id"]) == (
        "job_cancel",
        "me@tty1",
        "J",
    )

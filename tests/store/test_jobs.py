"""The queue: enqueueing, claiming, failing, due times, settling."""

from pathlib import Path

import pytest

from smtui.chart.values import At, Finish, Settle, Settlement, Status
from smtui.definition import Json
from smtui.errors import StoreError
from smtui.store import JobRow, JobState, Owner, Writer
from smtui.store.jobs import retry_delay_s
from tests.support.store import (
    BEGAN,
    BOOT,
    HandClock,
    ask,
    open_writer,
    own,
    query,
    snapshot,
    step,
    value,
    watch,
)

_asked = iter(range(1, 1_000_000))


def claim(
    writer: Writer, owner: Owner, job_type: str = "t", **args: Json
) -> str | None:
    asked = query(
        "check_database_queue", f"c.{next(_asked)}", job_type=job_type, **args
    )
    found = value(ask(writer, owner, asked))["job"]
    return str(found["id"]) if isinstance(found, dict) else None


def settle(writer: Writer, owner: Owner, id_: str, how: Settlement) -> None:
    writer.commit(owner, [step(settles=(Settle(id_, how, "broke"),))])


def job(writer: Writer, id_: str) -> JobRow:
    found = writer.job(id_)
    assert found is not None
    return found


def test_a_new_job_is_available_as_it_was_asked_for(writer: Writer) -> None:
    added = writer.add_job(
        "t",
        {"x": 1},
        source="me",
        priority=2,
        machine_type="mt",
        key="k",
        max_attempts=7,
        job_id="J1",
        source_job_id="J0",
    )

    found = job(writer, "J1")
    assert (added.id, added.is_new, added.due) == ("J1", True, None)
    assert (found.status, found.attempts) == (JobState.AVAILABLE, 0)
    assert (found.job_type, found.machine_type, found.data) == ("t", "mt", {"x": 1})
    assert (found.priority, found.max_attempts, found.key) == (2, 7, "k")
    assert (found.source_job_id, found.created_at) == ("J0", BEGAN)


def test_a_key_or_an_id_makes_one_job(writer: Writer) -> None:
    first = writer.add_job("t", {}, source="me", key="k", job_id="J1")

    by_key = writer.add_job("t", {}, source="me", key="k")
    by_id = writer.add_job("t", {}, source="me", job_id="J1")

    assert [(a.id, a.is_new) for a in (first, by_key, by_id)] == [
        ("J1", True),
        ("J1", False),
        ("J1", False),
    ]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"delay_s": -1.0}, "delay_s is -1.0"),
        ({"delay_s": float("nan")}, "delay_s is nan"),
        ({"max_attempts": 0}, "max_attempts is 0"),
    ],
)
def test_numbers_that_make_no_job_are_refused(
    writer: Writer, parts: dict[str, float], words: str
) -> None:
    with pytest.raises(StoreError, match=words):
        writer.add_job("t", {}, source="me", **parts)  # type: ignore[arg-type] # wrong on purpose


def test_a_job_needs_a_type(writer: Writer) -> None:
    with pytest.raises(StoreError, match="a job needs a type, found ''"):
        writer.add_job("", {}, source="me")


def test_priority_comes_before_age(writer: Writer) -> None:
    owner = own(writer, "m")
    for id_, priority in (("low", 9), ("old", 5), ("young", 5), ("high", 1)):
        writer.add_job("t", {}, source="me", priority=priority, job_id=id_)
    writer.add_job("other", {}, source="me", priority=0)

    claimed = [claim(writer, owner) for _ in range(5)]

    assert claimed == ["high", "old", "young", "low", None]


def test_a_machine_type_takes_its_own_and_those_for_anyone(writer: Writer) -> None:
    owner = own(writer, "m")
    for id_, machine_type in (("theirs", "x"), ("anyones", None), ("ours", "mt")):
        writer.add_job("t", {}, source="me", machine_type=machine_type, job_id=id_)

    claimed = [claim(writer, owner, machine_type="mt") for _ in range(3)]

    assert claimed == ["anyones", "ours", None]
    assert claim(writer, owner) == "theirs"


def test_a_claim_without_a_type_takes_the_first_of_all(writer: Writer) -> None:
    owner = own(writer, "m")
    writer.add_job("b", {}, source="me", job_id="B", machine_type="x")
    writer.add_job("a", {}, source="me", job_id="A")

    assert [claim(writer, owner, ""), claim(writer, owner, "")] == ["B", "A"]


def test_a_claimed_job_knows_who_has_it(writer: Writer, clock: HandClock) -> None:
    owner = own(writer, "m")
    writer.add_job("t", {}, source="me", job_id="J")
    clock.pass_s(3)

    claim(writer, owner)

    found = job(writer, "J")
    assert (found.status, found.attempts) == (JobState.RUNNING, 1)
    assert (found.machine, found.instance, found.epoch) == ("m", "main", 1)
    assert found.claimed_at == BEGAN + 3


def test_failed_attempts_wait_longer_each_time_up_to_a_minute() -> None:
    waits = [retry_delay_s(n) for n in (1, 2, 3, 4, 5, 6, 7, 5000)]

    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_failed_job_is_retried_until_its_attempts_are_used(
    writer: Writer, clock: HandClock
) -> None:
    owner = own(writer, "m")
    writer.add_job("t", {}, source="me", job_id="J")
    seen: list[JobState] = []
    for wait in (2, 4, 0):
        assert claim(writer, owner) == "J"
        settle(writer, owner, "J", Settlement.FAILED)
        seen.append(job(writer, "J").status)
        clock.pass_s(wait - 0.01)
        assert claim(writer, owner) is None
        clock.pass_s(0.01)

    assert seen == [JobState.RETRYABLE, JobState.RETRYABLE, JobState.DISCARDED]
    found = job(writer, "J")
    assert (found.error, found.attempts) == ("broke", 3)
    assert found.ended_at is not None
    assert found.machine == "m"


def test_a_delayed_job_is_claimed_when_it_is_due_and_not_before(
    writer: Writer, clock: HandClock
) -> None:
    owner = own(writer, "m")
    added = writer.add_job("t", {}, source="me", delay_s=10)
    due = At(BEGAN + 10, 1010.0, BOOT)
    assert (added.due, writer.next_job_due()) == (due, due)
    assert job(writer, added.id).status is JobState.SCHEDULED

    clock.pass_s(9.9)
    assert claim(writer, owner) is None
    clock.pass_s(0.1)

    assert claim(writer, owner) == added.id
    assert writer.next_job_due() is None
    assert job(writer, added.id).due_at is None


def test_a_changed_wall_clock_moves_no_due_time(
    writer: Writer, clock: HandClock
) -> None:
    owner = own(writer, "m")
    writer.add_job("t", {}, source="me", delay_s=10)

    clock.wall += 86_400
    assert claim(writer, owner) is None
    clock.wall -= 2 * 86_400
    clock.boot += 10

    assert claim(writer, owner) is not None


def test_after_a_reboot_the_wall_clock_says_what_is_left(
    writer: Writer, clock: HandClock, tmp_path: Path
) -> None:
    writer.add_job("t", {}, source="me", delay_s=100, job_id="J")
    clock.reboot(down_s=70)

    with open_writer(tmp_path, clock) as after:
        owner = own(after, "m")
        due = after.next_job_due()
        assert due is not None
        assert (due.seconds_left(clock.at()), due.boot_id) == (30, "boot-1'")
        clock.pass_s(30)
        assert claim(after, owner) == "J"


def test_due_jobs_ring_who_watches_their_type(writer: Writer, clock: HandClock) -> None:
    owner = own(writer, "m")
    writer.commit(owner, [step(snapshot(pending={"1": watch("jobs/t")}))])
    writer.add_job("t", {}, source="me", delay_s=5)
    writer.add_job("t", {}, source="me", delay_s=9)
    clock.pass_s(5)

    promoted = writer.promote_due()

    assert (promoted.n, promoted.bells) == (1, frozenset({"m"}))
    assert promoted.next_due is not None
    assert promoted.next_due.seconds_left(clock.at()) == 4
    assert writer.promote_due().n == 0


def test_completed_and_released_jobs_are_what_they_say(writer: Writer) -> None:
    owner = own(writer, "m")
    for id_ in ("A", "B"):
        writer.add_job("t", {}, source="me", job_id=id_)
        claim(writer, owner)

    settle(writer, owner, "A", Settlement.COMPLETED)
    settle(writer, owner, "B", Settlement.RELEASED)

    done, back = job(writer, "A"), job(writer, "B")
    assert (done.status, done.ended_at) == (JobState.COMPLETED, BEGAN)
    assert (back.status, back.attempts, back.machine) == (JobState.AVAILABLE, 0, None)


def test_settling_a_job_of_somebody_else_does_nothing(writer: Writer) -> None:
    owner, other = own(writer, "m"), own(writer, "other")
    writer.add_job("t", {}, source="me", job_id="J")
    claim(writer, owner)

    for how in Settlement:
        settle(writer, other, "J", how)
        settle(writer, other, "ghost", how)

    assert job(writer, "J").status is JobState.RUNNING


def test_a_run_that_ends_gives_back_what_it_still_has(writer: Writer) -> None:
    owner = own(writer, "m")
    writer.add_job("t", {}, source="me", job_id="J")
    claim(writer, owner)

    writer.commit(owner, [step(finish=Finish(Status.FINAL, "stopped"))])

    assert job(writer, "J").status is JobState.AVAILABLE


def test_a_job_that_will_wait_wakes_the_supervisor(writer: Writer) -> None:
    owner = own(writer, "m")
    writer.add_job("t", {}, source="me", job_id="J")
    claim(writer, owner)

    fail = step(settles=(Settle("J", Settlement.FAILED, ""),))
    assert writer.commit(owner, [fail]).wake_supervisor
    assert not writer.commit(owner, [step()]).wake_supervisor

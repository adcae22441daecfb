"""Store actions: bare facts, in the shapes the core reads."""

import pytest

from smtui.chart.values import Raised, Settle, Settlement
from smtui.definition import Json
from smtui.store import ChildRow, InboxRow, JobState, Owner, Writer, inbox
from tests.support.store import (
    ask,
    machine_row,
    own,
    query,
    settling,
    snapshot,
    step,
    value,
)

_ids = iter(range(1, 1_000_000))


@pytest.fixture
def owner(writer: Writer) -> Owner:
    return own(writer, "m")


def do(writer: Writer, owner: Owner, action: str, **args: Json) -> dict[str, Json]:
    return dict(value(ask(writer, owner, query(action, f"a.{next(_ids)}", **args))))


def raised(writer: Writer, owner: Owner, action: str, **args: Json) -> str:
    answer = ask(writer, owner, query(action, f"a.{next(_ids)}", **args))
    assert isinstance(answer, Raised), answer
    return answer.message


def first(writer: Writer, machine: str) -> InboxRow:
    return writer.read_inbox(machine)[0]


def test_send_event_puts_a_row_and_rings(writer: Writer, owner: Owner) -> None:
    asked = query(
        "send_event",
        target_machine="other",
        event_type="go",
        payload={"x": 1},
        job_id="J",
    )

    committed = writer.commit(owner, [step(queries=(asked,))])

    found = first(writer, "other")
    answer = value(committed.answers["main", "1.1"])
    assert answer["id"] == found.id
    assert committed.bells == {"other"}
    assert (found.event, found.payload, found.source) == ("go", {"x": 1}, "m")
    assert found.job_id == "J"


def test_a_full_inbox_raises_and_undoes_nothing_else(
    writer: Writer, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MAX_WAITING", 1)
    writer.accept("x", "go", None, source="t")
    asked = (
        query("add_job", "1.1", job_type="t"),
        query("send_event", "1.2", target_machine="x", event_type="go"),
    )

    committed = writer.commit(owner, [step(queries=asked)])

    answer = committed.answers["main", "1.2"]
    assert answer == Raised("inbox of 'x' is full: 1 events wait", "StoreError")
    assert committed.bells == frozenset()
    assert writer.counters(["jobs/t"]) == {"jobs/t": 1}


def test_an_action_that_raises_half_way_leaves_nothing(
    writer: Writer, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("w#1", "w#2"):
        writer.put_machine(machine_row(name))
        writer.put_child(ChildRow(name, {"replica_of": "w"}))
    monkeypatch.setattr(inbox, "MAX_WAITING", 1)
    writer.accept("w#2", "go", None, source="t")

    words = raised(writer, owner, "send_event", target_machine="w#*", event_type="go")

    assert "inbox of 'w#2' is full" in words
    assert writer.read_inbox("w#1") == []


def test_send_event_without_a_target_says_what_it_needs(
    writer: Writer, owner: Owner
) -> None:
    words = raised(writer, owner, "send_event", event_type="go")

    assert words == "send_event needs 'target_machine', found None"


def test_check_events_takes_the_oldest_of_its_types(
    writer: Writer, owner: Owner
) -> None:
    for event in ("other", "done", "go"):
        writer.accept("m", event, {"e": event}, source="t", job_id="J")

    got = do(writer, owner, "check_events", event_types=["go", "done"])

    taken = got["event"]
    assert isinstance(taken, dict)
    assert taken.pop("id")
    assert taken == {
        "type": "done",
        "payload": {"e": "done"},
        "job_id": "J",
        "source": "t",
    }
    assert [row.event for row in writer.read_inbox("m")] == ["other", "go"]


def test_check_events_finds_nothing(writer: Writer, owner: Owner) -> None:
    writer.accept("m", "other", None, source="t")

    assert do(writer, owner, "check_events", event_types="go") == {"event": None}


def test_clear_events_drops_what_waits(writer: Writer, owner: Owner) -> None:
    for event in ("a", "b", "a", "c"):
        writer.accept("m", event, None, source="t")
    writer.accept("n", "a", None, source="t")

    assert do(writer, owner, "clear_events", event_types=["a", "a"]) == {"cleared": 2}
    assert do(writer, owner, "clear_events") == {"cleared": 2}
    assert do(writer, owner, "clear_events", target_machine="n") == {"cleared": 1}
    assert do(writer, owner, "clear_events") == {"cleared": 0}


def test_the_queue_gives_a_job_in_the_old_shape(writer: Writer, owner: Owner) -> None:
    writer.add_job("t", {"x": 1}, source="me", job_id="J", source_job_id="S")

    asked: dict[str, Json] = {"job_type": "t", "machine_type": None}
    assert do(writer, owner, "check_database_queue", **asked) == {
        "job": {"id": "J", "source_job_id": "S", "job_type": "t", "data": {"x": 1}}
    }
    assert do(writer, owner, "check_database_queue", **asked) == {"job": None}


def test_asking_again_completes_the_last_job_in_the_same_transaction(
    writer: Writer, owner: Owner
) -> None:
    for id_ in ("A", "B"):
        writer.add_job("t", {}, source="me", job_id=id_)
    do(writer, owner, "check_database_queue", job_type="t")
    asked = query("check_database_queue", "9.9", job_type="t")
    completed = Settle("A", Settlement.COMPLETED)

    answer = ask(writer, owner, settling(asked, completed))

    job = value(answer)["job"]
    assert isinstance(job, dict)
    assert job["id"] == "B"
    found = writer.job("A")
    assert found is not None
    assert found.status is JobState.COMPLETED


def test_get_pending_jobs_claims_nothing(writer: Writer, owner: Owner) -> None:
    for n in range(3):
        writer.add_job("t", {"n": n}, source="me", job_id=f"J{n}", machine_type="mt")

    args: dict[str, Json] = {"job_type": "t", "machine_type": "mt", "limit": "2"}
    jobs = do(writer, owner, "get_pending_jobs", **args)["jobs"]

    assert isinstance(jobs, list)
    assert [job["job_id"] for job in jobs if isinstance(job, dict)] == ["J0", "J1"]
    assert set(jobs[0] if isinstance(jobs[0], dict) else ()) == {
        "job_id",
        "job_type",
        "machine_type",
        "source_job_id",
        "data",
        "priority",
        "status",
        "created_at",
    }
    assert do(writer, owner, "get_pending_jobs", job_type="t")["jobs"] != []


def test_a_job_is_claimed_by_id_once(writer: Writer, owner: Owner) -> None:
    writer.add_job("t", {"x": 1}, source="me", job_id="J")

    got = do(writer, owner, "claim_job", job_id="J")
    again = do(writer, owner, "claim_job", job_id="J")

    assert got["claimed"] is True
    assert got["job"] == {
        "id": "J",
        "source_job_id": None,
        "job_type": "t",
        "data": {"x": 1},
    }
    assert again == {"claimed": False, "job": None}


def test_complete_job_ends_it_with_its_result(writer: Writer, owner: Owner) -> None:
    writer.add_job("t", {}, source="me", job_id="J")

    got = do(writer, owner, "complete_job", job_id="J", result={"ok": 1})

    assert got == {"completed": True}
    found = writer.job("J")
    assert found is not None
    assert (found.status, found.result) == (JobState.COMPLETED, {"ok": 1})
    assert writer.counters(["jobs_ended"]) == {"jobs_ended": 1}
    assert do(writer, owner, "complete_job", job_id="J") == {"completed": True}


def test_a_cancelled_job_is_not_completed(writer: Writer, owner: Owner) -> None:
    writer.add_job("t", {}, source="me", job_id="J")
    writer.cancel_job("J", "me")

    assert do(writer, owner, "complete_job", job_id="J") == {"completed": False}


@pytest.mark.parametrize("action", ["complete_job", "fail_job"])
def test_an_unknown_job_is_an_error(writer: Writer, owner: Owner, action: str) -> None:
    assert raised(writer, owner, action, job_id="ghost") == "no job 'ghost'"


def test_fail_job_counts_an_attempt(writer: Writer, owner: Owner) -> None:
    writer.add_job("t", {}, source="me", job_id="J", max_attempts=1)

    got = do(writer, owner, "fail_job", job_id="J", reason="bad input", error="error")

    assert got == {"failed": True, "status": "discarded"}
    found = writer.job("J")
    assert found is not None
    assert found.error == "bad input"
    again = do(writer, owner, "fail_job", job_id="J")
    assert again == {"failed": False, "status": "discarded"}


def test_add_job_takes_text_for_numbers(writer: Writer, owner: Owner) -> None:
    got = do(
        writer,
        owner,
        "add_job",
        job_type="t",
        data={"x": 1},
        priority="3",
        delay_s="2.5",
        max_attempts=5.0,
        key="k",
    )

    found = writer.job(str(got["id"]))
    assert found is not None
    assert (found.priority, found.max_attempts) == (3, 5)
    assert (found.status, found.source) == (JobState.SCHEDULED, "m")
    again = do(writer, owner, "add_job", job_type="t", key="k")
    assert again == {"id": got["id"], "created": False}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({}, "add_job needs 'job_type'"),
        ({"job_type": "t", "priority": "high"}, "priority is 'high', expected a"),
        ({"job_type": "t", "priority": 1e300}, "priority is 1e+300, expected a"),
        ({"job_type": "t", "data": [1]}, r"data is [1], expected a mapping"),
    ],
)
def test_arguments_that_do_not_fit_are_named(
    writer: Writer, owner: Owner, args: dict[str, Json], words: str
) -> None:
    assert words in raised(writer, owner, "add_job", **args)


def test_wait_for_jobs_sorts_by_how_they_ended(writer: Writer, owner: Owner) -> None:
    for id_ in ("done", "gone", "waits"):
        writer.add_job("t", {}, source="me", job_id=id_)
    do(writer, owner, "complete_job", job_id="done")
    writer.cancel_job("gone", "me")

    got = do(writer, owner, "wait_for_jobs", ids=["done", "gone", "waits", "ghost"])

    assert got == {
        "completed": ["done"],
        "failed": ["gone", "ghost"],
        "pending": ["waits"],
    }


def test_activity_log_is_kept_beside_the_events(writer: Writer, owner: Owner) -> None:
    assert do(writer, owner, "activity_log", message="hello", level="warning") == {}

    with writer._db.reading() as tx:
        (row,) = tx.every("SELECT * FROM inbox")
    assert (row["machine"], row["event"], row["source"]) == ("ui", "activity_log", "m")
    assert row["payload_json"] == '{"message":"hello","level":"warning","machine":"m"}'
    assert writer.read_inbox("ui") == []


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("ready", "running"),
        ("hung", "stale"),
        ("backoff", "stale"),
        ("done", "not_running"),
        ("stopped", "not_running"),
    ],
)
def test_check_machine_state_says_what_is_seen(
    writer: Writer, owner: Owner, state: str, status: str
) -> None:
    writer.put_child(ChildRow("m", {}))
    writer.set_child_state("m", state)
    writer.commit(owner, [step(snapshot(configuration=("idle",)))])

    got = do(writer, owner, "check_machine_state", target_machine="m")

    assert got["status"] == status


def test_an_unknown_machine_does_not_run(writer: Writer, owner: Owner) -> None:
    got = do(writer, owner, "check_machine_state", target_machine="ghost")

    assert got == {"status": "not_running", "state": None}


def test_an_action_the_store_does_not_know_is_not_found(
    writer: Writer, owner: Owner
) -> None:
    answer = ask(writer, owner, query("bake_bread"))

    assert answer == Raised("the store knows no action 'bake_bread'", "NotFound")

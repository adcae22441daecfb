"""Store actions: what the store is asked, and what its answer means."""

from collections.abc import Mapping

import pytest

from smtui.chart.values import Kind, Query, Raised
from smtui.definition import Json
from tests.support.hand import Hand


def asking(action: str, **data: Json) -> Hand:
    text = f"""
        initial_state: a
        transitions: []
        actions:
          a:
            - {{{action}}}
        """
    return Hand(text, data).go()


def event_after(action: str, answer: Mapping[str, Json], **data: Json) -> str | None:
    """Return the event of an answer, found by trying who takes it."""
    names = [
        "own",
        "error",
        "success",
        "continue",
        "event_sent",
        "no_jobs",
        "new_job",
        "jobs_found",
        "claimed",
        "already_claimed",
        "job_failed",
        "job_added",
        "all_jobs_complete",
        "check_timeout",
        "no_jobs_tracked",
        "events_cleared",
        "no_events_to_clear",
        "is_running",
        "not_running",
        "stale",
        "no_events",
        "done",
    ]
    rows = "".join(f"\n  - {{from: a, to: b, event: {name}}}" for name in names)
    text = f"initial_state: a\ntransitions:{rows}\nactions:\n  a:\n    - {{{action}}}\n"
    hand = Hand(text, data).go()
    if hand.is_busy:
        hand.gives(answer)
    return hand.taken[0][0] if hand.taken else None


J: dict[str, Json] = {"id": "j", "job_type": "t", "data": {}, "source_job_id": None}
FOUND: dict[str, Json] = {"id": "e", "type": "done", "payload": {}, "job_id": None}


@pytest.mark.parametrize(
    ("action", "answer", "event"),
    [
        ("type: activity_log", {}, "continue"),
        ("type: activity_log, success: own", {}, "own"),
        ("type: send_event, target_machine: x", {"id": "1"}, "event_sent"),
        ("type: send_event, target: x, success: own", {"id": "1"}, "own"),
        ("type: send_event, target: x, fire_and_forget: true", {"id": "1"}, None),
        ("type: send_event, target: x, fire_and_forget: 'yes'", {"id": "1"}, None),
        (
            "type: send_event, target: x, fire_and_forget: 'no'",
            {"id": "1"},
            "event_sent",
        ),
        ("type: check_database_queue, job_type: t", {"job": None}, "no_jobs"),
        ("type: check_database_queue, job_type: t", {"job": J}, "new_job"),
        ("type: get_pending_jobs", {"jobs": [J]}, "jobs_found"),
        ("type: get_pending_jobs, success: own", {"jobs": [J]}, "own"),
        ("type: get_pending_jobs", {"jobs": []}, "no_jobs"),
        ("type: get_pending_jobs, empty: own", {"jobs": []}, "own"),
        ("type: claim_job, job_id: j", {"claimed": True}, "claimed"),
        ("type: claim_job, job_id: j, success: own", {"claimed": True}, "own"),
        ("type: claim_job, job_id: j", {"claimed": False}, "already_claimed"),
        ("type: claim_job, job_id: j, already_claimed: own", {"claimed": False}, "own"),
        ("type: complete_job, job_id: j", {"completed": True}, "success"),
        ("type: complete_job, job_id: j, success: own", {"completed": True}, "own"),
        ("type: fail_job, job_id: j", {"failed": True}, "job_failed"),
        ("type: fail_job, job_id: j, success: own", {"failed": True}, "own"),
        ("type: add_job, job_type: t", {"id": "n", "created": True}, "job_added"),
        ("type: add_job, job_type: t, success: own", {"id": "n"}, "own"),
        ("type: clear_events", {"cleared": 2}, "events_cleared"),
        ("type: clear_events", {"cleared": 0}, "no_events_to_clear"),
        ("type: clear_events, success: own", {"cleared": 0}, "own"),
        (
            "type: start_fsm, yaml_path: c, machine_name: c",
            {"created": True},
            "success",
        ),
        (
            "type: start_fsm, yaml_path: c, machine_name: c, success: own",
            {"created": False},
            "own",
        ),
        ("type: check_events, event_types: done", {"event": None}, "no_events"),
        (
            "type: check_events, event_types: done, empty: own",
            {"event": None},
            "own",
        ),
        ("type: check_events, event_types: done", {"event": FOUND}, "done"),
        ("type: wait_for_jobs", {}, "no_jobs_tracked"),
    ],
)
def test_each_answer_has_its_event(
    action: str, answer: dict[str, Json], event: str | None
) -> None:
    assert event_after(action, answer) == event


@pytest.mark.parametrize(
    ("keys", "answer", "event"),
    [
        ("", {"status": "running", "state": "x"}, "is_running"),
        ("", {"status": "not_running", "state": None}, "not_running"),
        ("", {"status": "stale", "state": "x"}, "stale"),
        (", success: own", {"status": "running", "state": "x"}, "own"),
        (", failure: own", {"status": "not_running", "state": None}, "own"),
        (", stale: own", {"status": "stale", "state": "x"}, "own"),
        (
            ", expected_states: [x, y]",
            {"status": "running", "state": "y"},
            "is_running",
        ),
        (", expected_states: x", {"status": "running", "state": "y"}, "not_running"),
        (", expected_states: []", {"status": "running", "state": "y"}, "is_running"),
    ],
)
def test_the_state_of_another_machine(
    keys: str, answer: dict[str, Json], event: str
) -> None:
    action = f"type: check_machine_state, target_machine: other{keys}"

    assert event_after(action, answer) == event


@pytest.mark.parametrize(
    ("action", "event"),
    [
        ("type: send_event, target_machine: x, fire_and_forget: true", "error"),
        ("type: complete_job, job_id: ghost, error: own", "own"),
        ("type: fail_job, job_id: ghost, error: for people", "error"),
        ("type: start_fsm, yaml_path: c, machine_name: c, error: null", None),
    ],
)
def test_what_the_store_refuses_is_an_error(action: str, event: str | None) -> None:
    rows = "".join(
        f"\n  - {{from: a, to: b, event: {name}}}" for name in ("error", "own")
    )
    text = f"initial_state: a\ntransitions:{rows}\nactions:\n  a:\n    - {{{action}}}\n"
    hand = Hand(text).go()

    hand.gives(Raised("no job 'ghost'"))

    assert [name for name, _ in hand.taken] == ([] if event is None else [event])
    type_ = hand.data["last_error_action"]
    assert hand.data["last_error"] == f"Error executing action {type_}: no job 'ghost'"


# ------------------------------------------------------------ what is asked


@pytest.mark.parametrize(
    ("action", "topics"),
    [
        ("type: check_database_queue, job_type: t", ("jobs/t",)),
        ("type: check_database_queue", ("jobs/face_processing",)),
        ('type: check_database_queue, job_type: "{kind}"', ("jobs/k",)),
        ("type: get_pending_jobs, job_type: t", ("jobs/t",)),
        ("type: get_pending_jobs", ("jobs",)),
        ("type: wait_for_jobs, tracked_jobs_key: ids", ("jobs_ended",)),
        ("type: claim_job, job_id: j", ()),
        ("type: check_events, event_types: [x]", ()),
    ],
)
def test_the_counters_an_answer_depends_on(
    action: str, topics: tuple[str, ...]
) -> None:
    hand = asking(action, kind="k", ids=["j"])

    assert hand.asked.topics == topics
    assert hand.asked.kind is Kind.STORE
    queries = [e for e in hand.effects if isinstance(e, Query)]
    assert [query.entry for query in queries] == [hand.asked]


def test_a_queue_without_a_type_is_the_originals() -> None:
    asked = asking("type: check_database_queue").asked

    assert asked.args["job_type"] == "face_processing"
    assert "job_type" not in asking("type: get_pending_jobs").asked.args


@pytest.mark.parametrize("action", ["complete_job", "fail_job"])
@pytest.mark.parametrize(
    ("data", "id_"),
    [
        ({"job_id": "a", "current_job": {"id": "b"}}, "a"),
        ({"current_job": {"id": "b", "job_id": "c"}}, "b"),
        ({"current_job": {"job_id": "c"}}, "c"),
    ],
)
def test_the_job_meant_is_the_one_in_hand(
    action: str, data: dict[str, Json], id_: str
) -> None:
    assert asking(f"type: {action}", **data).asked.args["job_id"] == id_


@pytest.mark.parametrize(
    ("keys", "data", "reason"),
    [
        (", reason: why", {}, "why"),
        (", error: why", {}, "why"),
        (', error: "{x}"', {"x": "why"}, "why"),
        ("", {"last_error": "why"}, "why"),
        ("", {}, None),
    ],
)
def test_a_failed_job_is_told_why(
    keys: str, data: dict[str, Json], reason: str | None
) -> None:
    asked = asking(f"type: fail_job, job_id: j{keys}", **data).asked

    assert asked.args["reason"] == reason


@pytest.mark.parametrize(
    ("payload", "sent"),
    [
        (
            '{n: "{num}", t: "n={num}", none: "{no}", p: {q: "{no}"}}',
            {"n": 3, "t": "n=3", "none": None, "p": {"q": "{no}"}},
        ),
        ('"{event_data.payload}"', {"k": [1]}),
        ('"{no.payload}"', {}),
        ("{p: {a: 1}, q: []}", {"p": {"a": 1}, "q": []}),
        ('"{no} and {no}"', "{no} and {no}"),
        ('"some text"', "some text"),
        ("null", {}),
        ("7", 7),
        ("[1]", [1]),
    ],
)
def test_a_payload_is_filled_and_what_found_nothing_is_null(
    payload: str, sent: Json
) -> None:
    hand = asking(
        f"type: send_event, target: x, event_type: go, payload: {payload}",
        num=3,
        event_data={"payload": {"k": [1]}},
    )

    assert hand.asked.args["payload"] == sent


def test_an_event_sent_without_much_has_the_originals_names() -> None:
    args = asking("type: send_event").asked.args

    assert args["target_machine"] == "unknown"
    assert args["event_type"] == "generic_event"
    assert args["payload"] == {}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("message: 'hello {who} {id}'", "hello x unknown"),
        ("message: '{job_id} in {current_state}'", "unknown in a"),
        ("message: '{n}'", "7"),
        ("level: info", "Log message"),
    ],
)
def test_an_activity_message_is_text(message: str, text: str) -> None:
    hand = asking(f"type: activity_log, {message}", who="x", n=7, id=None)

    assert hand.asked.args["message"] == text


def test_jobs_waited_for_are_those_of_a_list_in_the_data() -> None:
    assert asking("type: wait_for_jobs", spawned_jobs=[1, "b"]).asked.args["ids"] == [
        "1",
        "b",
    ]


@pytest.mark.parametrize("tracked", [[], "text", None])
def test_nothing_to_wait_for_is_no_query(tracked: Json) -> None:
    hand = asking("type: wait_for_jobs", spawned_jobs=tracked)

    assert not hand.is_busy


# ------------------------------------------------------------ what is kept


def test_jobs_found_are_kept_under_their_key() -> None:
    found: dict[str, Json] = {"jobs": [J]}

    assert asking("type: get_pending_jobs").gives(found).data["pending_jobs"] == [J]
    other = asking("type: get_pending_jobs, store_as: o").gives({"jobs": []})
    assert other.data["o"] == []


def test_the_id_of_a_new_job_may_be_kept() -> None:
    hand = asking("type: add_job, job_type: t, store_as: new")

    assert hand.gives({"id": "n1", "created": True}).data["new"] == "n1"


def test_an_event_that_was_looked_for_is_in_the_data() -> None:
    text = """
        initial_state: a
        events:
          done: {context_map: {who: payload.name, jid: job_id}}
        transitions: [{from: a, to: b, event: done}]
        actions:
          a: [{type: check_events, event_types: [done]}]
        """
    found: Json = {"id": "e", "type": "done", "payload": '{"name": "x"}', "job_id": "J"}

    hand = Hand(text).go().gives({"event": found})

    assert hand.state == "b"
    assert hand.data["payload"] == {"name": "x"}
    assert hand.data["event_data"] == {
        "type": "done",
        "payload": {"name": "x"},
        "job_id": "J",
    }
    assert (hand.data["who"], hand.data["jid"]) == ("x", "J")


def test_a_fail_job_forgets_the_job_in_hand() -> None:
    hand = asking("type: fail_job", current_job={"id": "j"}).gives({"failed": True})

    assert "current_job" not in hand.data

"""Pure actions are evaluated inside the step; what went wrong is an event."""

import pytest

from smtui.definition import Json
from tests.support.hand import Hand


def acted(*actions: str, custom: str = "", **data: Json) -> Hand:
    """Return a machine that ran these actions in its first pass."""
    lines = "".join(f"\n    - {{{action}}}" for action in actions)
    text = f"initial_state: a\ntransitions: []\nactions:\n  a:{lines}\n"
    return Hand(text, data, custom=frozenset(custom.split())).go()


@pytest.mark.parametrize("level", ["info", "ERROR", "success"])
def test_log_is_a_line_and_no_event(level: str) -> None:
    hand = acted(f"type: log, message: 'hello {{who}}', level: {level}", who="x")

    assert hand.logged == [(level.lower(), "hello x")]
    assert hand.taken == []


def test_log_without_a_message_says_so() -> None:
    assert acted("type: log").logged == [("info", "No message")]


def test_values_are_set_with_their_type_and_seen_by_the_next_action() -> None:
    hand = acted(
        'type: set_context, key: r1, value: "{num}"',
        'type: set_context, key: r2, value: {k: "{r1}", l: ["n={r1}", "{no}"]}',
        'type: set_context, key: "k{num}", value: null',
        num=3,
    )

    assert hand.data["r1"] == 3
    assert hand.data["r2"] == {"k": 3, "l": ["n=3", "{no}"]}
    assert hand.data["k3"] is None


def test_the_present_state_can_be_named() -> None:
    hand = acted('type: set_context, key: where, value: "{current_state}"')

    assert hand.data["where"] == "a"
    assert "current_state" not in hand.data


def test_lists_grow_at_the_end_and_give_from_the_head() -> None:
    hand = acted(
        "type: add_to_list, value: 1",
        "type: add_to_list, value: {x: 2}",
        "type: pop_from_list, store_as: first",
    )

    assert hand.data["first"] == 1


def test_a_key_that_holds_no_list_begins_one() -> None:
    hand = acted("type: add_to_list, list_key: k, value: 1", k="text")

    assert hand.data["k"] == [1]


def test_what_is_no_list_is_empty() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: b, event: list_empty}]
        actions:
          a: [{type: pop_from_list, list_key: k}]
        """,
        {"k": "text"},
    )

    assert hand.go().state == "b"
    assert hand.data["k"] == "text"


@pytest.mark.parametrize(
    ("action", "event"),
    [
        ("type: set_context, key: k, value: 1", "success"),
        ("type: set_context, key: k, value: 1, success: own", "own"),
        ("type: add_to_list, value: 1", "success"),
        ("type: add_to_list, value: 1, success: own", "own"),
        ("type: pop_from_list, list_key: one", "item_popped"),
        ("type: pop_from_list, list_key: one, success: own", "own"),
        ("type: pop_from_list, list_key: none", "list_empty"),
        ("type: pop_from_list, list_key: none, empty: own", "own"),
        ("type: raise, event: own", "own"),
        ('type: "{kind}", event: own', "own"),
    ],
)
def test_each_result_has_its_event(action: str, event: str) -> None:
    text = f"""
        initial_state: a
        transitions: [{{from: a, to: b, event: {event}}}]
        actions:
          a: [{{{action}}}]
        """

    hand = Hand(text, {"one": [1], "none": [], "kind": "raise"}).go()

    assert hand.taken == [(event, "b")]


def test_an_event_named_null_is_none() -> None:
    text = """
        initial_state: a
        transitions: [{from: a, to: b, event: success}]
        actions:
          a: [{type: set_context, key: k, value: 1, success: null}]
        """

    assert Hand(text).go().state == "a"


def test_raise_may_carry_a_payload() -> None:
    text = """
        initial_state: a
        events:
          told: {context_map: {who: payload.name}}
        transitions: [{from: a, to: b, event: told}]
        actions:
          a: [{type: raise, event: told, payload: {name: "{n}"}}]
        """

    hand = Hand(text, {"n": "Ann"}).go()

    assert hand.state == "b"
    assert hand.data["who"] == "Ann"
    assert hand.data["event_data"] == {
        "type": "told",
        "payload": {"name": "Ann"},
        "job_id": None,
    }


def test_raise_without_a_payload_leaves_the_last_event_in_the_data() -> None:
    text = """
        initial_state: a
        transitions: []
        actions:
          b: [{type: log}]
          a: [{type: raise, event: x}]
        """

    assert Hand(text, {"event_data": 1}).go().data["event_data"] == 1


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("type: set_context, key: x", "SetContextAction requires 'value' parameter"),
        ("type: set_context, value: 1", "SetContextAction requires 'key' parameter"),
        ("type: add_to_list", "AddToListAction requires 'value' parameter"),
        ("type: bash", "No command specified"),
        ("type: sleep, duration: '{x}'", "duration 'long' is no number of seconds"),
        ("type: sleep, duration: '{y}'", "duration 'inf' is no number of seconds"),
        ("type: start_fsm", "StartFsmAction requires 'yaml_path' parameter"),
        (
            "type: start_fsm, yaml_path: c.yaml",
            "StartFsmAction requires 'machine_name' parameter",
        ),
        ("type: claim_job", "no job_id: {job_id} has no value"),
        ("type: complete_job", "no job_id: {job_id} has no value"),
        ('type: complete_job, job_id: "{no}"', "no job_id: {no} has no value"),
        ("type: fail_job", "no job_id: {job_id} has no value"),
        (
            'type: bash, command: "echo $(({x}))"',
            (
                "{x} stands in arithmetic and is 'long', no whole number - "
                "shells run code that stands in an arithmetic value"
            ),
        ),
    ],
)
def test_what_an_action_cannot_do_without_is_an_error(action: str, text: str) -> None:
    type_ = action.split(",", maxsplit=1)[0].removeprefix("type: ")

    hand = acted(action, "type: log, message: goes on", x="long", y="inf")

    message = f"Error executing action {type_}: {text}"
    assert hand.data["last_error"] == message
    assert hand.data["last_error_action"] == type_
    assert hand.logged == [("error", message), ("info", "goes on")]


def test_an_error_may_have_another_name() -> None:
    text = """
        initial_state: a
        transitions: [{from: a, to: b, event: oops}]
        actions:
          a: [{type: claim_job, error: oops}]
        """

    assert Hand(text).go().state == "b"


def test_an_unknown_action_is_an_error() -> None:
    hand = acted("type: nope_nope")

    text = "Could not load action 'nope_nope' - not found in actions directory"
    assert hand.data["last_error"] == text
    assert hand.data["last_error_action"] == "nope_nope"


def test_an_action_without_a_type_is_skipped() -> None:
    hand = acted("message: x", "type: set_context, key: k, value: 1")

    assert hand.data["k"] == 1
    assert hand.logged == [("warning", "m.yaml:5:7: action without a type, skipped")]


def test_a_list_that_is_very_long_goes_on_in_the_next_step() -> None:
    hand = acted(*["type: add_to_list, value: 1"] * 1001)
    assert len(hand.data["items"]) == 1000  # type: ignore[arg-type]  # a list

    hand.go()

    assert len(hand.data["items"]) == 1001  # type: ignore[arg-type]  # a list

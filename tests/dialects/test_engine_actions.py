"""Actions of the engine dialect: spellings, kinds of values, custom ones."""

import pytest

from smtui.definition import Action, Json
from smtui.dialects.engine.keys import ACTION_KEYS
from tests.support.definitions import definition, problems, problems_of

NONE: frozenset[str] = frozenset()


def file(action: str) -> str:
    """Return a machine whose only action is written so."""
    return f"initial_state: a\nactions: {{a: [{action}]}}"


def action(text: str, custom: frozenset[str] = NONE) -> Action:
    """Return the only action of a machine."""
    return definition(file(text), custom=custom).states[0].actions[0]


def codes(text: str, custom: frozenset[str] = NONE) -> list[tuple[str, str]]:
    """Return severity and code of what is wrong with an action."""
    return problems_of(problems(file(text), custom=custom))


def test_params_and_flat_keys_are_the_same_thing() -> None:
    flat = action("{type: bash, command: x, success: ok}")
    nested = action("{type: bash, params: {command: x, success: ok}}")

    assert flat.args == nested.args == {"command": "x", "success": "ok"}


def test_params_and_flat_keys_that_agree_are_no_problem() -> None:
    assert codes("{type: bash, command: x, params: {command: x}}") == []


def test_params_and_flat_keys_that_differ_are_an_error() -> None:
    assert codes("{type: bash, command: x, params: {command: y}}") == [
        ("error", "conflict")
    ]


@pytest.mark.parametrize(
    "type_", ["send_event", "check_events", "clear_events", "check_machine_state"]
)
def test_target_is_target_machine(type_: str) -> None:
    more = ", event_types: [x]" if type_ == "check_events" else ""
    found = action(f"{{type: {type_}, target: boss{more}}}")

    assert found.args["target_machine"] == "boss"
    assert "target" not in found.args


def test_two_targets_that_differ_are_an_error() -> None:
    assert codes("{type: send_event, target: a, target_machine: b}") == [
        ("error", "conflict")
    ]


def test_the_type_of_a_job_may_stand_in_params_of_add_job() -> None:
    found = action("{type: add_job, params: {type: count, data: {n: 1}}}")

    assert found.args == {"job_type": "count", "data": {"n": 1}}


def test_exit_codes_become_text_keys() -> None:
    found = action("{type: bash, command: x, error_mappings: {3: a, '4': on, -9: k}}")

    assert found.args["error_mappings"] == {"3": "a", "4": "on", "-9": "k"}


def test_an_exit_code_written_twice_is_an_error() -> None:
    assert codes("{type: bash, command: x, error_mappings: {3: a, '3': b}}") == [
        ("error", "duplicate-key")
    ]


@pytest.mark.parametrize(
    ("text", "is_repeated"),
    [
        ("repeatable: true", True),
        ("repeatable: 'yes'", True),
        ("repeatable: ON", True),
        ("repeatable: '1'", True),
        ("repeatable: false", False),
        ("repeatable: 'no'", False),
        ("run_policy: repeat_per_tick", True),
        ("run_policy: REPEAT", True),
        ("run_policy: once", False),
    ],
)
def test_repetition_is_asked_for_in_these_words(text: str, is_repeated: bool) -> None:
    assert action(f"{{type: log, message: m, {text}}}").repeat is is_repeated


def test_the_number_one_does_not_ask_for_repetition_and_says_so() -> None:
    assert not action("{type: log, repeatable: 1}").repeat
    assert codes("{type: log, repeatable: 1}") == [("warning", "no-effect")]


def test_templates_stay_as_they_are_written() -> None:
    found = action('{type: bash, command: "x {a|length}", timeout: "{t}"}')

    assert found.args == {"command": "x {a|length}", "timeout": "{t}"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{type: bash, command: x, timeout: soon}", "wrong-type"),
        ("{type: bash, command: x, timeout: '5'}", "wrong-type"),
        ("{type: bash, command: x, timeout: -1}", "wrong-type"),
        ("{type: bash, command: x, timeout: true}", "wrong-type"),
        ("{type: bash, command: [x]}", "wrong-type"),
        ("{type: bash, command: x, on_crash: retry}", "wrong-type"),
        ("{type: bash, command: x, allow_job_command: 'yes'}", "wrong-type"),
        ("{type: bash, command: x, error_mappings: [3]}", "wrong-type"),
        ("{type: set_context, key: {num}, value: 1}", "wrong-type"),
        ("{type: get_pending_jobs, limit: 1.5}", "wrong-type"),
        (
            "{type: start_fsm, yaml_path: x, machine_name: y, context_vars: [a b]}",
            "wrong-type",
        ),
        ("{type: bash, comand: x}", "unknown-key"),
        ("{type: bash, command: x, error: y}", "unknown-key"),
        ("{type: log, params: {mesage: x}}", "unknown-key"),
        ("{type: log, params: 3}", "wrong-type"),
        ("{type: log, params: {type: x}}", "unknown-key"),
        ("{type: [a]}", "wrong-type"),
        ("{type: add_job}", "missing-key"),
        ("{type: raise}", "missing-key"),
        ("log", "wrong-type"),
    ],
)
def test_what_cannot_be_meant_is_an_error(text: str, code: str) -> None:
    assert codes(text) == [("error", code)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{type: bash}", "missing-parameter"),
        ("{type: set_context, key: x}", "missing-parameter"),
        ("{type: send_event, event_type: x}", "missing-parameter"),
        ("{type: check_database_queue}", "missing-parameter"),
        ("{message: x}", "no-type"),
        ("{type: log, level: loud}", "unknown-level"),
        ("{type: bash, command: x, error_mappings: {three: a}}", "never-matches"),
        ("{type: log, run_policy: often}", "no-effect"),
        (
            "{type: start_fsm, yaml_path: x, machine_name: y, additional_args: [-d]}",
            "no-effect",
        ),
    ],
)
def test_what_runs_today_is_a_warning(text: str, code: str) -> None:
    assert codes(text) == [("warning", code)]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{type: bash, comand: x}", "did you mean 'command'?"),
        ("{type: bash, cmd: x}", "did you mean 'command'?"),
        ("{type: sleep, duration: 5s}", "write 5"),
        ("{type: sleep, duration: 500ms}", "write 0.5"),
        ("{type: sleep, duration: 2 min}", "write 120"),
        ("{type: log, message: {id}}", 'a placeholder needs quotes: "{name}"'),
    ],
)
def test_a_problem_says_what_to_write_instead(text: str, hint: str) -> None:
    assert problems(file(text))[0].hint == hint


def test_null_means_the_default_and_for_an_event_none() -> None:
    found = action("{type: bash, command: x, timeout: ~, success: ~}")

    assert found.args == {"command": "x", "success": None}


def test_keys_of_a_type_that_is_not_built_in_belong_to_its_author() -> None:
    found = action("{type: greet, whom: {deep: [1]}, success: on}")

    assert found.type == "greet"
    assert found.args == {"whom": {"deep": [1]}, "success": "on"}


def test_params_of_a_custom_action_are_folded_in_and_kept() -> None:
    found = action("{type: greet, params: {success: greeted, n: 1}}")

    assert found.args == {
        "success": "greeted",
        "n": 1,
        "params": {"success": "greeted", "n": 1},
    }


def test_a_custom_action_may_take_a_built_in_name() -> None:
    custom = frozenset({"bash"})

    assert codes("{type: bash, whatever: 1}", custom) == []
    assert action("{type: bash, whatever: 1}", custom).args == {"whatever": 1}


def test_a_type_with_a_placeholder_is_known_when_it_runs() -> None:
    assert action('{type: "{kind}", anything: 1}').args == {"anything": 1}


VALUES: dict[str, str] = {
    "text": "hello",
    "a name": "n",
    "the name of an event": "go",
    "the name of an event, or a list of them": "[go, on]",
    "a name, or a list of them": "[a]",
    "a number of seconds": "0.5",
    "a whole number": "3",
    "true or false": "true",
    "true or false, not as text": "true",
    "any value": "{a: [1]}",
    "a mapping from exit codes to events": "{3: go}",
    "a list of `path` or `path as name`": "[a.b as c, d]",
    "a list of texts": "[]",
    "a log level": "success",
    "rerun or error": "error",
}


@pytest.mark.parametrize("type_", ACTION_KEYS)
def test_every_key_of_every_action_is_read(type_: str) -> None:
    keys = ACTION_KEYS[type_]
    given = ", ".join(f"{key}: {VALUES[spec.kind.value]}" for key, spec in keys.items())

    found = action(f"{{type: {type_}, poll_interval: 1, {given}}}")

    expected: set[str] = {*keys, "poll_interval"}
    assert set(found.args) == expected
    value: Json = found.args["poll_interval"]
    assert value == 1

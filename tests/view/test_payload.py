"""What is typed behind an event's name."""

import json
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import Json
from smtui.view.payload import parse_payload, send_command


def test_words_become_json_where_they_parse_and_text_where_not() -> None:
    given_text = 'u=https://ex.org depth=2 ok=true tags=["a"] name="two words" v='

    payload = parse_payload(given_text)

    expected: Json = {
        "u": "https://ex.org",
        "depth": 2,
        "ok": True,
        "name": "two words",
        "tags": "[a]",
        "v": "",
    }
    assert expected == payload.value
    assert payload.problem == ""


def test_one_object_is_taken_as_it_is() -> None:
    assert parse_payload('{"a": [1, {"b": null}]}').value == {"a": [1, {"b": None}]}


def test_nothing_is_an_empty_payload() -> None:
    assert parse_payload("   ") == ({}, "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("oops", "'oops': expected key=value or one {...}"),
        ("=1", "'=1': expected key=value or one {...}"),
        ('a="x', "a quote is not closed"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a"', "JSON, character 5: expecting ':' delimiter"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_raised(text: str, problem: str) -> None:
    assert problem == parse_payload(text).problem


@given(st.text(max_size=60))
def test_any_text_gives_a_payload_or_a_problem(text: str) -> None:
    payload = parse_payload(text)

    json.dumps(payload.value, allow_nan=False)


def test_the_twin_is_one_shell_command() -> None:
    payload: Json = {"u": "it's", "n": 1}

    command = send_command("crawler#1", "url", payload, if_state="idle")

    assert shlex.split(command) == [
        "smtui",
        "send",
        "crawler#1",
        "url",
        "--payload",
        '{"u":"it\'s","n":1}',
        "--if-state",
        "idle",
    ]


def test_an_empty_payload_is_left_out_of_the_twin() -> None:
    assert send_command("a", "go", {}) == "smtui send a go"

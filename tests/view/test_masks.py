"""Secrets stay off the screen."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import Json
from smtui.view.masks import (
    compact,
    is_secret,
    learn,
    mask_text,
    masked,
    may_be_masked,
)


def test_values_below_secret_keys_are_masked_at_any_depth() -> None:
    data: Json = {"user": "anna", "db": [{"Password": "x"}, {"api_key": {"a": 1}}]}

    shown = masked(data)

    assert shown == {"user": "anna", "db": [{"Password": "***"}, {"api_key": "***"}]}


def test_revealing_shows_everything() -> None:
    assert compact({"token": "x"}, reveal=True) == '{"token":"x"}'


def test_an_empty_secret_is_no_secret() -> None:
    assert masked({"token": None}) == {"token": None}


def test_authorization_and_apikey_are_secret_words() -> None:
    keys = ["Authorization", "apikey", "API_KEY", "my_secret_x", "passwd", "token"]

    assert all(is_secret(key) for key in keys)
    assert not is_secret("tok")


def test_secrets_in_free_text_are_masked() -> None:
    text = "curl -H 'Authorization: Bearer abc.def' --data token=xyz&a=1"

    shown = mask_text(text)

    assert "abc.def" not in shown
    assert "xyz" not in shown
    assert "a=1" in shown


def test_json_in_a_log_line_is_masked() -> None:
    assert mask_text('{"password": "a b", "n": 1}') == '{"password": ***, "n": 1}'


@given(st.text(max_size=80))
def test_masking_a_text_never_fails(text: str) -> None:
    assert isinstance(mask_text(text), str)


def test_a_value_that_was_learned_is_hidden_wherever_it_stands() -> None:
    learn(["s3cr.t", "s3cr.t-longer", "on", ""])
    try:
        assert mask_text("with s3cr.t-longer on") == "with *** on"
        assert masked({"a": ["x s3cr.t"]}) == {"a": ["x ***"]}
        assert mask_text("s3cr.t", reveal=True) == "s3cr.t"
        assert mask_text("s3crxt") == "s3crxt"
    finally:
        learn([])


_WORDS = st.text(max_size=8) | st.sampled_from(["token", "Secret", "x", "api_key"])


@given(
    st.recursive(
        _WORDS | st.none(),
        lambda inner: st.dictionaries(_WORDS, inner, max_size=3),
        max_leaves=6,
    )
)
def test_what_cannot_be_masked_is_told_from_the_text_alone(value: Json) -> None:
    if not may_be_masked(json.dumps(value)):
        assert masked(value) == value


@pytest.mark.parametrize("word", ["Password", "API_KEY", "apiKey", "tOken", "secret"])
def test_a_text_with_a_secret_word_may_be_masked(word: str) -> None:
    assert may_be_masked(json.dumps({word: "x"}))
    assert not may_be_masked(json.dumps({"name": "x"}))

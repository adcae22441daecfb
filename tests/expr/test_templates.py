"""Placeholders in text: every row of what was observed, and the filters."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import Json
from smtui.expr import MISSING, fill, find, lookup_in, names_in

DATA: dict[str, Json] = {
    "num": 3,
    "lst": [1, 2],
    "d": {"x": "deep", "lst": []},
    "flag": False,
    "none": None,
    "a-b": 1,
    "text": "{num}",
}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{num}", 3),
        ("{lst}", [1, 2]),
        ("{flag}", False),
        ("n={num}", "n=3"),
        ("{d.x}", "deep"),
        ("{none}", "{none}"),
        ("{missing}", "{missing}"),
        ("{num.x}", "{num.x}"),
        ("{missing.x}", "{missing.x}"),
        ("{flag}-", "False-"),
        ("{{num}}", "{3}"),
        ("{lst.0}", "{lst.0}"),
        ("{a-b}", "{a-b}"),
        ("{9x}", "{9x}"),
        ("{num} {missing} {d.x}", "3 {missing} deep"),
        ("{d.lst}{lst}", "[][1, 2]"),
        ("{d..x}", "{d..x}"),
        ("{text}", "{num}"),
        ("{text} {num}", "{num} 3"),
        ("", ""),
        ("}{", "}{"),
    ],
)
def test_a_template_as_it_was_observed(template: str, value: Json) -> None:
    assert fill(template, lookup_in(DATA)) == value


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{lst|length}", 2),
        ("{d|length}", 2),
        ("{d.x|length}", 4),
        ("{num|length}", "{num|length}"),
        ("{missing|length}", "{missing|length}"),
        ("{lst|length|default:0} {num}", "2 3"),
        ("{missing|length|default:0}", 0),
        ("{none|default:x}", "x"),
        ("{flag|default:x}", False),
        ("{missing|default:7}", 7),
        ("{missing|default:1.5}", 1.5),
        ("{missing|default:true}", True),
        ("{missing|default:[]}", []),
        ("{missing|default:null}", "{missing|default:null}"),
        ("{missing|default:'a b'}", "a b"),
        ('{missing|default:"}"}', "}"),
        ("{missing|default:}", ""),
        ("{missing|default: a b }", "a b"),
        ("{missing| default : x}", "x"),
        ("{missing|default:NaN}", "NaN"),
        ("{missing|default:1e999}", "1e999"),
        ("{missing|upper}", "{missing|upper}"),
        ("{missing|upper|default:1}", "{missing|upper|default:1}"),
        ("{lst|length }", 2),
    ],
)
def test_filters(template: str, value: Json) -> None:
    filled = fill(template, lookup_in(DATA))

    assert filled == value
    assert type(filled) is type(value)


def test_a_choice_takes_the_first_name_that_has_a_value() -> None:
    look = lookup_in(DATA)
    (place,) = find("{missing|none|num|lst}")

    assert place.names == ("missing", "none", "num", "lst")
    assert place.value(look, choose=True) == 3
    assert place.value(look, choose=False) is MISSING


def test_a_choice_may_have_a_default() -> None:
    (place,) = find("{missing|none|default:x}")

    assert place.value(lookup_in(DATA), choose=True) == "x"


def test_values_are_filled_at_any_depth_and_keys_never() -> None:
    value: Json = {"{num}": [{"k": "{d.x}"}, "{num}", 1, None, True]}

    filled = fill(value, lookup_in(DATA))

    assert filled == {"{num}": [{"k": "deep"}, 3, 1, None, True]}


def test_the_names_a_value_asks_for() -> None:
    value: Json = {"a": ["{x.y} {z|length}", 3, None], "b": {"c": "{p|q}"}}

    assert names_in(value) == {"x", "z", "p", "q"}


def test_missing_says_what_it_is() -> None:
    assert repr(MISSING) == "MISSING"


def test_a_long_unclosed_filter_costs_little() -> None:
    """A job may bring its own command: its text must not stall the machine."""
    text = "{x|default:" + " " * 20_000

    began = process_time()
    assert fill(text, lookup_in({})) == text

    assert process_time() - began < 1


@given(st.text(), st.dictionaries(st.sampled_from("abc"), st.text()))
def test_text_without_braces_stays_and_one_pass_is_all(
    text: str, data: dict[str, Json]
) -> None:
    bare = text.replace("{", "(")

    assert fill(bare, lookup_in(data)) == bare
    assert fill("{a}{a}", lookup_in({"a": bare + "{b}", "b": 1})) == (bare + "{b}") * 2

"""A definition, compiled."""

from dataclasses import replace

import pytest

from smtui.chart import compile_chart
from tests.support.definitions import definition

TEXT = """
initial_state: a
events: [declared, timeout(9)]
transitions:
  - {from: a, to: b, event: go}
  - {from: "*", to: a, event: back}
  - {from: b, to: c, event: go}
  - {from: c, to: c, event: timeout(5)}
  - {from: a, to: c, event: timeout(2)}
stuck_after: 60
"""


def test_states_a_transition_alone_names_are_known() -> None:
    chart = compile_chart(definition(TEXT))

    assert set(chart.states) == {"a", "b", "c"}
    assert chart.hash == chart.definition.hash


def test_states_nobody_declares_are_known() -> None:
    bare = replace(definition(TEXT), states=(), initial="alone")

    assert set(compile_chart(bare).states) == {"a", "b", "c", "alone"}


def test_where_an_event_leads() -> None:
    chart = compile_chart(definition(TEXT))

    assert chart.move("a", "go") == 0
    assert chart.move("b", "go") == 2
    assert chart.move("c", "back") == 1
    assert chart.move("c", "go") is None


def test_where_an_event_is_taken() -> None:
    chart = compile_chart(definition(TEXT))

    assert chart.takers("go") == ("a", "b")
    assert chart.takers("back") == ("a", "b", "c")
    assert chart.takers("nobody") == ()


def test_the_events_an_operator_may_send() -> None:
    chart = compile_chart(definition(TEXT))

    assert chart.event_names() == ("go", "back", "declared")


def test_delays_belong_to_their_state() -> None:
    chart = compile_chart(definition(TEXT))

    assert chart.states["a"].delays == (("timeout(2)", 2),)
    assert chart.states["b"].delays == ()
    assert chart.states["c"].delays == (("timeout(5)", 5),)


def test_the_time_after_which_a_state_is_stuck() -> None:
    chart = compile_chart(definition(TEXT))

    assert chart.states["a"].stuck_after_s == 60


@pytest.mark.parametrize(
    ("rows", "is_final"),
    [
        ("", True),
        ("\n  - {from: '*', to: a, event: x}", True),
        ("\n  - {from: completed, to: completed, event: x}", True),
        ("\n  - {from: completed, to: a, event: x}", False),
    ],
)
def test_a_final_name_ends_unless_it_has_a_way_out(
    rows: str, *, is_final: bool
) -> None:
    text = "initial_state: a\ntransitions:\n  - {from: a, to: completed, event: e}"

    chart = compile_chart(definition(text + rows + "\n"))

    assert chart.states["completed"].is_final is is_final
    assert not chart.states["a"].is_final

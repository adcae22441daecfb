import pytest

from smtui.chart import StateChart
from smtui.definition import NodeKind
from smtui.definition.expression import Expression, Language
from smtui.definition.guards import CheckOp, ExprGuard, FieldGuard
from smtui.errors import StepError
from tests.support.trees import HERE, arrow, asks, chart, mark, state

LIGHT = chart(
    state("off", exit_=(mark("bye"),)),
    state("on", entry=(mark("hello"),)),
    arrow("off", "switch", "on", guard=FieldGuard("volts", CheckOp.GT, 200, HERE)),
    arrow("on", "switch", "off"),
)


def moved(made: StateChart, event: str, **data: int) -> tuple[str, ...]:
    first = made.kernel.initial().configuration
    return made.kernel.move(first, event, {**data}).configuration.ids


def test_a_move_leads_to_an_interned_configuration() -> None:
    kernel = LIGHT.kernel
    move = kernel.move(kernel.initial().configuration, "switch", {"volts": 230})

    assert ("on",) == move.configuration.ids
    assert kernel.configuration(("on",)) is move.configuration


def test_a_move_changes_a_copy_of_the_data() -> None:
    kernel = LIGHT.kernel
    before = {"volts": 230}
    move = kernel.move(kernel.initial().configuration, "switch", {**before})

    assert {"volts": 230, "log": ["bye", "hello"]} == move.apply({**before})
    assert {"volts": 230} == before


def test_guards_decide_by_the_data_each_time() -> None:
    assert ("on",) == moved(LIGHT, "switch", volts=230)
    assert ("off",) == moved(LIGHT, "switch", volts=110)
    assert ("off",) == moved(LIGHT, "switch")


def test_an_event_nobody_takes_moves_nothing() -> None:
    first = LIGHT.kernel.initial().configuration
    move = LIGHT.kernel.move(first, "nonsense", {})

    assert (first, ()) == (move.configuration, move.plans)


def test_unguarded_eventless_transitions_are_part_of_the_move() -> None:
    made = chart(
        state("a"),
        state("b"),
        state("c", entry=(mark("c"),)),
        arrow("a", "go", "b"),
        arrow("b", "", "c"),
    )
    move = made.kernel.move(made.kernel.initial().configuration, "go", {})

    assert ("c",) == move.configuration.ids
    assert ["b", "c"] == [micro.target for micro in move.micro]
    assert move.is_settled


def test_what_a_history_remembers_is_asked_for_each_time() -> None:
    made = chart(
        state("work", initial="w1"),
        state("w1", "work"),
        state("w2", "work"),
        state("back", "work", kind=NodeKind.HISTORY, initial="w1"),
        state("rest"),
        arrow("rest", "go", "back"),
        initial="rest",
    )
    kernel, first = made.kernel, made.kernel.initial().configuration

    assert ("work", "w1") == kernel.move(first, "go", {}).configuration.ids
    kept = {"back": ("w2",)}
    found = kernel.move(first, "go", {}, histories=kept).configuration
    assert ("work", "w2") == found.ids


def test_a_condition_may_ask_what_is_active() -> None:
    inside = Expression(Language.NULL, "In('a')", HERE)
    made = chart(state("a"), state("b"), arrow("a", "go", "b", guard=ExprGuard(inside)))

    assert ("b",) == moved(made, "go")


def test_nobody_answers_for_the_author_at_the_fast_door() -> None:
    made = chart(state("a"), state("b"), arrow("a", "go", "b", guard=asks("ready")))

    assert ("a",) == moved(made, "go")


def test_a_configuration_of_a_state_that_is_not_there_is_refused() -> None:
    with pytest.raises(StepError, match="no state 'onn' - did you mean 'on'"):
        LIGHT.kernel.configuration(("onn",))


def test_a_forgotten_move_is_found_again() -> None:
    first = LIGHT.kernel.initial().configuration
    remembered = LIGHT.kernel.move(first, "switch", {"volts": 230})
    LIGHT.kernel.forget()
    again = LIGHT.kernel.move(first, "switch", {"volts": 230})

    assert remembered is not again
    assert remembered.micro == again.micro

import pytest

from smtui.chart import StateChart, compile_chart
from smtui.definition import Expression, Json, Language, TreeDefinition
from smtui.definition.guards import (
    AllOf,
    AnyOf,
    CheckOp,
    ExprGuard,
    FieldGuard,
    Guard,
    NamedGuard,
    NotGuard,
)
from smtui.dialects import load_text
from smtui.testing.payloads import payloads_of
from tests.support.trees import HERE, arrow, chart, state


def guarded(guard: Guard) -> StateChart:
    return chart(state("a"), state("b"), arrow("a", "go", "b", guard=guard))


def python(text: str) -> ExprGuard:
    return ExprGuard(Expression(Language.PYEXPR, text, HERE))


def script(text: str) -> ExprGuard:
    return ExprGuard(Expression(Language.ECMASCRIPT, text, HERE))


def check(op: CheckOp, value: Json) -> FieldGuard:
    return FieldGuard("f", op, value, HERE)


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        (check(CheckOp.EQ, 3), [{"f": 3}, {"f": 4}]),
        (check(CheckOp.GT, 3), [{"f": 4}, {"f": 3}]),
        (check(CheckOp.IN, ["x", "y"]), [{"f": "x"}, {"f": "none of them"}]),
        (check(CheckOp.IS_SET, None), [{"f": True}, {"f": None}]),
        (check(CheckOp.MATCHES, "a+"), None),
        (NotGuard(check(CheckOp.EQ, "x")), [{"f": "other than x"}, {"f": "x"}]),
        (python("n > 3 and kind == 'gift'"), [{"n": 4, "kind": "gift"}, {"n": 3}]),
        (
            python("order.total >= 5"),
            [{"order": {"total": 5}}, {"order": {"total": 4}}],
        ),
        (python("urgent"), [{"urgent": True}, {"urgent": False}]),
        (python("f(x) == 1"), None),
        (python("3 < n"), [{"n": 4}, {"n": 3}]),
        (python("3 < n <= 9"), [{"n": 9}]),
        (python("o.a == 1 and o.b == 2"), [{"o": {"a": 1, "b": 2}}]),
        (python("len(items) > 1"), [{"items": [0, 0]}, {"items": [0]}]),
        (python("have >= need"), [{"need": 1, "have": 1}, {"need": 1, "have": 0}]),
        (python("o['a'] == 1 and o.get('b')"), [{"o": {"a": 1, "b": True}}]),
        (python("name.startswith('x')"), [{"name": "x"}, {"name": None}]),
        (python("'new' in tags"), [{"tags": ["new"]}]),
        (script("_event.data.n === 3 && !_event.data.off"), [{"n": 3, "off": False}]),
        (script("n > 3"), None),
        (script("let it be"), None),
        (AnyOf((check(CheckOp.EQ, 1), NamedGuard("x", HERE))), [{"f": 1}, {"f": 2}]),
        (AllOf((check(CheckOp.EQ, 1), NamedGuard("x", HERE))), [{"f": 1}, {"f": 2}]),
    ],
)
def test_plain_guards_say_which_payloads_to_try(
    guard: Guard, expected: list[Json] | None
) -> None:
    found = payloads_of(guarded(guard)).get("go")

    assert expected == (found[: len(expected)] if found and expected else found)


def test_guards_of_what_follows_at_once_are_solved_too() -> None:
    made = chart(
        state("a"),
        state("b"),
        state("c"),
        arrow("a", "go", "b"),
        arrow("b", "", "c", guard=check(CheckOp.EQ, 1)),
    )

    assert [{"f": 1}, {"f": 2}] == payloads_of(made)["go"]


def test_what_every_event_must_bring_is_brought() -> None:
    text = """
meta: {validate_context: true, classification: {auto_route: true}}
state_variables: [{key: owner, type: string, required: true}, {key: n, type: number}]
context_invariants: [{name: some, field: n, op: gte, value: 3}]
states:
  - {name: a, type: initial}
  - {name: b, when: {field: t, op: gt, value: 100}}
transitions:
  - {trigger: go, source: a, dest: b, guards: [{check: {field: m, op: eq, value: 1}}]}
  - {trigger: back, source: b, dest: a}
"""
    definition = load_text(text, "m.yaml").definition
    assert isinstance(definition, TreeDefinition)

    found = payloads_of(compile_chart(definition))

    asked: Json = {"owner": "x", "n": 3}
    assert found["back"] == [asked]
    assert {"owner": "x", "n": 3, "m": 1} in found["go"]
    assert {"owner": "x", "n": 3, "t": 101} in found["apply_data"]

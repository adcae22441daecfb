"""Inline expressions: what they give, what is refused, what cannot be burned."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import Json, Language
from smtui.errors import EvaluationError
from smtui.expr import Scope, compile_expression
from smtui.expr.pyexpr import compile_pyexpr, fault_in_pyexpr

DATA: dict[str, Json] = {
    "a": 3,
    "name": "Ada",
    "order": {"qty": 5, "get": 1},
    "list": [1, 2, 3],
    "none": None,
}
SCOPE = Scope(DATA, system={"_event": {"name": "fill"}})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a in [1, 2, 3]", True),
        ("a not in (4, 5) and a in {3}", True),
        ("1 < a <= 3", True),
        ("none is None", True),
        ("order.qty * 2 + a // 2 - 7 % 4", 8),
        ("order['qty'] >= 5 or missing", True),
        ("order.get('no', 7)", 7),
        ("name.upper().startswith('A')", True),
        ("len(list) == 3 and sum(list) == 6", True),
        ("max(list) if a else 0", 3),
        ("list[1:][-1]", 3),
        ("f'{name!r}:{a:>3}'", "'Ada':  3"),
        ("'%s-%d' % (name, a)", "Ada-3"),
        ("  a == 3  # the usual", True),
        ("~a & 0xff ^ 1 << 2", 248),
        ("_event.name", "fill"),
        ("{'x': (1, 2)}", {"x": [1, 2]}),
    ],
)
def test_it_gives_what_python_gives(text: str, expected: Json) -> None:
    assert compile_pyexpr(text).value(SCOPE) == expected


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a =", 1, 3),
        ("", 1, 1),
        ("a and rand() > 1", 1, 7),
        ("().__class__", 1, 1),
        ("a or __import__('os')", 1, 6),
        ("1 +\n(lambda: 1)()", 1, 4),
        ("  [x for x in list]", 1, 3),
        ("list.append(4)", 1, 1),
        ("'{}'.format(a)", 1, 1),
        ("len(list, key=1)", 1, 1),
        ("b'x'", 1, 1),
        ("(b := 2)", 1, 2),
        ("a; a", 1, 2),
    ],
)
def test_what_is_not_of_the_language_is_refused_with_its_place(
    text: str, line: int, column: int
) -> None:
    fault = fault_in_pyexpr(text)

    assert fault is not None
    assert fault.message
    if "lambda" not in text:
        assert (fault.line, fault.column) == (line, column)
    with pytest.raises(EvaluationError):
        compile_pyexpr(text)


@pytest.mark.parametrize(
    "text",
    [
        "2 ** 5000000",
        "1 << 9999999",
        "'a' * 10 ** 9",
        "[list] * 10 ** 8",
        "name.ljust(10 ** 9)",
        "f'{a:99999999}'",
        "f'{a:{a}9999999}'",
        "'%99999999d' % a",
        "'%*d' % (10 ** 9, a)",
        "str([[list] * 1000] * 1000)",
        "('a' * 1000).join(['b'] * 1000)",
        "('a' * 1000).replace('a', 'b' * 1000)",
    ],
)
def test_a_guard_cannot_burn_memory(text: str) -> None:
    with pytest.raises(EvaluationError):
        compile_pyexpr(text).value(SCOPE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("missing > 1", "the data has no 'missing'"),
        ("1 / 0", "ZeroDivisionError"),
        ("a > none", "TypeError"),
        ("order['no']", "KeyError"),
        ("order.no", "no key 'no'"),
        ("a.b", "int has no field 'b'"),
    ],
)
def test_an_error_says_the_expression_and_why(text: str, words: str) -> None:
    with pytest.raises(EvaluationError, match=words) as caught:
        compile_pyexpr(text).truth(SCOPE)

    assert text in str(caught.value)


def test_the_names_it_reads_are_known() -> None:
    assert compile_pyexpr("a > 1 and order.qty in list").names == {"a", "order", "list"}


def test_a_name_is_a_place() -> None:
    program = compile_expression(Language.PYEXPR, "a")

    assert program.assign(SCOPE, 1) == {"a": 1}


def test_anything_else_is_no_place_and_no_script() -> None:
    program = compile_expression(Language.PYEXPR, "a + 1")

    with pytest.raises(EvaluationError):
        program.assign(SCOPE, 1)
    with pytest.raises(EvaluationError):
        program.run(SCOPE)


_ATOMS = st.sampled_from(["a", "none", "list", "1", "2.5", "'x'", "True", "[a]"])


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(
        ["+", "-", "*", "/", "//", "%", "<", "==", "!=", "in", "and", "or", "|"]
    )
    return st.builds("({} {} {})".format, inner, signs, inner) | st.builds(
        "(not {})".format, inner
    )


@given(st.recursive(_ATOMS, _joined, max_leaves=12))
def test_it_agrees_with_python_on_any_expression(text: str) -> None:
    names = {"a": 3, "none": None, "list": [1, 2, 3]}
    expected: object
    try:
        code = compile(ast.parse(text, mode="eval"), "<text>", "eval")
        expected = bool(eval(code, {"__builtins__": {}}, dict(names)))  # noqa: S307
    except (TypeError, ValueError, ArithmeticError):
        expected = EvaluationError
    found: object
    try:
        found = compile_pyexpr(text).truth(SCOPE)
    except EvaluationError:
        found = EvaluationError

    assert found == expected


@given(st.text(max_size=40))
def test_no_text_makes_it_raise_anything_else(text: str) -> None:
    fault = fault_in_pyexpr(text)
    if fault is None:
        try:
            compile_pyexpr(text).value(SCOPE)
        except EvaluationError:
            return

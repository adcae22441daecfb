"""Date in ECMAScript: the instant of the step, in UTC, and never another."""

import pytest

from smtui.definition import Json
from smtui.errors import EvaluationError
from smtui.expr.ecmascript.program import compile_ecmascript
from smtui.expr.language import Scope

NOW = 1_795_344_096.955
BORN: Json = {"$js": "date", "text": "2026-11-22T10:00:00.000Z"}


def value(text: str) -> object:
    scope = Scope({"born": BORN})
    scope.now = NOW
    return compile_ecmascript(text).value(scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date.now()", 1_795_344_096_955),
        ("new Date().getTime() === Date.now()", True),
        ("new Date().toISOString()", "2026-11-22T10:41:36.955Z"),
        ("new Date() - born", 2_496_955),
        ("born < new Date() && !(born > Date.now())", True),
        ("new Date(born).getTime() === born.getTime()", True),
        ("[born.getFullYear(), born.getMonth(), born.getDate()]", [2026, 10, 22]),
        ("[born.getDay(), born.getUTCHours(), born.getMinutes()]", [0, 10, 0]),
        ("[born.getSeconds(), born.getMilliseconds()]", [0, 0]),
        ("born.getTimezoneOffset()", 0),
        ("new Date(2024, 1, 30).toISOString()", "2024-03-01T00:00:00.000Z"),
        ("new Date(99, 0).getFullYear()", 1999),
        ("Date.UTC(2020, 12)", 1_609_459_200_000),
        ("Date.parse('2020-01-01T01:00:00+01:00')", 1_577_836_800_000),
        ("new Date('2020-01-01').getTime()", 1_577_836_800_000),
        ("new Date(Date.now() + 864e5).getDate()", 23),
        ("JSON.stringify({born})", '{"born":"2026-11-22T10:00:00.000Z"}'),
        ("typeof born + ' ' + born", "object 2026-11-22T10:00:00.000Z"),
        ("isNaN(new Date('soon'))", True),
        ("isNaN(new Date(1e20).getDay()) && isNaN(Date.UTC(1e9))", True),
        ("'' + new Date(NaN) + new Date(NaN).toJSON()", "Invalid Datenull"),
    ],
)
def test_a_date_is_as_in_the_language(text: str, expected: object) -> None:
    assert expected == value(text)


def test_a_date_is_kept_as_its_text() -> None:
    assert BORN == value("new Date('2026-11-22T10:00:00Z')")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("born.setDate(3)", "make a new Date"),
        ("new Date(NaN).toISOString()", "this Date is no time"),
        ("born.nothing()", "no function"),
    ],
)
def test_what_a_date_cannot_do_is_said(text: str, why: str) -> None:
    with pytest.raises(EvaluationError, match=why):
        value(text)

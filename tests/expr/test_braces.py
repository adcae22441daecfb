import pytest

from smtui.definition import Json
from smtui.expr import Scope, fault_in_braces, fill_braces

DATA: dict[str, Json] = {"a": 1, "t": {"k": "v"}, "b": "{{ a }}", "none": None}


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("{{ a }}", "1"),
        ("x{{a}}y{{ t.k }}", "x1yv"),
        ("{{ a + 1 }}{{ t['k'].upper() }}", "2V"),
        ("{{ b }}", "{{ a }}"),
        ("{{ none }}", "None"),
        ("{ a }", "{ a }"),
        ({"{{ a }}": ["{{ a }}", 2, None, True]}, {"{{ a }}": ["1", 2, None, True]}),
        (3, 3),
    ],
)
def test_texts_are_filled_at_any_depth(value: Json, filled: Json) -> None:
    assert (filled, ()) == fill_braces(value, Scope(DATA))


def test_what_fails_stays_and_is_told_once() -> None:
    found = fill_braces(["{{ zz }}", "{{ zz }} {{ a }}"], Scope(DATA))

    assert ["{{ zz }}", "{{ zz }} 1"] == found.value
    assert ["'zz': the data has no 'zz'"] == [*found.problems]


def test_a_fault_is_told_with_its_place() -> None:
    fault = fault_in_braces("line\n and {{ a }} {{ lambda: 1 }}")

    assert fault is not None
    assert (2, 17) == (fault.line, fault.column)
    assert fault_in_braces("{{ a }} }} {{") is None

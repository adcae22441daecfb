"""Problems as an operator reads them."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from smtui.check import describe, describe_all, one_line
from smtui.definition import Position, Problem, Severity


def problem(line: int, column: int, file: str = "m.yaml") -> Problem:
    """Return a problem at a place."""
    return Problem(Position(file, line, column), "some-code", "found 'x'", "write y")


def test_a_problem_is_one_line_with_place_severity_code_and_hint() -> None:
    assert one_line(problem(3, 5)) == (
        "m.yaml:3:5: error some-code: found 'x' (write y)"
    )


def test_a_problem_without_place_or_hint_leaves_them_out() -> None:
    bare = Problem(Position("m.yaml"), "c", "found", severity=Severity.WARNING)

    assert one_line(bare) == "m.yaml: warning c: found"


def test_the_caret_stands_under_the_place() -> None:
    assert describe(problem(2, 4), "a: 1\nb: xyz\n").splitlines()[1:] == [
        "  2 | b: xyz",
        "    |    ^",
    ]


def test_the_caret_stands_right_after_wide_characters_and_tabs() -> None:
    _, line, caret = describe(problem(1, 4), "日\té=x").splitlines()

    assert line == "  1 | 日    é=x"
    assert caret == "    | " + " " * (2 + 4 + 1) + "^"


def test_a_place_past_the_text_shows_the_line_alone() -> None:
    assert describe(problem(9, 1), "a: 1") == one_line(problem(9, 1))


def test_a_long_line_is_cut_around_the_caret() -> None:
    shown = describe(problem(1, 5000), "x" * 4999 + "!" + "y" * 5000).splitlines()

    assert len(shown[1]) < 200
    assert shown[1][shown[2].index("^")] == "!"


def test_files_are_read_for_their_lines_when_they_still_can_be(tmp_path: Path) -> None:
    file = tmp_path / "m.yaml"
    file.write_text("a: 1")

    shown = describe_all([problem(1, 1, str(file)), problem(1, 1, "gone.yaml")])

    assert "  1 | a: 1" in shown
    assert shown.endswith("gone.yaml:1:1: error some-code: found 'x' (write y)")


@given(st.text(max_size=80), st.integers(-2, 4), st.integers(-2, 90))
def test_nothing_shown_can_move_a_cursor(text: str, line: int, column: int) -> None:
    shown = describe(problem(line, column), text)

    assert all(part.isprintable() for part in shown.split("\n"))

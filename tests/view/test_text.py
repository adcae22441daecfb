"""Text for a terminal: cleaned, measured, cut and broken."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from smtui.view.text import Span, cells, clean, fit, one_line, plain, to_ascii, wrap

ANY_TEXT = st.text(max_size=200)


@given(ANY_TEXT)
def test_cleaned_text_holds_nothing_a_terminal_acts_on(text: str) -> None:
    cleaned = clean(text)

    bad = [c for c in cleaned if unicodedata.category(c) == "Cc"]
    assert bad == []
    assert not set(cleaned) & set("\u2028\u2029\u202a\u202e\x9b")


def test_an_escape_sequence_becomes_visible_and_harmless() -> None:
    assert clean("\x1b[31mred") == "\N{REPLACEMENT CHARACTER}[31mred"


def test_a_tab_and_a_line_end_become_blanks() -> None:
    assert clean("a\tb\nc") == "a    b c"


def test_a_line_of_a_megabyte_is_cut() -> None:
    assert len(clean("x" * 1_000_000)) == 4000


def test_one_line_is_the_first_that_says_something() -> None:
    assert one_line("\n  \n second \nthird") == "second"


@given(ANY_TEXT, st.integers(min_value=1, max_value=60))
def test_fitted_text_has_exactly_the_width(text: str, width: int) -> None:
    assert width == cells(fit(clean(text), width))


@given(ANY_TEXT, st.integers(min_value=8, max_value=60))
def test_no_wrapped_line_is_wider_than_asked(text: str, width: int) -> None:
    lines = wrap((Span(clean(text)),), width)

    assert all(cells(plain(line)) <= width for line in lines)
    assert len(lines) <= 4


def test_a_word_longer_than_a_line_begins_where_it_stands() -> None:
    lines = wrap((Span("late "), Span("x" * 30)), 20)

    assert [plain(line) for line in lines] == ["late " + "x" * 15, "  " + "x" * 15]


@given(ANY_TEXT)
def test_ascii_keeps_the_number_of_characters(text: str) -> None:
    shown = to_ascii(text)

    assert shown.isascii()
    assert len(text) == len(shown)


def test_every_mark_has_an_ascii_form_of_its_own() -> None:
    marks = "●◐◇▲⧗✖◑○✓◆"

    shown = to_ascii(marks)

    assert shown == "*~:^%X-o=?"
    assert len(set(shown)) == len(marks)


def test_frames_of_every_kind_have_corners_in_ascii() -> None:
    assert to_ascii("┏━┓╭─╮├┤└┘") == "+-++-+++++"

"""Cells of a terminal, as Rich and Textual count them."""

import sys

from rich.cells import cell_len

from smtui.view.graph.width import cells, centred, clean, pieces, shorten, wrap


def test_every_sign_that_is_kept_is_as_wide_as_in_the_terminal() -> None:
    wrong = [
        hex(point)
        for point in (*range(0x3400), *range(0x3400, sys.maxunicode, 97))
        if (sign := clean(f"a{chr(point)}b")) and cells(sign) != cell_len(sign)
    ]

    assert wrong == []


def test_joined_emoji_come_apart_into_signs_of_known_width() -> None:
    assert clean("👩\u200d💻 ❤\ufe0f 👍🏽") == "👩💻 ❤ 👍"


def test_line_signs_in_a_text_become_ascii() -> None:
    assert clean("a─│┼▶b") == "a-|+>b"


def test_control_signs_and_line_ends_are_gone() -> None:
    assert clean(" a\n\tb\x1b[0m ") == "a b\N{REPLACEMENT CHARACTER}[0m"


def test_marks_stay_with_their_letters() -> None:
    assert pieces("e\u0301n\u0303x") == ["e\u0301", "n\u0303", "x"]
    assert cells("e\u0301n\u0303x") == 3


def test_a_text_that_fits_is_not_shortened() -> None:
    assert shorten("日本語", 6) == "日本語"


def test_a_wide_sign_is_never_cut_in_half() -> None:
    assert shorten("日本語です", 6) == "日本…"


def test_long_names_break_where_words_do() -> None:
    assert wrap("waiting_for_the_next_batch", 14, 2) == (
        "waiting_for_",
        "the_next_batch",
    )
    assert wrap("waitForBatchOfWorkers", 12, 2) == ("waitForBatch", "OfWorkers")


def test_what_does_not_fit_in_the_last_line_is_cut() -> None:
    assert wrap("one_two_three_four", 8, 2) == ("one_two_", "three_f…")


def test_a_word_longer_than_a_line_is_cut() -> None:
    assert wrap("a" * 20, 8, 3) == ("a" * 7 + "…",)


def test_centring_counts_cells() -> None:
    assert centred("日本", 7) == " 日本  "

"""How the past looks: banner, slider, data."""

from dataclasses import replace
from datetime import UTC

import pytest

from smtui.definition import Json
from smtui.store import JournalEntry, JournalRow, PastPatch, PastState, RunSpan
from smtui.view.past import Delay, Instant, fold
from smtui.view.past_lines import (
    Banner,
    banner_line,
    data_lines,
    ordinal_at,
    slider_line,
)
from smtui.view.text import cells, plain
from smtui.view.timeline import Timeline

AT = 1_795_308_921.0
"""2026-11-22 00:55:21 UTC."""


def entry(seq: int = 5, **parts: object) -> JournalEntry:
    row = JournalRow(
        seq=seq,
        run=1,
        at=AT,
        cause="c",
        event="url",
        from_=("queued",),
        to=("fetching",),
        outcome="taken",
    )
    return JournalEntry(9, "crawler", "main", replace(row, **parts))  # type: ignore[arg-type] # tests name fields


INSTANT = Instant(entry(), AT, {"u": "x", "n": 1})
LINE = Timeline((RunSpan(1, 1, 9),))


def banner(**parts: object) -> Banner:
    given = Banner("crawler", INSTANT, LINE, AT + 8040, UTC)
    return replace(given, **parts)  # type: ignore[arg-type] # tests name fields


def text_of(given: Banner, width: int) -> str:
    return plain(banner_line(given, width))


def test_the_banner_says_past_and_the_time() -> None:
    text = text_of(banner(), 100)

    assert 100 == cells(text)
    assert text.startswith(" smtui  crawler  step 5 of 9  2h14m ago ")
    assert text.rstrip().endswith(" PAST 00:55:21  UTC")


def test_an_older_day_is_named() -> None:
    assert "PAST 2026-11-22 00:55:21" in text_of(banner(now=AT + 90_000), 100)


def test_live_is_not_past() -> None:
    text = text_of(banner(is_live=True), 100)

    assert "PAST" not in text
    assert "LIVE  03:09:21" in text


def test_a_replay_names_its_file_and_is_never_live() -> None:
    text = text_of(banner(file="x.jsonl", is_live=True), 100)

    assert "x.jsonl" in text
    assert " REPLAY   PAST 00:55:21 " in text
    assert "ago" not in text


def test_what_matters_least_goes_first_and_the_word_stays() -> None:
    for width in range(12, 100):
        text = text_of(banner(is_other_version=True), width)
        assert width == cells(text)
        if width > 40:
            assert "PAST 00:55:21" in text


def test_doubts_are_told() -> None:
    cut = replace(INSTANT, is_whole=False)

    assert "other version" in text_of(banner(is_other_version=True), 100)
    assert "history was cut" in text_of(banner(instant=cut), 100)
    assert "no step was taken yet" in text_of(banner(instant=None), 100)
    two = Timeline((RunSpan(1, 1, 9), RunSpan(2, 1, 4)))
    assert "  run 1  " in text_of(banner(timeline=two), 100)


# --------------------------------------------------------------- the slider


def slider(seq: int, line: Timeline = LINE, width: int = 11) -> str:
    instant = Instant(entry(seq), AT, {})
    return plain(slider_line(line, instant, width, is_live=False))


def test_the_knob_stands_where_the_step_is() -> None:
    assert "├●────────┤" == slider(1)
    assert "├━━━━●────┤" == slider(5)
    assert "├━━━━━━━━●┤" == slider(9)


def test_runs_are_told_apart() -> None:
    two = Timeline((RunSpan(1, 1, 5), RunSpan(2, 1, 4)))

    assert "├●────┼───┤" == slider(1, two)
    second = Instant(entry(3, run=2), AT, {})
    assert "├━━━━━┼━●─┤" == plain(slider_line(two, second, 11, is_live=False))


def test_one_step_is_the_end_of_the_line() -> None:
    assert "├━━━━━━━━●┤" == slider(1, Timeline((RunSpan(1, 1, 1),)))


def test_without_a_step_or_room_it_is_blank() -> None:
    assert "    " == plain(slider_line(Timeline(), None, 4, is_live=True))
    assert "  " == slider(5, width=2)


@pytest.mark.parametrize("seq", range(1, 10))
def test_a_click_on_the_knob_means_its_step(seq: int) -> None:
    column = slider(seq).index("●")

    assert seq - 1 == ordinal_at(LINE, column, 11)


def test_a_click_beyond_an_end_means_the_end() -> None:
    assert [0, 0, 8, 8] == [ordinal_at(LINE, c, 11) for c in (-5, 0, 10, 50)]
    assert 0 == ordinal_at(Timeline((RunSpan(1, 1, 1),)), 7, 11)


# ----------------------------------------------------------------- the data


def shown(instant: Instant, *, reveal: bool = False) -> list[str]:
    return [plain(line) for line in data_lines(instant, UTC, reveal=reveal)]


def test_data_are_marked_where_the_step_changed_them() -> None:
    patch: dict[str, Json] = {"set": {"n": 1}, "unset": ["old"]}
    instant = replace(INSTANT, entry=entry(data_patch=patch))

    assert shown(instant) == [
        " in fetching  since 00:55:21",
        " by url taken  ",
        "",
        '  u  "x"',
        "▸ n  1",
        "▸ old removed",
    ]


def test_reasons_delays_and_emptiness_are_told() -> None:
    instant = Instant(
        entry(outcome="ignored", why="no one"),
        AT,
        {},
        {"2.1": Delay("timeout(5)", AT + 5)},
    )

    assert shown(instant)[1:] == [
        " by url ignored  no one",
        " then timeout(5) at 00:55:26",
        "",
        " no data",
    ]


def test_secrets_are_masked_unless_asked_for() -> None:
    instant = replace(INSTANT, data={"token": "hunter2"})

    assert "  token  ***" in shown(instant)
    assert '  token  "hunter2"' in shown(instant, reveal=True)


# ----------------------------------------------------------------- the fold


def test_a_fold_without_a_base_knows_what_it_knows() -> None:
    patch = PastPatch(AT, "c", True, {"set": {"x": 1}, "unset": []}, ())

    instant = fold(PastState(entry(seq=7), None, (patch,)))

    assert (False, {"x": 1}, AT) == (instant.is_whole, instant.data, instant.since)


def test_a_fold_from_the_first_step_is_whole_without_a_base() -> None:
    patch = PastPatch(AT, "", True, None, ())

    assert fold(PastState(entry(seq=1), None, (patch,))).is_whole


def test_a_base_of_another_shape_is_no_mistake_of_ours() -> None:
    base: dict[str, Json] = {"data": [], "pending": {"x": {"kind": "run"}}}

    instant = fold(PastState(entry(), base, ()))

    assert ({}, {}, AT) == (instant.data, instant.delays, instant.since)

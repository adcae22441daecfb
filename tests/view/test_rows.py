"""Columns, jobs, pages, problems, the header, the palette: rows of text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import Json
from smtui.store.rows import InboxStatus, JobState
from smtui.view.columns import head_line, lay_out, row_line
from smtui.view.header import HeaderInput, Link, header_line
from smtui.view.jobs import job_card, job_lines, job_summary, job_verbs
from smtui.view.loglines import log_line, parse_log
from smtui.view.outcome import outcome_line
from smtui.view.pages import mail_line, step_line, value_lines
from smtui.view.palette import DISCOVER_LIMIT, Found, discover, search
from smtui.view.problems import empty_lines, problem_lines
from smtui.view.selection import Selection
from smtui.view.tables import MACHINE_COLUMNS
from smtui.view.text import Span, cells, plain
from smtui.view.verbs import can_retry, can_start, can_stop
from smtui.view.words import Standing
from tests.support.view_app import CET
from tests.support.view_fleet import NOW, bad_target
from tests.support.view_rows import counts_of, entry, job, mail, night_jobs


@given(st.integers(min_value=20, max_value=200))
def test_a_row_is_exactly_as_wide_as_its_head(width: int) -> None:
    layout = lay_out(MACHINE_COLUMNS, width)
    shown = {column.id: Span("日本語テキスト長い") for column in layout.columns}

    head, row = head_line(layout), row_line(layout, shown)

    assert cells(plain(head)) == cells(plain(row))


def test_trouble_comes_first_in_the_queue() -> None:
    words = [line.word for line in job_lines(night_jobs(), NOW)]

    assert words == [
        "dead",
        "dead",
        "retry",
        "run",
        "ready",
        "ready",
        "later",
        "done",
    ]


def test_the_queue_s_title_counts_what_is_open() -> None:
    summary = job_summary(counts_of(night_jobs()))

    assert summary == (7, "2 dead 1 retry 1 run 2 ready 1 later")


def test_a_job_s_page_masks_secrets_and_tells_the_error() -> None:
    discarded = next(one for one in night_jobs() if one.seq == 9777)

    text = "\n".join(plain(line) for line in job_card(discarded, NOW, CET))

    assert "s3cr3t" not in text
    assert "OSError: cannot identify image file" in text


def test_a_job_is_held_only_while_it_runs() -> None:
    cards = {
        one.status: "\n".join(plain(line) for line in job_card(one, NOW, CET))
        for one in night_jobs()
    }

    assert "held by" in cards[JobState.RUNNING]
    assert "held by" not in cards[JobState.DISCARDED]
    assert "claimed by" in cards[JobState.DISCARDED]


@pytest.mark.parametrize("status", list(JobState))
def test_a_job_that_is_over_can_be_retried_and_a_living_one_ended(
    status: JobState,
) -> None:
    verbs = job_verbs(status)

    is_over = status in (JobState.COMPLETED, JobState.CANCELLED, JobState.DISCARDED)
    assert is_over == (verbs == {"retry"})
    assert ("discard" in verbs) == (not is_over)


def test_verbs_fit_the_standing() -> None:
    ready = Selection("machine", "m", Standing.READY)
    done = Selection("machine", "m", Standing.DONE)

    assert (can_retry(ready), can_stop(ready), can_start(ready)) == (True, True, False)
    assert (can_retry(done), can_stop(done), can_start(done)) == (False, False, True)


def test_marked_machines_are_what_a_verb_acts_on() -> None:
    selection = Selection("machine", "a", Standing.READY, marked=("b", "c"))

    assert selection.machines == ("b", "c")


def test_a_step_tells_what_it_changed() -> None:
    patch: dict[str, Json] = {"set": {"n": 1, "token": "x"}, "unset": ["old"]}

    row = step_line(entry(1, "m", "a", "go", "b", patch=patch), CET)

    assert row.note == '{"n":1,"token":"***","-old":""}'


def test_mail_tells_the_reason_before_the_payload() -> None:
    ignored = mail(7, "m", "go", payload={"a": 1}, why="no", status=InboxStatus.IGNORED)
    taken = mail(8, "m", "go", payload={"a": 1})

    assert (mail_line(ignored).note, mail_line(taken).note) == ("no", '{"a":1}')


def test_values_are_a_tree_with_masked_secrets() -> None:
    data: dict[str, Json] = {"a": {"b": [1, 2], "secret": "x"}, "c": [{"d": None}]}

    text = [plain(line).rstrip() for line in value_lines(data)]

    assert text == [
        "  a  {2}",
        "    b  [1,2]",
        "    secret  ***",
        "  c  [1]",
        "    0  {1}",
        "      d  null",
    ]


def test_a_problem_shows_the_line_at_fault_with_a_caret() -> None:
    source = ["a: 1", "b: 2", "c: 3", "d: 4", "transitions:", "  to:    parsign"]

    text = [plain(line) for line in problem_lines(bad_target(), source)]

    assert "machines/parser.yaml:6:10" in text[0]
    assert text[-3].endswith("6 │   to:    parsign")
    assert text[-2].index("^") == text[-3].index("parsign")
    assert "did you mean 'parsing'?" in text[-1]


def test_an_empty_fleet_says_where_it_looked_and_what_it_found() -> None:
    lines = empty_lines(("machines/",), (("notes.yaml", "not a definition"),))

    text = "\n".join(plain(line) for line in lines)

    assert "No machines in machines/" in text
    assert "notes.yaml  not a definition" in text


COUNTS = ((Standing.FAILED, "failed", 1), (Standing.READY, "ready", 3))


def header(width: int, link: Link = Link.LIVE, free: int | None = None) -> str:
    given_header = HeaderInput(
        "machines/",
        4,
        COUNTS,
        link,
        NOW,
        stale_since=NOW - 3,
        free_disk_bytes=free,
        zone=CET,
    )
    return plain(header_line(given_header, width))


@given(st.integers(min_value=1, max_value=200))
def test_the_header_has_exactly_the_width(width: int) -> None:
    assert width == cells(header(width))


def test_the_header_shortens_words_before_it_drops_marks() -> None:
    assert "✖ 1 failed  ● 3 ready" in header(120)
    assert "✖1 ●3" in header(40)


def test_the_header_says_since_when_it_is_stale_and_when_the_disk_is_full() -> None:
    assert "STALE 3s" in header(100, Link.STALE)
    assert "▲ 512 MB free on disk" in header(120, free=512 << 20)
    assert "disk" not in header(120, free=42 << 30)


def found(title: str, twin: str = "", *, is_valid_now: bool = True) -> Found:
    return Found(title, twin, "", ("key", title), "", is_valid_now)


def test_the_palette_opens_with_at_most_twenty_that_make_sense() -> None:
    entries = [found(f"c{n}", is_valid_now=n % 2 == 0) for n in range(100)]

    shown = discover(entries)

    assert len(shown) == DISCOVER_LIMIT
    assert all(entry.is_valid_now for entry in shown)


def test_the_palette_finds_words_in_any_order_best_first() -> None:
    entries = [
        found("inject cancel into billing"),
        found("stop billing", "smtui stop billing"),
        found("cancel everything"),
    ]

    titles = [entry.title for entry in search(entries, "bil can")]

    assert titles == ["inject cancel into billing"]


def test_the_palette_forgives_letters_left_out() -> None:
    assert len(search([found("transitions")], "trnstns")) == 1


def test_a_log_line_is_parsed_and_its_escape_sequences_are_dead() -> None:
    raw = b"2026-11-22T00:55:21.004Z err \x1b[31mpassword=abc\x1b]0;title\x07"

    line = plain(log_line(parse_log(1, raw), CET))

    assert line.startswith("01:55:21.004 err  ")
    assert "\x1b" not in line
    assert "\x07" not in line
    assert "abc" not in line


@given(st.binary(max_size=200))
def test_any_bytes_are_a_log_line(raw: bytes) -> None:
    line = plain(log_line(parse_log(1, raw), CET))

    assert line.isprintable() or "\N{REPLACEMENT CHARACTER}" in line


def test_a_match_in_a_log_line_is_marked() -> None:
    raw = b"2026-11-22T00:55:21.004Z out Hello hello"

    spans = log_line(parse_log(1, raw), CET, found="hello")

    assert [s.text for s in spans if s.style == "match"] == ["Hello", "hello"]


class Sent:
    seq = 18232
    took_s = 0.0006


def test_an_outcome_takes_the_place_of_the_command_line() -> None:
    row = mail(18232, "crawler", "cancel")
    step = entry(4, "crawler", "fetching", "cancel", "idle")

    line = plain(outcome_line([Sent()], [row], step))

    assert line == " ✓ #18232 stored 0.6 ms · taken · fetching ─cancel→ idle"


def test_outcomes_of_many_machines_are_counted() -> None:
    rows = [
        mail(1, "a", "go"),
        mail(2, "b", "go"),
        mail(3, "c", "go", status=InboxStatus.PENDING),
    ]

    line = plain(outcome_line([Sent(), Sent(), Sent()], rows, None))

    assert line.endswith("taken 2  waits 1")


def test_a_job_without_a_holder_may_be_taken_by_any_machine() -> None:
    line = job_lines([job(1, "t", JobState.AVAILABLE)], NOW)[0]

    assert (line.machine, line.holder) == ("any", "")

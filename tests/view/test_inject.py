"""The injection box: what is typed and what it would do."""

from smtui.chart import ListChart, compile_chart
from smtui.chart.values import At, Given, Kind, RunEntry, Snapshot
from smtui.definition import Definition
from smtui.dialects import load_text
from smtui.stepper import start
from smtui.view.facts import Facts, facts_of
from smtui.view.foresight import look_ahead, look_at_all
from smtui.view.inject import (
    Foresight,
    Verdict,
    candidates,
    parse_draft,
    tally,
)
from smtui.wire.messages import RunningAction
from tests.support.view_fleet import CRAWLER, NOW, frame

AT = At(NOW, 1000.0, "boot")


def crawler(state: str) -> tuple[ListChart, Snapshot, Facts]:
    definition = load_text(CRAWLER, "crawler.yaml").definition
    assert isinstance(definition, Definition)
    chart = compile_chart(definition)
    begun = start(chart, {}, Given("crawler", "main", 1, "birth", AT)).snapshot
    here = begun._replace(configuration=(state,), pending={}, cursor=None)
    return chart, here, facts_of(definition)


def test_a_line_names_target_event_and_payload() -> None:
    draft = parse_draft("@billing pay amount=3")

    assert (
        draft.target,
        draft.event,
        draft.payload.value,
        draft.is_named,
    ) == ("billing", "pay", {"amount": 3}, True)


def test_a_name_is_finished_by_a_blank() -> None:
    assert not parse_draft("can").is_named
    assert parse_draft("cancel ").is_named


def test_an_event_that_is_taken_shows_where_it_leads_and_what_starts_then() -> None:
    chart, here, _ = crawler("fetching")

    assert Foresight(Verdict.TAKEN, "fetching ─▶ waiting  then timeout(15)") == (
        look_ahead(chart, here, "429", {})
    )


def test_an_event_nobody_wants_here_says_who_would() -> None:
    chart, here, _ = crawler("fetching")

    assert Foresight(Verdict.IGNORED, 'no "url" in fetching (taken in queued)') == (
        look_ahead(chart, here, "url", {})
    )


def test_an_event_waits_for_the_action_in_hand() -> None:
    chart, here, _ = crawler("fetching")
    run = RunEntry(Kind.WORLD, "bash", {}, "k", "e", since=AT)
    busy = here._replace(pending={"r": run})
    curl = RunningAction("bash", "curl", NOW - 41, pid=4390, timeout_s=60.0)

    bare = look_ahead(chart, busy, "ok", {}, now=NOW + 5)
    rich = look_ahead(
        chart, busy, "ok", {}, frame=frame("c", "fetching", running=(curl,)), now=NOW
    )

    assert Foresight(Verdict.WAITS, "waits for bash since 5.0 s") == bare
    assert rich.text == 'waits for bash "curl" pid 4390, 41 s of 60 s'


def test_what_works_now_stands_before_what_does_not() -> None:
    chart, here, facts = crawler("fetching")

    rows = candidates(facts, look_at_all(chart, here, facts.events), "")

    verdicts = [row.foresight.verdict for row in rows]
    assert verdicts[:4] == [Verdict.TAKEN] * 4
    assert {Verdict.IGNORED} == set(verdicts[4:])


def test_answers_to_a_question_come_first() -> None:
    chart, here, facts = crawler("fetching")
    seen = look_at_all(chart, here, facts.events)

    rows = candidates(facts, seen, "", answers=("url",))

    assert (rows[0].event, rows[0].is_answer) == ("url", True)


def test_what_is_typed_filters_the_rows() -> None:
    chart, here, facts = crawler("fetching")

    rows = candidates(facts, look_at_all(chart, here, facts.events), "dr")

    assert [row.event for row in rows] == ["drain"]


def test_fields_come_from_what_the_definition_reads() -> None:
    chart, here, facts = crawler("fetching")

    rows = candidates(facts, look_at_all(chart, here, facts.events), "url")

    assert rows[0].fields == "u depth"


def test_many_machines_are_counted() -> None:
    taken, ignored = Foresight(Verdict.TAKEN, ""), Foresight(Verdict.IGNORED, "")

    assert tally([ignored, taken, taken, taken]) == "taken 3, ignored 1"

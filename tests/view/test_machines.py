"""The machine list: standing, order of attention, groups, filter, counts."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from smtui.dialects import load_text
from smtui.view.facts import NOTHING_KNOWN, Facts, facts_of
from smtui.view.fleet import EMPTY_FLEET, FleetView, fold
from smtui.view.machines import (
    Known,
    Order,
    SortBy,
    machine_list,
    standing_of,
    where,
)
from smtui.view.usual import NO_STAYS, Stays
from smtui.view.words import Standing
from smtui.wire.messages import ChildState, RunningAction
from tests.support.view_fleet import (
    APPROVALS,
    BILLING,
    NOW,
    frame,
    machine,
    night_fleet,
    update,
)


def facts_from(text: str) -> Facts:
    definition = load_text(text, "x.yaml").definition
    assert definition is not None
    return facts_of(definition)


def night() -> tuple[FleetView, Known]:
    known = Known(
        {
            "hash-approvals": facts_from(APPROVALS),
            "hash-billing": facts_from(BILLING),
        }
    )
    return fold(EMPTY_FLEET, night_fleet()), known


def test_what_needs_attention_stands_first() -> None:
    fleet, known = night()

    listed = machine_list(fleet, known, NOW)

    assert [line.name for line in listed.lines] == [
        "thumbs",
        "billing",
        "approvals",
        "uploader",
        "indexer",
        "crawler",
        "mailer",
        "nightly",
        "migrate",
    ]


def test_the_header_counts_in_the_same_order_and_joins_what_ended() -> None:
    fleet, known = night()

    counts = machine_list(fleet, known, NOW).counts

    assert [(word, n) for _, word, n in counts] == [
        ("failed", 1),
        ("stuck", 1),
        ("asks", 1),
        ("retry", 1),
        ("start", 1),
        ("ready", 3),
        ("ended", 2),
    ]


def test_replicas_are_one_row_until_they_are_unfolded() -> None:
    fleet, known = night()

    folded = machine_list(fleet, known, NOW)
    opened = machine_list(fleet, known, NOW, unfolded=frozenset({"crawler"}))

    group = next(line for line in folded.lines if line.name == "crawler")
    assert group.members == ("crawler#1", "crawler#2")
    assert (group.mail, group.jobs) == (2, 9)
    names = [line.name for line in opened.lines]
    place = names.index("crawler")
    assert sorted(names[place + 1 : place + 3]) == ["crawler#1", "crawler#2"]


def test_a_group_is_as_bad_as_its_worst_replica() -> None:
    fleet, known = night()
    broken = replace(fleet.machines["crawler#2"], state=ChildState.FAILED)
    worse = fold(fleet, update(broken))

    lines = machine_list(worse, known, NOW).lines

    group = next(line for line in lines if line.name == "crawler")
    assert Standing.FAILED is group.standing


def test_a_filter_shows_members_themselves_and_counts() -> None:
    fleet, known = night()

    listed = machine_list(fleet, known, NOW, query="craw fetch")

    assert [line.name for line in listed.lines] == ["crawler#1"]
    assert (listed.shown, listed.total) == (1, 10)


def test_the_author_s_limit_makes_a_machine_stuck() -> None:
    facts = facts_from(BILLING)
    here = machine("billing", now_in=frame("billing", "charging", NOW - 700))

    assert Standing.STUCK is standing_of(here, facts, NO_STAYS, NOW)
    assert Standing.READY is standing_of(here, facts, NO_STAYS, NOW - 200)


def test_a_learned_limit_holds_only_while_something_is_in_hand() -> None:
    stays = Stays({"busy": (10.0,) * 20}, "busy", NOW - 60)
    idle = frame("m", "busy", NOW - 60)
    curl = RunningAction("bash", "curl", NOW - 60)
    at_work = replace(idle, running=(curl,))

    resting = standing_of(machine("m", now_in=idle), NOTHING_KNOWN, stays, NOW)
    working = standing_of(machine("m", now_in=at_work), NOTHING_KNOWN, stays, NOW)

    assert (resting, working) == (Standing.READY, Standing.STUCK)


def test_a_question_to_a_human_goes_before_stuck() -> None:
    facts = replace(facts_from(APPROVALS), stuck_default_s=1.0)
    here = machine("a", now_in=frame("a", "await_ok", NOW - 999))

    assert Standing.ASKS is standing_of(here, facts, NO_STAYS, NOW)


def test_a_machine_that_waits_for_the_store_says_so() -> None:
    assert (
        where(machine("m", now_in=frame("m", "a", waits_store=True)))
        == "waiting for store"
    )


def test_a_sleeping_template_is_not_listed() -> None:
    template = machine("t", ChildState.STOPPED, template=True)
    fleet = fold(EMPTY_FLEET, replace(night_fleet(), machines=(template,)))

    assert machine_list(fleet, Known(), NOW).total == 0


@given(st.sampled_from(list(SortBy)), st.booleans())
def test_every_order_shows_every_machine_once(by: SortBy, reverse: bool) -> None:
    fleet, known = night()

    listed = machine_list(fleet, known, NOW, order=Order(by, reverse))

    names = [line.name for line in listed.lines]
    assert 9 == len(names) == len(set(names))


def test_numbers_sort_largest_first() -> None:
    fleet, known = night()

    listed = machine_list(fleet, known, NOW, order=Order(SortBy.MAIL))

    assert listed.lines[0].name == "uploader"


def test_an_update_replaces_whole_rows_and_drops_what_is_gone() -> None:
    fleet, _ = night()
    newer = machine("mailer", now_in=frame("mailer", "sending"))

    after = fold(fleet, replace(update(newer), gone=("migrate",)))

    assert "migrate" not in after.machines
    assert newer == after.machines["mailer"]
    assert fleet.problems == after.problems


def test_counters_that_come_late_do_not_go_back() -> None:
    fleet, _ = night()

    assert fold(fleet, update(changes=3)).changes == 7

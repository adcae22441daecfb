"""Machines that another library moves: one event, one action, where it is then."""

from typing import cast

from smtui.chart import StateChart, compile_chart, foreign
from smtui.chart.foreign_news import MOVED, MOVED_IN_WORDS, NUMBER, said, values_of
from smtui.chart.messages import Send
from smtui.chart.values import (
    At,
    Done,
    Event,
    Finish,
    Fired,
    Given,
    Ignored,
    Raised,
    Rejected,
    Result,
    Run,
    Snapshot,
    Status,
    Step,
    Taken,
)
from smtui.definition import Json
from smtui.dialects import load_all
from smtui.stepper import Only, accepts, holds_timers, preview, start, step

TEXT = """
class Door(StateMachine):
    shut = State(initial=True)
    wide = State()
    gone = State(final=True)
    open = shut.to(wide)
    break_ = wide.to(gone)

class House(Orchestrator):
    door: Door
"""
AT = At(1.0, 1.0, "boot")


def a_chart() -> StateChart:
    (loaded,) = load_all(TEXT, "house.py")
    assert loaded.definition is not None
    return cast("StateChart", compile_chart(loaded.definition))


CHART = a_chart()


def born() -> Snapshot:
    """Return a machine that has begun."""
    first = start(CHART, {}, Given("door", "main", 1, "cause", AT))
    (run,) = first.effects
    assert isinstance(run, Run)
    return after(first.snapshot, run.id, news(["shut"], number=1)).snapshot


def after(snapshot: Snapshot, id_: str, gave: dict[str, Json]) -> Step:
    return stepped(snapshot, Done(id_, Result(gave), AT))


def stepped(snapshot: Snapshot, given: Event | Done) -> Step:
    taken = step(CHART, snapshot, given)
    assert isinstance(taken, Step)
    return taken


def news(configuration: list[str], **more: Json) -> dict[str, Json]:
    found: dict[str, Json] = {"configuration": list(configuration), "moves": []}
    return {**found, "model": {"model": {}}, "error": "", **more}


def test_a_run_begins_with_the_action_that_makes_the_machine() -> None:
    first = start(CHART, {"k": 1}, Given("door", "main", 1, "cause", AT))

    (run,) = first.effects
    assert isinstance(run, Run)
    assert foreign.BEGIN == run.entry.action
    assert ("shut",) == first.snapshot.configuration


def test_an_event_is_one_action_and_others_wait_until_it_is_done() -> None:
    asked = stepped(born(), Event("open", {"by": "me"}, "e1", AT))

    (run,) = asked.effects
    assert isinstance(run, Run)
    assert {"event": "open", "data": {"by": "me"}, "id": "e1"} == run.entry.args
    assert asked.is_idle
    assert asked.is_open
    assert Only(frozenset({foreign.MOVED})) == accepts(CHART, asked.snapshot)
    assert ("shut",) == asked.snapshot.configuration


def test_the_machine_is_where_the_action_found_it() -> None:
    asked = stepped(born(), Event("open", {}, "e1", AT))
    moved = news(["wide"], moves=[["open", "shut", "wide"]], number=2)

    done = after(asked.snapshot, next(iter(asked.snapshot.pending)), moved)

    assert ("wide",) == done.snapshot.configuration
    assert Taken() == done.outcome
    assert ["shut", "open", "wide"] == list(done.micro[0][:3])
    assert {} == done.snapshot.pending


def test_an_event_no_transition_takes_is_ignored_and_never_sent() -> None:
    known = stepped(born(), Event("break_", {}, "e1", AT))
    unknown = stepped(born(), Event("sing", {}, "e2", AT))

    assert Ignored("no transition in shut") == known.outcome
    assert Ignored("no event of that name") == unknown.outcome
    assert () == known.effects


def test_peers_that_moved_are_told_and_take_it_over() -> None:
    asked = stepped(born(), Event("open", {}, "e1", AT))
    told = news(["wide"], moves=[["open", "shut", "wide"]], number=3)
    gave = news(["wide"], number=3, peers={"other": told})

    done = after(asked.snapshot, next(iter(asked.snapshot.pending)), gave)
    (send,) = done.effects
    assert isinstance(send, Send)
    peer = stepped(born(), Event(foreign.MOVED, send.message.data, "m", AT))

    assert "other" == send.to.name
    assert ("wide",) == peer.snapshot.configuration


def test_news_older_than_those_known_change_nothing() -> None:
    newer = stepped(born(), Event(foreign.MOVED, news(["wide"], number=5), "m", AT))

    older = stepped(
        newer.snapshot, Event(foreign.MOVED, news(["shut"], number=4), "n", AT)
    )

    assert ("wide",) == older.snapshot.configuration


def test_what_raised_is_rejected_with_its_words() -> None:
    asked = stepped(born(), Event("open", {}, "e1", AT))
    id_ = next(iter(asked.snapshot.pending))

    refused = after(asked.snapshot, id_, news(["shut"], error="Can't", number=2))
    failed = stepped(asked.snapshot, Done(id_, Raised("crashed", "crashed"), AT))

    assert Rejected("raised", "Can't") == refused.outcome
    assert Rejected("not-done", "crashed") == failed.outcome
    assert "crashed" == failed.snapshot.data["last_error"]


def test_a_machine_that_has_ended_ends_its_run() -> None:
    asked = stepped(born(), Event("open", {}, "e1", AT))
    gave = news(["gone"], ended=True, number=2)

    done = after(asked.snapshot, next(iter(asked.snapshot.pending)), gave)

    assert Status.FINAL is done.snapshot.status
    assert [Finish(Status.FINAL, "gone")] == list(done.effects)


def test_an_answer_nobody_waits_for_changes_nothing() -> None:
    before = born()

    late = after(before, "long/ago", news(["gone"], number=9))

    assert before.configuration == late.snapshot.configuration


def test_what_can_be_injected_is_told_by_the_graph() -> None:
    found = {option.event: option.target for option in preview(CHART, born())}

    assert {"open": "wide", "break_": ""} == found


def test_the_step_that_ends_its_action_is_the_outcome_of_an_event() -> None:
    asked = stepped(born(), Event("open", {}, "e1", AT))
    refused = news(["shut"], error="Can't", refused=True, number=2)

    done = after(asked.snapshot, next(iter(asked.snapshot.pending)), refused)

    assert ("e1", "open") == (done.settles, done.event)
    assert Rejected("refused", "Can't") == done.outcome
    assert () == done.effects  # a refusal is no error of the machine
    assert "last_error" not in done.snapshot.data


def test_an_event_its_library_does_nothing_with_is_ignored() -> None:
    asked = stepped(born(), Event("open", {}, "e1", AT))

    done = after(
        asked.snapshot, next(iter(asked.snapshot.pending)), news(["shut"], number=2)
    )

    assert Ignored("no transition in shut took it") == done.outcome


def test_delays_are_those_the_newest_news_tell_of() -> None:
    told: dict[str, Json] = {"d1": a_delay("open"), "d2": a_delay("break_")}
    waits = stepped(
        born(), Event(foreign.MOVED, news(["shut"], number=2, delays=told), "m", AT)
    )
    fewer: dict[str, Json] = {"d2": a_delay("break_")}

    left = stepped(
        waits.snapshot,
        Event(foreign.MOVED, news(["shut"], number=3, delays=fewer), "n", AT),
    )

    assert ["d1", "d2"] == list(waits.snapshot.pending)
    assert ["d2"] == list(left.snapshot.pending)


def test_a_delay_that_is_over_is_an_action_and_does_not_begin_again() -> None:
    told: dict[str, Json] = {"d1": a_delay("open")}
    tells = Event(foreign.MOVED, news(["shut"], number=2, delays=told), "m", AT)
    waits = stepped(born(), tells).snapshot

    fired = step(CHART, waits, Fired("d1", AT))
    assert isinstance(fired, Step)
    (run,) = fired.effects
    again = stepped(fired.snapshot, tells)

    assert isinstance(run, Run)
    assert {"event": "open", "delay": "d1", "data": {"n": 1}} == run.entry.args
    assert [run.id] == list(again.snapshot.pending)
    assert holds_timers(CHART, fired.snapshot)


def a_delay(event: str) -> Json:
    return {"event": event, "due": [9.0, 9.0, "boot"], "brings": {"data": {"n": 1}}}


def test_people_read_of_news_what_moved_the_machine() -> None:
    assert said(MOVED, {"moves": [["open", "shut", "wide"]]}) == "open"
    assert said(MOVED, {"moves": []}) == MOVED_IN_WORDS
    assert said("open") == "open"


def test_the_number_of_news_is_no_value_of_the_author() -> None:
    assert values_of({"model": {}, NUMBER: 3}) == {"model": {}}

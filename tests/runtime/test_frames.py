"""What a machine shows of itself."""

from smtui.chart.values import (
    Kind,
    Pending,
    RunEntry,
    TimerEntry,
    WatchEntry,
)
from smtui.definition import HTTP, Json, Terms
from smtui.runtime.frames import Counts, frame_of
from smtui.wire import RunningAction, TimerView
from tests.support.runtime_values import NOW, begun, chart_of

TEXT = "initial_state: a\ntransitions:\n  - {from: a, to: b, event: go}\n"


def _bash(**args: Json) -> RunEntry:
    return RunEntry(Kind.WORLD, "bash", args, "k", "e", attempt=2, since=NOW)


def test_a_frame_tells_what_is_pending() -> None:
    pending: dict[str, Pending] = {
        "1": _bash(command="x" * 300, timeout=5),
        "2": TimerEntry(NOW.plus(7), "timeout(7)", "c", "a"),
        "3": WatchEntry(("jobs/t", "inbox/e"), {}, None, "c", "e"),
    }
    snapshot = begun(chart_of(TEXT))._replace(pending=pending, held={"j1": "queue"})

    frame = frame_of("m", snapshot, Counts(read=9, steps=3), {"1": 77}, NOW)

    assert frame.running == (RunningAction("bash", "x" * 200, 100.0, 77, 5.0, 2),)
    assert frame.timers == (TimerView("timeout(7)", 107.0),)
    assert frame.watching == ("jobs/t", "inbox/e")
    assert frame.held == ("j1",)
    assert (frame.read, frame.steps, frame.configuration) == (9, 3, ("a",))


def test_an_action_that_is_not_in_hand_is_not_shown_as_running() -> None:
    snapshot = begun(chart_of(TEXT))._replace(pending={"1": _bash(command="x")})

    assert frame_of("m", snapshot, Counts(), {}, NOW).running == ()


def test_the_authors_own_words_come_first() -> None:
    entry = _bash(command="x", description="Resize")
    snapshot = begun(chart_of(TEXT))._replace(pending={"1": entry})

    (action,) = frame_of("m", snapshot, Counts(), {"1": None}, NOW).running

    assert (action.text, action.timeout_s) == ("Resize", 30.0)


def test_a_timer_of_another_boot_is_due_by_the_wall_clock() -> None:
    due = NOW._replace(boot_id="before", boot=1.0, wall=130.0)
    pending = {"2": TimerEntry(due, "timeout(7)", "c", "a")}
    snapshot = begun(chart_of(TEXT))._replace(pending=pending)

    assert frame_of("m", snapshot, Counts(), {}, NOW).timers[0].due == 130.0


def test_a_request_is_shown_by_what_it_asks_for() -> None:
    entry = RunEntry(
        Kind.WORLD,
        HTTP,
        {"method": "POST", "url": "http://x.test/{{ id }}"},
        "k",
        "1:0",
        since=NOW,
        tries=1,
        terms=Terms(timeout_s=3.0),
    )
    snapshot = begun(chart_of(TEXT))._replace(pending={"1": entry})

    frame = frame_of("m", snapshot, Counts(), {"1": None}, NOW)

    url = "POST http://x.test/{{ id }}"
    assert frame.running == (RunningAction("http", url, 100.0, None, 3.0, 2),)

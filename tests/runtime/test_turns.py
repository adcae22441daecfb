"""A batch of steps, decided before it is written."""

from collections.abc import Sequence

import pytest

from smtui.chart import compile_chart
from smtui.chart.values import Done, Given, Result, Run, Snapshot
from smtui.definition import Json
from smtui.dialects import load_all
from smtui.errors import StepError
from smtui.runtime.inbox import Window
from smtui.runtime.turns import Batch, Hand, begin, take_turns
from smtui.stepper import Chart
from smtui.store import MAX_STEPS, Handled, InboxKind, InboxRow, InboxStatus
from tests.support.runtime_values import NOW, begun, chart_of, row_of

TOGGLE = """
    initial_state: a
    transitions:
      - {from: a, to: b, event: go}
      - {from: b, to: a, event: back}
      - {from: b, to: c, event: timeout(5)}
      - {from: "*", to: stopped, event: stop}
"""

LIST = """
    initial_state: a
    transitions:
      - {from: a, to: b, event: job_done}
      - {from: b, to: c, event: timeout(5)}
    actions:
      a: [{type: bash, command: one}]
      b: [{type: bash, command: two}]
"""


def _events(*names: str) -> Batch:
    chart = chart_of(TOGGLE)
    rows = [row_of(name, seq) for seq, name in enumerate(names, 1)]
    return take_turns(chart, _hand(begun(chart), *rows), NOW)


def _hand(snapshot: Snapshot, *rows: InboxRow, done: Sequence[Done] = ()) -> Hand:
    window = Window()
    window.looked(rows)
    return Hand(snapshot, window.events, window.rows, done)


def _handled(batch: Batch) -> list[Handled]:
    return [handled for write in batch.writes for handled in write.inbox]


def test_events_are_stepped_in_order_in_one_batch() -> None:
    batch = _events("go", "nope", "back")

    assert [h.status for h in _handled(batch)] == ["taken", "ignored", "taken"]
    assert batch.handled == ["e1", "e2", "e3"]
    assert (batch.steps, batch.ignored) == (3, 1)
    assert batch.snapshot.configuration == ("a",)


def test_a_batch_has_at_most_the_steps_of_a_commit() -> None:
    batch = _events(*["go", "back"] * MAX_STEPS)

    assert len(batch.writes) == MAX_STEPS


def test_a_batch_says_when_there_will_be_more() -> None:
    assert _events("go").until == NOW.plus(5)
    assert _events().until is None


def test_an_event_is_stepped_now_and_not_when_it_was_accepted() -> None:
    assert _events("go").snapshot.since == NOW


def test_the_end_of_the_run_ends_the_batch() -> None:
    batch = _events("stop", "go")

    assert batch.handled == ["e1"]
    assert batch.snapshot.status == "final"
    assert batch.writes[-1].finish is not None


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (row_of("go", if_state="b"), "only if in b, but it was in a"),
        (row_of("go", instance="x"), "this machine has no instance 'x'"),
        (row_of("b", kind=InboxKind.MOVE), "this version does not carry out 'move'"),
    ],
)
def test_a_row_that_takes_no_effect_is_rejected(row: InboxRow, why: str) -> None:
    chart = chart_of(TOGGLE)
    before = begun(chart)

    batch = take_turns(chart, _hand(before, row), NOW)

    assert _handled(batch) == [Handled(1, InboxStatus.REJECTED, why)]
    assert batch.snapshot == before
    assert batch.writes[0].journal is None


def test_a_row_that_fits_the_state_is_stepped() -> None:
    chart = chart_of(TOGGLE)
    row = row_of("go", if_state="a")

    batch = take_turns(chart, _hand(begun(chart), row), NOW)

    assert batch.snapshot.configuration == ("b",)


# ------------------------------------------------------------------ actions


def _asking(chart: Chart) -> tuple[Snapshot, Run]:
    batch = take_turns(chart, Hand(begun(chart)), NOW)
    (run,) = batch.runs
    return batch.snapshot, run


def test_something_asked_of_the_outside_ends_the_batch() -> None:
    chart = chart_of(LIST)
    rows = [row_of("x", 1), row_of("y", 2)]

    batch = take_turns(chart, _hand(begun(chart), *rows), NOW)

    assert batch.handled == ["e1"]
    assert len(batch.runs) == 1
    assert batch.until is None


def test_what_an_action_gave_is_journalled_with_its_duration() -> None:
    chart = chart_of(LIST)
    snapshot, run = _asking(chart)
    value: dict[str, Json] = {
        "exit": 0,
        "last_line": "x" * 5000,
        "stderr": "",
        "timed_out": False,
    }
    done = Done(run.id, Result({**value, "seconds": 1.5}), NOW)
    hand = Hand(snapshot, done=[done], seconds={run.id: 1.5})

    batch = take_turns(chart, hand, NOW)

    row = batch.writes[0].journal
    assert row is not None
    assert row.duration_s == 1.5
    assert isinstance(row.answers, dict)
    gave = row.answers["gave"]
    assert isinstance(gave, dict)
    assert gave["exit"] == 0
    assert gave["last_line"] == "x" * 4000 + "…"
    assert batch.used == [run.id]


def test_at_the_end_only_results_at_hand_are_stepped() -> None:
    chart = chart_of(LIST)
    snapshot, run = _asking(chart)
    done = Done(run.id, Result({"exit": 0}), NOW)
    hand = _hand(snapshot, row_of("x"), done=[done])

    batch = take_turns(chart, hand, NOW, ends=True)

    assert batch.used == [run.id]
    assert batch.handled == []
    assert len(batch.writes) == 1
    assert batch.snapshot.configuration == ("b",)


def test_an_event_of_a_linked_machine_is_handled_when_its_action_has_ended() -> None:
    chart = linked_chart()
    first = begin(chart, {}, Given("m", "main", 1, "c", NOW))
    told: dict[str, Json] = {"configuration": ["a"], "number": 1}
    born = take_turns(chart, _hand(first.snapshot, done=[_done(first, told)]), NOW)
    row = row_of("go")

    asked = take_turns(chart, _hand(born.snapshot, row), NOW)
    told = {"configuration": ["b"], "moves": [["go", "a", "b"]], "number": 2}
    ended = take_turns(
        chart, _hand(asked.snapshot, row, done=[_done(asked, told)]), NOW
    )

    assert [Handled(1, InboxStatus.PENDING)] == _handled(asked)
    assert ([], 0) == (asked.handled, asked.steps)
    assert [Handled(1, InboxStatus.TAKEN)] == _handled(ended)
    assert ["e1"] == ended.handled


def linked_chart() -> Chart:
    (loaded,) = load_all(
        "class M(StateMachine):\n  a = State(initial=True)\n  b = State()\n"
        "  go = a.to(b) | b.to(a)\nclass S(Orchestrator):\n  m: M\n",
        "s.py",
    )
    assert loaded.definition is not None
    return compile_chart(loaded.definition)


def _done(batch: Batch, told: dict[str, Json]) -> Done:
    return Done(batch.runs[0].id, Result(told), NOW)


def test_a_step_that_fails_is_alone_in_its_batch() -> None:
    chart = chart_of(TOGGLE)
    snapshot = begun(chart)
    stranger = snapshot._replace(chart_hash="other")

    with pytest.raises(StepError):
        take_turns(chart, _hand(stranger, row_of("go")), NOW)


def test_a_run_begins_with_a_batch_of_its_own() -> None:
    chart = chart_of(TOGGLE)
    given = begun(chart)

    batch = begin(chart, {"n": 1}, Given("m", "main", 1, "cause", NOW))

    assert batch.snapshot.data == {"n": 1}
    assert batch.snapshot.configuration == given.configuration
    (write,) = batch.writes
    assert write.journal is not None
    assert write.journal.from_ == ()

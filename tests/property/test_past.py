"""The past folds to what was, and steps to it again.

A fold is what the slider shows. A step taken again is the promise behind it:
the snapshot before, and what the journal has of the input - its cause, what a
World action gave - lead to the same snapshot. What a Store action gave is not
kept twice: it stands in the data patch, so those steps are left to the fold.

In memory, from any full snapshot to any later step; what the store gives of it
is held to the same in tests/store/test_past.py.
"""

import json
from collections.abc import Sequence
from functools import partial
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtui.chart import compile_chart, encode
from smtui.chart.messages import Ask
from smtui.chart.values import (
    At,
    Done,
    Event,
    Fired,
    Given,
    Go,
    In,
    Result,
    RunEntry,
    Snapshot,
    Step,
    TimerEntry,
    WatchEntry,
    Woken,
)
from smtui.driver import Row, Wait, journal
from smtui.runtime.records import Turn, write_of_step
from smtui.stepper import start, step
from smtui.store import (
    SOLE_INSTANCE,
    JournalEntry,
    JournalRow,
    PastPatch,
    PastState,
)
from smtui.view.past import Instant, fold
from tests.support.drive import Fleet, Look, Machine
from tests.support.random_machines import Plan, plan_of_seed, plans
from tests.support.random_trees import random_events, random_tree

pytestmark = pytest.mark.acceptance

SECONDS = 6.0


def lived(plan: Plan) -> list[tuple[Row, Snapshot]]:
    """Return each row of a machine's journal with the snapshot it led to."""
    found: list[tuple[Row, Snapshot]] = []

    def look(m: Machine, before: Snapshot, given: In | Wait, done: Step | None) -> None:
        if not found:
            found.append((m.journal[0], before))
        if done is not None and not isinstance(given, Wait):
            row = journal(before, given, done)
            if row is not None:
                found.append((row, done.snapshot))

    drive(plan, look)
    return found


def drive(plan: Plan, look: Look) -> None:
    fleet = Fleet()
    fleet.looks = look
    for at, event, n in plan.happenings:
        if event == "job":
            fleet.later(at, partial(fleet.add_job, f"j{n}", n=n))
        else:
            fleet.later(at, partial(fleet.send, "m", event, n=n))
    fleet.add(plan.definition)
    fleet.run(SECONDS)


def kept(row: Row) -> JournalRow:
    return JournalRow(
        seq=row.seq,
        run=row.run,
        at=row.at,
        cause=row.cause,
        event=row.event,
        from_=row.from_,
        to=row.to,
        outcome=row.outcome,
        why=row.why,
        micro=row.micro,
        data_patch=row.data_patch,
        effects=row.effects,
    )


def patch_of(row: Row) -> PastPatch:
    return PastPatch(
        row.at, row.cause, row.from_ != row.to, row.data_patch, row.effects
    )


def past(rows: Sequence[tuple[Row, Snapshot]], base: int, at: int) -> PastState:
    """Return what the store would give for a step, from a snapshot before it."""
    return PastState(
        entry=JournalEntry(at + 1, "m", SOLE_INSTANCE, kept(rows[at][0])),
        base=json.loads(json.dumps(encode(rows[base][1]))),
        patches=tuple(patch_of(row) for row, _ in rows[base + 1 : at + 1]),
    )


def written(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def is_as_it_was(instant: Instant, snapshot: Snapshot) -> None:
    assert instant.is_whole
    assert instant.configuration == snapshot.configuration
    assert instant.place == (snapshot.run, snapshot.seq)
    assert instant.since == snapshot.since.wall
    assert written(dict(instant.data)) == written(dict(snapshot.data))
    assert dict(_delays(snapshot)) == {
        id_: (delay.event, delay.due) for id_, delay in instant.delays.items()
    }


def _delays(snapshot: Snapshot) -> list[tuple[str, tuple[str, float]]]:
    return [
        (id_, (entry.event, entry.due.wall))
        for id_, entry in snapshot.pending.items()
        if isinstance(entry, TimerEntry)
    ]


def hold(plan: Plan) -> int:
    rows = lived(plan)
    for at in range(len(rows)):
        for base in {0, at // 2, at}:
            is_as_it_was(fold(past(rows, base, at)), rows[at][1])
    return len(rows)


def test_every_instant_of_hundreds_of_machines_is_as_it_was() -> None:
    steps = sum(hold(plan_of_seed(seed)) for seed in range(settings().max_examples))

    assert steps > 3 * settings().max_examples


@settings(max_examples=25)
@given(plan=plans())
def test_every_instant_of_odd_machines_is_as_it_was(plan: Plan) -> None:
    hold(plan)


@settings(max_examples=50)
@given(st.integers(min_value=0, max_value=2**40))
def test_every_instant_of_a_statechart_is_as_it_was(seed: int) -> None:
    chart = compile_chart(random_tree(seed))
    first = start(chart, {"n": 0, "m": 0, "fuel": 0}, Given("m", "main", 1, "b", _AT))
    rows: list[tuple[Row, Snapshot]] = []
    row, snapshot = journal(None, None, first), first.snapshot
    assert row is not None
    rows.append((row, snapshot))
    for n, name in enumerate(random_events(seed)):
        event = Event(name, None, f"e{n}", _AT.plus(n))
        done = step(chart, snapshot, event)
        assert not isinstance(done, Ask)
        row = journal(snapshot, event, done)
        snapshot = done.snapshot
        if row is not None:
            rows.append((row, snapshot))

    for at in range(len(rows)):
        for base in {0, at // 2, at}:
            is_as_it_was(fold(past(rows, base, at)), rows[at][1])


_AT = At(1_700_000_000.0, 100.0, "boot")


# ------------------------------------------------------- stepped once more


Inbox: TypeAlias = dict[str, Event]


def again(row: JournalRow, before: Snapshot, inbox: Inbox, at: At) -> In | None:
    """Return the input of a step as the journal has it; None where it has not.

    An event is handled once; what goes on because of it has its id as cause too.
    """
    event = inbox.pop(row.cause, None)
    if event is not None:
        return event._replace(at=at)
    entry = before.pending.get(row.cause)
    if isinstance(entry, TimerEntry):
        return Fired(row.cause, at)
    if isinstance(entry, WatchEntry):
        return Woken(row.cause, at)
    if isinstance(row.answers, dict):
        id_, gave = row.answers["id"], row.answers["gave"]
        assert isinstance(gave, dict)
        return Done(str(id_), Result(gave), at)
    runs = [e for e in before.pending.values() if isinstance(e, RunEntry)]
    return None if any(run.key == row.cause for run in runs) else Go(at)


def step_again(plan: Plan) -> int:
    """Take every step of a machine again; return how many the journal has."""
    taken = 0
    inbox: Inbox = {}
    seen: set[str] = set()

    def look(m: Machine, before: Snapshot, given: In | Wait, done: Step | None) -> None:
        nonlocal taken
        if done is None or done.is_idle or isinstance(given, Wait):
            return
        inbox.update((event.id, event) for event in m.inbox if event.id not in seen)
        seen.update(event.id for event in m.inbox)
        write = write_of_step(Turn(before, given, None, done), {})
        assert write.journal is not None
        told = again(write.journal, before, inbox, given.at)
        if told is None:
            return
        taken += 1
        replayed = step(m.chart, before, told)
        assert isinstance(replayed, Step)
        assert replayed.snapshot == done.snapshot
        assert replayed.effects == done.effects

    drive(plan, look)
    return taken


def test_steps_are_taken_again_from_what_the_journal_has() -> None:
    taken = sum(
        step_again(plan_of_seed(seed)) for seed in range(settings().max_examples)
    )

    assert taken > 2 * settings().max_examples

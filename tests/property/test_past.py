"""The past folds to what was: the journal rebuilds every snapshot it led to.

In memory, from any full snapshot to any later step; what the store gives of it
is held to the same in tests/store/test_past.py.
"""

import json
from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given, settings

from smtui.chart import encode
from smtui.chart.values import In, Snapshot, Step, TimerEntry
from smtui.driver import Row, Wait, journal
from smtui.store import (
    SOLE_INSTANCE,
    JournalEntry,
    JournalRow,
    PastPatch,
    PastState,
)
from smtui.view.past import Instant, fold
from tests.support.drive import Fleet, Machine
from tests.support.random_machines import Plan, plan_of_seed, plans

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

    fleet = Fleet()
    fleet.looks = look
    for at, event, n in plan.happenings:
        if event == "job":
            fleet.later(at, partial(fleet.add_job, f"j{n}", n=n))
        else:
            fleet.later(at, partial(fleet.send, "m", event, n=n))
    fleet.add(plan.definition)
    fleet.run(SECONDS)
    return found


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

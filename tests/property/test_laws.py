"""Laws every step of every machine keeps, on random machines."""

import json
from collections.abc import Callable, Iterable
from functools import partial

import pytest
from hypothesis import given, settings

from smtui.chart import decode, encode
from smtui.chart.values import (
    Done,
    Event,
    Fired,
    Ignored,
    In,
    Result,
    RunEntry,
    Snapshot,
    Status,
    Step,
    Taken,
    TimerEntry,
    Woken,
)
from smtui.definition import Json
from smtui.driver import Wait
from smtui.stepper import Waits, foresee, preview
from tests.support.drive import Fleet, Look, Machine
from tests.support.random_machines import Plan, plan_of_seed, plans
from tests.support.steps import step

pytestmark = pytest.mark.acceptance

SECONDS = 4.0


def driven(plan: Plan, looks: Look | None = None) -> Fleet:
    """Return the fleet of one machine after a while."""
    fleet = Fleet()
    fleet.looks = looks
    for at, event, n in plan.happenings:
        if event == "job":
            fleet.later(at, partial(fleet.add_job, f"j{n}", n=n))
        else:
            fleet.later(at, partial(fleet.send, "m", event, n=n))
    fleet.add(plan.definition)
    fleet.run(SECONDS)
    return fleet


def written(value: object) -> str:
    """Return JSON text: what is 1, 1.0 or true stays apart."""
    return json.dumps(value, sort_keys=True, allow_nan=False)


def hold(law: Callable[[Plan], None], seeds: Iterable[int]) -> None:
    for seed in seeds:
        law(plan_of_seed(seed))


# ---------------------------------------------------------------- the laws


def snapshots_come_back_whole(plan: Plan) -> None:
    def look(m: Machine, before: Snapshot, given: In | Wait, done: Step | None) -> None:
        del m, given
        for snapshot in (before, done.snapshot) if done else (before,):
            text = written(encode(snapshot))
            again = decode(json.loads(text))
            assert again == snapshot
            assert written(encode(again)) == text

    driven(plan, look)


def one_known_state_is_active(plan: Plan) -> None:
    def look(m: Machine, before: Snapshot, given: In | Wait, done: Step | None) -> None:
        del before, given
        if done is not None:
            (state,) = done.snapshot.configuration
            assert state in m.chart.states
            cursor = done.snapshot.cursor
            assert (cursor is None) == (done.snapshot.status is Status.FINAL)
            assert cursor is None or cursor.state == state

    driven(plan, look)


def one_hand_and_ids_of_its_own(plan: Plan) -> None:
    seen: set[str] = set()

    def look(m: Machine, before: Snapshot, given: In | Wait, done: Step | None) -> None:
        del m, given
        if done is None:
            return
        seen.update(before.pending)
        new = done.snapshot.pending.keys() - before.pending.keys()
        assert not new & seen, "an id is never used again"
        runs = [e for e in done.snapshot.pending.values() if isinstance(e, RunEntry)]
        assert len(runs) <= 1
        assert done.snapshot.turn == before.turn + 1
        assert done.snapshot.seq == before.seq + (not done.is_idle)

    driven(plan, look)


def keys_are_used_once(plan: Plan) -> None:
    keys: list[str] = []

    def look(m: Machine, before: Snapshot, given: In | Wait, done: Step | None) -> None:
        del m, given
        for id_, entry in (done.snapshot.pending if done else {}).items():
            if isinstance(entry, RunEntry) and id_ not in before.pending:
                keys.append(entry.key)

    driven(plan, look)

    assert len(keys) == len(set(keys))


def the_journal_rebuilds_the_data(plan: Plan) -> None:
    machine = driven(plan).machines["m"]

    data: dict[str, Json] = {}
    for n, row in enumerate(machine.journal):
        assert row.seq == n + 1
        patch = row.data_patch or {"set": {}, "unset": []}
        assert isinstance(patch["set"], dict)
        assert isinstance(patch["unset"], list)
        data = {k: v for k, v in data.items() if k not in patch["unset"]}
        data |= patch["set"]
    assert written(data) == written(dict(machine.snapshot.data))


def strangers_change_nothing(plan: Plan) -> None:
    """Let answers to what is no longer pending be no error, and do nothing."""

    def look(m: Machine, before: Snapshot, given: In | Wait, done: Step | None) -> None:
        del given, done
        at = before.stepped.plus(1)
        stranger = next(iter(before.pending), "0.0") + ".gone"
        for odd in (Done(stranger, Result({}), at), Fired(stranger, at)):
            _is_unmoved(m, before, odd)
        for id_, entry in before.pending.items():
            if not isinstance(entry, TimerEntry):
                _is_unmoved(m, before, Fired(id_, at))
            else:
                _is_unmoved(m, before, Done(id_, Result({}), at))
                _is_unmoved(m, before, Woken(id_, at))

    driven(plan, look)


def _is_unmoved(machine: Machine, before: Snapshot, odd: In) -> None:
    after = step(machine.chart, before, odd)

    assert isinstance(after.outcome, Ignored)
    assert after.effects == ()
    assert after.micro == ()
    assert after.snapshot == before._replace(
        seq=before.seq + 1, turn=before.turn + 1, stepped=odd.at, gos=0
    )


def waits_are_for_something(plan: Plan) -> None:
    def look(m: Machine, before: Snapshot, given: In | Wait, done: Step | None) -> None:
        del m, done
        if not isinstance(given, Wait):
            return
        timers = [
            e.due.boot for e in before.pending.values() if isinstance(e, TimerEntry)
        ]
        if timers:
            assert given.until is not None
            assert given.until.boot <= min(timers)
        if given.until is not None:
            assert given.until.boot > before.stepped.boot

    driven(plan, look)


def previews_come_true(plan: Plan) -> None:
    """Foresee an event at rest, and compare with what it then does."""
    fleet = driven(plan)
    machine = fleet.machines["m"]
    for n in range(3):
        for name in machine.chart.event_names():
            _comes_true(fleet, machine, name, n)
        fleet.run(0.35)


def _comes_true(fleet: Fleet, machine: Machine, name: str, n: int) -> None:
    fleet.run(0)
    if machine.inbox:
        return  # those before it are served first
    before = machine.snapshot
    id_ = f"ev{fleet.sequence + 1:04}"
    injected = Event(name, {"n": n}, id_, fleet.at())
    foreseen = foresee(machine.chart, before, injected)
    shown = {option.event: option for option in preview(machine.chart, before)}[name]
    fleet.send("m", name, n=n)
    if foreseen.step is None:
        fleet.run(0)
        assert [e.id for e in machine.inbox] == [id_]
        is_running = before.status is Status.RUNNING
        assert isinstance(foreseen.outcome, Waits if is_running else Ignored)
        return
    after = foreseen.step.snapshot
    for _ in range(after.turn - before.turn):
        assert fleet._step_one(machine) is None
    assert machine.snapshot == after
    is_taken = isinstance(foreseen.outcome, Taken)
    if machine.journal[-1].cause == id_:
        assert machine.journal[-1].outcome == ("taken" if is_taken else "ignored")
    assert shown.target == (after.configuration[0] if is_taken else "")


LAWS: list[Callable[[Plan], None]] = [
    snapshots_come_back_whole,
    one_known_state_is_active,
    one_hand_and_ids_of_its_own,
    keys_are_used_once,
    the_journal_rebuilds_the_data,
    strangers_change_nothing,
    waits_are_for_something,
    previews_come_true,
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_holds_for_hundreds_of_machines(law: Callable[[Plan], None]) -> None:
    first = 100_000 * LAWS.index(law)  # each law on machines of its own
    hold(law, range(first, first + settings().max_examples))


@settings(max_examples=25)
@given(plan=plans())
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_holds_for_odd_machines(law: Callable[[Plan], None], plan: Plan) -> None:
    law(plan)

"""Machines that look at others, against a real store."""

from dataclasses import replace
from pathlib import Path

import pytest

from smtui.definition import Json
from smtui.store import InboxStatus
from tests.support.runtime_crowd import life, tell
from tests.support.runtime_harness import Harness, harness, running
from tests.support.store import own, row, snapshot, step

LAMP = """
initial_state: dark
transitions:
  - {from: dark, to: lit, event: switch, when: {peer: door, in: open}}
  - {from: lit, to: dark, event: timeout(0.01), when: {peer: door, not_in: open}}
"""
ALARM = """<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="quiet">
  <state id="quiet"><transition cond="InPeer('door', 'open')" target="loud"/></state>
  <state id="loud"><transition cond="!InPeer('door', 'open')" target="quiet"/></state>
</scxml>"""
ORDERS = """
meta: {machine_name: m}
states: [{name: new, type: initial}, {name: sent}, {name: done, type: terminal}]
transitions:
  - {trigger: go, source: new, dest: sent, guards: [{peer: till, in: paid}]}
  - {source: sent, dest: done, auto: true, guards: [{peer: till, in: shut}]}
"""


def put(machine: Harness, name: str, state: str, seq: int, instance: str = "") -> None:
    """Let another machine be in a state, and ring whoever the commit names."""
    id_ = instance or "main"
    with machine.writer() as writer:
        after = snapshot()._replace(instance=id_, configuration=(state,))
        moved = replace(row(seq), from_=(), to=(state,))
        committed = writer.commit(own(writer, name), [step(after, journal=moved)])
    if "m" in committed.bells:
        machine.ring()


async def said(machine: Harness) -> list[Json]:
    """Return what was seen of other machines, by the journal."""
    found: list[Json] = []
    for entry in await machine.journal():
        answers = entry.row.answers
        guards = answers.get("guards") if isinstance(answers, dict) else None
        if isinstance(guards, list):
            found += [each["said"] for each in guards if isinstance(each, dict)]
    return found


async def test_an_action_list_looks_before_it_takes_an_event(tmp_path: Path) -> None:
    async with running(tmp_path, LAMP) as machine:
        before = await tell(machine, "switch")
        put(machine, "door", "shut", 1)
        shut = await tell(machine, "switch")
        put(machine, "door", "open", 2)
        await tell(machine, "switch")
        await machine.until_state("lit")

        assert (InboxStatus.IGNORED, InboxStatus.IGNORED) == (
            before.status,
            shut.status,
        )
        assert "there is no machine 'door' here" in before.why
        assert '"switch" in dark: no by door in open (door is in shut)' == shut.why
        assert ["door is in shut", "door is in open"] == (await said(machine))[1:3]


async def test_a_delay_looks_when_it_is_over(tmp_path: Path) -> None:
    async with harness(tmp_path, LAMP) as machine:
        put(machine, "door", "open", 1)
        await machine.begin()
        await tell(machine, "switch")
        await machine.until(lambda frame: frame.seq > 2)

        assert "door is in open" == (await said(machine))[-1]
        await machine.end()


async def test_a_machine_that_waits_is_woken_by_the_move(tmp_path: Path) -> None:
    async with running(tmp_path, ALARM) as machine:
        put(machine, "door", "open", 1)
        await machine.until_state("loud")
        put(machine, "door", "shut", 2)
        await machine.until_state("quiet")

        frame = await machine.until(lambda one: bool(one.watching))
        assert ("state/door/main",) == frame.watching


async def test_a_move_while_nobody_runs_is_found_by_the_next_process(
    tmp_path: Path,
) -> None:
    async with harness(tmp_path, ALARM) as machine:
        await machine.begin()
        await machine.until(lambda one: bool(one.watching))
        await machine.crash()
        put(machine, "door", "open", 1)

        await machine.begin()
        await machine.until_state("loud")
        await machine.end()


async def test_a_move_that_changes_nothing_leaves_no_row(tmp_path: Path) -> None:
    async with running(tmp_path, ALARM) as machine:
        await machine.until(lambda one: bool(one.watching))
        rows = len(await machine.journal())
        put(machine, "door", "ajar", 1)
        put(machine, "door", "open", 2)
        await machine.until_state("loud")

        moved = (await machine.journal())[rows:]
        assert [("quiet", "loud")] == [(e.row.from_[0], e.row.to[0]) for e in moved]


@pytest.mark.parametrize("instance", ["o-1", ""])
async def test_entities_look_at_the_one_of_their_id_else_at_the_only_one(
    tmp_path: Path, instance: str
) -> None:
    async with running(tmp_path, ORDERS) as machine:
        put(machine, "till", "paid", 1, instance)
        one = await tell(machine, "go", "o-1")
        other = await tell(machine, "go", "o-2")

        is_own = bool(instance)
        assert InboxStatus.TAKEN is one.status
        assert (InboxStatus.REJECTED if is_own else InboxStatus.TAKEN) is other.status
        name = f"till/{instance}" if instance else "till"
        assert f"{name} is in paid" in await said(machine)


async def test_only_the_entities_that_watch_what_moved_are_woken(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, ORDERS) as machine:
        for n, id_ in enumerate(("o-1", "o-2"), start=1):
            put(machine, "till", "paid", n, id_)
            await tell(machine, "go", id_)
        rows = len(await machine.journal())

        put(machine, "till", "shut", 3, "o-2")
        await machine.until(lambda frame: frame.steps > rows)

        assert ("done",) == (await life(machine, "o-2")).configuration
        assert ("sent",) == (await life(machine, "o-1")).configuration
        assert ["o-2"] == [entry.instance for entry in (await machine.journal())[rows:]]

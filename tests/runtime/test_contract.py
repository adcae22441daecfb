"""Instances at work are held to what their definition asks of the data."""

from pathlib import Path

from smtui.store import InboxStatus
from tests.support.runtime_crowd import life, tell
from tests.support.runtime_harness import running

SENSOR = """\
meta:
  machine_name: m
  validate_context: true
  classification: {auto_route: true}
  orchestrator_default_fallback: persist
state_variables: [{key: owner, type: string, required: true}, {key: n, default: 0}]
context_invariants: [{name: few, field: n, op: lt, value: 2}]
error_policy: {default_fallback: lost}
states:
  - {name: cool, type: initial}
  - {name: hot, when: {field: t, op: gt, value: 100}, on_enter: {increment: n}}
  - {name: lost, type: error}
transitions:
  - {trigger: heat, source: cool, dest: hot}
  - {trigger: settle, source: hot, dest: cool}
"""


async def test_what_is_wrong_with_data_is_told_and_changes_nothing(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, SENSOR) as machine:
        nobody = await tell(machine, "apply_data", "s-1", {"t": 150})
        taken = await tell(machine, "apply_data", "s-1", {"t": 150, "owner": "me"})
        await tell(machine, "settle", "s-1", {"t": 1})
        often = await tell(machine, "heat", "s-1")
        now = await life(machine, "s-1")
        rows = [entry.row for entry in await machine.journal()]

    assert (nobody.status, taken.status) == (InboxStatus.REJECTED, InboxStatus.TAKEN)
    assert nobody.why == (
        "\"apply_data\" in cool: Missing required state variable: 'owner'"
    )
    assert often.status is InboxStatus.REJECTED
    assert "'few' failed" in often.why
    assert now.configuration == ("cool",)
    assert now.data == {"owner": "me", "t": 1, "n": 1}
    assert [row.outcome for row in rows].count("rejected") == 2


async def test_what_nothing_takes_leads_to_the_fallback(tmp_path: Path) -> None:
    async with running(tmp_path, SENSOR) as machine:
        row = await tell(machine, "settle", "s-1", {"owner": "me"})

        assert row.status is InboxStatus.TAKEN
        assert row.why.startswith('no "settle" in cool')
        assert (await life(machine, "s-1")).configuration == ("lost",)

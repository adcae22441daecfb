"""A machine at work against a real store."""

from pathlib import Path

from tests.support.runtime_harness import harness, running

TOGGLE = """
initial_state: a
transitions:
  - {from: a, to: b, event: go}
  - {from: b, to: a, event: back}
  - {from: "*", to: stopped, event: stop}
"""


async def test_an_event_is_taken_and_journalled(tmp_path: Path) -> None:
    async with running(tmp_path, TOGGLE) as machine:
        row = await machine.until_handled(await machine.send("go"))

        assert row.status == "taken"
        assert await machine.path() == [("", "", "a"), ("a", "go", "b")]


async def test_a_machine_whose_definition_ended_ends(tmp_path: Path) -> None:
    async with harness(tmp_path, TOGGLE) as machine:
        await machine.begin()
        await machine.send("stop")
        await machine.ended()

        assert (await machine.snapshot()).status == "final"

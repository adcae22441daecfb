"""Scenarios of machines that look at others."""

from pathlib import Path

import pytest

from smtui.testing import find_paths, play, read_scenarios, scenario_text
from tests.support.scenarios import differences, problems, subject

LAMP = """\
initial_state: dark
peers: [door]
transitions:
  - {from: dark, to: lit, event: switch, when: {peer: door, in: [open, ajar]}}
  - {from: dark, to: dark, event: switch}
"""
HEATER = """\
peers: {entry: door}
states: [{name: idle, type: initial}, {name: heating}]
transitions:
  - {trigger: warm, source: idle, dest: heating, guards: [{peer: entry, not_in: open}]}
  - {source: heating, dest: idle, auto: true, guards: [{peer: entry, in: open}]}
"""


@pytest.mark.parametrize(
    ("where", "state"),
    [("open", "lit"), ("ajar", "lit"), ("shut", "dark"), ("wide + open", "lit")],
)
def test_a_stub_says_where_a_peer_is(tmp_path: Path, where: str, state: str) -> None:
    text = f"""
stubs: {{peers: {{door: {where}}}}}
steps: [{{send: switch, expect: {state}}}]
"""
    assert [] == differences(subject(tmp_path, LAMP), text)


def test_a_peer_that_moves_wakes_who_waits(tmp_path: Path) -> None:
    text = """
stubs: {peers: {door: shut}}
steps:
  - {send: warm, expect: heating}
  - {after: 1h, expect: heating}
  - {peers: {door: open}, expect: idle}
  - {send: warm, expect: {state: idle, outcome: rejected}}
  - peers: {door: shut}
  - {send: warm, expect: heating}
"""
    assert [] == differences(subject(tmp_path, HEATER), text)


def test_a_peer_without_a_stub_says_which_one_is_needed(tmp_path: Path) -> None:
    (found,) = differences(subject(tmp_path, LAMP), "steps: [{send: switch}]")

    assert "the state of 'door'" in found.got
    assert "stubs: {peers: {door: STATE}}" == found.why


def test_a_step_of_peers_is_a_mapping() -> None:
    text = "definition: x.yaml\nsteps: [{peers: door}]"

    assert ["2:17 wrong-type"] == problems(text)


@pytest.mark.parametrize("text", [LAMP, HEATER])
def test_paths_lead_through_the_moves_of_peers_and_can_be_played(
    tmp_path: Path, text: str
) -> None:
    machine = subject(tmp_path, text)
    paths = find_paths(machine)
    written = scenario_text(paths, tmp_path / "x.paths.yaml", {})
    read = read_scenarios(written, "x.paths.yaml")

    assert () == (*paths.missed_states, *paths.missed_transitions)
    assert not read.problems, written
    for scenario in read.scenarios:
        assert [] == [*play(machine, scenario).differences], written

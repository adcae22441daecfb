"""`smtui graph NAME` and a folder that runs: from the store, with what is now."""

from collections.abc import Iterator

import pytest

from smtui.definition import Json
from tests.support.cli import DOOR, Program

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("graph known")]

CALLER = """\
initial_state: idle
transitions:
  - {from: idle, to: calling, event: call}
  - {from: calling, to: idle, event: event_sent}
actions:
  calling: [{type: send_event, target_machine: "{who|default:door}", event_type: push}]
"""


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("graph")
    with Program(folder) as program:
        program.write("machines/door.yaml", DOOR)
        program.write("machines/caller.yaml", CALLER)
        assert program("run", "machines", "--detach").code == 0
        assert program("send", "caller", "call", "--wait", "--timeout", "20").code == 0
        opened = program("run", "machines", "--until", "door=open", "--timeout", "20")
        assert opened.code == 0, opened.err
        yield program


def test_a_machine_is_drawn_with_its_present_state(fleet: Program) -> None:
    document = fleet("graph", "door", "--json").document()

    assert {"open": 1} == document["active"]
    assert "┃ open" in fleet("graph", "door").out


def test_another_state_can_be_lit_instead(fleet: Program) -> None:
    document = fleet("graph", "door", "--active", "closed", "--json").document()

    assert {"closed": 1} == document["active"]


def test_the_text_that_runs_is_drawn_and_not_the_one_on_the_disk(
    fleet: Program,
) -> None:
    fleet.write("machines/door.yaml", DOOR.replace("pull", "tear"))
    try:
        assert "pull" in fleet("graph", "door").out
        assert "tear" in fleet("graph", "machines/door.yaml").out
    finally:
        fleet.write("machines/door.yaml", DOOR)


def test_a_fleet_shows_where_its_machines_are_and_what_was_sent(
    fleet: Program,
) -> None:
    document = fleet("graph", "machines", "--json").document()

    found = document["transitions"]
    assert isinstance(found, list)
    (arrow,) = (one for one in found if isinstance(one, dict))
    keys = ("way", "source", "target", "label", "count")
    seen: list[Json] = [arrow[key] for key in keys]
    assert ["event", "caller", "door", "push", 1] == seen
    text = fleet("graph", "machines").out
    assert "● open" in text
    assert "● idle" in text


def test_an_unknown_name_is_told_with_the_nearest_one(fleet: Program) -> None:
    done = fleet("graph", "dor", "--data", "machines/../.smtui")

    assert 2 == done.code
    assert "did you mean 'door'?" in done.err

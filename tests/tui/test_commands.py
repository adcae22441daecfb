"""The key table: one letter, one verb, on every screen."""

from collections import defaultdict

import pytest

from smtui.store.rows import InboxStatus, JobState
from smtui.tui.app import SmtuiApp
from smtui.tui.command import Command, Group, ScreenName
from smtui.tui.commands import (
    COMMANDS,
    bindings,
    footer_keys,
    is_enabled,
    twin_of,
)
from smtui.tui.screens.base import BaseScreen
from smtui.tui.screens.fleet_graph import FleetScreen
from smtui.tui.screens.graph import GraphScreen
from smtui.tui.screens.job import JobScreen
from smtui.tui.screens.logs import LogScreen
from smtui.tui.screens.machine import MachineScreen
from smtui.tui.screens.main import MainScreen
from smtui.tui.screens.pages import (
    HistoryScreen,
    MailScreen,
    ValuesScreen,
    WhyScreen,
)
from smtui.tui.screens.past import PastScreen
from smtui.tui.screens.problems import ProblemsScreen
from smtui.view.selection import Selection
from smtui.view.text import cells
from smtui.view.words import Standing

SCREENS: dict[ScreenName, type[BaseScreen]] = {
    ScreenName.MAIN: MainScreen,
    ScreenName.MACHINE: MachineScreen,
    ScreenName.GRAPH: GraphScreen,
    ScreenName.FLEET: FleetScreen,
    ScreenName.JOB: JobScreen,
    ScreenName.PAST: PastScreen,
    ScreenName.LOG: LogScreen,
    ScreenName.HISTORY: HistoryScreen,
    ScreenName.VALUES: ValuesScreen,
    ScreenName.MAIL: MailScreen,
    ScreenName.PROBLEMS: ProblemsScreen,
    ScreenName.WHY: WhyScreen,
}

MACHINE = Selection("machine", "crawler#1", Standing.READY, file="c.yaml", line=3)
JOB = Selection("job", job_id="01J", job_status=JobState.RETRYABLE)
EVENT = Selection("event", "crawler#1", event_id="01E", event_status=InboxStatus.PARKED)


@pytest.mark.parametrize("screen", list(ScreenName))
def test_no_key_is_bound_twice_on_a_screen(screen: ScreenName) -> None:
    keys: dict[str, list[str]] = defaultdict(list)
    for command in COMMANDS:
        if screen in command.screens:
            for key in command.keys.split(","):
                keys[key].append(command.id)

    assert {} == {key: ids for key, ids in keys.items() if len(ids) > 1}


def test_a_letter_means_at_most_one_verb_over_all_screens() -> None:
    verbs: dict[str, set[str]] = defaultdict(set)
    for command in COMMANDS:
        for key in command.keys.split(","):
            verbs[key].add(command.id)

    assert {} == {key: ids for key, ids in verbs.items() if len(ids) > 1}


@pytest.mark.parametrize("screen", list(ScreenName))
def test_every_binding_has_an_id_and_a_tooltip(screen: ScreenName) -> None:
    found = bindings(screen)

    assert all(binding.id and binding.tooltip for binding in found)
    assert len(found) == len({binding.id for binding in found})


@pytest.mark.parametrize("screen", list(SCREENS))
def test_every_bound_action_exists(screen: ScreenName) -> None:
    for command in COMMANDS:
        if screen in command.screens:
            assert hasattr(SCREENS[screen], f"action_{command.action}"), command.id


def test_actions_of_the_app_exist() -> None:
    for command in COMMANDS:
        if ScreenName.APP in command.screens:
            assert hasattr(SmtuiApp, f"action_{command.action}")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_acts_have_a_command_line_and_views_need_none(command: Command) -> None:
    is_act = command.group is Group.ACT

    assert is_act == (command.twin is not None)
    assert is_act == command.writes


def test_twins_are_whole_command_lines() -> None:
    for command in COMMANDS:
        for selection in (MACHINE, JOB, EVENT):
            if is_enabled(command, selection, read_only=False):
                twin = twin_of(command, selection)
                assert not twin or twin.startswith("smtui ")
                assert "  " not in twin


def test_names_that_a_shell_would_read_are_quoted() -> None:
    stop = next(command for command in COMMANDS if command.id == "stop")
    selection = Selection("machine", "a b", marked=("a b", "c#1"))

    assert "smtui stop 'a b' 'c#1'" == twin_of(stop, selection)


@pytest.mark.parametrize("screen", list(SCREENS))
@pytest.mark.parametrize("selection", [MACHINE, JOB, EVENT, Selection()])
def test_a_footer_of_80_columns_has_at_most_nine_keys(
    screen: ScreenName, selection: Selection
) -> None:
    keys, always = footer_keys(screen, selection, read_only=False)

    assert 3 == len(always)
    assert all(cells(key) + cells(word) < 20 for key, word in [*keys, *always])


def test_a_read_only_screen_offers_no_act() -> None:
    keys, _ = footer_keys(ScreenName.MAIN, MACHINE, read_only=True)

    assert not {"i", "r", "x", "u", "X"} & {key for key, _ in keys}


def test_keys_whose_verb_is_not_built_are_bound_nowhere() -> None:
    bound = {key for command in COMMANDS for key in command.keys.split(",")}

    assert not bound & {"h", "s", "d"}

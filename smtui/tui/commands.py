"""The one table of commands: it feeds keys, footer, menu, palette and help.

One letter, one verb, on every screen. A command says where it is bound, when
it can run, and which command line does the same; acts on machines, events and
jobs all have such a twin, looking and moving need none. A key whose verb is
not built is not in the table, so it is bound nowhere.
"""

import shlex
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from textual.binding import Binding

from smtui.view.selection import Selection
from smtui.view.verbs import can_discard, can_retry, can_start, can_stop

__all__ = [
    "COMMANDS",
    "Command",
    "Group",
    "ScreenName",
    "bindings",
    "command_of",
    "enabled_commands",
    "footer_keys",
    "is_enabled",
    "title_of",
    "twin_of",
]


class ScreenName(StrEnum):
    """Every screen that has bindings from the table."""

    APP = "app"
    """Not a screen: what works everywhere, boxes and forms included."""
    MAIN = "main"
    MACHINE = "machine"
    JOB = "job"
    LOG = "log"
    HISTORY = "history"
    VALUES = "values"
    MAIL = "mail"
    PROBLEMS = "problems"
    WHY = "why"


class Group(StrEnum):
    """The sections of the key sheet."""

    ACT = "act"
    LOOK = "look"
    MOVE = "move"
    SCREEN = "screen"


Enabled: TypeAlias = Callable[[Selection], bool]
Twin: TypeAlias = Callable[[Selection], str]


class Command(NamedTuple):
    """A verb with its key."""

    id: str
    """Also the name of the action: `action_ID` of the screens."""
    keys: str
    """As Textual spells them, comma-separated."""
    shown: str
    """The key as an operator reads it."""
    title: str
    help: str
    group: Group
    screens: frozenset[ScreenName]
    rank: int = 0
    """Place in the footer, 1 first; 0 is not shown there."""
    enabled: Enabled | None = None
    twin: Twin | None = None
    writes: bool = False
    """Refused on a read-only screen."""


_ALL = frozenset(ScreenName) - {ScreenName.APP}
_MAIN = frozenset({ScreenName.MAIN})
_OF_MACHINE = _ALL - {ScreenName.PROBLEMS, ScreenName.JOB}
_LISTS = frozenset(
    {
        ScreenName.MAIN,
        ScreenName.HISTORY,
        ScreenName.MAIL,
        ScreenName.LOG,
        ScreenName.PROBLEMS,
    }
)
_OPENS = frozenset({ScreenName.MAIN})


def _has_machine(selection: Selection) -> bool:
    return bool(selection.machine) and not selection.members


def _has_machines(selection: Selection) -> bool:
    return bool(selection.machines)


def _has_thing(selection: Selection) -> bool:
    return selection.thing != "none"


def _has_file(selection: Selection) -> bool:
    return bool(selection.file)


def _names(selection: Selection) -> str:
    return shlex.join(selection.machines)


def _send(selection: Selection) -> str:
    return f"smtui send {_names(selection)} EVENT"


def _again(selection: Selection) -> str:
    if selection.thing == "job":
        return f"smtui jobs retry {selection.job_id}"
    return f"smtui restart {_names(selection)}"


def _stop(selection: Selection) -> str:
    if selection.thing == "job":
        return f"smtui jobs cancel {selection.job_id}"
    return f"smtui stop {_names(selection)}"


def _start(selection: Selection) -> str:
    return f"smtui start {_names(selection)}"


def _discard(selection: Selection) -> str:
    return f"smtui jobs cancel {selection.job_id} --force"


COMMANDS: tuple[Command, ...] = (
    Command(
        "open",
        "enter",
        "↵",
        "open",
        "open what the cursor is on",
        Group.LOOK,
        _OPENS,
        1,
        _has_thing,
    ),
    Command(
        "inject",
        "i",
        "i",
        "inject",
        "send an event, with a preview of what it does",
        Group.ACT,
        _OF_MACHINE,
        2,
        _has_machines,
        _send,
        writes=True,
    ),
    Command(
        "again",
        "r",
        "r",
        "run again",
        "restart a machine, retry a job",
        Group.ACT,
        _ALL - {ScreenName.PROBLEMS},
        3,
        can_retry,
        _again,
        writes=True,
    ),
    Command(
        "stop",
        "x",
        "x",
        "stop",
        "stop a machine, cancel a job",
        Group.ACT,
        _ALL - {ScreenName.PROBLEMS},
        4,
        can_stop,
        _stop,
        writes=True,
    ),
    Command(
        "start",
        "u",
        "u",
        "start up",
        "start a machine that is stopped or done",
        Group.ACT,
        _OF_MACHINE,
        4,
        can_start,
        _start,
        writes=True,
    ),
    Command(
        "discard",
        "X",
        "X",
        "discard",
        "cancel a job even while it runs (asks)",
        Group.ACT,
        frozenset({ScreenName.MAIN, ScreenName.JOB}),
        5,
        can_discard,
        _discard,
        writes=True,
    ),
    Command(
        "why",
        "w",
        "w",
        "why",
        "say why a machine is where it is",
        Group.LOOK,
        _OF_MACHINE - {ScreenName.WHY},
        7,
        _has_machine,
    ),
    Command(
        "log",
        "l",
        "l",
        "logs",
        "show the output of a machine",
        Group.LOOK,
        _OF_MACHINE - {ScreenName.LOG},
        6,
        _has_machine,
    ),
    Command(
        "history",
        "t",
        "t",
        "transitions",
        "show the journal of a machine",
        Group.LOOK,
        _OF_MACHINE - {ScreenName.HISTORY},
        8,
        _has_machine,
    ),
    Command(
        "values",
        "v",
        "v",
        "values",
        "show the data of a machine",
        Group.LOOK,
        _OF_MACHINE - {ScreenName.VALUES},
        8,
        _has_machine,
    ),
    Command(
        "mailbox",
        "m",
        "m",
        "mailbox",
        "show the inbox of a machine",
        Group.LOOK,
        _OF_MACHINE - {ScreenName.MAIL},
        8,
        _has_machine,
    ),
    Command(
        "problems",
        "exclamation_mark",
        "!",
        "problems",
        "show what is wrong with the definitions",
        Group.LOOK,
        _ALL - {ScreenName.PROBLEMS},
    ),
    Command(
        "copy",
        "y",
        "y",
        "copy",
        "copy the row (OSC 52 and clipboard.txt)",
        Group.LOOK,
        _ALL,
    ),
    Command(
        "edit",
        "o",
        "o",
        "$EDITOR",
        "open the file at the line in $EDITOR",
        Group.LOOK,
        _ALL - {ScreenName.JOB},
        0,
        _has_file,
    ),
    Command(
        "menu",
        "full_stop",
        ".",
        "menu",
        "list every verb of what is selected",
        Group.SCREEN,
        _ALL,
    ),
    Command(
        "pane('machines')",
        "1",
        "1",
        "machines",
        "go to the machines",
        Group.LOOK,
        _MAIN,
    ),
    Command(
        "pane('card')",
        "2",
        "2",
        "now",
        "go to the card of the machine",
        Group.LOOK,
        _MAIN,
    ),
    Command(
        "pane('queue')", "3", "3", "queue", "go to the queue of jobs", Group.LOOK, _MAIN
    ),
    Command(
        "pane('events')", "4", "4", "events", "go to the events", Group.LOOK, _MAIN
    ),
    Command(
        "next_pane", "tab", "tab", "next pane", "go to the next pane", Group.MOVE, _ALL
    ),
    Command(
        "previous_pane",
        "shift+tab",
        "shift+tab",
        "previous pane",
        "go to the previous pane",
        Group.MOVE,
        _ALL,
    ),
    Command(
        "zoom",
        "z",
        "z",
        "zoom",
        "give the pane the whole screen",
        Group.SCREEN,
        _MAIN | {ScreenName.MACHINE},
    ),
    Command("cursor(1)", "down,j", "↓ j", "down", "one row down", Group.MOVE, _ALL),
    Command("cursor(-1)", "up,k", "↑ k", "up", "one row up", Group.MOVE, _ALL),
    Command(
        "page(1)", "pagedown", "pgdn", "page down", "one page down", Group.MOVE, _ALL
    ),
    Command("page(-1)", "pageup", "pgup", "page up", "one page up", Group.MOVE, _ALL),
    Command("home", "home", "home", "top", "go to the first row", Group.MOVE, _ALL),
    Command("end", "end", "end", "bottom", "go to the last row", Group.MOVE, _ALL),
    Command(
        "follow",
        "G",
        "G",
        "follow",
        "go to the newest row and follow it",
        Group.MOVE,
        _LISTS,
    ),
    Command(
        "filter",
        "slash",
        "/",
        "filter",
        "show only rows with these words",
        Group.MOVE,
        _LISTS,
        9,
    ),
    Command(
        "next_match",
        "n",
        "n",
        "next",
        "next match, or next machine in trouble",
        Group.MOVE,
        _LISTS,
    ),
    Command(
        "previous_match",
        "N",
        "N",
        "previous",
        "previous match, or previous machine in trouble",
        Group.MOVE,
        _LISTS,
    ),
    Command(
        "sort(-1)",
        "less_than_sign",
        "<",
        "sort left",
        "sort by the column to the left",
        Group.MOVE,
        _MAIN,
    ),
    Command(
        "sort(1)",
        "greater_than_sign",
        ">",
        "sort right",
        "sort by the column to the right",
        Group.MOVE,
        _MAIN,
    ),
    Command("reverse", "minus", "-", "reverse", "reverse the order", Group.MOVE, _MAIN),
    Command(
        "mark",
        "space",
        "space",
        "mark",
        "mark a machine for the next verb",
        Group.MOVE,
        _MAIN,
    ),
    Command(
        "mark_all",
        "A",
        "A",
        "mark all",
        "mark every machine shown, or none",
        Group.MOVE,
        _MAIN,
    ),
    Command(
        "pause", "p", "p", "pause", "stop the panes from moving", Group.SCREEN, _ALL
    ),
    Command(
        "palette",
        "colon,ctrl+p",
        ":",
        "command",
        "find any verb, machine or event",
        Group.SCREEN,
        _ALL,
        10,
    ),
    Command(
        "keys", "question_mark", "?", "keys", "show this list", Group.SCREEN, _ALL, 11
    ),
    Command(
        "back",
        "escape",
        "esc",
        "back",
        "leave the page, the filter, the zoom",
        Group.SCREEN,
        _ALL,
        0,
    ),
    Command(
        "quit",
        "q",
        "q",
        "quit",
        "go back; on the main screen: quit (asks)",
        Group.SCREEN,
        _ALL,
        12,
    ),
    Command(
        "ask_quit",
        "ctrl+c",
        "^c",
        "quit",
        "ask what to do with the fleet, and quit",
        Group.SCREEN,
        frozenset({ScreenName.APP}),
    ),
)


def bindings(screen: ScreenName) -> list[Binding]:
    """Return the bindings of a screen."""
    return [
        Binding(
            command.keys,
            command.id,
            command.title,
            show=False,
            priority=screen is ScreenName.APP,
            tooltip=command.help,
            id=f"{screen}.{_plain_id(command.id)}",
        )
        for command in COMMANDS
        if screen in command.screens
    ]


def command_of(id_: str) -> Command:
    """Return a command by its id."""
    return _BY_ID[id_]


def twin_of(command: Command, selection: Selection) -> str:
    """Return the command line that does the same, or ''."""
    return command.twin(selection) if command.twin else ""


def is_enabled(command: Command, selection: Selection, *, read_only: bool) -> bool:
    """Say whether a command can run now."""
    if command.writes and read_only:
        return False
    return command.enabled is None or command.enabled(selection)


def footer_keys(
    screen: ScreenName, selection: Selection, *, read_only: bool
) -> list[tuple[str, str]]:
    """Return the (key, verb) pairs that work now, most used first."""
    shown = [
        command
        for command in COMMANDS
        if command.rank
        and screen in command.screens
        and is_enabled(command, selection, read_only=read_only)
    ]
    shown.sort(key=lambda command: command.rank)
    return [(command.shown, title_of(command, selection)) for command in shown]


def title_of(command: Command, selection: Selection) -> str:
    """Return the verb's word for the thing that is selected."""
    if selection.thing == "job":
        return _JOB_WORDS.get(command.id, command.title)
    return command.title


def enabled_commands(
    screen: ScreenName, selection: Selection, *, read_only: bool
) -> Iterable[Command]:
    """Yield the commands of a screen that can run now."""
    for command in COMMANDS:
        if screen in command.screens and is_enabled(
            command, selection, read_only=read_only
        ):
            yield command


def _plain_id(id_: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in id_).strip("_")


_JOB_WORDS = {"again": "retry", "stop": "cancel"}
_BY_ID = {command.id: command for command in COMMANDS}

"""The one table of commands: it feeds keys, footer, menu, palette and help.

One letter, one verb, on every screen. A command says where it is bound, when
it can run, and which command line does the same; acts on machines, events and
jobs all have such a twin, looking and moving need none. A key whose verb is
not built is not in the table, so it is bound nowhere.
"""

import shlex
from collections.abc import Iterator

from textual.binding import Binding

from smtui.tui.command import Command, Group, ScreenName
from smtui.view.selection import Selection
from smtui.view.verbs import can_discard, can_edit, can_retry, can_start, can_stop

__all__ = [
    "COMMANDS",
    "bindings",
    "command_of",
    "enabled_commands",
    "footer_keys",
    "is_enabled",
    "title_of",
    "twin_of",
]

ALWAYS_FROM = 20
"""Commands of this rank and above are in every footer, at its end."""

_MAIN = frozenset({ScreenName.MAIN})
_ALL = frozenset(ScreenName) - {ScreenName.APP}
_NO_PROBLEMS = _ALL - {ScreenName.PROBLEMS}
_MACHINE = _NO_PROBLEMS - {ScreenName.JOB}
_MENDED = frozenset(
    {ScreenName.MAIN, ScreenName.JOB, ScreenName.MAIL, ScreenName.PROBLEMS}
)
"""Where a job or an event can be under the cursor."""

_LISTS = frozenset(
    {
        ScreenName.MAIN,
        ScreenName.GRAPH,
        ScreenName.FLEET,
        ScreenName.PAST,
        ScreenName.HISTORY,
        ScreenName.MAIL,
        ScreenName.LOG,
        ScreenName.PROBLEMS,
    }
)


_GRAPHS = frozenset({ScreenName.MAIN, ScreenName.GRAPH})
_DRAWN = _GRAPHS | {ScreenName.PAST}
_PAST = frozenset({ScreenName.PAST})
_WIDE = _DRAWN | {
    ScreenName.BOARD,
    ScreenName.FLEET,
    ScreenName.LOG,
    ScreenName.MACHINE,
}
"""Where something may be wider than its pane."""


def _has_machine(selection: Selection) -> bool:
    return bool(selection.machine) and not selection.members


def _has_instances(selection: Selection) -> bool:
    return _has_machine(selection) and selection.has_instances


def _has_values(selection: Selection) -> bool:
    return _has_machine(selection) and not selection.is_crowd


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
    if selection.thing == "event":
        return f"smtui inbox requeue {selection.event_id}"
    return f"smtui restart {_names(selection)}"


def _stop(selection: Selection) -> str:
    if selection.thing == "job":
        return f"smtui jobs cancel {selection.job_id}"
    return f"smtui stop {_names(selection)}"


def _start(selection: Selection) -> str:
    return f"smtui start {_names(selection)}"


def _discard(selection: Selection) -> str:
    if selection.thing == "event":
        return f"smtui inbox drop {selection.event_id}"
    return f"smtui jobs cancel {selection.job_id} --force"


def _change(selection: Selection) -> str:
    if selection.thing == "event":
        return f"smtui inbox edit {selection.event_id} --payload JSON"
    return f"smtui jobs retry {selection.job_id} --data JSON"


_A, _L, _M, _S = Group.ACT, Group.LOOK, Group.MOVE, Group.SCREEN
_C = Command

# fmt: off
# a table: one command in two or three lines, columns lined up by hand
COMMANDS: tuple[Command, ...] = (
    _C("open", "enter", "↵", "open", "open what the cursor is on",
       _L, _GRAPHS | {ScreenName.FLEET, ScreenName.BOARD}, 1, _has_thing),
    _C("inject", "i", "i", "inject", "send an event, with a preview of what it does",
       _A, _MACHINE, 2, _has_machines, _send, writes=True),
    _C("again", "r", "r", "run again", "restart a machine, retry a job or an event",
       _A, _ALL, 3, can_retry, _again, writes=True),
    _C("stop", "x", "x", "stop", "stop a machine, cancel a job",
       _A, _NO_PROBLEMS, 4, can_stop, _stop, writes=True),
    _C("start", "u", "u", "start up", "start a machine that is stopped or done",
       _A, _MACHINE, 8, can_start, _start, writes=True),
    _C("discard", "X", "X", "discard",
       "cancel a job even while it runs, drop an event (asks)",
       _A, _MENDED, 5, can_discard, _discard, writes=True),
    _C("change", "e", "e", "edit", "edit the data of a job or event, and run it again",
       _A, _MENDED, 5, can_edit, _change, writes=True),
    _C("graph", "g", "g", "graph", "show the graph; in a graph: its next view",
       _L, _MACHINE, 6, _has_machine),
    _C("fleet", "f", "f", "fleet", "show who sends what to whom",
       _L, _ALL - {ScreenName.FLEET}, 9),
    _C("board", "b", "b", "board", "show the instances of a machine by state",
       _L, _MACHINE - {ScreenName.BOARD}, 6, _has_instances),
    _C("log", "l", "l", "logs", "show the output of a machine",
       _L, _MACHINE - {ScreenName.LOG}, 6, _has_machine),
    _C("why", "w", "w", "why", "say why a machine is where it is",
       _L, _MACHINE - {ScreenName.WHY}, 8, _has_machine),
    _C("history", "t", "t", "transitions", "show the journal of a machine",
       _L, _MACHINE - {ScreenName.HISTORY}, 9, _has_machine),
    _C("values", "v", "v", "values", "show the data of a machine",
       _L, _MACHINE - {ScreenName.VALUES}, 9, _has_values),
    _C("mailbox", "m", "m", "mailbox", "show the inbox of a machine",
       _L, _MACHINE - {ScreenName.MAIL}, 9, _has_machine),
    _C("problems", "exclamation_mark", "!", "problems",
       "show what is wrong with the definitions", _L, _NO_PROBLEMS),
    _C("copy", "y", "y", "copy", "copy the row (OSC 52 and clipboard.txt)", _L, _ALL),
    _C("edit", "o", "o", "$EDITOR", "open the file at the line in $EDITOR",
       _L, _ALL - {ScreenName.JOB}, 0, _has_file),
    _C("menu", "full_stop", ".", "menu", "list every verb of what is selected",
       _S, _ALL),
    _C("pane('machines')", "1", "1", "machines", "go to the machines", _L, _MAIN),
    _C("pane('card')", "2", "2", "graph", "go to the graph of the machine", _L, _MAIN),
    _C("pane('queue')", "3", "3", "queue", "go to the queue of jobs", _L, _MAIN),
    _C("pane('events')", "4", "4", "events", "go to the events", _L, _MAIN),
    _C("next_pane", "tab", "tab", "next pane", "go to the next pane", _M, _ALL),
    _C("previous_pane", "shift+tab", "shift+tab", "back pane",
       "go to the previous pane", _M, _ALL),
    _C("cursor(1)", "down,j", "↓ j", "down", "go one row down", _M, _ALL),
    _C("cursor(-1)", "up,k", "↑ k", "up", "go one row up", _M, _ALL),
    _C("page(1)", "pagedown", "pgdn", "page down", "go one page down", _M, _ALL),
    _C("page(-1)", "pageup", "pgup", "page up", "go one page up", _M, _ALL),
    _C("home", "home", "home", "top", "go to the first row", _M, _ALL),
    _C("end", "end", "end", "bottom", "go to the last row", _M, _ALL),
    _C("follow", "G", "G", "follow", "go to the newest row and follow it", _M, _LISTS),
    _C("filter", "slash", "/", "filter", "show only rows with these words",
       _M, _LISTS | {ScreenName.BOARD}, 7),
    _C("next_match", "n", "n", "next", "next match, or next in trouble", _M, _LISTS),
    _C("previous_match", "N", "N", "previous", "previous match, or in trouble",
       _M, _LISTS),
    _C("sort(-1)", "less_than_sign", "<", "sort left",
       "sort by the column to the left", _M, _MAIN),
    _C("sort(1)", "greater_than_sign", ">", "sort right",
       "sort by the column to the right", _M, _MAIN),
    _C("reverse", "minus", "-", "reverse",
       "reverse the order; in a graph: show more, smaller", _M, _DRAWN),
    _C("closer", "plus,equals_sign", "+", "closer",
       "in a graph: show less, closer", _M, _DRAWN),
    _C("sideways(-1)", "left", "←", "left", "move a graph's or a log's window left",
       _M, _WIDE),
    _C("sideways(1)", "right", "→", "right", "move a graph's or a log's window right",
       _M, _WIDE),
    _C("step_back", "left_square_bracket", "[", "step back",
       "go one step back into the past", _M, _MACHINE, 9, _has_machine),
    _C("step_on", "right_square_bracket", "]", "step on",
       "in the past: go one step on", _M, _PAST),
    _C("visit(-1)", "left_curly_bracket", "{", "last visit",
       "in the past: go to the last visit of the state", _M, _PAST),
    _C("visit(1)", "right_curly_bracket", "}", "next visit",
       "in the past: go to the next visit of the state", _M, _PAST),
    _C("mark", "space", "space", "mark", "mark a machine for the next verb",
       _M, _MAIN),
    _C("mark_all", "A", "A", "mark all", "mark every machine shown, or none",
       _M, _MAIN),
    _C("zoom", "z", "z", "zoom", "give the pane the whole screen",
       _S, _MAIN | _PAST | {ScreenName.MACHINE}),
    _C("pause", "p", "p", "pause", "stop the panes from moving", _S, _ALL),
    _C("palette", "colon,ctrl+p", ":", "command", "find any verb, machine or event",
       _S, _ALL, 20),
    _C("keys", "question_mark", "?", "keys", "show this list", _S, _ALL, 21),
    _C("back", "escape", "esc", "back", "leave the page, the zoom, the filter",
       _S, _ALL),
    _C("quit", "q", "q", "quit", "go back; on the main screen: quit (asks)",
       _S, _ALL, 22),
    _C("ask_quit", "ctrl+c", "^c", "quit", "ask what to do with the fleet, and quit",
       _S, frozenset({ScreenName.APP})),
)
# fmt: on

_WORDS = {
    "job": {"again": "retry", "stop": "cancel", "change": "edit, retry"},
    "event": {"again": "requeue", "discard": "drop", "change": "edit, requeue"},
}
"""Thing -> command -> its verb, where it is another one."""
_BY_ID = {command.id: command for command in COMMANDS}


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


def title_of(command: Command, selection: Selection) -> str:
    """Return the verb's word for the thing that is selected."""
    return _WORDS.get(selection.thing, {}).get(command.id, command.title)


def is_enabled(command: Command, selection: Selection, *, read_only: bool) -> bool:
    """Say whether a command can run now."""
    if command.writes and read_only:
        return False
    return command.enabled is None or command.enabled(selection)


def enabled_commands(
    screen: ScreenName, selection: Selection, *, read_only: bool
) -> Iterator[Command]:
    """Yield the commands of a screen that can run now."""
    for command in COMMANDS:
        is_here = screen in command.screens
        if is_here and is_enabled(command, selection, read_only=read_only):
            yield command


def footer_keys(
    screen: ScreenName, selection: Selection, *, read_only: bool
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return (key, verb) of what works now, the most used first, and of always."""
    found = enabled_commands(screen, selection, read_only=read_only)
    shown = sorted(
        (command for command in found if command.rank),
        key=lambda command: command.rank,
    )
    back = _BY_ID["back"]
    keys = [] if screen is ScreenName.MAIN else [(back.shown, back.title)]
    always: list[tuple[str, str]] = []
    for command in shown:
        pair = (command.shown, title_of(command, selection))
        (always if command.rank >= ALWAYS_FROM else keys).append(pair)
    return keys, always


def _plain_id(id_: str) -> str:
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in id_).strip("_")

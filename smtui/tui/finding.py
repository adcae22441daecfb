"""What the palette can find: every verb, every machine, every event of each.

Made anew when the palette opens; 500 entries are a few milliseconds.
"""

import shlex

from smtui.tui.commands import (
    COMMANDS,
    ScreenName,
    enabled_commands,
    is_enabled,
    title_of,
    twin_of,
)
from smtui.tui.context import Context
from smtui.view.machines import standing_of, where
from smtui.view.palette import Found
from smtui.view.selection import Selection
from smtui.view.verbs import can_retry, can_start, can_stop
from smtui.view.why import waits_for
from smtui.view.words import MARKS, attention
from smtui.wire.messages import MachineView

__all__ = ["menu_entries", "palette_entries"]


def menu_entries(
    screen: ScreenName, selection: Selection, *, read_only: bool
) -> list[Found]:
    """Return the verbs and views of the selected thing."""
    entries: list[Found] = []
    for command in enabled_commands(screen, selection, read_only=read_only):
        is_of_thing = command.enabled is not None or command.twin is not None
        if is_of_thing:
            entries.append(
                Found(
                    title_of(command, selection),
                    twin_of(command, selection),
                    command.help,
                    ("key", command.id),
                    command.shown,
                )
            )
    return entries


def palette_entries(
    context: Context, screen: ScreenName, selection: Selection
) -> list[Found]:
    """Return everything: commands of the screen, then machines, worst first."""
    read_only = context.args.read_only
    commands = [
        Found(
            _title(title_of(command, selection), selection, command.twin is not None),
            twin_of(command, selection),
            command.help,
            ("key", command.id),
            command.shown,
            is_enabled(command, selection, read_only=read_only),
        )
        for command in COMMANDS
        if screen in command.screens
    ]
    commands.sort(key=lambda entry: not entry.is_valid_now)
    machines = sorted(
        context.desk.fleet.machines.values(),
        key=lambda machine: (_rank(context, machine), machine.name.casefold()),
    )
    rows: list[Found] = []
    for machine in machines:
        rows += _of_machine(context, machine)
    return [*commands, *rows]


def _title(title: str, selection: Selection, acts: bool) -> str:
    if not acts or not selection.machines:
        return title
    names = selection.machines
    return f"{title} {names[0] if len(names) == 1 else f'{len(names)} machines'}"


def _rank(context: Context, machine: MachineView) -> int:
    known = context.desk.known
    return attention(
        standing_of(
            machine,
            known.facts_for(machine),
            known.stays_for(machine),
            context.now(),
        )
    )


def _of_machine(context: Context, machine: MachineView) -> list[Found]:
    known, name = context.desk.known, machine.name
    facts = known.facts_for(machine)
    standing = standing_of(machine, facts, known.stays_for(machine), context.now())
    word = f"{MARKS[standing].word} {where(machine)}"
    rows = [
        Found(f"open {name}", "", word, ("page", ScreenName.MACHINE, name)),
        Found(
            f"logs of {name}",
            f"smtui logs {shlex.quote(name)}",
            "output",
            ("page", ScreenName.LOG, name),
        ),
    ]
    if context.args.read_only:
        return rows
    chosen = Selection("machine", name, standing)
    for op, can in (("restart", can_retry), ("stop", can_stop), ("start", can_start)):
        rows.append(
            Found(
                f"{op} {name}",
                f"smtui {op} {shlex.quote(name)}",
                word,
                ("control", op, name),
                "",
                can(chosen),
            )
        )
    if machine.kind == "process":
        return rows
    now = set(waits_for(machine.frame, facts)) if machine.frame else set[str]()
    injections = [
        Found(
            f"inject {event} into {name}",
            f"smtui send {shlex.quote(name)} {shlex.quote(event)}",
            "valid now" if event in now else f"not taken in {where(machine)}",
            ("inject", name, event),
            "",
            event in now,
        )
        for event in facts.events
    ]
    return [*rows, *injections]

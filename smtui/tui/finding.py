"""What the palette can find: every verb, every machine, every event of each.

Made anew when the palette opens; 500 entries are a few milliseconds.
"""

import shlex

from smtui.tui.command import Command, ScreenName
from smtui.tui.commands import (
    COMMANDS,
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
    """Return everything: what works now first, then machines, worst first."""
    read_only = context.args.read_only
    acts: list[Found] = []
    rest: list[Found] = []
    for command in COMMANDS:
        if screen in command.screens:
            entry = _of_command(command, selection, read_only=read_only)
            is_act = entry.is_valid_now and bool(entry.twin)
            (acts if is_act else rest).append(entry)
    machines = sorted(
        context.desk.fleet.machines.values(),
        key=lambda machine: (_rank(context, machine), machine.name.casefold()),
    )
    chosen: list[Found] = []
    others: list[Found] = []
    for machine in machines:
        for entry in _of_machine(context, machine):
            is_near = machine.name == selection.machine and entry.act[0] == "inject"
            (chosen if is_near and entry.is_valid_now else others).append(entry)
    return [*acts, *chosen, *rest, *others]


def _of_command(command: Command, selection: Selection, *, read_only: bool) -> Found:
    is_valid = is_enabled(command, selection, read_only=read_only)
    title, twin = title_of(command, selection), ""
    if is_valid and command.twin is not None:
        twin = twin_of(command, selection)
        names = selection.machines
        if selection.thing == "job":
            title = f"{title} the job"
        elif names:
            title += f" {names[0]}" if len(names) == 1 else f" {len(names)} machines"
    return Found(
        title, twin, command.help, ("key", command.id), command.shown, is_valid
    )


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
    word = f"{MARKS[standing].word} {where(machine, facts)}"
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
            "valid now" if event in now else f"not taken in {where(machine, facts)}",
            ("inject", name, event),
            "",
            event in now,
        )
        for event in facts.events
    ]
    return [*rows, *injections]

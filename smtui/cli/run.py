"""`smtui run`: start the machines of some paths, and stay with them or not.

Three ways to stay: the screen (both ends are a terminal), headless (one line an
event), or not at all (`--detach`). In all three the fleet is a supervisor with
its own process tree; this process only starts it and watches.
"""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console, counted
from smtui.cli.moments import seconds
from smtui.cli.payloads import json_mapping
from smtui.cli.secrets import learn_from_files
from smtui.cli.signals import held_signals
from smtui.definition import Json
from smtui.errors import DefinitionError, UsageError, nearest

if TYPE_CHECKING:
    from smtui.check import FleetReport
    from smtui.cli.goals import Goals
    from smtui.cli.launching import Launching
    from smtui.supervisor import MachineOptions

__all__ = ["RUN"]

_LARGEST_CONTEXT = 100_000
"""Bytes of --context: it reaches the supervisor in one argument, and Linux
takes 131,072 of them."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files and folders")
    staying = parser.add_argument_group("staying with it")
    staying.add_argument(
        "--headless", action="store_true", help="no screen: one line an event"
    )
    staying.add_argument(
        "--detach", action="store_true", help="return when every machine is up"
    )
    staying.add_argument(
        "--until",
        metavar="NAME=STATE",
        action="append",
        default=[],
        help="headless: until this is reached; again for more",
    )
    staying.add_argument(
        "--timeout", metavar="S", type=seconds, help="headless: at most so long"
    )
    staying.add_argument(
        "--exit-on-failure", action="store_true", help="headless: end when one fails"
    )
    staying.add_argument("--ascii", action="store_true", help="no marks beyond ASCII")
    what = parser.add_argument_group("what is run")
    what.add_argument(
        "--only", metavar="NAME", action="append", default=[], help="again for more"
    )
    what.add_argument("--name", metavar="NAME", help="one file: the machine's name")
    what.add_argument("--context", metavar="JSON", help="one file: data to begin with")
    what.add_argument("--actions-dir", metavar="DIR", help="where *_action.py are")
    what.add_argument(
        "--strict", action="store_true", help="start nothing if anything is wrong"
    )


def _run(console: Console, found: Namespace) -> int:
    if not found.paths:
        raise UsageError(
            "which machines?", hint="smtui run machines/, or smtui new hello hello"
        )
    is_headless = _is_headless(console, found)
    paths = [Path(path) for path in found.paths]
    data = datadir.for_run(console, paths[0])
    options = _options(found)
    from smtui.cli.launching import Launching  # late: with the supervisor

    # first of all, because it takes longest
    with Launching(data, paths, options) as launching:
        report = _check(console, paths, options, strict=found.strict)
        settings = [each.settings for each in report.machines]
        settings += [each.settings for each in report.processes]
        learn_from_files(each.env_file for each in settings)
        from smtui.cli.goals import Goals  # late: the messages of a fleet

        goals = Goals.of(found.until, report)
        datadir.prepare(data)
        if is_headless:
            return _stay(console, found, _Plan(launching, report, goals))
        _say_where(console, data)
        launching.begin(report)
        if not found.detach:
            return _show(
                console, launching, found, stop_when_lost=_stops_when_lost(report)
            )
        from smtui.cli.starting import detach, expected, start  # late: asyncio

        start(console, launching)
        return detach(console, data, expected(report, options.only))


class _Plan(NamedTuple):
    """What is started, and what for."""

    launching: "Launching"
    report: "FleetReport"
    goals: "Goals"


def _stay(console: Console, found: Namespace, plan: _Plan) -> int:
    data = plan.launching.data
    with held_signals() as told:
        _say_where(console, data)
        plan.launching.begin(plan.report)
        from smtui.cli.headless import Stay, stay  # late: asyncio
        from smtui.cli.starting import start  # late: as above

        started = start(console, plan.launching)
        return stay(
            Stay(
                console=console,
                data=data,
                goals=plan.goals,
                timeout_s=found.timeout,
                exit_on_failure=found.exit_on_failure,
                is_ours=started.is_ours,
                begin=started.begin,
                told=told,
                stop_when_lost=_stops_when_lost(plan.report),
            )
        )


def _say_where(console: Console, data: Path) -> None:
    """Name the data directory, on the first line."""
    (console.note if console.json else console.line)(f"data in {data}")


def _is_headless(console: Console, found: Namespace) -> bool:
    """Decide how to stay; raises UsageError for options that do not fit."""
    only_headless = found.until or found.timeout is not None or found.exit_on_failure
    if found.detach and (found.headless or only_headless):
        raise UsageError(
            "--detach does not stay, so nothing headless fits it",
            hint="leave out --detach, or --headless and its options",
        )
    if found.detach:
        return False
    if only_headless or console.json:
        return True
    return bool(found.headless) or not console.is_terminal


def _options(found: Namespace) -> "MachineOptions":
    from smtui.supervisor import MachineOptions  # late: asyncio

    context = None
    if found.context is not None:
        context = json_mapping(found.context, "--context")
        _refuse_large(context)
    actions_dir = found.actions_dir
    return MachineOptions(
        only=tuple(found.only),
        name=found.name,
        context=context,
        actions_dir=str(Path(actions_dir).absolute()) if actions_dir else None,
    )


def _refuse_large(context: Mapping[str, Json]) -> None:
    """Raise UsageError for what no argument of a process can hold."""
    size = len(json.dumps(context))
    if size > _LARGEST_CONTEXT:
        raise UsageError(
            f"--context has {size:,} bytes, the limit is {_LARGEST_CONTEXT:,}",
            hint="put it into a file, and its path into the context",
        )


def _check(
    console: Console, paths: list[Path], options: "MachineOptions", *, strict: bool
) -> "FleetReport":
    """Read everything first, and say what is wrong with it on stderr.

    Raises DefinitionError when nothing can run, UsageError for an unknown
    name in --only.
    """
    from smtui.check import describe_all, fleet  # late: YAML

    actions_dir = Path(options.actions_dir) if options.actions_dir else None
    report = fleet(
        paths, name=options.name, context=options.context, actions_dir=actions_dir
    )
    shown = report.problems if strict else report.errors
    if shown:
        console.err.write(describe_all(shown) + "\n")
    runnable = [machine.name for machine in report.machines if not machine.template]
    names = [*runnable, *(process.name for process in report.processes)]
    for name in options.only:
        if name.partition("#")[0] not in names:
            hint = nearest(name, names) or f"known: {', '.join(names)}"
            raise UsageError(f"--only {name!r}: no such machine", hint=hint)
    if strict and report.problems:
        raise DefinitionError(
            f"{counted(len(report.problems), 'problem')}, nothing is started",
            hint="mend them, or leave out --strict",
        )
    if not names:
        if report.problems and not shown:  # a warning may be why, as of a library
            console.err.write(describe_all(report.problems) + "\n")
        raise _nothing(report)
    return report


def _nothing(report: "FleetReport") -> DefinitionError:
    """Return the error for paths without a machine that can run."""
    if report.errors:
        is_read = any(problem.at.line for problem in report.errors)
        hint = "`smtui help` lists a page for every kind of definition"
        return DefinitionError(
            "no machine can run: see above", hint=hint if is_read else ""
        )
    if not any(machine.template for machine in report.machines):
        return DefinitionError("no machine can run here: see above")
    return DefinitionError(
        "only templates here, which other machines start",
        hint="name the file of a machine that starts them too",
    )


def _stops_when_lost(report: "FleetReport") -> bool:
    return report.settings.get("on_lost_terminal") == "stop"


def _show(
    console: Console,
    launching: "Launching",
    found: Namespace,
    *,
    stop_when_lost: bool,
) -> int:
    from smtui.cli.attach import open_screen, warm_screen  # late: its commands
    from smtui.cli.starting import start  # late: asyncio

    warm_screen()
    started = start(console, launching)
    return open_screen(
        console,
        launching.data,
        tuple(found.paths),
        started=started.is_ours,
        stop_when_lost=stop_when_lost and started.is_ours,
        is_ascii=found.ascii,
    )


RUN = Command(
    name="run",
    summary="Start the machines of files and folders, and show them.",
    run=_run,
    arguments=_arguments,
    examples=(
        "smtui run machines/",
        "smtui run machines/ --headless --until librarian=asking --timeout 60",
    ),
    details="""\
With a terminal it opens the screen, else it prints one line an event until it
is told to stop. What was started before carries on where it was.
Without --data and $SMTUI_DATA the data directory is .smtui beside the first PATH.
--until is met when a machine is in that state or has been, or when its process
is (ready, done, failed, ...); unmet after --timeout is exit code 1.""",
)

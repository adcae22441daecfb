"""`smtui check`: everything wrong with definitions, before anything runs."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from smtui.cli.command import Command
from smtui.cli.console import Console, counted
from smtui.errors import DefinitionError

__all__ = ["CHECK"]


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="files and folders")
    parser.add_argument("--strict", action="store_true", help="warnings count too")
    parser.add_argument("--actions-dir", metavar="DIR", help="where *_action.py are")


def _run(console: Console, found: Namespace) -> int:
    from smtui.check import describe_all, fleet, problem_to_json  # late: YAML
    from smtui.dialects import told_unbound  # late: as above

    actions_dir = Path(found.actions_dir) if found.actions_dir else None
    report = fleet([Path(path) for path in found.paths], actions_dir=actions_dir)
    bad = report.problems if found.strict else report.errors
    if console.json:
        console.document([problem_to_json(problem) for problem in report.problems])
        return DefinitionError.exit_code if bad else 0
    if report.problems:
        console.text(describe_all(report.problems))
    for file, why in report.not_read:
        console.note(f"{file}: not read: {why}")
    waiting = [lack for lack in report.lacks if lack.is_waited_for]
    for lack in report.lacks:
        if not lack.is_waited_for:
            told = told_unbound(lack.code, lack.guards, lack.actions, is_there=False)
            console.note(f"{lack.machine}: note: {told}")
    waits = (
        f"{len(waiting)} wait{'s' * (len(waiting) == 1)} for functions, "
        if waiting
        else ""
    )
    errors, warnings = len(report.errors), len(report.problems) - len(report.errors)
    console.line(
        f"{counted(len(report.machines) - len(waiting), 'machine')} can run, {waits}"
        f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
    )
    return DefinitionError.exit_code if bad else 0


CHECK = Command(
    name="check",
    summary="List everything wrong with definitions, with line and column.",
    run=_run,
    arguments=_arguments,
    examples=("smtui check machines/", "smtui check machines/ --strict --json"),
    details="Exit code 4 when a machine cannot run; with --strict for warnings too.",
)

"""The commands smtui gives itself: what runs in the processes of a fleet.

    _check       reads definitions, so that the supervisor never does
    _supervise   the supervisor, started through the guardian
    _nursery     the fork server from which machine processes are born
    _machine     one machine's process, where there is no nursery

None of them is for people, and none may import what the others forbid: each
imports its room when it runs.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.errors import InternalError

__all__ = ["CHECK_HIDDEN", "MACHINE", "NURSERY", "SUPERVISE"]

_NO_EXAMPLES = ("", "")


def _data(console: Console) -> Path:
    if console.data is None:
        raise InternalError("--data is missing", hint="run by smtui, not by hand")
    console.opened = console.data
    return console.data


# --------------------------------------------------------------------- _check


def _check_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*")
    parser.add_argument("--name")
    parser.add_argument("--context", type=json.loads)
    parser.add_argument("--actions-dir", type=Path)


def _check(console: Console, found: Namespace) -> int:
    from smtui.check import fleet  # late: YAML and the dialects

    report = fleet(
        [Path(path) for path in found.paths],
        name=found.name,
        context=found.context,
        actions_dir=found.actions_dir,
    )
    # not Console.document: the supervisor needs the values as they are
    json.dump(report.to_json(), console.out)
    return 0


CHECK_HIDDEN = Command(
    name="_check",
    summary="Read definitions for the supervisor.",
    run=_check,
    arguments=_check_arguments,
    examples=_NO_EXAMPLES,
)


# ----------------------------------------------------------------- _supervise


def _supervise_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("given", help="SupervisorArgs as JSON")


def _supervise(console: Console, found: Namespace) -> int:
    from smtui.supervisor import SupervisorArgs, build_nest

    given = SupervisorArgs.from_json(found.given)
    console.opened = given.data_dir
    nest = build_nest(given.program, given.data_dir)
    # late: asyncio and all the rest, while the nursery does the same
    from smtui.supervisor import run_supervisor

    return run_supervisor(given, nest)


SUPERVISE = Command(
    name="_supervise",
    summary="Supervise a fleet.",
    run=_supervise,
    arguments=_supervise_arguments,
    examples=_NO_EXAMPLES,
)


# ------------------------------------------------------------------- _nursery


def _nursery(console: Console, found: Namespace) -> int:
    from smtui.runtime.nursery import run_nursery  # late: the machine's own room

    del found
    sys.argv[0] = "smtui"
    return run_nursery(_data(console), orphaned=_end_fleet)


def _end_fleet(data_dir: Path) -> None:
    """End what a supervisor and a guardian that were killed together left."""
    from smtui.supervisor import kill_leftovers  # late: hardly ever needed

    kill_leftovers(data_dir)


NURSERY = Command(
    name="_nursery",
    summary="Bear the processes of machines.",
    run=_nursery,
    examples=_NO_EXAMPLES,
)


# ------------------------------------------------------------------- _machine


def _machine_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--child", required=True)
    parser.add_argument("--epoch", required=True, type=int)


def _machine(console: Console, found: Namespace) -> int:
    from smtui.runtime import run_machine_process  # late: the machine's own room

    sys.argv[0] = "smtui"
    return run_machine_process(_data(console), found.child, found.epoch)


MACHINE = Command(
    name="_machine",
    summary="Run the machines of one child.",
    run=_machine,
    arguments=_machine_arguments,
    examples=_NO_EXAMPLES,
)

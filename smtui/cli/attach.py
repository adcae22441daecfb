"""`smtui attach`, and the way to the screen that `run` takes too."""

import os
import shlex
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.errors import NoSupervisorError, UsageError

__all__ = ["ATTACH", "open_screen", "warm_screen"]


def _attach_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--read-only", action="store_true", help="look, do nothing")
    parser.add_argument("--ascii", action="store_true", help="no marks beyond ASCII")


def _attach(console: Console, found: Namespace) -> int:
    from smtui.cli.link import fleet_now, run  # late: asyncio

    data = datadir.existing(console, needs_fleet=True)
    fleet = run(fleet_now(data))
    if fleet is None:
        raise NoSupervisorError(
            f"no supervisor runs for {data}", hint="`smtui run PATH` starts one"
        )
    if not console.is_terminal:
        raise UsageError(
            "attach needs a terminal", hint="smtui ps, or smtui events --follow"
        )
    return open_screen(
        console,
        data,
        fleet.paths,
        is_read_only=found.read_only,
        is_ascii=found.ascii,
    )


def warm_screen() -> None:
    """Import the screen while something else is waited for."""
    import_module("smtui.tui")  # Textual takes half a second


def open_screen(
    console: Console,
    data: Path,
    paths: tuple[str, ...],
    *,
    started: bool = False,
    stop_when_lost: bool = False,
    is_read_only: bool = False,
    is_ascii: bool = False,
) -> int:
    """Show the fleet until the operator leaves; return the exit code."""
    from smtui.tui import TuiArgs, needs_ascii, run_app  # late: half a second

    is_ascii = is_ascii or needs_ascii()
    code = run_app(
        TuiArgs(
            data_dir=data,
            paths=paths,
            started_fleet=started,
            stop_when_lost=stop_when_lost,
            ascii=is_ascii or bool(os.environ.get("SMTUI_ASCII")),
            read_only=is_read_only,
            utc=console.utc,
            reveal=console.reveal,
        )
    )
    if code == 0:
        console.line(_farewell(data, paths))
    return code


def _farewell(data: Path, paths: Sequence[str]) -> str:
    """Return the last line: what still runs, and the way back to it."""
    from smtui.cli.link import fleet_now, run  # late: asyncio
    from smtui.wire import ChildState  # late: with the link

    option = datadir.option_for(data)
    fleet = run(fleet_now(data))
    if fleet is None:
        command = f"smtui run {shlex.join(paths) or 'PATH'}{option}"
        return f"nothing runs; what was begun carries on with: {command}"
    over = (ChildState.STOPPED, ChildState.DONE, ChildState.FAILED)
    count = sum(one.state not in over for one in fleet.machines)
    keep = "1 machine keeps" if count == 1 else f"{count} machines keep"
    return f"detached: {keep} running; come back with: smtui attach{option}"


ATTACH = Command(
    name="attach",
    summary="Show a running fleet on the screen.",
    run=_attach,
    arguments=_attach_arguments,
    examples=("smtui attach", "smtui attach --read-only"),
)

"""Starting a fleet, or adding to the one that runs already."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from smtui.cli.console import Console
from smtui.cli.launching import Launching
from smtui.cli.link import connect, run
from smtui.cli.reports import Begin
from smtui.definition import Json
from smtui.errors import NoSupervisorError, SupervisorError
from smtui.supervisor import MachineOptions, read_lock
from smtui.view.fleet import EMPTY_FLEET, FleetView, fold
from smtui.wire import ChildState, MachineView
from smtui.wire.client import ControlClient

if TYPE_CHECKING:
    from smtui.check import FleetReport

__all__ = ["Started", "detach", "expected", "start"]

ADD_DEADLINE_S = 90.0
"""The supervisor reads the files once more, in a child process."""

LOOK_AGAIN_S = 0.02

UP_DEADLINE_S = 60.0
"""For `--detach`: what is not up by then is named."""

_UP = frozenset({ChildState.READY, ChildState.DONE, ChildState.FAILED})


class Started(NamedTuple):
    """A fleet that has the paths."""

    is_ours: bool
    """This command started it; else it ran already."""
    begin: Begin


def start(console: Console, launching: Launching) -> Started:
    """Wait until the fleet runs, or give the paths to the one that does.

    Raises SupervisorError when that cannot be.
    """
    begin = Begin(launching.last_step, launching.log_sizes)
    holder = launching.wait()
    if holder is None:
        return Started(is_ours=True, begin=begin)
    run(_add(launching.data, _add_args(launching.paths, launching.options)))
    console.note(
        f"a fleet runs here already (pid {holder.pid}): the paths are added to it,"
        " and it stays when this ends"
    )
    return Started(is_ours=False, begin=begin._replace(log_sizes=None))


async def _add(data: Path, args: dict[str, Json]) -> None:
    """Give paths to a supervisor, which may be just opening its doors."""
    async with asyncio.timeout(ADD_DEADLINE_S), await _reached(data) as client:
        await client.ask("add", args, deadline_s=ADD_DEADLINE_S)


async def _reached(data: Path) -> ControlClient:
    while True:
        try:
            return await connect(data)
        except NoSupervisorError:
            if read_lock(data) is None:
                raise
        await asyncio.sleep(LOOK_AGAIN_S)


def _add_args(paths: Sequence[Path], options: MachineOptions) -> dict[str, Json]:
    listed: list[Json] = [str(path) for path in paths]
    only: list[Json] = [*options.only]
    return {
        "paths": listed,
        "only": only,
        "name": options.name,
        "context": options.context,
        "actions_dir": options.actions_dir,
    }


# --------------------------------------------------------------------- detach


def expected(report: "FleetReport", only: Sequence[str]) -> frozenset[str]:
    """Return the names of the machines and commands that `run` brings up."""
    started = [
        *((one.name, one.settings) for one in report.machines if not one.template),
        *((one.name, one.settings) for one in report.processes),
    ]
    names: set[str] = set()
    for name, settings in started:
        copies = [f"{name}#{n}" for n in range(1, settings.replicas + 1)]
        if settings.autostart:
            names.update(copies if settings.replicas > 1 else [name])
    if not only:
        return frozenset(names)
    return frozenset(n for n in names if n in only or n.partition("#")[0] in only)


def detach(console: Console, data: Path, names: frozenset[str]) -> int:
    """Wait until every machine is ready or needs somebody; return the exit code."""
    fleet = run(_until_up(data, names))
    states = {
        name: view.state for name, view in fleet.machines.items() if name in names
    }
    late = sorted(name for name in names if states.get(name) not in _UP)
    failed = sorted(n for n, state in states.items() if state is ChildState.FAILED)
    if console.json:
        shown: dict[str, Json] = {n: s.value for n, s in sorted(states.items())}
        console.document({"data": str(data), "machines": shown})
    else:
        ready = sum(state is ChildState.READY for state in states.values())
        machines = "machine is" if len(names) == 1 else "machines are"
        console.line(f"{ready} of {len(names)} {machines} ready, in the background")
    for name in (*failed, *late):
        view = fleet.machines.get(name)
        why = f"{view.state.value}: {view.reason}" if view else "has not begun"
        console.note(f"  {name}: {why}")
    return 1 if failed or late else 0


async def _until_up(data: Path, names: frozenset[str]) -> FleetView:
    fleet = EMPTY_FLEET
    try:
        async with asyncio.timeout(UP_DEADLINE_S), await connect(data) as client:
            async for news in client.watch():
                fleet = fold(fleet, news)
                if _are_up(fleet, names):
                    return fleet
            raise SupervisorError(
                "the supervisor ended while the machines were starting",
                hint="smtui logs supervisor",
            )
    except TimeoutError:
        return fleet


def _are_up(fleet: FleetView, names: frozenset[str]) -> bool:
    return all(
        name in fleet.machines and _is_settled(fleet.machines[name]) for name in names
    )


def _is_settled(view: MachineView) -> bool:
    """Say whether nothing more is to be waited for.

    Not what waits for another machine: that has no process. One that has a
    process and is blocked waits for a decision of the operator.
    """
    match view.state:
        case ChildState.BLOCKED:
            return view.pid is not None
        case ChildState.STOPPED:
            return bool(view.reason)  # it came up, and ended or was stopped
        case _:
            return view.state in _UP

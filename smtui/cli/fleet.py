"""The commands about the fleet: ps, attach, health, start, stop, restart, down."""

from argparse import ArgumentParser, Namespace

from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.cli.moments import seconds
from smtui.definition import Json
from smtui.errors import NoSupervisorError

__all__ = [
    "DOWN",
    "HEALTH",
    "PS",
    "RESTART",
    "START",
    "STOP",
]

ACT_DEADLINE_S = 120.0
"""A stop may wait for `stop_timeout` of machine after machine."""


# ------------------------------------------------------------------------- ps


def _ps_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("names", metavar="NAME", nargs="*", help="only these")
    parser.add_argument(
        "--all", action="store_true", help="every fleet of this user, one a line"
    )
    parser.add_argument("--pid", action="store_true", help="print process ids only")


def _ps(console: Console, found: Namespace) -> int:
    if found.all:
        from smtui.cli.every import show_all  # late: looks at other directories

        return show_all(console)
    from smtui.cli.link import fleet_now, run  # late: asyncio
    from smtui.cli.members import unknown_machine  # late: as the next
    from smtui.cli.records import read  # late: SQLite
    from smtui.cli.status import from_fleet, from_store  # late: with them

    data = datadir.existing(console)
    fleet = run(fleet_now(data))
    rows = from_fleet(fleet) if fleet else read(data, from_store)
    known = [row.name for row in rows]
    for name in found.names:
        if not any(_is_meant(name, each) for each in known):
            raise unknown_machine(name, known)
    if found.names:
        rows = [r for r in rows if any(_is_meant(name, r.name) for name in found.names)]
    now = console.clock.now()
    if found.pid:
        for row in rows:
            if row.pid is not None:
                console.line(str(row.pid))
        return 0 if any(row.pid for row in rows) else 1
    if console.json:
        console.document([row.document(now) for row in rows])
        return 0
    from smtui.cli.listing import show  # late: tables

    show(console, rows, supervised=fleet is not None)
    return 0


def _is_meant(wanted: str, name: str) -> bool:
    return wanted in (name, name.partition("#")[0])


PS = Command(
    name="ps",
    summary="List the machines: state, process, restarts, inbox.",
    run=_ps,
    arguments=_ps_arguments,
    examples=("smtui ps", "smtui ps --json"),
    details="Without a supervisor it tells what the store knows.",
)


# --------------------------------------------------------------------- health


def _health(console: Console, found: Namespace) -> int:
    from smtui.cli.link import fleet_now, run  # late: asyncio
    from smtui.cli.status import from_fleet  # late: with it

    del found
    data = datadir.existing(console, needs_fleet=True)
    fleet = run(fleet_now(data))
    if fleet is None:
        raise NoSupervisorError(
            f"no supervisor runs for {data}", hint="`smtui run PATH` starts one"
        )
    from smtui.cli.health import Health  # late: with the rows

    health = Health.of(from_fleet(fleet), console.clock.now())
    if console.json:
        console.document(health.document())
    else:
        console.line(health.line())
    return 0 if health.is_well else 1


HEALTH = Command(
    name="health",
    summary="Say in one line whether all machines are well; exit 0 or 1.",
    run=_health,
    examples=("smtui health", "smtui health --json"),
    details="""\
Ill is: failed, hung, waiting to be started again, stuck, or blocked until a human
decides. A machine that asks a human is named, and well.""",
)


# ------------------------------------------------------- start, stop, restart


def _names(parser: ArgumentParser) -> None:
    parser.add_argument("names", metavar="NAME", nargs="+", help="machines")


def _names_fresh(parser: ArgumentParser) -> None:
    _names(parser)
    parser.add_argument(
        "--fresh", action="store_true", help="end the unfinished run, begin anew"
    )


def _start(console: Console, found: Namespace) -> int:
    return _act(console, "start", found.names, fresh=False)


def _stop(console: Console, found: Namespace) -> int:
    return _act(console, "stop", found.names, fresh=False)


def _restart(console: Console, found: Namespace) -> int:
    return _act(console, "restart", found.names, fresh=found.fresh)


def _act(console: Console, op: str, names: list[str], *, fresh: bool) -> int:
    from smtui.cli.link import ask  # late: asyncio

    data = datadir.existing(console, needs_fleet=True)
    listed: list[Json] = list(names)
    args: dict[str, Json] = {"names": listed, "fresh": fresh}
    answer = ask(data, op, args, deadline_s=ACT_DEADLINE_S)
    if console.json:
        console.document(answer if answer is not None else {"names": listed})
    else:
        past = {"start": "started", "stop": "stopped", "restart": "restarted"}[op]
        also = _also(answer)
        told = f", and {', '.join(also)} of the same process" if also else ""
        console.line(f"{', '.join(names)} {past}{told}")
    return 0


def _also(answer: Json) -> list[str]:
    """Return the machines nobody named that share the process of one that was."""
    found = answer.get("also") if isinstance(answer, dict) else None
    return [str(name) for name in found] if isinstance(found, list) else []


START = Command(
    name="start",
    summary="Start machines that are stopped, failed or done.",
    run=_start,
    arguments=_names,
    examples=("smtui start pulse", "smtui start pulse janitor"),
    details="An unfinished run is carried on; after `done` a new one begins.",
)

STOP = Command(
    name="stop",
    summary="Stop machines; their state, timers and inbox stay.",
    run=_stop,
    arguments=_names,
    examples=("smtui stop pulse", "smtui stop pulse janitor"),
)

RESTART = Command(
    name="restart",
    summary="Stop machines and start them again.",
    run=_restart,
    arguments=_names_fresh,
    examples=("smtui restart pulse", "smtui restart --fresh pulse"),
    details="""\
--fresh clears data and timers; inbox, jobs and history stay.""",
)


# ----------------------------------------------------------------------- down


def _down_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--timeout", metavar="S", type=seconds, default=ACT_DEADLINE_S, help="at most"
    )


def _down(console: Console, found: Namespace) -> int:
    from smtui.cli.stopping import stop_fleet  # late: asyncio

    data = datadir.existing(console, needs_fleet=True)
    stop_fleet(data, found.timeout)
    if console.json:
        console.document({"stopped": str(data)})
    else:
        console.line("stopped; the next `smtui run` carries on from here")
    return 0


DOWN = Command(
    name="down",
    summary="Stop all machines and their supervisor.",
    run=_down,
    arguments=_down_arguments,
    examples=("smtui down", "smtui down --timeout 30"),
)

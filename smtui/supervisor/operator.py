"""What an operator may ask on control.sock.

Each act is a row in the store first (what is wanted, by whom, beside the
machine's events), then mail to the children. Stopping does not need the store:
on a full disk it is done all the same, and the answer says what is missing.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

from smtui.definition import Json
from smtui.errors import StoreError, SupervisorError, UsageError, nearest
from smtui.store import ChildRow, Desired, StoreThread, Writer
from smtui.supervisor.args import MachineOptions
from smtui.supervisor.child import RESTING, Child
from smtui.supervisor.fleet import Fleet
from smtui.supervisor.lock import LockInfo
from smtui.supervisor.orders import Order, Restart, Start, Stop
from smtui.supervisor.sources import Sources, Taken
from smtui.wire import Answer, Ask, ChildState

__all__ = ["Operator"]

_SETTLED = frozenset(ChildState) - {ChildState.STARTING, ChildState.STOPPING}
"""After a start: it is clear how it went, for now."""

_BAD = frozenset({ChildState.FAILED, ChildState.BACKOFF})

_OPS = ("add", "down", "ping", "reload", "restart", "start", "stop", "wake")


class Operator:
    """Carries out what clients ask."""

    def __init__(
        self,
        fleet: Fleet,
        sources: Sources,
        store: StoreThread,
        lock: LockInfo,
        *,
        wake: Callable[[], None],
        ring: Callable[[str], None],
        leave: Callable[[str, bool], None],
    ) -> None:
        """`leave` ends the fleet (reason, by force); `wake` looks at the store.

        `ring` rings a machine's doorbell.
        """
        self._fleet = fleet
        self._sources = sources
        self._store = store
        self._lock = lock
        self._wake = wake
        self._ring = ring
        self._leave = leave

    async def answer(self, ask: Ask) -> Answer:
        """Do what is asked; raises SmtuiError when that cannot be."""
        args = ask.args
        match ask.op:
            case "ping":
                value = self._ping()
            case "start":
                value = await self._start(args, ask.who)
            case "stop":
                value = await self._stop(args, ask.who)
            case "restart":
                value = await self._restart(args, ask.who)
            case "down":
                value = self._down(args, ask.who)
            case "add":
                paths = [Path(each) for each in _texts(args, "paths")]
                options = _options(args)
                value = _taken(await self._sources.add(paths, options, ask.who))
            case "reload":
                value = _taken(await self._sources.reload(ask.who))
            case "wake":
                self._wake()
                value = None
            case _:
                raise UsageError(
                    f"{ask.op!r} is nothing a supervisor can be asked",
                    hint=nearest(ask.op, [*_OPS]),
                )
        return Answer(ask.id, ok=True, value=value)

    def _ping(self) -> Json:
        return {
            "pid": self._lock.pid,
            "data_dir": str(self._fleet.data_dir),
            "paths": [str(path) for path in self._fleet.paths],
            "started_at": self._lock.started_at,
            "leaving": self._fleet.is_leaving,
        }

    async def _start(self, args: Mapping[str, Json], who: str) -> Json:
        children = self._startable(args)
        is_fresh = bool(args.get("fresh"))
        order = Start(f"started by {who}", is_operator=True, is_fresh=is_fresh)
        await self._sources.refresh(children, who)
        await self._desire(children, Desired.UP, "start", who)
        return await self._tell(children, order, args)

    async def _restart(self, args: Mapping[str, Json], who: str) -> Json:
        children = self._startable(args)
        order = Restart(
            f"restarted by {who}",
            is_fresh=bool(args.get("fresh")),
            is_forced=bool(args.get("force")),
        )
        await self._sources.refresh(children, who)
        await self._desire(children, Desired.UP, "restart", who)
        return await self._tell(children, order, args)

    async def _stop(self, args: Mapping[str, Json], who: str) -> Json:
        children = self._fleet.find(_texts(args, "names"))
        is_forced = bool(args.get("force"))
        order = Stop(f"stopped by {who}" if who else "stopped", is_forced)
        # stopping does not wait for a store that is locked or full
        for child in children:
            child.tell(order)
        problem = ""
        try:
            await self._desire(children, Desired.DOWN, "stop", who)
        except StoreError as error:
            problem = f"the store has not taken it down: {error}"
        value = await self._outcome(children, args, is_stop=True)
        return {**value, "problem": problem} if problem else value

    def _down(self, args: Mapping[str, Json], who: str) -> Json:
        running = [c for c in self._fleet.children.values() if c.is_running]
        reason = f"fleet stopped by {who}" if who else "fleet stopped"
        self._leave(reason, bool(args.get("force")))
        return {"stopping": len(running)}

    def _startable(self, args: Mapping[str, Json]) -> list[Child]:
        if self._fleet.is_leaving:
            raise SupervisorError(
                "the fleet is going down, nothing is started any more",
                hint="`smtui run PATH` when it is down",
            )
        children = self._fleet.find(_texts(args, "names"))
        for child in children:
            if child.spec.template:
                raise SupervisorError(
                    f"{child.name} is a template: only start_fsm makes machines of it"
                )
        return children

    async def _desire(
        self, children: Sequence[Child], desired: Desired, act: str, who: str
    ) -> None:
        names = {child.name: child.spec.names for child in children}
        rows, bells = await self._store.call(_desire, names, desired, act, who)
        for row in rows:
            self._fleet.versions[row.name] = row.version
        for machine in bells:
            self._ring(machine)

    async def _tell(
        self, children: Sequence[Child], order: Order, args: Mapping[str, Json]
    ) -> dict[str, Json]:
        for child in children:
            child.tell(order)
        return await self._outcome(children, args, is_stop=False)

    async def _outcome(
        self,
        children: Sequence[Child],
        args: Mapping[str, Json],
        *,
        is_stop: bool,
    ) -> dict[str, Json]:
        """Wait, if that is wanted, for what becomes of an order."""
        if args.get("wait", True):
            goal = RESTING if is_stop else _SETTLED
            await asyncio.gather(*(child.until(goal) for child in children))
            bad = [] if is_stop else [c for c in children if _is_bad(c)]
            if bad:
                raise SupervisorError(
                    "; ".join(f"{c.name} is {c.state}: {c.reason}" for c in bad),
                    hint=f"`smtui logs {bad[0].name}` shows what it printed",
                )
        states = {child.name: child.state.value for child in children}
        found: dict[str, Json] = {"names": [*states], "states": {**states}}
        also = _neighbours(children, _texts(args, "names"))
        return {**found, "also": [*also]} if also else found


def _neighbours(children: Sequence[Child], asked: Sequence[str]) -> list[str]:
    """Return the machines nobody named whose process hosts one that was named."""
    shared = [child.spec.names for child in children if len(child.spec.names) > 1]
    return [name for names in shared for name in names if name not in asked]


def _is_bad(child: Child) -> bool:
    """Say whether a child does not run, and will not before somebody acts."""
    is_undecided = child.state is ChildState.BLOCKED and child.process is not None
    return child.state in _BAD or is_undecided


def _desire(
    writer: Writer,
    names: Mapping[str, Sequence[str]],
    desired: Desired,
    act: str,
    who: str,
) -> tuple[list[ChildRow], set[str]]:
    """Write it; return the rows, and machines to ring."""
    bells: set[str] = set()
    for child, machines in names.items():
        bells |= writer.set_desired(child, desired, f"{act} by {who}", who)
        for machine in machines:
            writer.audit(machine, act, None, who or "operator")
    return [row for row in writer.children() if row.name in names], bells


def _texts(args: Mapping[str, Json], key: str) -> list[str]:
    value = args.get(key, [])
    texts = value if isinstance(value, list) else [value]
    found = [each for each in texts if isinstance(each, str) and each]
    if not found or len(found) < len(texts):
        raise UsageError(f"{key} is {value!r}, expected one name or more")
    return found


def _options(args: Mapping[str, Json]) -> MachineOptions:
    name, context = args.get("name"), args.get("context")
    actions_dir = args.get("actions_dir")
    if context is not None and not isinstance(context, dict):
        raise UsageError(f"context is {context!r}, expected a mapping")
    return MachineOptions(
        only=tuple(_texts(args, "only")) if args.get("only") else (),
        name=None if name is None else str(name),
        context=context,
        actions_dir=None if actions_dir is None else str(actions_dir),
    )


def _taken(taken: Taken) -> Json:
    return {
        "names": [*taken.names],
        "problems": [cast("Json", asdict(each)) for each in taken.problems],
        "not_read": [[file, why] for file, why in taken.not_read],
    }

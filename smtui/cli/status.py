"""What `smtui ps` says of each machine, from the supervisor or the store.

The supervisor knows more and is asked first. When none runs, the store tells
where each machine is; nothing runs then, whatever was seen last.
"""

from typing import NamedTuple

from smtui.cli.known import known_of
from smtui.clock import rfc3339
from smtui.definition import Json
from smtui.store import SOLE_INSTANCE, Reader
from smtui.store.rows import Data
from smtui.view.words import Standing, of_child
from smtui.wire import ChildState, Fleet, MachineView

__all__ = ["Row", "from_fleet", "from_store"]


class Row(NamedTuple):
    """One machine, or one plain command."""

    name: str
    dialect: str
    definition: str
    status: str
    pid: int | None
    configuration: tuple[str, ...]
    since: float | None
    """When it entered this configuration, seconds since the epoch."""
    restarts: int
    started_at: float | None
    inbox: int
    jobs: int
    instances: int
    reason: str = ""
    template: bool = False
    asks: str = ""
    """The question it waits for a human to answer."""
    stuck_after_s: float | None = None
    """The author's limit for the configuration it is in."""
    leaves: tuple[str, ...] = ()
    """Where active states are nested, the innermost."""
    begun_by: str = ""
    """Which machine wanted it, and how; told by the supervisor only."""
    is_many: bool = False
    """It has as many instances as there are, which may be none; told likewise."""

    @property
    def where(self) -> str:
        """Return the active states in a word, of nested ones the innermost."""
        if not self.configuration and (self.instances or self.is_many):
            return f"{self.instances:,} instance{'' if self.instances == 1 else 's'}"
        return "+".join(self.leaves or self.configuration) or "-"

    def is_stuck(self, now: float) -> bool:
        """Say whether it is in its configuration for longer than is good."""
        limit, since = self.stuck_after_s, self.since
        if limit is None or since is None or self.status != ChildState.READY:
            return False
        return now - since > limit

    def standing(self, now: float) -> Standing:
        """Return what an operator is told of it, as the screen says it."""
        if self.asks:
            return Standing.ASKS
        if self.is_stuck(now):
            return Standing.STUCK
        return of_child(ChildState(self.status))

    def document(self, now: float) -> dict[str, Json]:
        """Return the row of `ps --json`."""
        up = None if self.started_at is None else round(now - self.started_at, 3)
        return {
            "name": self.name,
            "dialect": self.dialect,
            "definition": self.definition,
            "status": self.status,
            "pid": self.pid,
            "configuration": list(self.configuration),
            "since": None if self.since is None else rfc3339(self.since),
            "restarts": self.restarts,
            "uptime_s": up,
            "inbox": self.inbox,
            "jobs": self.jobs,
            "instances": self.instances,
            "reason": self.reason,
            "begun_by": self.begun_by or None,
            "asks": self.asks or None,
            "stuck": self.is_stuck(now),
        }


def from_fleet(fleet: Fleet) -> list[Row]:
    """Return the rows of a running fleet, templates that do not run left out."""
    rows = [
        _of_view(one)
        for one in fleet.machines
        if not (one.template and one.state is ChildState.STOPPED)
    ]
    return sorted(rows, key=lambda row: row.name)


def _of_view(one: MachineView) -> Row:
    frame = one.frame
    runs = one.pid is not None
    return Row(
        name=one.name,
        dialect=one.dialect or one.kind,
        definition=one.definition,
        status=one.state.value,
        pid=one.pid,
        configuration=frame.configuration if frame else (),
        since=frame.since if frame else None,
        restarts=one.restarts,
        started_at=one.started_at if runs else None,
        inbox=frame.inbox if frame else 0,
        jobs=one.jobs,
        instances=frame.instances if frame else 0,
        reason=one.reason,
        template=one.template,
        asks=one.asks,
        stuck_after_s=one.stuck_after_s,
        leaves=frame.leaves if frame else (),
        begun_by=one.begun_by,
        is_many=frame is not None and not frame.instance,
    )


async def from_store(reader: Reader) -> list[Row]:
    """Return the rows of a fleet that nobody supervises now."""
    children = {child.name: child for child in await reader.children()}
    waiting = await reader.inbox_counts()
    held = await reader.jobs_held()
    rows: list[Row] = []
    for machine in await reader.machines():
        life = await reader.instance(machine.name, SOLE_INSTANCE)
        sizes = await reader.instance_sizes(machine.name)
        child = children.get(machine.child)
        if machine.template and not sizes:
            continue
        kept = child.state if child is not None else ""
        ended = kept in (ChildState.DONE, ChildState.FAILED)
        where = life.configuration if life else ()
        leaves = where
        if len(where) > 1:
            leaves = (await known_of(reader, machine.name)).leaves(where)
        rows.append(
            Row(
                name=machine.name,
                dialect=machine.dialect,
                definition=machine.definition_hash,
                status=kept if ended else ChildState.STOPPED.value,
                pid=None,
                configuration=where,
                leaves=leaves,
                since=_since(life.snapshot) if life else None,
                restarts=child.restarts if child else 0,
                started_at=None,
                inbox=waiting.get(machine.name, 0),
                jobs=held.get(machine.name, 0),
                instances=sum(size.n for size in sizes),
                reason=child.state_reason if child and ended else "no supervisor runs",
                template=machine.template,
            )
        )
    return rows


def _since(snapshot: Data | None) -> float | None:
    """Return when the configuration was entered, by the wall clock."""
    from smtui.chart import decode  # late: only without a supervisor

    return None if snapshot is None else decode(dict(snapshot)).since.wall

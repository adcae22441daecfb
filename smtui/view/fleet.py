"""The fleet as the operator sees it, folded from the supervisor's messages.

    fold(fleet, message) -> fleet

Pure: the same messages give the same fleet. A Fleet message replaces all that
was known; an Update carries whole rows, the latest wins, and its counters are
cumulative, so a lost one heals with the next.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from smtui.wire.messages import Fleet, MachineView, ProblemView, Update

__all__ = ["EMPTY_FLEET", "FleetView", "fold"]


@dataclass(frozen=True, slots=True)
class FleetView:
    """Everything the supervisor last said."""

    at: float = 0.0
    """When it said so, seconds since the epoch; 0 before the first message."""
    data_dir: str = ""
    paths: tuple[str, ...] = ()
    pid: int = 0
    machines: Mapping[str, MachineView] = field(default_factory=dict[str, MachineView])
    problems: tuple[ProblemView, ...] = ()
    not_read: tuple[tuple[str, str], ...] = ()
    changes: int = 0
    """Grows whenever the store changed: a reason to look there again."""
    free_disk_bytes: int | None = None

    def neighbours(self, names: Collection[str]) -> tuple[str, ...]:
        """Return the other machines whose processes host these."""
        known = self.machines
        children = {known[name].child for name in names if name in known}
        return tuple(
            name
            for name, machine in known.items()
            if machine.child in children and name not in names
        )


EMPTY_FLEET = FleetView()


def fold(fleet: FleetView, message: Fleet | Update) -> FleetView:
    """Return the fleet after a message of the supervisor."""
    if isinstance(message, Fleet):
        return FleetView(
            at=message.at,
            data_dir=message.data_dir,
            paths=message.paths,
            pid=message.pid,
            machines={machine.name: machine for machine in message.machines},
            problems=message.problems,
            not_read=message.not_read,
            changes=message.changes,
            free_disk_bytes=message.free_disk_bytes or None,
        )
    machines = dict(fleet.machines)
    for name in message.gone:
        machines.pop(name, None)
    machines.update((machine.name, machine) for machine in message.machines)
    problems = fleet.problems if message.problems is None else message.problems
    return replace(
        fleet,
        at=message.at,
        machines=machines,
        problems=problems,
        changes=max(fleet.changes, message.changes),
        free_disk_bytes=message.free_disk_bytes or fleet.free_disk_bytes,
    )

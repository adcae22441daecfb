"""What `--until` waits for: machines in states, each once reached.

Pure. A goal is met when a machine is in that state, has been in it since, or
when its process is in that state of its life (`ready`, `done`). For a machine
with replicas any of them will do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from smtui.errors import UsageError, nearest
from smtui.wire import ChildState, MachineView

if TYPE_CHECKING:
    from smtui.check import FleetReport
    from smtui.definition import AnyDefinition

__all__ = ["Goal", "Goals"]


class Goal(NamedTuple):
    """One NAME=STATE."""

    machine: str
    state: str

    def __str__(self) -> str:
        """Return it as it was typed."""
        return f"{self.machine}={self.state}"

    def is_about(self, name: str) -> bool:
        """Say whether a machine of that name may meet it."""
        return name == self.machine or name.partition("#")[0] == self.machine


@dataclass(slots=True)
class Goals:
    """All goals, and which of them have been met."""

    wanted: tuple[Goal, ...] = ()
    met: set[Goal] = field(default_factory=set[Goal])

    @classmethod
    def of(cls, typed: Sequence[str], report: "FleetReport") -> "Goals":
        """Return the goals of `--until`.

        Raises UsageError for a machine or state these definitions do not have.
        """
        wanted: list[Goal] = []
        for text in typed:
            name, sign, state = text.partition("=")
            if not sign or not name or not state:
                raise UsageError(
                    f"--until {text!r}: NAME=STATE was expected",
                    hint="like --until door=open",
                )
            goal = Goal(name.strip(), state.strip())
            _refuse_unknown(goal, report)
            wanted.append(goal)
        return cls(tuple(wanted))

    @property
    def are_met(self) -> bool:
        """Say whether there are goals and all have been met."""
        return bool(self.wanted) and len(self.met) == len(set(self.wanted))

    @property
    def missing(self) -> list[Goal]:
        """Return the goals that have not been met yet."""
        return [goal for goal in self.wanted if goal not in self.met]

    def see_view(self, view: MachineView) -> None:
        """Look at a machine as it is now."""
        states = {view.state.value}
        if view.frame is not None:
            states.update(view.frame.configuration)
        self._see(view.name, states)

    def see_step(self, machine: str, entered: Iterable[str]) -> None:
        """Look at a step a machine has taken."""
        self._see(machine, set(entered))

    def _see(self, name: str, states: set[str]) -> None:
        for goal in self.missing:
            if goal.is_about(name) and goal.state in states:
                self.met.add(goal)


def _refuse_unknown(goal: Goal, report: "FleetReport") -> None:
    states = _states(report)
    name = goal.machine.partition("#")[0]
    if name not in states:
        if any("start_fsm" in machine.text for machine in report.machines):
            return  # it may be started by another machine
        known = list(states)
        raise UsageError(
            f"--until {goal}: no machine {goal.machine!r}",
            hint=nearest(goal.machine, known) or f"known: {', '.join(known)}",
        )
    known = [*states[name], *(state.value for state in ChildState)]
    if goal.state not in known:
        raise UsageError(
            f"--until {goal}: {name!r} has no state {goal.state!r}",
            hint=nearest(goal.state, known) or f"known: {', '.join(states[name])}",
        )


def _states(report: "FleetReport") -> Mapping[str, list[str]]:
    """Return the states of every machine and process by name."""
    from smtui.dialects import load_text  # late: only with --until

    found: dict[str, list[str]] = {process.name: [] for process in report.processes}
    for machine in report.machines:
        definition = load_text(machine.text, machine.file).definition
        if definition is None:
            # its own action files may allow what is unknown here
            names = [state.value for state in ChildState]
        else:
            names = _state_names(definition)
        found[machine.name] = list(dict.fromkeys(names))
    return found


def _state_names(definition: "AnyDefinition") -> list[str]:
    from smtui.definition import Definition  # late: only with --until

    if isinstance(definition, Definition):
        arrows = definition.transitions
        names = [state.id for state in definition.states]
        return names + [arrow.target for arrow in arrows]
    return [node.id for node in definition.nodes]

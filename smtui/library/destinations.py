"""May an entity be in a state next? Asked by the state, not by an event.

    machine.evaluate_destination("OPEN", "FILLED", {"fill_qty": 1}).allowed

For a status that comes from elsewhere: every transition that leads from one
state to the other is tried as `process` tries it, and nothing happens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from smtui.chart import StateChart
from smtui.definition import Arrow, NodeKind
from smtui.library.results import TransitionResult
from smtui.library.states import configuration_of, text_of

__all__ = [
    "DestinationCandidate",
    "DestinationCheckResult",
    "each_of",
    "evaluate",
]


@dataclass(frozen=True, slots=True)
class DestinationCandidate:
    """One transition that leads to the state."""

    trigger: str
    dest: str
    executable: bool
    transition_result: TransitionResult | None = None
    reason: str | None = None
    """Why it is not taken: `guard_rejected`, `target_mismatch`, ..."""


@dataclass(frozen=True, slots=True)
class DestinationCheckResult:
    """Whether a state can be reached now, and by which events."""

    allowed: bool
    source_state: str
    destination_state: str
    candidates: tuple[DestinationCandidate, ...] = ()
    metadata: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def candidate_count(self) -> int:
        """Return how many transitions lead there."""
        return len(self.candidates)

    @property
    def passing_count(self) -> int:
        """Return how many of them would be taken."""
        return sum(one.executable for one in self.candidates)

    @property
    def is_ambiguous(self) -> bool:
        """Say whether more than one of them would be taken."""
        return self.passing_count > 1


def evaluate(
    chart: StateChart,
    arrows: tuple[Arrow, ...],
    source: str,
    destination: str,
    process: Callable[[str], TransitionResult],
) -> DestinationCheckResult:
    """Return which of a state's transitions lead to another; `process` tries one."""
    if destination not in chart.states:
        metadata = {"reason": "undefined_destination"}
        return DestinationCheckResult(
            allowed=False,
            source_state=source,
            destination_state=destination,
            metadata=metadata,
        )
    leading: dict[int, Arrow] = {}
    for arrow in sorted(arrows, key=lambda arrow: arrow.origin):
        if arrow.origin >= 0 and (arrow.targets or (arrow.source,)) == (destination,):
            leading.setdefault(arrow.origin, arrow)
    candidates = tuple(
        _candidate(chart, arrow, destination, process) for arrow in leading.values()
    )
    passing = sum(one.executable for one in candidates)
    found: dict[str, object] = {}
    if not candidates:
        found["reason"] = "no_transition_to_destination"
    elif passing > 1:
        found["ambiguous"] = True
    return DestinationCheckResult(
        allowed=passing > 0,
        source_state=source,
        destination_state=destination,
        candidates=candidates,
        metadata=found,
    )


def _candidate(
    chart: StateChart,
    arrow: Arrow,
    destination: str,
    process: Callable[[str], TransitionResult],
) -> DestinationCandidate:
    trigger = arrow.trigger or arrow.events[0]
    result = process(trigger)
    reason = None
    if result.error is not None:
        reason = str(result.error.code)
    elif destination not in _reached(chart, result):
        reason = "target_mismatch"
    is_taken = reason is None
    return DestinationCandidate(trigger, destination, is_taken, result, reason)


def _reached(chart: StateChart, result: TransitionResult) -> tuple[str, ...]:
    """Return where the transition itself leads: the leaf, the parallel state.

    Automatic transitions behind it do not count, but for those of a choice.
    """
    parts = each_of(chart, result)
    first = (parts[0].target_state if parts else result.target_state) or ""
    state = chart.states.get(first)
    if state is not None and state.kind is NodeKind.CHOICE:
        return (result.target_state or "",)
    return (first, first.partition(":")[0])


def each_of(chart: StateChart, result: TransitionResult) -> list[TransitionResult]:
    """Return the microsteps of a result, each as a result of its own.

    One that was refused, or was wanted for nothing, is returned as it is, or
    as none.
    """
    if not result.success:
        return [result]
    found: list[TransitionResult] = []
    active = set(configuration_of(chart, result.source_state))
    for part in result.chain:
        source = text_of(chart, tuple(active))
        active = active.difference(part.exited).union(part.entered)
        each = TransitionResult(
            success=True,
            source_state=source,
            target_state=text_of(chart, tuple(active)),
            trigger=part.trigger,
            exit_actions=part.exit_actions,
            transition_actions=part.transition_actions,
            enter_actions=part.enter_actions,
            all_actions=tuple(one.name for one in part.actions),
            metadata={} if found else result.metadata,
            context=result.context,
            chain=(part,),
        )
        found.append(each)
    return found

"""From the steps of a turn to the result a caller gets."""

from collections.abc import Sequence
from typing import NamedTuple

from smtui.chart import StateChart
from smtui.chart.tree.select import words
from smtui.chart.values import Ignored, Micro, Rejected, Snapshot, Status, Step, Taken
from smtui.library.errors import (
    ConfigurationError,
    FSMError,
    GuardRejectedError,
    InvalidTransitionError,
    TerminalStateError,
    UndefinedTriggerError,
    ValidationError,
)
from smtui.library.results import (
    Part,
    PlannedAction,
    TransitionResult,
    guards_of,
    micros_of,
    parts_of,
)
from smtui.library.states import text_of

__all__ = ["is_stray", "made_result", "unknown"]

STRAY = "no_matching_transition"
"""Why nothing happened, or the fallback was gone to."""


def is_stray(result: TransitionResult) -> bool:
    """Say whether an event no transition takes led to the fallback."""
    metadata = result.metadata
    return metadata.get("reason") == STRAY and "no_op" not in metadata


def made_result(
    chart: StateChart,
    before: Snapshot,
    trigger: str,
    steps: Sequence[Step],
    source: str = "",
) -> TransitionResult:
    """Return what the steps of one event led to."""
    source = source or text_of(chart, before.configuration)
    first, last = steps[0], steps[-1]
    match first.outcome:
        case Taken():
            return _taken(chart, source, trigger, steps)
        case Ignored() if before.status in {Status.FINAL, Status.FAILED}:
            ended = Rejected("terminal_state", "the run has ended")
            return _refused(chart, first, source, trigger, ended)
        case Ignored(why):
            return TransitionResult(
                success=True,
                source_state=source,
                target_state=source,
                trigger=trigger,
                metadata={
                    "no_op": True,
                    "reason": STRAY,
                    "why": why,
                },
                context=last.snapshot.data,
            )
        case Rejected() as said:
            return _refused(chart, first, source, trigger, said)


def _taken(
    chart: StateChart, source: str, trigger: str, steps: Sequence[Step]
) -> TransitionResult:
    after = steps[-1].snapshot
    plan = _planned(chart, steps)
    metadata = _told(chart, plan.parts, steps)
    return TransitionResult(
        success=True,
        source_state=source,
        target_state=text_of(chart, after.configuration),
        trigger=trigger,
        exit_actions=plan.exit_actions,
        transition_actions=plan.transition_actions,
        enter_actions=plan.enter_actions,
        all_actions=plan.all_actions,
        metadata=metadata,
        context=after.data,
        chain=plan.parts,
    )


class _Planned(NamedTuple):
    """What microsteps plan to do."""

    micros: tuple[Micro, ...]
    parts: tuple[Part, ...]
    exit_actions: tuple[PlannedAction, ...]
    transition_actions: tuple[PlannedAction, ...]
    enter_actions: tuple[PlannedAction, ...]
    all_actions: tuple[str, ...]


_MOST_KEPT = 4096

_kept: dict[int, _Planned] = {}
"""By the identity of the microsteps, which are those of the kernel's move: the
same move plans the same."""


def _planned(chart: StateChart, steps: Sequence[Step]) -> _Planned:
    micros = steps[0].micro if len(steps) == 1 else tuple(micros_of(steps))
    kept = _kept.get(id(micros))
    if kept is not None and kept.micros is micros:
        return kept
    parts = parts_of(chart, micros)
    found = _Planned(
        micros,
        parts,
        tuple(a for part in parts for a in part.exit_actions),
        tuple(a for part in parts for a in part.transition_actions),
        tuple(a for part in parts for a in part.enter_actions),
        tuple(a.name for part in parts for a in part.actions),
    )
    if len(steps) == 1:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[id(micros)] = found
    return found


def _told(
    chart: StateChart, parts: Sequence[Part], steps: Sequence[Step]
) -> dict[str, object]:
    metadata: dict[str, object] = {}
    said = steps[0].outcome
    if isinstance(said, Taken) and said.why:
        metadata |= {"reason": STRAY, "why": said.why}
    left_out = [
        fault
        for step in steps
        if isinstance(step.outcome, Rejected)
        for fault in step.outcome.details
    ]
    if left_out:
        metadata |= {"reason": "context_validation", "errors": left_out}
    if not parts:
        return metadata
    first = parts[0]
    decided = [one for step in steps for one in step.decided]
    guards = guards_of(chart, first, decided) if decided else []
    if guards:
        metadata["guards"] = guards
    arrows = [chart.transitions[number].arrow for number in first.transitions]
    described = next((arrow.description for arrow in arrows if arrow.description), "")
    if described:
        metadata["transition_description"] = described
    if arrows and not first.exited and not first.entered and not arrows[0].targets:
        metadata["internal"] = True
    return metadata


def _refused(
    chart: StateChart, step: Step, source: str, trigger: str, said: Rejected
) -> TransitionResult:
    code, why, details = said
    metadata: dict[str, object] = {}
    error: FSMError
    match code:
        case "guard_rejected":
            guards = guards_of(chart, None, step.decided)
            refused = [each for each in guards if not each["passed"]]
            no = refused[0] if refused else dict[str, object]()
            name, seen = str(no.get("name", "")), no.get("said", "")
            metadata = {
                "reason": code,
                "guard_name": name,
                "guards": guards,
                "why": why,
            }
            error = GuardRejectedError(
                _rejection(trigger, source, name) + (f": {seen}" if seen else ""),
                guard_name=name,
                current_state=source,
                trigger=trigger,
            )
        case "terminal_state":
            metadata = {"reason": code}
            error = TerminalStateError(
                f"Cannot transition from terminal state {source!r}",
                current_state=source,
                trigger=trigger,
            )
        case "invalid_trigger":
            error = unknown(chart, source, trigger)
        case "validation_failed":
            metadata = {"reason": "context_validation", "errors": [*details]}
            error = ValidationError(
                "Context validation failed", validation_errors=[*details]
            )
        case _:
            metadata = {"reason": code, "why": why}
            error = ConfigurationError(why, current_state=source, trigger=trigger)
    return TransitionResult(
        success=False,
        source_state=source,
        target_state=None,
        trigger=trigger,
        error=error,
        metadata=metadata,
        context=step.snapshot.data,
    )


def _rejection(trigger: str, source: str, guard: str) -> str:
    who = f"Guard {guard!r} said no" if guard else "No way out of a choice"
    return f"{who} for trigger {trigger!r} from state {source!r}"


def unknown(chart: StateChart, source: str, trigger: str) -> InvalidTransitionError:
    """Return what it is to send an event that no transition takes."""
    named = words(chart.tree, trigger)
    known = {name for one in chart.transitions for name in one.names}
    if known.isdisjoint(named):
        return UndefinedTriggerError(
            f"Trigger {trigger!r} is not defined in this machine",
            trigger=trigger,
            available_triggers=sorted(known),
        )
    return InvalidTransitionError(
        f"No transition for trigger {trigger!r} from state {source!r}",
        current_state=source,
        trigger=trigger,
    )

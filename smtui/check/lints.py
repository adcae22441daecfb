"""What runs, and hardly as meant: warnings about one definition.

Each is here because it has hurt somebody and cannot be seen by looking at one
line. None of them speaks up on the examples of the original; a lint that cries
wolf is worse than none, so names that an action gives by default, names that
are declared and names nobody is near to are left alone.
"""

from collections.abc import Mapping
from pathlib import Path

from smtui.check.actions import class_problem
from smtui.check.chart_lints import lint_chart
from smtui.check.functions import check_functions
from smtui.check.unit import placed_actions
from smtui.definition import ANY, AnyDefinition, Definition, Position
from smtui.dialects import ACTION_TYPES, Notes, shown
from smtui.errors import closest

__all__ = ["lint", "lint_types"]

_FINAL = ("stopped", "shutdown", "completed")
_EVENT_KEYS = (
    "success",
    "error",
    "empty",
    "pending",
    "timeout_event",
    "already_claimed",
)
_SURE = 0.85
"""difflib's ratio from which a name is a slip of another."""


def lint(definition: AnyDefinition, custom: Mapping[str, Path], notes: Notes) -> None:
    """Note what is suspicious; `custom` are the author's action files."""
    if not isinstance(definition, Definition):
        lint_chart(definition, notes)
        check_functions(definition, custom, notes)
        return
    lint_types(definition, custom, notes)
    _never_taken(definition, notes)
    _unreachable(definition, notes)
    _dead_ends(definition, notes)
    _claims(definition, custom, notes)
    _slips(definition, custom, notes)


def lint_types(
    definition: AnyDefinition, custom: Mapping[str, Path], notes: Notes
) -> None:
    """Note actions there are not; true also of a file with errors."""
    known = [*ACTION_TYPES, *custom]
    told: set[str] = set()
    for action, _ in placed_actions(definition):
        type_ = action.type
        if type_ is None or "{" in type_ or type_ in told:
            continue
        if type_ in custom:
            problem = class_problem(type_, custom[type_])
            if problem:
                told.add(type_)
                notes.warning(
                    action.at,
                    "wrong-class",
                    f"found the action {shown(type_)}, but {problem}",
                    "it gives the event 'error' when it runs",
                )
        elif type_ not in known:
            told.add(type_)
            notes.warning(
                action.at,
                "unknown-action",
                f"found the action type {shown(type_)}, which is not built in, "
                "and no file for it",
                notes.hint(type_, known)
                or f"write actions/{type_}_action.py, or use --actions-dir",
            )


def _never_taken(definition: Definition, notes: Notes) -> None:
    """Note arrows that an earlier one for the same event always beats."""
    first: dict[tuple[str, str], Position] = {}
    for transition in definition.transitions:
        source, event = transition.source, transition.event
        before = first.get((source, event)) or first.get((ANY, event))
        if before is not None:
            notes.warning(
                transition.at,
                "never-taken",
                f"found a second transition for {shown(event)} from "
                f"{'any state' if source == ANY else shown(source)}",
                f"the first wins, in line {before.line}",
            )
        if transition.guard is None:
            first.setdefault((source, event), transition.at)


def _unreachable(definition: Definition, notes: Notes) -> None:
    reached = _reached(definition)
    if len(definition.states) > 1 and reached == {definition.initial}:
        _dead_start(definition, notes)
        return
    for state in definition.states:
        if state.id not in reached:
            notes.warning(
                state.at,
                "unreachable",
                f"found the state {shown(state.id)}, to which no way leads from "
                f"{shown(definition.initial)}",
            )


def _dead_start(definition: Definition, notes: Notes) -> None:
    """Note a machine that never leaves its first state: the name may be a slip."""
    first, *_ = (s for s in definition.states if s.id == definition.initial)
    others = [s.id for s in definition.states if s is not first]
    notes.warning(
        first.at,
        "dead-start",
        f"found the initial state {shown(first.id)}, which no transition leaves: "
        "no other state is ever reached",
        notes.hint(first.id, others),
    )


def _reached(definition: Definition) -> set[str]:
    targets: dict[str, list[str]] = {}
    for transition in definition.transitions:
        targets.setdefault(transition.source, []).append(transition.target)
    found = set[str]()
    more = [definition.initial, *targets.get(ANY, ())]
    while more:
        state = more.pop()
        if state not in found:
            found.add(state)
            more += targets.get(state, ())
    return found


def _dead_ends(definition: Definition, notes: Notes) -> None:
    """Note states nothing leaves; the initial one may be all there is."""
    left = {t.source for t in definition.transitions}
    reached = _reached(definition)
    for state in definition.states:
        is_meant = state.id in _FINAL or state.id == definition.initial
        if not is_meant and state.id in reached and not left & {state.id, ANY}:
            notes.warning(
                state.at,
                "dead-end",
                f"found no way out of {shown(state.id)}: the machine stays in it",
                f"{', '.join(_FINAL)} end a machine",
            )


def _claims(definition: Definition, custom: Mapping[str, Path], notes: Notes) -> None:
    """Note a queue check whose `new_job` nobody takes: the job is given back."""
    takers = {t.source for t in definition.transitions if t.event == "new_job"}
    for action, state in placed_actions(definition):
        if action.type != "check_database_queue" or action.type in custom:
            continue
        if not takers & {state, ANY}:
            notes.warning(
                action.at,
                "claim-not-taken",
                f"found no transition for 'new_job' from {shown(state)}: "
                "a job taken here is given back at once",
                f"{{from: {state}, to: STATE, event: new_job}}",
            )


def _slips(definition: Definition, custom: Mapping[str, Path], notes: Notes) -> None:
    """Note an event no transition takes, a letter away from one that is taken."""
    taken = list(dict.fromkeys(t.event for t in definition.transitions))
    declared = {event.name for event in definition.events}
    for action, _ in placed_actions(definition):
        if action.type in custom or action.type == "fail_job":
            continue
        for key in _EVENT_KEYS:
            name = action.args.get(key)
            if not isinstance(name, str) or name in declared or name in taken:
                continue
            meant = "" if "{" in name else closest(name, taken, _SURE)
            if meant and not name.startswith(meant) and not meant.startswith(name):
                notes.warning(
                    action.at,
                    "event-not-taken",
                    f"found the event {shown(name)} at {key!r} of {action.type}, "
                    "which no transition takes",
                    f"did you mean {meant!r}?",
                )

"""Steps of PyStator's cases that look at a definition and run nothing."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from smtui.check.chart_lints import lint_chart
from smtui.definition import TreeDefinition
from smtui.dialects import Notes, load_text, wanted_by
from tests.conformance.pystator_given import GUARDS

__all__ = ["LOADING"]

_QUOTED = re.compile(r"'([^']*)'")
_LINTS = {
    "unreachable": "unreachable_state",
    "dead-end": "dead_end",
    "never-taken": "nondeterministic",
    "same-twice": "nondeterministic",
}
_LEVELS = {"nondeterministic": "error", "missing_guard": "info"}
"""Of theirs; all of ours are warnings."""


def _validate(case: Mapping[str, Any], step: Mapping[str, Any]) -> object:
    """Return whether anything is wrong: one validator for all doors."""
    del step
    return {"is_wrong": bool(load_text(json.dumps(case["fsm"]), "m.json").errors)}


def _lint(case: Mapping[str, Any], step: Mapping[str, Any]) -> object:
    """Return what is suspicious: a code, its level, and what it is about."""
    del step
    definition = load_text(json.dumps(case["fsm"]), "m.json").definition
    if not isinstance(definition, TreeDefinition):
        return {"is_wrong": True}
    notes = Notes()
    lint_chart(definition, notes)
    found = [
        (_LINTS[problem.code], _about_what(problem.message))
        for problem in notes.sorted()
        if problem.code in _LINTS
    ]
    missing = {name for name in wanted_by(definition).guards if name not in GUARDS}
    found += [
        ("missing_guard", arrow.events[0])
        for arrow in definition.arrows
        if getattr(arrow.guard, "name", "") in missing
    ]
    return sorted([code, _LEVELS.get(code, "warning"), name] for code, name in found)


def _about_what(message: str) -> str:
    quoted = _QUOTED.search(message)
    return quoted[1] if quoted is not None else ""


LOADING: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], object]] = {
    "lint": _lint,
    "validate": _validate,
}

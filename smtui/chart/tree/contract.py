"""What the data of a statechart is held to: declared fields and invariants.

The wording of what is wrong is PyStator's, which programs look for. A field
that is missing counts as null in an invariant; one that cannot be compared
breaks it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from smtui.chart.tree.code import Code
from smtui.chart.tree.guards import NOBODY, Test, compile_guard
from smtui.definition import Checking, Json, TreeDefinition, Variable
from smtui.errors import EvaluationError

__all__ = ["Contract", "compile_contract"]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
}


class Contract(NamedTuple):
    """All that is asked of the data."""

    variables: tuple[Variable, ...]
    invariants: tuple[tuple[str, tuple[Test, ...]], ...]
    """Name and tests of each."""
    is_asked: bool
    """An event is taken only where all of it holds."""

    def faults(self, data: Mapping[str, Json]) -> tuple[str, ...]:
        """Return what is wrong with the data, a sentence each."""
        found = _misfits(self.variables, data)
        for name, tests in self.invariants:
            try:
                holds = all(test.check(data, NOBODY) for test in tests)
            except EvaluationError as problem:
                why = problem.__context__ or problem
                found.append(f"Context invariant {name!r} is invalid: {why}")
                continue
            if not holds:
                found.append(f"Context invariant {name!r} failed")
        return tuple(found)

    def broken(
        self, before: Mapping[str, Json], after: Mapping[str, Json]
    ) -> tuple[str, ...]:
        """Return what was right before and is wrong after."""
        if before is after:
            return ()
        found = self.faults(after)
        known = self.faults(before) if found else ()
        return tuple(fault for fault in found if fault not in known)


def compile_contract(definition: TreeDefinition, code: Code) -> Contract | None:
    """Return what a definition holds its data to, None for nothing."""
    checking = definition.semantics.checking
    asks = any(each.required or each.type for each in definition.variables)
    if checking is Checking.OFF or not (asks or definition.invariants):
        return None
    return Contract(
        definition.variables,
        tuple(
            (each.name, compile_guard(each.guard, code))
            for each in definition.invariants
        ),
        checking is Checking.ASKED,
    )


def _misfits(variables: Sequence[Variable], data: Mapping[str, Json]) -> list[str]:
    """Return which declared fields are not as declared; a flag is a number too."""
    found: list[str] = []
    for variable in variables:
        key = variable.key
        if key not in data:
            if variable.required:
                found.append(f"Missing required state variable: {key!r}")
            continue
        value = data[key]
        expected = _TYPES.get(variable.type)
        if value is None:
            if variable.required:
                found.append(f"Required state variable {key!r} must not be None")
        elif expected is not None and not isinstance(value, expected):
            found.append(
                f"State variable {key!r} should be {variable.type},"
                f" got {type(value).__name__}"
            )
    return found

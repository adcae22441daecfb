"""Who lets Python of a definition run: the operator, in the environment."""

import os
from collections.abc import Mapping

from smtui.definition import CODE, AnyDefinition, Problem, TreeDefinition, calls_in

__all__ = ["GATE", "IMPORTS_GATE", "closed_gate", "is_gate_open"]

GATE = "PYSTATOR_ALLOW_INLINE_CODE_ACTIONS"
"""Without it no definition with Python of its own is run, as in PyStator."""

IMPORTS_GATE = "PYSTATOR_ALLOW_INLINE_CODE_IMPORTS"
"""With it such Python has built-in functions, and some modules."""


def is_gate_open(gate: str = GATE, environ: Mapping[str, str] = os.environ) -> bool:
    """Say whether the operator has opened a gate."""
    return environ.get(gate, "").strip().lower() in {"1", "true", "yes", "on"}


def closed_gate(
    definition: AnyDefinition, environ: Mapping[str, str] = os.environ
) -> Problem | None:
    """Return what keeps a definition from running: Python behind a closed gate."""
    if not isinstance(definition, TreeDefinition) or is_gate_open(GATE, environ):
        return None
    for call in calls_in(definition):
        if call.name == CODE:
            return Problem(
                call.at,
                "closed-gate",
                "found `code:` in an action, which runs text of the definition as "
                "Python; nobody has allowed that here",
                "write a function in the Python file beside it and name it, or set "
                f"{GATE}=1 in the environment",
            )
    return None

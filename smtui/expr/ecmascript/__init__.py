"""Our part of ECMAScript, the data model's language of SCXML documents."""

from smtui.expr.ecmascript.program import (
    Names,
    compile_ecmascript,
    fault_in,
    is_name,
    names_in,
)

__all__ = ["Names", "compile_ecmascript", "fault_in", "is_name", "names_in"]

"""Expression languages and templates: text in, closures and values out."""

from smtui.expr.braces import Filled, fault_in_braces, fill_braces
from smtui.expr.compiling import compile_expression, is_variable
from smtui.expr.language import UNDEFINED, Changes, Compiled, Scope, Value
from smtui.expr.literals import parse_json
from smtui.expr.pyexpr import fault_in_pyexpr
from smtui.expr.shell import Command, render
from smtui.expr.templates import (
    MISSING,
    Lookup,
    Placeholder,
    fill,
    find,
    lookup_in,
    names_in,
)

__all__ = [
    "MISSING",
    "UNDEFINED",
    "Changes",
    "Command",
    "Compiled",
    "Filled",
    "Lookup",
    "Placeholder",
    "Scope",
    "Value",
    "compile_expression",
    "fault_in_braces",
    "fault_in_pyexpr",
    "fill",
    "fill_braces",
    "find",
    "is_variable",
    "lookup_in",
    "names_in",
    "parse_json",
    "render",
]

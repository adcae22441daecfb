"""The inline expressions of PyStator: an allow-listed part of Python."""

from smtui.expr.pyexpr.program import Program, compile_pyexpr, fault_in_pyexpr

__all__ = ["Program", "compile_pyexpr", "fault_in_pyexpr"]

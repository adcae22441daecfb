"""An inline expression: read once, refused with its place, evaluated purely.

The language is Python's expressions as PyStator's guards use them (package
pystator, `expr:`), plus literals of lists, tuples, tables and sets, without
clocks, random numbers, comprehensions and anything that changes its operand.
"""

import ast
import json
import warnings
from functools import lru_cache
from typing import NamedTuple, cast

from smtui.definition import Json
from smtui.errors import EvaluationError
from smtui.expr.language import Changes, Fault, Scope, Value
from smtui.expr.pyexpr.bounds import checked_weight
from smtui.expr.pyexpr.compiler import Closure, Compiler, RefusedError

__all__ = ["Program", "compile_pyexpr", "fault_in_pyexpr"]

LENGTH = 10_000
"""Characters of an expression, at most."""

_PYTHON_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Read(NamedTuple):
    closure: Closure
    names: frozenset[str]


@lru_cache(maxsize=4096)
def _read(text: str) -> _Read | Fault:
    if len(text) > LENGTH:
        return Fault(1, 1, f"more than {LENGTH} characters", "")
    if not text.strip():
        return Fault(1, 1, "found nothing, expected an expression", "")
    indent = len(text) - len(text.lstrip())
    compiler = Compiler()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as an escape Python has not
            tree = ast.parse(text.lstrip(), mode="eval")
        closure = compiler.closure(tree.body)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        shift = indent if line == 1 else 0
        return Fault(line, column + shift, error.msg, "")
    except RefusedError as error:
        shift = indent if error.line == 1 else 0
        return Fault(error.line, error.column + shift, error.message, error.hint)
    except (ValueError, RecursionError, MemoryError) as error:
        return Fault(1, 1, str(error) or "too deeply nested", "")
    return _Read(closure, frozenset(compiler.names))


def fault_in_pyexpr(text: str) -> Fault | None:
    """Return why a text is no expression; None when it is one."""
    found = _read(text)
    return found if isinstance(found, Fault) else None


def compile_pyexpr(text: str) -> "Program":
    """Return the expression, compiled. Raises EvaluationError when it is none."""
    found = _read(text)
    if isinstance(found, Fault):
        raise EvaluationError(f"{text!r}: {found.message}", hint=found.hint)
    return Program(text, found.closure, found.names)


class Program:
    """An expression. Every method raises EvaluationError and no other."""

    __slots__ = ("_closure", "_names", "_text")

    def __init__(self, text: str, closure: Closure, names: frozenset[str]) -> None:
        self._text = text
        self._closure = closure
        self._names = names

    @property
    def names(self) -> frozenset[str]:
        """Return the fields of the data it reads."""
        return self._names

    def value(self, scope: Scope) -> Value:
        """Return what it gives, as JSON: tuples and sets become lists."""
        return _json(self._found(scope), self._text)

    def truth(self, scope: Scope) -> bool:
        """Return what it gives by Python's rule: empty, zero and None are no."""
        return bool(self._found(scope))

    def assign(self, scope: Scope, value: Value) -> Changes:
        """Return the change of the field an expression is the name of.

        Raises EvaluationError for any other: it names no place.
        """
        del scope
        if self._text.isidentifier():
            return {self._text: value}
        raise EvaluationError(f"{self._text!r} is no place to store anything")

    def run(self, scope: Scope) -> Changes:
        """Raise EvaluationError: an inline expression is no script."""
        del scope
        raise EvaluationError(f"{self._text!r} is an expression and no script")

    def _found(self, scope: Scope) -> object:
        try:
            return self._closure(scope)
        except EvaluationError as error:
            raise EvaluationError(f"{self._text!r}: {error}") from None
        except _PYTHON_ERRORS as error:
            name = type(error).__name__
            raise EvaluationError(f"{self._text!r}: {name}: {error}") from error


def _json(value: object, text: str) -> Json:
    try:
        plain = json.dumps(checked_weight(value), default=_listed, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise EvaluationError(f"{text!r} gives no JSON: {error}") from error
    return cast("Json", json.loads(plain))


def _listed(value: object) -> list[object]:
    if isinstance(value, set):
        return sorted(cast("set[str]", value), key=repr)
    raise TypeError(f"{type(value).__name__} is not JSON")

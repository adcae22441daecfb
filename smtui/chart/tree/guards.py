"""Guards, compiled: one closure for each condition that can decide alone.

The laws of this file: `and` at the top of a guard is split, so that the tests
of a transition are its conditions in order and the first that fails ends them;
a test that raises EvaluationError does not hold, and whoever evaluates it says
so. Author's code is never called: the judge answers or asks.
"""

import operator
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, Protocol, TypeAlias, assert_never

from smtui.chart.messages import Decision
from smtui.chart.tree.code import Code
from smtui.definition import Json, Position
from smtui.definition.guards import (
    AllOf,
    AnyOf,
    CheckOp,
    ExprGuard,
    FieldGuard,
    Guard,
    NamedGuard,
    NotGuard,
    PeerGuard,
)
from smtui.errors import EvaluationError
from smtui.expr import Compiled, Scope

__all__ = ["NOBODY", "Check", "Judge", "NoJudge", "Test", "compile_guard", "title"]


class Judge(Protocol):
    """Knows what a test may look at beside the data."""

    def condition(self, compiled: Compiled, data: Mapping[str, Json]) -> bool:
        """Return what an expression says. Raises EvaluationError."""
        ...

    def asked(self, guard: NamedGuard | PeerGuard, data: Mapping[str, Json]) -> bool:
        """Return what the author's code says. Raises EvaluationError, and asks."""
        ...

    def holds(self, test: "Test", data: Mapping[str, Json]) -> bool:
        """Return what a test says; one that raises EvaluationError does not hold."""
        ...


Check: TypeAlias = Callable[[Mapping[str, Json], Judge], bool]


class Test(NamedTuple):
    """One condition of a transition."""

    check: Check
    yes: Decision
    no: Decision
    is_plain: bool
    """The data alone decides: the judge is not asked for anything."""
    at: Position | None = None
    """Where a condition of one expression is written."""


class NoJudge:
    """Judges by the data alone: for callers that have no step."""

    __slots__ = ("_declared", "_is_in")

    def __init__(
        self, declared: AbstractSet[str], is_in: Callable[[str], bool]
    ) -> None:
        self._declared = declared
        self._is_in = is_in

    def condition(self, compiled: Compiled, data: Mapping[str, Json]) -> bool:
        """Return what an expression says. Raises EvaluationError."""
        return compiled.truth(Scope(data, self._declared, {}, self._is_in))

    def asked(self, guard: NamedGuard | PeerGuard, data: Mapping[str, Json]) -> bool:
        """Raise EvaluationError: there is nobody to ask."""
        del data
        raise EvaluationError(f"nobody here can answer {title(guard)!r}")

    def holds(self, test: Test, data: Mapping[str, Json]) -> bool:
        """Return what a test says; one that raises EvaluationError does not hold."""
        try:
            return test.check(data, self)
        except EvaluationError:
            return False


NOBODY = NoJudge(frozenset(), lambda _: False)
"""For charts all of whose tests are plain."""


def compile_guard(guard: Guard | None, code: Code) -> tuple[Test, ...]:
    """Return the tests of a guard, in the order they are made."""
    if guard is None:
        return ()
    if isinstance(guard, AllOf):
        return tuple(test for one in guard.guards for test in compile_guard(one, code))
    name = title(guard)
    yes, no = Decision(name, holds=True), Decision(name, holds=False)
    at = guard.expression.at if isinstance(guard, ExprGuard) else None
    return (Test(_check(guard, code), yes, no, _is_plain(guard), at),)


def title(guard: Guard) -> str:  # noqa: PLR0911 - one for each kind
    """Return a guard as a person reads it: its name, or its condition."""
    match guard:
        case ExprGuard(expression):
            return expression.text
        case NamedGuard(name=name):
            return name
        case FieldGuard(field, op, value):
            shown = "" if op in {CheckOp.IS_SET, CheckOp.IS_NULL} else f" {value!r}"
            return f"{field} {op.value}{shown}"
        case PeerGuard(states=states):
            return f"{guard.called} in {' or '.join(states)}"
        case NotGuard(PeerGuard(states=states) as peer):
            return f"{peer.called} not in {' or '.join(states)}"
        case AllOf(guards):
            return " and ".join(_inner(one) for one in guards)
        case AnyOf(guards):
            return " or ".join(_inner(one) for one in guards)
        case NotGuard(inner):
            return f"not {_inner(inner)}"
        case _:
            assert_never(guard)


def _inner(guard: Guard) -> str:
    shown = title(guard)
    return f"({shown})" if isinstance(guard, AllOf | AnyOf) else shown


def _is_plain(guard: Guard) -> bool:
    match guard:
        case NamedGuard() | PeerGuard() | ExprGuard():
            return False
        case AllOf(guards) | AnyOf(guards):
            return all(_is_plain(one) for one in guards)
        case NotGuard(inner):
            return _is_plain(inner)
        case FieldGuard():
            return True
        case _:
            assert_never(guard)


def _check(guard: Guard, code: Code) -> Check:
    match guard:
        case ExprGuard(expression):
            compiled = code.compiled(expression)
            return lambda data, judge: judge.condition(compiled, data)
        case NamedGuard() | PeerGuard():
            return lambda data, judge: judge.asked(guard, data)
        case FieldGuard(field, op, value):
            return _field(field, op, value)
        case AllOf(guards):
            every = [_check(one, code) for one in guards]
            return lambda data, judge: all(check(data, judge) for check in every)
        case AnyOf(guards):
            some = [_check(one, code) for one in guards]
            return lambda data, judge: any(check(data, judge) for check in some)
        case NotGuard(inner):
            check = _check(inner, code)
            return lambda data, judge: not check(data, judge)
        case _:
            assert_never(guard)


# ----------------------------------------------------------- one field's value

_ORDERS: Mapping[CheckOp, Callable[[Any, Any], bool]] = {
    CheckOp.GT: operator.gt,
    CheckOp.GTE: operator.ge,
    CheckOp.LT: operator.lt,
    CheckOp.LTE: operator.le,
}


def _field(field: str, op: CheckOp, value: Json) -> Check:
    """Return the comparison of one field; a missing one counts as null."""
    compare = _ORDERS.get(op)
    if compare is not None:
        return _order(field, compare, value)
    says = _SAYS[op]

    def check(data: Mapping[str, Json], _: Judge) -> bool:
        try:
            return says(data.get(field), value)
        except (TypeError, re.error) as problem:
            raise EvaluationError(f"{field} {op.value} {value!r}: {problem}") from None

    return check


def _order(field: str, compare: Callable[[object, object], bool], value: Json) -> Check:
    def check(data: Mapping[str, Json], _: Judge) -> bool:
        found = data.get(field)
        if found is None:
            return False
        try:
            return compare(found, value)
        except TypeError as problem:
            raise EvaluationError(f"{field}: {problem}") from None

    return check


def _is_in(found: Json, value: Json) -> bool:
    """Say whether one value is in another, as Python's `in` does."""
    if isinstance(value, list):
        return found in value
    return isinstance(value, dict | str) and isinstance(found, str) and found in value


def _holds(found: Json, value: Json) -> bool:
    """Say whether a list has an item, a mapping a key, or anything else a text."""
    if isinstance(found, list | dict):
        return _is_in(value, found)
    return found is not None and str(value) in str(found)


_SAYS: Mapping[CheckOp, Callable[[Json, Json], bool]] = {
    CheckOp.EQ: lambda found, value: found == value,
    CheckOp.NEQ: lambda found, value: found != value,
    CheckOp.IN: _is_in,
    CheckOp.NOT_IN: lambda found, value: not _is_in(found, value),
    CheckOp.IS_SET: lambda found, _: found is not None,
    CheckOp.IS_NULL: lambda found, _: found is None,
    CheckOp.CONTAINS: _holds,
    CheckOp.STARTS_WITH: lambda found, value: (
        found is not None and str(found).startswith(str(value))
    ),
    CheckOp.ENDS_WITH: lambda found, value: (
        found is not None and str(found).endswith(str(value))
    ),
    CheckOp.MATCHES: lambda found, value: (
        found is not None and re.search(str(value), str(found)) is not None
    ),
}

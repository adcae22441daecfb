"""Operators put together with what they stand between: closures."""

from smtui.expr.ecmascript.convert import is_nullish, to_boolean, type_of
from smtui.expr.ecmascript.operators import BINARY, UNARY
from smtui.expr.ecmascript.places import Expr, Variable
from smtui.expr.ecmascript.scope import Node, Scope
from smtui.expr.ecmascript.values import UNDEFINED, Value

__all__ = ["chosen", "operation", "second", "this_of", "unary_operation"]


def this_of(scope: Scope) -> Value:
    """Return `this`."""
    return scope.this


def chosen(test: Node, then: Node, otherwise: Node) -> Node:
    """Return `test ? then : otherwise`."""

    def run(scope: Scope) -> Value:
        return then(scope) if to_boolean(test(scope)) else otherwise(scope)

    return run


def second(first: Node, last: Node) -> Node:
    """Return `first, last`."""

    def run(scope: Scope) -> Value:
        first(scope)
        return last(scope)

    return run


def operation(sign: str, left: Node, right: Node) -> Node:
    """Return `left sign right`."""
    match sign:
        case "&&":
            return lambda scope: _either(left(scope), right, scope, wanted=True)
        case "||":
            return lambda scope: _either(left(scope), right, scope, wanted=False)
        case "??":
            return lambda scope: _or_else(left(scope), right, scope)
        case _:
            return _binary(sign, left, right)


def _binary(sign: str, left: Node, right: Node) -> Node:
    operate = BINARY[sign]

    def run(scope: Scope) -> Value:
        a, b = left(scope), right(scope)
        budget = scope.run.budget
        budget.charge(a, b)
        return operate(a, b, budget)

    return run


def _either(value: Value, other: Node, scope: Scope, *, wanted: bool) -> Value:
    return other(scope) if to_boolean(value) is wanted else value


def _or_else(value: Value, other: Node, scope: Scope) -> Value:
    return other(scope) if is_nullish(value) else value


def unary_operation(sign: str, operand: Expr) -> Node:
    """Return `sign operand`."""
    run, place = operand.run, operand.place
    if sign == "typeof" and isinstance(place, Variable):
        name = place.name
        return lambda scope: type_of(scope.read(name) if scope.has(name) else UNDEFINED)
    operate = UNARY[sign]
    if sign not in {"+", "-", "~"}:
        return lambda scope: operate(run(scope))

    def number(scope: Scope) -> Value:
        value = run(scope)
        scope.run.budget.charge(value)
        return operate(value)

    return number

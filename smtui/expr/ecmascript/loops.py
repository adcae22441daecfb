"""Loops; every turn takes a step of the budget."""

from smtui.expr.ecmascript.convert import is_nullish, to_boolean
from smtui.expr.ecmascript.functions import Completion, Jump, Returned, Statement
from smtui.expr.ecmascript.literals import constant, items_of
from smtui.expr.ecmascript.places import Place, assigned
from smtui.expr.ecmascript.scope import Node, Scope
from smtui.expr.ecmascript.values import Value

__all__ = ["counting", "going_through", "repeating"]


def _ends(completion: Completion) -> bool:
    return completion is Jump.BREAK or isinstance(completion, Returned)


def _result(completion: Completion) -> Completion:
    """Return what a loop that was left hands on."""
    return completion if isinstance(completion, Returned) else None


def repeating(test: Node, body: Statement, *, runs_first: bool) -> Statement:
    """Return a while loop, or do-while when the body runs first."""

    def statement(scope: Scope) -> Completion:
        is_first = runs_first
        while is_first or to_boolean(test(scope)):
            is_first = False
            scope.run.budget.spend()
            completion = body(scope)
            if _ends(completion):
                return _result(completion)
        return None

    return statement


def counting(
    first: Statement,
    test: Node | None,
    after: Node | None,
    body: Statement,
    names: tuple[str, ...],
) -> Statement:
    """Return a for loop; each turn has the variables of `let` for itself."""

    def statement(scope: Scope) -> Completion:
        inner = scope.inner()
        first(inner)
        while test is None or to_boolean(test(inner)):
            scope.run.budget.spend()
            completion = body(inner)
            if _ends(completion):
                return _result(completion)
            inner = _next_turn(inner, names)
            if after is not None:
                after(inner)
        return None

    return statement


def _next_turn(inner: Scope, names: tuple[str, ...]) -> Scope:
    if not names:
        return inner
    fresh = Scope(inner.run, inner.outer, inner.this)
    fresh.names.update(inner.names)
    fresh.fixed = inner.fixed
    return fresh


def going_through(
    place: Place,
    source: Node,
    body: Statement,
    names: tuple[str, ...],
    *,
    by_key: bool,
) -> Statement:
    """Return for-of, or for-in when it goes by key."""

    def statement(scope: Scope) -> Completion:
        value = source(scope)
        for item in _keys(value) if by_key else [*items_of(value)]:
            scope.run.budget.spend()
            inner = scope.inner()
            for name in names:
                inner.names[name] = None
            assigned(place, constant(item))(inner)
            completion = body(inner)
            if _ends(completion):
                return _result(completion)
        return None

    return statement


def _keys(value: Value) -> list[Value]:
    match value:
        case dict():
            return [*value]
        case list() | str():
            return [str(index) for index in range(len(value))]
        case _ if is_nullish(value):
            return []
        case _:
            return []

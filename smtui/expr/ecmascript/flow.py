"""Statements put together: declarations, blocks, try and switch as closures."""

from smtui.expr.ecmascript.convert import strictly_equal
from smtui.expr.ecmascript.functions import (
    Block,
    Completion,
    Jump,
    Statement,
    run_all,
)
from smtui.expr.ecmascript.scope import Node, Scope
from smtui.expr.ecmascript.values import UNDEFINED, Thrown, Value

__all__ = [
    "evaluated",
    "in_new_scope",
    "in_turn",
    "made",
    "made_global",
    "nothing",
    "switched",
    "tried",
]


def nothing(scope: Scope) -> Completion:
    """Do nothing."""
    del scope
    return None


def in_turn(*statements: Statement) -> Statement:
    """Return one statement after the other."""
    return lambda scope: run_all(statements, scope)


def evaluated(run: Node) -> Statement:
    """Return an expression that stands as a statement."""

    def statement(scope: Scope) -> Completion:
        run(scope)
        return None

    return statement


def made(name: str, value: Node | None, *, is_fixed: bool) -> Statement:
    """Return the declaration of a variable of the innermost scope."""

    def statement(scope: Scope) -> Completion:
        scope.declare(name, UNDEFINED if value is None else value(scope))
        if is_fixed and scope.outer is not None:
            scope.fixed |= {name}
        return None

    return statement


def made_global(name: str, value: Node | None) -> Statement:
    """Return `var name` outside of functions: without a value an old one stays."""

    def statement(scope: Scope) -> Completion:
        if value is not None:
            scope.run.declare(name, value(scope))
        elif not scope.run.has(name):
            scope.run.declare(name, UNDEFINED)
        return None

    return statement


def in_new_scope(block: Block) -> Statement:
    """Return `{ ... }`."""

    def statement(scope: Scope) -> Completion:
        inner = scope.inner()
        block.prepare(inner)
        return run_all(block.statements, inner)

    return statement


def tried(
    body: Statement, name: str, handler: Block | None, last: Statement | None
) -> Statement:
    """Return try, with catch, finally or both."""

    def caught(scope: Scope, value: Value) -> Completion:
        if handler is None:
            raise Thrown(value)
        inner = scope.inner()
        if name:
            inner.names[name] = value
        handler.prepare(inner)
        return run_all(handler.statements, inner)

    def guarded(scope: Scope) -> Completion:
        try:
            return body(scope)
        except Thrown as error:
            scope.run.budget.spend()
            return caught(scope, error.value)

    def statement(scope: Scope) -> Completion:
        if last is None:
            return guarded(scope)
        try:
            completion = guarded(scope)
        except Thrown:
            ended = last(scope)
            if ended is not None:
                return ended
            raise
        return last(scope) or completion

    return statement


def switched(
    subject: Node,
    cases: tuple[tuple[Node | None, tuple[Statement, ...]], ...],
    functions: Block,
) -> Statement:
    """Return a switch."""

    def chosen(scope: Scope, value: Value) -> int:
        for index, (test, _) in enumerate(cases):
            if test is not None and strictly_equal(value, test(scope)):
                return index
        defaults = (i for i, (test, _) in enumerate(cases) if test is None)
        return next(defaults, len(cases))

    def statement(scope: Scope) -> Completion:
        inner = scope.inner()
        functions.prepare(inner)
        for _, block in cases[chosen(inner, subject(scope)) :]:
            completion = run_all(block, inner)
            if completion is Jump.BREAK:
                return None
            if completion is not None:
                return completion
        return None

    return statement

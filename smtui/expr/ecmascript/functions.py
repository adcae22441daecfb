"""Functions of programs, and how statements end."""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple, TypeAlias

from smtui.expr.ecmascript.scope import Node, Scope
from smtui.expr.ecmascript.values import UNDEFINED, Function, Value

__all__ = [
    "Block",
    "Completion",
    "FunctionText",
    "Jump",
    "Parameter",
    "Returned",
    "Statement",
    "returning",
    "run_all",
]


class Jump(Enum):
    """A statement that goes on elsewhere in a loop."""

    BREAK = "break"
    CONTINUE = "continue"


class Returned(NamedTuple):
    """A `return`, with its value."""

    value: Value


Completion: TypeAlias = Jump | Returned | None
"""None: go on with the next statement."""

Statement: TypeAlias = Callable[[Scope], Completion]


class Parameter(NamedTuple):
    """A parameter of a function."""

    name: str
    default: Node | None = None
    is_rest: bool = False


class Block(NamedTuple):
    """Statements with the functions that are declared among them."""

    statements: tuple[Statement, ...]
    functions: "tuple[FunctionText, ...]" = ()
    fixed: frozenset[str] = frozenset()
    """Names declared with `const`."""

    def prepare(self, scope: Scope) -> None:
        """Declare the functions, which can be called before their place."""
        for function in self.functions:
            scope.declare(function.name, function.made(scope))
        if self.fixed:
            scope.fixed |= self.fixed


def run_all(statements: Sequence[Statement], scope: Scope) -> Completion:
    """Run statements until one of them jumps or returns."""
    for statement in statements:
        completion = statement(scope)
        if completion is not None:
            return completion
    return None


def returning(value: Node) -> Statement:
    """Return `return value`."""

    def statement(scope: Scope) -> Completion:
        return Returned(value(scope))

    return statement


class FunctionText(NamedTuple):
    """A function as written, compiled."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Block
    variables: frozenset[str]
    """Declared with `var` anywhere inside."""
    free: frozenset[str]
    """Names it uses and does not declare itself."""
    source: str
    is_arrow: bool = False
    names_itself: bool = False
    """An expression with a name, which only it can see."""

    def made(self, scope: Scope) -> Function:
        """Return the function that sees the variables of a scope."""
        captured = {name for name in self.free if scope.holder(name) is not None}
        if self.is_arrow and "this" in self.free and scope.this is not UNDEFINED:
            captured.add("this")
        return Function(
            self.name,
            lambda this, given: self._call(scope, this, given),
            self.source,
            captured=frozenset(captured),
        )

    def _call(self, outer: Scope, this: Value, given: list[Value]) -> Value:
        budget = outer.run.budget
        budget.enter()
        scope = Scope(outer.run, outer, outer.this if self.is_arrow else this)
        try:
            self._bind(scope, given)
            self.body.prepare(scope)
            completion = run_all(self.body.statements, scope)
        finally:
            budget.leave()
        return completion.value if isinstance(completion, Returned) else UNDEFINED

    def _bind(self, scope: Scope, given: list[Value]) -> None:
        for name in self.variables:
            scope.names[name] = UNDEFINED
        if "arguments" in self.free and not self.is_arrow:
            scope.names["arguments"] = [*given]
        if self.names_itself:
            scope.names.setdefault(self.name, self.made(scope.outer or scope))
        for index, parameter in enumerate(self.parameters):
            value = given[index] if index < len(given) else UNDEFINED
            if parameter.is_rest:
                value = [*given[index:]]
            elif value is UNDEFINED and parameter.default is not None:
                value = parameter.default(scope)
            scope.names[parameter.name] = value

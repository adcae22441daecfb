"""Places that can be assigned: a variable, or a property of something."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from smtui.expr.ecmascript.convert import (
    is_nullish,
    to_boolean,
    to_number,
    type_of,
)
from smtui.expr.ecmascript.members import call_method, get, remove, set_member
from smtui.expr.ecmascript.numerals import as_float, whole
from smtui.expr.ecmascript.operators import BINARY
from smtui.expr.ecmascript.scope import Node, Scope
from smtui.expr.ecmascript.values import UNDEFINED, Function, Value, failure

__all__ = [
    "Expr",
    "Member",
    "Place",
    "Variable",
    "assigned",
    "called",
    "combined",
    "counted",
    "deleted",
    "read",
    "whole_chain",
]


class _ShortCircuit(Exception):  # noqa: N818 - it ends a chain, it is no failure
    """`?.` found nothing to the left; the whole chain is undefined."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A name."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A property of what an expression gives."""

    holder: Node
    key: Node
    root: str
    """The variable the chain begins with, '' when it begins otherwise."""
    text: str
    """The chain as written, for messages."""
    is_optional: bool = False


Place: TypeAlias = Variable | Member


class Expr(NamedTuple):
    """An expression, compiled, and the place it names if it names one."""

    run: Node
    place: Place | None = None


class _Found:
    """A place, its parts evaluated once."""

    __slots__ = ("_holder", "_key", "_place", "_scope")

    def __init__(self, place: Place, scope: Scope) -> None:
        self._place = place
        self._scope = scope
        self._holder: Value = UNDEFINED
        self._key: Value = UNDEFINED
        if isinstance(place, Member):
            self._holder, self._key = _parts(place, scope)

    def read(self) -> Value:
        """Return what is there."""
        match self._place:
            case Variable(name=name):
                return self._scope.read(name)
            case Member():
                return get(self._holder, self._key, self._scope.run.budget)

    def write(self, value: Value) -> None:
        """Put a value there."""
        match self._place:
            case Variable(name=name):
                self._scope.write(name, value)
            case Member(root=root):
                _check_root(root, self._scope)
                budget = self._scope.run.budget
                set_member(self._holder, self._key, value, budget)


def _parts(place: Member, scope: Scope) -> tuple[Value, Value]:
    holder = place.holder(scope)
    if place.is_optional and is_nullish(holder):
        raise _ShortCircuit
    return holder, place.key(scope)


def _check_root(root: str, scope: Scope) -> None:
    """Throw when the chain begins with a name nobody may assign."""
    if root and scope.holder(root) is None and scope.run.outside.is_fixed(root):
        raise failure("TypeError", f"{root} cannot be changed")


def read(place: Place) -> Node:
    """Return the expression that reads the place."""
    match place:
        case Variable(name=name):
            return lambda scope: scope.read(name)
        case Member():

            def run(scope: Scope) -> Value:
                holder, key = _parts(place, scope)
                return get(holder, key, scope.run.budget)

            return run


def assigned(place: Place, value: Node) -> Node:
    """Return `place = value`."""

    def run(scope: Scope) -> Value:
        found = _Found(place, scope)
        given = value(scope)
        found.write(given)
        return given

    return run


_LOGICAL: dict[str, Callable[[Value], bool]] = {
    "&&": to_boolean,
    "||": lambda value: not to_boolean(value),
    "??": is_nullish,
}


def combined(place: Place, sign: str, value: Node) -> Node:
    """Return `place += value` and its like; sign is without the `=`."""
    goes_on = _LOGICAL.get(sign)
    operate = BINARY.get(sign)

    def run(scope: Scope) -> Value:
        found = _Found(place, scope)
        old = found.read()
        if goes_on is not None and not goes_on(old):
            return old
        new = value(scope)
        scope.run.budget.charge(old, new)
        if operate is not None:
            new = operate(old, new, scope.run.budget)
        found.write(new)
        return new

    return run


def counted(place: Place, by: int, *, gives_old: bool) -> Node:
    """Return `place++` and its like."""

    def run(scope: Scope) -> Value:
        found = _Found(place, scope)
        old = to_number(found.read())
        new = whole(as_float(old) + by)
        found.write(new)
        return old if gives_old else new

    return run


def deleted(place: Place) -> Node:
    """Return `delete place`."""

    def run(scope: Scope) -> Value:
        if isinstance(place, Variable):
            raise failure(
                "TypeError", f"{place.name} is a variable and cannot be deleted"
            )
        holder, key = _parts(place, scope)
        return remove(holder, key)

    return run


def called(callee: Expr, given: Callable[[Scope], list[Value]], text: str) -> Node:
    """Return a call; of a member with what holds it as `this`."""
    place = callee.place
    if isinstance(place, Member):

        def run_method(scope: Scope) -> Value:
            holder, key = _parts(place, scope)
            return call_method(holder, key, given(scope), scope.run.budget)

        return run_method

    def run(scope: Scope) -> Value:
        function = callee.run(scope)
        if not isinstance(function, Function):
            raise failure("TypeError", f"{text} is no function but {type_of(function)}")
        values = given(scope)
        if not function.source:  # one of ours: its work is not counted inside
            scope.run.budget.charge(values)
        return function.invoke(UNDEFINED, values)

    return run


def whole_chain(run: Node) -> Node:
    """Return a chain with `?.` in it: undefined from the first nothing on."""

    def guarded(scope: Scope) -> Value:
        try:
            return run(scope)
        except _ShortCircuit:
            return UNDEFINED

    return guarded

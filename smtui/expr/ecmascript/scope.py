"""Where the variables of a running program are.

A scope is a block or a call; the outermost one is the evaluation itself, which
reads the machine's data when a name is first asked for and keeps what programs
assign. Data handed in is never changed: a program that may change values gets
copies of its own.
"""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Protocol, TypeAlias

from smtui.expr.ecmascript.values import UNDEFINED, Budget, Thrown, Value, failure

__all__ = ["Evaluation", "Node", "Scope", "Surroundings"]


class Surroundings(Protocol):
    """What an evaluation finds outside of the program."""

    def read(self, name: str, run: "Evaluation") -> Value:
        """Return a variable's value. Raises KeyError when there is none."""
        ...

    def is_fixed(self, name: str) -> bool:
        """Say whether the name is one that nobody may assign."""
        ...

    def known(self) -> Sequence[str]:
        """Return the names there are, for the hint of an error."""
        ...


class Evaluation:
    """One evaluation: its global variables, and what was done to them."""

    __slots__ = ("assigned", "budget", "copies", "names", "outside")

    def __init__(self, outside: Surroundings, *, copies: bool) -> None:
        self.outside = outside
        self.copies = copies
        """The program may change values, so it gets its own."""
        self.names: dict[str, Value] = {}
        """Variables read or assigned so far."""
        self.assigned: set[str] = set()
        self.budget = Budget()

    def read(self, name: str) -> Value:
        """Return a global variable. Throws ReferenceError when there is none."""
        if name in self.names:
            return self.names[name]
        try:
            value = self.outside.read(name, self)
        except KeyError:
            raise failure(
                "ReferenceError", f"{name} is not defined{self._hint(name)}"
            ) from None
        self.names[name] = _copied(value) if self.copies else value
        return self.names[name]

    def write(self, name: str, value: Value) -> None:
        """Assign a global variable that exists."""
        if name not in self.names:
            self.read(name)
        self.declare(name, value)

    def declare(self, name: str, value: Value) -> None:
        """Make a global variable, or assign the one there is."""
        if self.outside.is_fixed(name):
            raise failure("TypeError", f"{name} cannot be changed")
        self.names[name] = value
        self.assigned.add(name)

    def has(self, name: str) -> bool:
        """Say whether there is such a global variable."""
        try:
            self.read(name)
        except Thrown:
            return False
        return True

    def _hint(self, name: str) -> str:
        near = get_close_matches(name, self.outside.known(), n=1)
        return f", did you mean {near[0]}?" if near else ""


def _copied(value: Value) -> Value:
    match value:
        case list():
            return [_copied(item) for item in value]
        case dict():
            return {key: _copied(item) for key, item in value.items()}
        case _:
            return value


class Scope:
    """The variables of one block or call."""

    __slots__ = ("fixed", "names", "outer", "run", "this")

    def __init__(
        self, run: Evaluation, outer: "Scope | None" = None, this: Value = UNDEFINED
    ) -> None:
        self.run = run
        self.outer = outer
        self.this = this
        self.names: dict[str, Value] = {}
        self.fixed: frozenset[str] = frozenset()
        """Names declared with `const`."""

    def holder(self, name: str) -> "Scope | None":
        """Return the innermost scope that declares the name; None: global."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.outer
        return scope

    def read(self, name: str) -> Value:
        """Return a variable. Throws ReferenceError when there is none."""
        scope = self.holder(name)
        return self.run.read(name) if scope is None else scope.names[name]

    def write(self, name: str, value: Value) -> None:
        """Assign a variable that exists."""
        scope = self.holder(name)
        if scope is None:
            self.run.write(name, value)
        elif name in scope.fixed:
            raise failure("TypeError", f"{name} is a constant and cannot be assigned")
        else:
            scope.names[name] = value

    def declare(self, name: str, value: Value) -> None:
        """Make a variable of this scope, of the evaluation if it is outermost."""
        if self.outer is None:
            self.run.declare(name, value)
        else:
            self.names[name] = value

    def has(self, name: str) -> bool:
        """Say whether there is such a variable."""
        return self.holder(name) is not None or self.run.has(name)

    def inner(self) -> "Scope":
        """Return a new scope inside this one."""
        return Scope(self.run, self, self.this)


Node: TypeAlias = Callable[[Scope], Value]
"""An expression, compiled."""

"""Arrays, objects, templates and `new`: closures that make values."""

from collections.abc import Callable
from itertools import zip_longest
from typing import TypeAlias

from smtui.expr.ecmascript.arrays import MOST_ITEMS
from smtui.expr.ecmascript.convert import is_nullish, to_key, to_text, type_of
from smtui.expr.ecmascript.scope import Node, Scope
from smtui.expr.ecmascript.values import Function, Value, failure

__all__ = [
    "FieldMaker",
    "Listed",
    "array_of",
    "constant",
    "constructed",
    "field_of",
    "items_of",
    "listed",
    "object_of",
    "spread_of",
    "template_of",
]

Listed: TypeAlias = Callable[[Scope], list[Value]]
FieldMaker: TypeAlias = Callable[[Scope, dict[str, Value]], None]


def constant(value: Value) -> Node:
    """Return what always gives one value."""
    return lambda _: value


def listed(parts: tuple[tuple[Node, bool], ...]) -> Listed:
    """Return the values in a row; True marks those with `...` before them."""

    def run(scope: Scope) -> list[Value]:
        made: list[Value] = []
        for node, is_spread in parts:
            value = node(scope)
            made.extend(items_of(value) if is_spread else [value])
            scope.run.budget.spend(len(made) if is_spread else 0)
            if len(made) > MOST_ITEMS:
                raise failure(
                    "RangeError", f"an array holds at most {MOST_ITEMS} items"
                )
        return made

    return run


def items_of(value: Value) -> list[Value]:
    """Return what `...` and `for (x of ...)` go through."""
    match value:
        case list():
            return value
        case str():
            return [*value]
        case _:
            raise failure(
                "TypeError", f"expected an array or a text, found {type_of(value)}"
            )


def array_of(parts: tuple[tuple[Node, bool], ...]) -> Node:
    """Return an array."""
    return listed(parts)


def object_of(parts: tuple[FieldMaker, ...]) -> Node:
    """Return an object."""

    def run(scope: Scope) -> Value:
        scope.run.budget.spend(len(parts))
        made: dict[str, Value] = {}
        for part in parts:
            part(scope, made)
        return made

    return run


def field_of(key: Node, value: Node) -> FieldMaker:
    """Return one property of an object."""

    def run(scope: Scope, made: dict[str, Value]) -> None:
        made[to_key(key(scope))] = value(scope)

    return run


def spread_of(value: Node) -> FieldMaker:
    """Return all properties of another object."""

    def run(scope: Scope, made: dict[str, Value]) -> None:
        given = value(scope)
        if isinstance(given, dict):
            scope.run.budget.spend(len(given))
            made.update(given)
        elif isinstance(given, list):
            made.update((str(i), item) for i, item in enumerate(given))
        elif not is_nullish(given):
            raise failure(
                "TypeError", f"expected an object behind ..., found {type_of(given)}"
            )

    return run


def template_of(texts: tuple[str, ...], nodes: tuple[Node, ...]) -> Node:
    """Return a text with values in between."""

    def run(scope: Scope) -> Value:
        found = [node(scope) for node in nodes]
        scope.run.budget.charge(*found)
        values = [to_text(value) for value in found]
        text = "".join(a + b for a, b in zip_longest(texts, values, fillvalue=""))
        scope.run.budget.spend(len(text))
        return text

    return run


def constructed(callee: Node, given: Listed, text: str) -> Node:
    """Return `new callee(...)`: what the function returns, or made of `this`."""

    def run(scope: Scope) -> Value:
        function = callee(scope)
        if not isinstance(function, Function):
            raise failure("TypeError", f"{text}: expected a function behind new")
        this: dict[str, Value] = {}
        values = given(scope)
        if not function.source:  # one of ours: its work is not counted inside
            scope.run.budget.charge(values)
        made = function.invoke(this, values)
        is_object = type_of(made) in {"object", "function"} and made is not None
        return made if is_object else this

    return run

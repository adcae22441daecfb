"""A Python expression, compiled to closures: only what is listed here exists.

The laws of this file: nothing is ever handed to `eval`; no name with a double
underscore and no attribute with a leading one is looked up; whatever is not
listed is refused when the text is read, with its place.
"""

import ast
import operator
from collections.abc import Callable, Container, Mapping, Sequence
from functools import singledispatchmethod
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias, cast

from smtui.errors import EvaluationError
from smtui.expr.language import Scope
from smtui.expr.pyexpr.bounds import apply, checked_spec, checked_weight
from smtui.expr.pyexpr.calls import FUNCTIONS, METHODS, attribute, call

__all__ = ["Closure", "Compiler", "RefusedError"]

Closure: TypeAlias = Callable[[Scope], object]

_SYMBOLS: Final[Mapping[type[ast.operator], str]] = MappingProxyType(
    {
        ast.Add: "+",
        ast.Sub: "-",
        ast.Mult: "*",
        ast.Div: "/",
        ast.FloorDiv: "//",
        ast.Mod: "%",
        ast.Pow: "**",
        ast.BitAnd: "&",
        ast.BitOr: "|",
        ast.BitXor: "^",
        ast.LShift: "<<",
        ast.RShift: ">>",
    }
)

_Unary: TypeAlias = Callable[[Any], object]
_Binary: TypeAlias = Callable[[Any, Any], object]

_SIGNS: Final[Mapping[type[ast.unaryop], _Unary]] = MappingProxyType(
    {
        ast.Not: operator.not_,
        ast.USub: operator.neg,
        ast.UAdd: operator.pos,
        ast.Invert: operator.invert,
    }
)


def _is_in(part: object, whole: Container[object]) -> bool:
    return part in whole


def _is_not_in(part: object, whole: Container[object]) -> bool:
    return part not in whole


_COMPARISONS: Final[Mapping[type[ast.cmpop], _Binary]] = MappingProxyType(
    {
        ast.Eq: operator.eq,
        ast.NotEq: operator.ne,
        ast.Lt: operator.lt,
        ast.LtE: operator.le,
        ast.Gt: operator.gt,
        ast.GtE: operator.ge,
        ast.In: _is_in,
        ast.NotIn: _is_not_in,
        ast.Is: operator.is_,
        ast.IsNot: operator.is_not,
    }
)

_SHOWN: Final[Mapping[int, Callable[[object], str]]] = MappingProxyType(
    {ord("r"): repr, ord("a"): ascii, ord("s"): str}
)
"""What `!r`, `!a` and `!s` do."""

_WORDS: Final[Mapping[type[ast.AST], str]] = MappingProxyType(
    {
        ast.Lambda: "a lambda",
        ast.ListComp: "a comprehension",
        ast.SetComp: "a comprehension",
        ast.DictComp: "a comprehension",
        ast.GeneratorExp: "a generator",
        ast.NamedExpr: "an assignment",
        ast.Await: "await",
        ast.Yield: "yield",
        ast.YieldFrom: "yield",
        ast.Starred: "an unpacking",
    }
)

_CONSTANTS = (bool, int, float, str, type(None))


class _HasItems(Protocol):
    def __getitem__(self, place: object, /) -> object: ...


class RefusedError(Exception):
    """A part of the text that is not of the language."""

    def __init__(self, node: ast.AST, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = int(getattr(node, "lineno", 1))
        self.column = int(getattr(node, "col_offset", 0)) + 1


class Compiler:
    """Turns nodes into closures and notes the names they read."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    @singledispatchmethod
    def closure(self, node: ast.expr) -> Closure:
        """Return the closure of a node. Raises RefusedError."""
        word = _WORDS.get(type(node), type(node).__name__)
        raise RefusedError(node, f"{word} is not allowed in a guard")

    @closure.register
    def _constant(self, node: ast.Constant) -> Closure:
        value = node.value
        if not isinstance(value, _CONSTANTS):
            raise RefusedError(node, f"{type(value).__name__} is not allowed")
        return lambda _: value

    @closure.register
    def _unary(self, node: ast.UnaryOp) -> Closure:
        sign, inner = _SIGNS[type(node.op)], self.closure(node.operand)
        return lambda scope: sign(inner(scope))

    @closure.register
    def _choice(self, node: ast.IfExp) -> Closure:
        test = self.closure(node.test)
        then, otherwise = self.closure(node.body), self.closure(node.orelse)
        return lambda scope: then(scope) if test(scope) else otherwise(scope)

    @closure.register
    def _attribute(self, node: ast.Attribute) -> Closure:
        owner, field = self.closure(node.value), self._public(node, node.attr)
        return lambda scope: attribute(owner(scope), field)

    @closure.register
    def _list(self, node: ast.List) -> Closure:
        return self._many(list, node.elts)

    @closure.register
    def _tuple(self, node: ast.Tuple) -> Closure:
        return self._many(tuple, node.elts)

    @closure.register
    def _set(self, node: ast.Set) -> Closure:
        return self._many(set, node.elts)

    @closure.register
    def _name(self, node: ast.Name) -> Closure:
        id_ = node.id
        if id_.startswith("__"):
            raise RefusedError(node, f"the name {id_!r} is not allowed")
        self.names.add(id_)

        def read(scope: Scope) -> object:
            if id_ in scope.data:
                return scope.data[id_]
            if id_ in scope.system:
                return scope.system[id_]
            raise EvaluationError(f"the data has no {id_!r}")

        return read

    @staticmethod
    def _public(node: ast.AST, name: str) -> str:
        if name.startswith("_"):
            raise RefusedError(node, f"the attribute {name!r} is not allowed")
        return name

    @closure.register
    def _logic(self, node: ast.BoolOp) -> Closure:
        stops_at = isinstance(node.op, ast.Or)
        parts = [self.closure(value) for value in node.values]

        def decide(scope: Scope) -> object:
            found: object = None
            for part in parts:
                found = part(scope)
                if bool(found) is stops_at:
                    break
            return found

        return decide

    @closure.register
    def _binary(self, node: ast.BinOp) -> Closure:
        symbol = _SYMBOLS.get(type(node.op))
        if symbol is None:
            raise RefusedError(node, "the operator @ is not allowed in a guard")
        first, second = self.closure(node.left), self.closure(node.right)
        return lambda scope: apply(symbol, first(scope), second(scope))

    @closure.register
    def _comparison(self, node: ast.Compare) -> Closure:
        first = self.closure(node.left)
        links = [
            (_COMPARISONS[type(op)], self.closure(other))
            for op, other in zip(node.ops, node.comparators, strict=True)
        ]

        def compare(scope: Scope) -> object:
            before, found = first(scope), True
            for holds, part in links:
                after = part(scope)
                found = bool(holds(before, after))
                if not found:
                    return False
                before = after
            return found

        return compare

    def _many(
        self, make: Callable[[list[object]], object], items: Sequence[ast.expr]
    ) -> Closure:
        parts = [self.closure(item) for item in items]
        return lambda scope: make([part(scope) for part in parts])

    @closure.register
    def _table(self, node: ast.Dict) -> Closure:
        pairs: list[tuple[Closure, Closure]] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                raise RefusedError(node, "an unpacking is not allowed in a guard")
            pairs.append((self.closure(key), self.closure(value)))
        return lambda scope: {key(scope): value(scope) for key, value in pairs}

    @closure.register
    def _subscript(self, node: ast.Subscript) -> Closure:
        owner, index = self.closure(node.value), node.slice
        if isinstance(index, ast.Slice):
            start, stop, step = (
                _nothing if part is None else self.closure(part)
                for part in (index.lower, index.upper, index.step)
            )
            return lambda scope: _item(
                owner(scope), slice(start(scope), stop(scope), step(scope))
            )
        place = self.closure(index)
        return lambda scope: _item(owner(scope), place(scope))

    @closure.register
    def _call(self, node: ast.Call) -> Closure:
        if node.keywords:
            raise RefusedError(node, "arguments by name are not allowed in a guard")
        args = [self.closure(arg) for arg in node.args]
        match node.func:
            case ast.Name(name) if name in FUNCTIONS:
                function = FUNCTIONS[name]
                return lambda scope: function(*(arg(scope) for arg in args))
            case ast.Attribute(value, name):
                self._public(node, name)
                if not any(name in methods for methods in METHODS.values()):
                    raise RefusedError(node, f"the method {name!r} is not allowed")
                owner = self.closure(value)
                return lambda scope: call(
                    owner(scope), name, [arg(scope) for arg in args]
                )
            case ast.Name(name):
                raise RefusedError(
                    node,
                    f"the function {name!r} is not allowed",
                    f"there are: {', '.join(FUNCTIONS)}",
                )
            case _:
                raise RefusedError(node, "only named functions can be called")

    @closure.register
    def _joined(self, node: ast.JoinedStr) -> Closure:
        parts = [self.closure(value) for value in node.values]
        return lambda scope: "".join(str(part(scope)) for part in parts)

    @closure.register
    def _formatted(self, node: ast.FormattedValue) -> Closure:
        value = self.closure(node.value)
        spec: Closure = (
            _nothing if node.format_spec is None else self.closure(node.format_spec)
        )
        shown = _SHOWN.get(node.conversion)

        def fill(scope: Scope) -> object:
            found = checked_weight(value(scope))
            form = checked_spec(str(spec(scope) or ""))
            return format(found if shown is None else shown(found), form)

        return fill


def _nothing(_: Scope) -> object:
    return None


def _item(owner: object, place: object) -> object:
    if isinstance(owner, str | list | tuple | dict):
        return cast("_HasItems", owner)[place]
    raise EvaluationError(f"{type(owner).__name__} has no items")

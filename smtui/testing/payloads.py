"""Payloads to try when a machine is searched: what its guards ask for.

A guard over plain fields says itself which values make it true and which do
not: `amount > 100 and kind == 'gift'`. What is harder than that is not solved;
the search says then which guard was in the way.
"""

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from smtui.chart import StateChart
from smtui.chart.tree.chart import DATA_EVENT
from smtui.definition import Json, Language
from smtui.definition.guards import (
    AllOf,
    AnyOf,
    CheckOp,
    ExprGuard,
    FieldGuard,
    Guard,
    NotGuard,
)

__all__ = ["payloads_of"]

Fields: TypeAlias = dict[str, Json]

MOST = 12
"""Payloads for one event: each is a step of the search at every snapshot."""


def payloads_of(chart: StateChart) -> Mapping[str, list[Json]]:
    """Return payloads to try by event; one that is not here has no payload."""
    arrows = chart.definition.arrows
    found: dict[str, list[Json]] = {}
    for arrow in arrows:
        own: list[Fields] = [{}] if arrow.guard is None else [*_solved(arrow.guard)]
        after = [
            fields
            for later in arrows
            if later.source in arrow.targets and not later.events
            if later.guard is not None
            for fields in _solved(later.guard)
        ]
        for event in arrow.events:
            several = found.setdefault(event, [])
            for fields in [*own, *({**one, **two} for one in own for two in after)]:
                if fields and fields not in several and len(several) < MOST:
                    several.append(fields)
    for node in chart.definition.nodes if chart.tree.routed else ():
        if node.when is not None:
            found.setdefault(DATA_EVENT, []).extend(_solved(node.when))
    if asked := _asked(chart):
        for event in chart.event_names():
            several = found.setdefault(event, [])
            more = [_merged(asked, each) for each in several if isinstance(each, dict)]
            several[:] = [*more, asked]
    return {_name(arrow_event): some for arrow_event, some in found.items() if some}


def _asked(chart: StateChart) -> Fields:
    """Return data that a chart asks of every event, as far as it can be solved."""
    contract = chart.tree.contract
    if contract is None or not contract.is_asked:
        return {}
    found: Fields = {
        each.key: _SAMPLES[each.type]
        for each in contract.variables
        if each.required and each.default is None
    }
    begun = {
        each.key: each.default.literal
        for each in contract.variables
        if each.default is not None
    }
    written = chart.definition.invariants
    for tested, invariant in zip(contract.invariants, written, strict=True):
        one = contract._replace(variables=(), invariants=(tested,))
        if one.faults({**begun, **found}):
            ways = [*_ways(invariant.guard, wanted=True)]
            found = _merged(found, ways[0]) if ways else found
    return found


_SAMPLES: Mapping[str, Json] = {
    "": "x",
    "string": "x",
    "number": 1,
    "boolean": True,
    "object": {},
}
"""A value of each type a variable may have."""


def _name(event: str) -> str:
    return event.removesuffix(".*")


def _solved(guard: Guard) -> Iterator[Fields]:
    """Yield fields that make a guard true, then some that make it false."""
    yield from _ways(guard, wanted=True)
    yield from _ways(guard, wanted=False)


def _ways(guard: Guard, *, wanted: bool) -> Iterator[Fields]:
    match guard:
        case FieldGuard(field, op, value):
            for one in _values(op, value, wanted=wanted):
                yield _nested(field, one)
        case AllOf(guards) | AnyOf(guards):
            ways = [list(_ways(one, wanted=wanted)) for one in guards]
            yield from _joined(ways, every=isinstance(guard, AllOf) == wanted)
        case NotGuard(inner):
            yield from _ways(inner, wanted=not wanted)
        case ExprGuard(expression):
            is_python = expression.language is Language.PYEXPR
            text = expression.text if is_python else _as_python(expression.text)
            try:
                with warnings.catch_warnings():  # it is read for hints only
                    warnings.simplefilter("ignore", SyntaxWarning)
                    tree = ast.parse(text.strip(), mode="eval").body
            except (SyntaxError, ValueError, RecursionError):
                return
            yield from _of_code(tree, wanted=wanted, is_python=is_python)
        case _:
            return


def _joined(ways: list[list[Fields]], *, every: bool) -> Iterator[Fields]:
    """Join the ways of several conditions: all at once, or any of them."""
    if not every:
        for some in ways:
            yield from some
        return
    joined: Fields = {}
    for some in ways:
        if some:
            joined = _merged(joined, some[0])
    if joined:
        yield joined


def _merged(one: Fields, two: Fields) -> Fields:
    """Return the fields of both, also those inside of one mapping."""
    merged = {**one, **two}
    for key, value in two.items():
        before = one.get(key)
        if isinstance(value, dict) and isinstance(before, dict):
            merged[key] = _merged(before, value)
    return merged


def _values(op: CheckOp, value: Json, *, wanted: bool) -> list[Json]:
    """Return values for which a comparison is as wanted."""
    if not wanted:
        opposite = _OPPOSITE.get(op)
        return [] if opposite is None else _values(opposite, value, wanted=True)
    solve = _SOLVE.get(op)
    try:
        return [] if solve is None else [solve(value)]
    except (TypeError, IndexError):
        return []


def _other(value: Json) -> Json:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"other than {value}"
        case _:
            return True if value is None else None


def _first(value: Json) -> Json:
    if isinstance(value, list):
        return value[0]
    raise TypeError


_SOLVE: Mapping[CheckOp, Callable[[Any], Json]] = {
    CheckOp.EQ: lambda value: value,
    CheckOp.NEQ: _other,
    CheckOp.GT: lambda value: value + 1,
    CheckOp.GTE: lambda value: value,
    CheckOp.LT: lambda value: value - 1,
    CheckOp.LTE: lambda value: value,
    CheckOp.IN: _first,
    CheckOp.NOT_IN: lambda _: "none of them",
    CheckOp.IS_SET: lambda _: True,
    CheckOp.IS_NULL: lambda _: None,
    CheckOp.CONTAINS: lambda value: [value],
    CheckOp.STARTS_WITH: lambda value: value,
    CheckOp.ENDS_WITH: lambda value: value,
}
_OPPOSITE = {
    CheckOp.EQ: CheckOp.NEQ,
    CheckOp.NEQ: CheckOp.EQ,
    CheckOp.GT: CheckOp.LTE,
    CheckOp.LTE: CheckOp.GT,
    CheckOp.LT: CheckOp.GTE,
    CheckOp.GTE: CheckOp.LT,
    CheckOp.IN: CheckOp.NOT_IN,
    CheckOp.NOT_IN: CheckOp.IN,
    CheckOp.IS_SET: CheckOp.IS_NULL,
    CheckOp.IS_NULL: CheckOp.IS_SET,
}


def _nested(path: str, value: Json) -> Fields:
    """Return `a.b` as a mapping in a mapping."""
    head, _, rest = path.partition(".")
    return {head: _nested(rest, value) if rest else value}


# ------------------------------------------------------------- conditions as code

_SWAPS = (
    (re.compile(r"&&"), " and "),
    (re.compile(r"\|\|"), " or "),
    (re.compile(r"([!=]=)="), r"\1"),
    (re.compile(r"!(?!=)"), " not "),
    (re.compile(r"\btrue\b"), "True"),
    (re.compile(r"\bfalse\b"), "False"),
    (re.compile(r"\b(?:null|undefined)\b"), "None"),
)


def _as_python(text: str) -> str:
    """Return a plain ECMAScript condition in Python's words."""
    for pattern, word in _SWAPS:
        text = pattern.sub(word, text)
    return text


_COMPARE: Mapping[type[ast.cmpop], CheckOp] = {
    ast.Eq: CheckOp.EQ,
    ast.NotEq: CheckOp.NEQ,
    ast.Gt: CheckOp.GT,
    ast.GtE: CheckOp.GTE,
    ast.Lt: CheckOp.LT,
    ast.LtE: CheckOp.LTE,
    ast.In: CheckOp.IN,
    ast.NotIn: CheckOp.NOT_IN,
    ast.Is: CheckOp.EQ,
    ast.IsNot: CheckOp.NEQ,
}


def _of_code(node: ast.expr, *, wanted: bool, is_python: bool) -> Iterator[Fields]:
    match node:
        case ast.BoolOp(op=op, values=values):
            ways = [
                list(_of_code(one, wanted=wanted, is_python=is_python))
                for one in values
            ]
            yield from _joined(ways, every=isinstance(op, ast.And) == wanted)
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield from _of_code(inner, wanted=not wanted, is_python=is_python)
        case ast.Compare(left=left, ops=ops, comparators=rest):
            ways = [
                list(_compared(one, op, two, wanted=wanted, is_python=is_python))
                for one, op, two in zip((left, *rest), ops, rest, strict=False)
            ]
            yield from _joined(ways, every=wanted)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr), args=[word, *_]) if (
            attr in _BEGINNINGS
        ):
            value = _constant(word)
            if isinstance(value, str):
                yield from _put(inner, value if wanted else None, is_python=is_python)
        case _:
            yield from _put(node, wanted, is_python=is_python)


_BEGINNINGS = frozenset({"startswith", "endswith", "startsWith", "endsWith"})
_MIRRORED = {
    CheckOp.EQ: CheckOp.EQ,
    CheckOp.NEQ: CheckOp.NEQ,
    CheckOp.GT: CheckOp.LT,
    CheckOp.GTE: CheckOp.LTE,
    CheckOp.LT: CheckOp.GT,
    CheckOp.LTE: CheckOp.GTE,
    CheckOp.IN: CheckOp.CONTAINS,
}
"""The comparison from the right to the left."""


def _compared(
    left: ast.expr, op: ast.cmpop, right: ast.expr, *, wanted: bool, is_python: bool
) -> Iterator[Fields]:
    """Yield fields for a comparison with a constant, or of two fields."""
    check = _COMPARE.get(type(op))
    value = _constant(right)
    fixed: Fields = {}
    if value is ... and _constant(left) is not ...:
        check = None if check is None else _MIRRORED.get(check)
        left, value = right, _constant(left)
    elif value is ...:
        value = 1  # the other field is this, and the first follows from it
        fixed = next(_put(right, value, is_python=is_python), fixed)
        if not fixed:
            return
    for one in _values(check, value, wanted=wanted) if check is not None else ():
        for fields in _put(left, one, is_python=is_python):
            yield _merged(fixed, fields)


_LONGEST = 100
"""Of a list made to have a length."""


def _put(node: ast.expr, value: Json, *, is_python: bool) -> Iterator[Fields]:
    """Yield fields for which an expression has a value: a field, or its length."""
    match node:
        case ast.Call(func=ast.Name(id="len"), args=[inner]):
            if isinstance(value, int) and 0 <= value <= _LONGEST:
                items: list[Json] = [0] * value
                yield from _put(inner, items, is_python=is_python)
        case _:
            path = _path(node, is_python=is_python)
            if path:
                yield _nested(path, value)


def _path(node: ast.expr, *, is_python: bool) -> str:
    """Return the place in the payload a name means, or ''."""
    words: list[str] = []
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute(value=inner, attr=word):
                pass
            case ast.Subscript(value=inner, slice=ast.Constant(value=str() as word)):
                pass
            case ast.Call(
                func=ast.Attribute(value=inner, attr="get"),
                args=[ast.Constant(value=str() as word), *_],
            ):
                pass
            case _:
                return ""
        words.insert(0, word)
        node = inner
    words.insert(0, node.id)
    if words[:2] == ["_event", "data"]:
        return ".".join(words[2:])
    return ".".join(words) if is_python else ""


def _constant(node: ast.expr) -> Any:  # noqa: ANN401 - JSON, or ... for none
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return ...

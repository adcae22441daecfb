"""The methods of arrays."""

from collections.abc import Callable, Iterator, Mapping
from functools import cmp_to_key
from types import MappingProxyType

from smtui.expr.ecmascript.convert import (
    is_nullish,
    strictly_equal,
    to_boolean,
    to_float,
    to_text,
    type_of,
)
from smtui.expr.ecmascript.given import (
    Method,
    argument,
    function_at,
    position,
    span,
    text_at,
    whole_at,
)
from smtui.expr.ecmascript.values import UNDEFINED, Budget, Function, Value, failure

__all__ = ["ARRAY", "MOST_ITEMS"]

MOST_ITEMS = 100_000
"""Items of an array, so that `a[1e9] = 0` makes no gigabyte."""

_Items = list[Value]
_Work = Callable[[_Items, _Items, Budget], Value]


def _method(work: _Work) -> Method:
    def run(this: Value, given: list[Value], budget: Budget) -> Value:
        if not isinstance(this, list):
            raise failure("TypeError", f"expected an array, found {type_of(this)}")
        budget.spend(len(this))
        return work(this, given, budget)

    return run


def _grown(items: _Items, budget: Budget, more: int = 0) -> _Items:
    """Return the array when it is not too long."""
    budget.spend(len(items) + more)
    if len(items) + more > MOST_ITEMS:
        raise failure("RangeError", f"an array holds at most {MOST_ITEMS} items")
    return items


def _answers(
    items: _Items, given: _Items, budget: Budget, method: str
) -> Iterator[tuple[int, Value, Value]]:
    """Yield index, item and what the author's function says of it."""
    function = function_at(given, 0, method)
    for index, item in enumerate(list(items)):
        budget.spend()
        yield index, item, function.invoke(argument(given, 1), [item, index, items])


def _at(items: _Items, given: _Items, _: Budget) -> Value:
    index = whole_at(given, 0)
    index += len(items) if index < 0 else 0
    return items[index] if 0 <= index < len(items) else UNDEFINED


def _concat(items: _Items, given: _Items, budget: Budget) -> Value:
    made = [*items]
    for value in given:
        more = value if isinstance(value, list) else [value]
        _grown(made, budget, len(more))
        made.extend(more)
    return made


def _fill(items: _Items, given: _Items, _: Budget) -> Value:
    begin, end = span(given[1:], len(items))
    items[begin:end] = [argument(given, 0)] * (end - begin)
    return items


def _flat(items: _Items, given: _Items, budget: Budget) -> Value:
    depth = whole_at(given, 0, 1)
    made: _Items = []
    for item in items:
        if isinstance(item, list) and depth > 0:
            budget.enter()
            inner = _flat(item, [depth - 1], budget)
            budget.leave()
            made.extend(inner if isinstance(inner, list) else [])
        else:
            made.append(item)
        _grown(made, budget)
    return made


def _flat_map(items: _Items, given: _Items, budget: Budget) -> Value:
    made: _Items = [
        answer for _, _, answer in _answers(items, given, budget, "flatMap")
    ]
    return _flat(made, [], budget)


def _for_each(items: _Items, given: _Items, budget: Budget) -> Value:
    for _ in _answers(items, given, budget, "forEach"):
        pass
    return UNDEFINED


def _map(items: _Items, given: _Items, budget: Budget) -> Value:
    return [answer for _, _, answer in _answers(items, given, budget, "map")]


def _filter(items: _Items, given: _Items, budget: Budget) -> Value:
    found = _answers(items, given, budget, "filter")
    return [item for _, item, answer in found if to_boolean(answer)]


def _find(items: _Items, given: _Items, budget: Budget) -> Value:
    found = _answers(items, given, budget, "find")
    return next((item for _, item, answer in found if to_boolean(answer)), UNDEFINED)


def _find_index(items: _Items, given: _Items, budget: Budget) -> Value:
    found = _answers(items, given, budget, "findIndex")
    return next((index for index, _, answer in found if to_boolean(answer)), -1)


def _every(items: _Items, given: _Items, budget: Budget) -> Value:
    found = _answers(items, given, budget, "every")
    return all(to_boolean(answer) for _, _, answer in found)


def _some(items: _Items, given: _Items, budget: Budget) -> Value:
    found = _answers(items, given, budget, "some")
    return any(to_boolean(answer) for _, _, answer in found)


def _includes(items: _Items, given: _Items, budget: Budget) -> Value:
    budget.charge(items)
    sought = argument(given, 0)
    is_nan = sought != sought  # noqa: PLR0124 - only NaN is not itself
    return any(
        strictly_equal(item, sought) or (is_nan and item != item)  # noqa: PLR0124
        for item in items
    )


def _index_of(items: _Items, given: _Items, budget: Budget) -> Value:
    budget.charge(items)
    begin = position(whole_at(given, 1), len(items))
    places = range(begin, len(items))
    return _first(items, places, argument(given, 0))


def _last_index_of(items: _Items, given: _Items, budget: Budget) -> Value:
    budget.charge(items)
    last = whole_at(given, 1, len(items) - 1)
    last = last + len(items) if last < 0 else min(last, len(items) - 1)
    return _first(items, range(last, -1, -1), argument(given, 0))


def _first(items: _Items, places: range, sought: Value) -> int:
    return next((i for i in places if strictly_equal(items[i], sought)), -1)


def _join(items: _Items, given: _Items, budget: Budget) -> Value:
    budget.charge(items)
    separator = text_at(given, 0, ",")
    text = separator.join("" if is_nullish(v) else to_text(v) for v in items)
    budget.spend(len(text))
    return text


def _pop(items: _Items, _: _Items, __: Budget) -> Value:
    return items.pop() if items else UNDEFINED


def _shift(items: _Items, _: _Items, __: Budget) -> Value:
    return items.pop(0) if items else UNDEFINED


def _push(items: _Items, given: _Items, budget: Budget) -> Value:
    _grown(items, budget, len(given)).extend(given)
    return len(items)


def _unshift(items: _Items, given: _Items, budget: Budget) -> Value:
    _grown(items, budget, len(given))[:0] = given
    return len(items)


def _reduce(*, backwards: bool) -> _Work:
    def run(items: _Items, given: _Items, budget: Budget) -> Value:
        function = function_at(given, 0, "reduce")
        places = list(range(len(items)))[:: -1 if backwards else 1]
        if len(given) > 1:
            total = given[1]
        elif places:
            total = items[places.pop(0)]
        else:
            raise failure("TypeError", "reduce of an empty array needs a first value")
        for place in places:
            budget.spend()
            total = function.invoke(UNDEFINED, [total, items[place], place, items])
        return total

    return run


def _reverse(items: _Items, _: _Items, __: Budget) -> Value:
    items.reverse()
    return items


def _slice(items: _Items, given: _Items, _: Budget) -> Value:
    begin, end = span(given, len(items))
    return items[begin:end]


def _sort(items: _Items, given: _Items, budget: Budget) -> Value:
    budget.charge(items)
    by = argument(given, 0)
    undefined = [item for item in items if item is UNDEFINED]
    rest = [item for item in items if item is not UNDEFINED]
    if isinstance(by, Function):
        rest.sort(key=cmp_to_key(_ordering(by, budget)))
    else:
        rest.sort(key=to_text)
    items[:] = [*rest, *undefined]
    return items


def _ordering(by: Function, budget: Budget) -> Callable[[Value, Value], int]:
    def compare(left: Value, right: Value) -> int:
        budget.spend()
        answer = to_float(by.invoke(UNDEFINED, [left, right]))
        return (answer > 0) - (answer < 0)

    return compare


def _splice(items: _Items, given: _Items, budget: Budget) -> Value:
    begin = position(whole_at(given, 0), len(items))
    count = len(items) - begin if len(given) == 1 else max(0, whole_at(given, 1))
    taken = items[begin : begin + count] if given else []
    _grown(items, budget, len(given))
    items[begin : begin + len(taken)] = given[2:]
    return taken


def _entries(items: _Items, _: _Items, __: Budget) -> Value:
    return [[index, item] for index, item in enumerate(items)]


ARRAY: Mapping[str, Method] = MappingProxyType({
    "at": _method(_at),
    "concat": _method(_concat),
    "entries": _method(_entries),
    "every": _method(_every),
    "fill": _method(_fill),
    "filter": _method(_filter),
    "find": _method(_find),
    "findIndex": _method(_find_index),
    "flat": _method(_flat),
    "flatMap": _method(_flat_map),
    "forEach": _method(_for_each),
    "includes": _method(_includes),
    "indexOf": _method(_index_of),
    "join": _method(_join),
    "keys": _method(lambda items, _, __: [*range(len(items))]),
    "lastIndexOf": _method(_last_index_of),
    "map": _method(_map),
    "pop": _method(_pop),
    "push": _method(_push),
    "reduce": _method(_reduce(backwards=False)),
    "reduceRight": _method(_reduce(backwards=True)),
    "reverse": _method(_reverse),
    "shift": _method(_shift),
    "slice": _method(_slice),
    "some": _method(_some),
    "sort": _method(_sort),
    "splice": _method(_splice),
    "toString": _method(lambda items, _, budget: _join(items, [], budget)),
    "unshift": _method(_unshift),
    "values": _method(_slice),
})  # fmt: skip

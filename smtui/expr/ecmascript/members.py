"""Properties: what is behind the dot and between the brackets.

Laws of this file: reading a property changes nothing; every method of ours is
in one table by type, and those that change what they belong to are in CHANGING.
"""

from collections.abc import Mapping
from types import MappingProxyType

from smtui.expr.ecmascript.arrays import ARRAY, MOST_ITEMS
from smtui.expr.ecmascript.convert import to_key, to_number, to_text, type_of
from smtui.expr.ecmascript.given import Method
from smtui.expr.ecmascript.strings import STRING
from smtui.expr.ecmascript.texts import BOOLEAN, FUNCTION, NUMBER, OBJECT
from smtui.expr.ecmascript.values import (
    UNDEFINED,
    Budget,
    Function,
    Module,
    Undefined,
    Value,
    failure,
)

__all__ = ["CHANGING", "call_method", "get", "remove", "set_member"]

CHANGING = frozenset({
    "assign", "copyWithin", "fill", "pop", "push", "reverse", "shift", "sort",
    "splice", "unshift",
})  # fmt: skip
"""Methods that change a value; a program that calls one gets copies."""

_NONE: Mapping[str, Method] = MappingProxyType({})


def get(holder: Value, key: Value, budget: Budget) -> Value:
    """Return a property, UNDEFINED when there is none.

    Throws TypeError for properties of null and undefined.
    """
    budget.charge(key)
    name = to_key(key)
    match holder:
        case dict() if name in holder:
            return holder[name]
        case Function() | Module() if name in holder.members:
            return holder.members[name]
        case list() | str() if name == "length" or _is_index(name):
            return _item(holder, name)
        case None | Undefined():
            raise failure("TypeError", f"{to_text(holder)} has no property {name}")
        case bool() | int() | float() | str() | list() | dict() | Function() | Module():
            return _bound(holder, name, budget)
        case _:
            return holder.member(name)


def call_method(holder: Value, key: Value, given: list[Value], budget: Budget) -> Value:
    """Call a method. Throws TypeError when there is none of that name."""
    budget.charge(key)
    name = to_key(key)
    method = None if _owns(holder, name) else _methods(holder).get(name)
    if method is not None:
        budget.charge(given)
        return method(holder, given, budget)
    found = get(holder, name, budget)
    if not isinstance(found, Function):
        raise failure("TypeError", f"{name} is no function of this {type_of(holder)}")
    if not found.source:  # one of ours: its work is not counted inside
        budget.charge(given)
    return found.invoke(holder, given)


def set_member(holder: Value, key: Value, value: Value, budget: Budget) -> None:
    """Assign a property. Throws TypeError where there can be none."""
    name = to_key(key)
    match holder:
        case dict():
            budget.spend()
            holder[name] = value
        case list() if _is_index(name):
            _set_item(holder, int(name), value, budget)
        case list() if name == "length":
            _set_length(holder, to_number(value), budget)
        case list():
            raise failure("TypeError", f"an array has no property {name!r} to assign")
        case _:
            raise failure(
                "TypeError", f"cannot assign the property {name} of {_word(holder)}"
            )


def remove(holder: Value, key: Value) -> bool:
    """Do what `delete` does; say whether the property is gone."""
    name = to_key(key)
    match holder:
        case dict():
            holder.pop(name, None)
            return True
        case list() if _is_index(name) and int(name) < len(holder):
            holder[int(name)] = UNDEFINED
            return True
        case _:
            return False


def _is_index(name: str) -> bool:
    return name.isascii() and name.isdigit() and (name == "0" or name[0] != "0")


def _item(holder: "list[Value] | str", name: str) -> Value:
    if name == "length":
        return len(holder)
    return holder[int(name)] if int(name) < len(holder) else UNDEFINED


def _owns(holder: Value, name: str) -> bool:
    match holder:
        case dict():
            return name in holder
        case Function() | Module():
            return name in holder.members
        case _:
            return False


def _bound(holder: Value, name: str, budget: Budget) -> Value:
    """Return a method of ours as a function of its own."""
    method = _methods(holder).get(name)
    if method is None:
        return UNDEFINED
    return Function(name, lambda this, given: method(this, given, budget))


def _methods(holder: Value) -> Mapping[str, Method]:
    """Return the methods of a value's own type, none for what is not ours."""
    return _BY_TYPE.get(type(holder), _NONE)


_BY_TYPE: Mapping[type, Mapping[str, Method]] = MappingProxyType({
    bool: BOOLEAN,
    dict: OBJECT,
    float: NUMBER,
    Function: FUNCTION,
    int: NUMBER,
    list: ARRAY,
    str: STRING,
})  # fmt: skip


def _set_item(items: list[Value], index: int, value: Value, budget: Budget) -> None:
    if index >= MOST_ITEMS:
        raise failure("RangeError", f"an array holds at most {MOST_ITEMS} items")
    missing = index + 1 - len(items)
    if missing > 0:
        budget.spend(missing)
        items.extend([UNDEFINED] * missing)
    items[index] = value


def _set_length(items: list[Value], length: float, budget: Budget) -> None:
    if not (0 <= length <= MOST_ITEMS and float(length).is_integer()):
        raise failure(
            "RangeError", f"found the length {length}, expected 0 to {MOST_ITEMS}"
        )
    del items[int(length) :]
    budget.spend(int(length) - len(items))
    items.extend([UNDEFINED] * (int(length) - len(items)))


def _word(value: Value) -> str:
    return to_text(value) if value in (None, UNDEFINED) else f"a {type_of(value)}"

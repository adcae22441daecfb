"""What every program finds: Math, JSON, Object, Array, String, Number and so on.

All of it is pure: there is no random number, and no clock but the step's.
"""

import math
from collections.abc import Callable, Mapping
from functools import reduce
from types import MappingProxyType
from urllib.parse import quote, unquote

from smtui.expr.ecmascript.arrays import MOST_ITEMS
from smtui.expr.ecmascript.convert import (
    strictly_equal,
    to_boolean,
    to_float,
    to_key,
    to_number,
    to_text,
    type_of,
)
from smtui.expr.ecmascript.dates import date_at
from smtui.expr.ecmascript.given import argument, function_at, text_at, whole_at
from smtui.expr.ecmascript.json_text import parse, stringify
from smtui.expr.ecmascript.literals import items_of
from smtui.expr.ecmascript.numerals import (
    DIGITS,
    NAN,
    as_float,
    number_of_text,
    to_uint32,
    whole,
)
from smtui.expr.ecmascript.values import (
    UNDEFINED,
    Function,
    Module,
    Value,
    failure,
)

__all__ = ["GLOBALS"]

MOST_CODE = 0x10FFFF
"""The last character there is."""

_Plain = Callable[[list[Value]], Value]


def _function(name: str, work: _Plain, **members: Value) -> Function:
    return Function(name, lambda _, given: work(given), members=members)


# ------------------------------------------------------------------- Math


def _of_one(name: str, work: Callable[[float], float]) -> Function:
    def run(given: list[Value]) -> Value:
        try:
            return whole(as_float(work(to_float(argument(given, 0)))))
        except (ValueError, OverflowError):
            return NAN

    return _function(name, run)


def _kept_infinite(work: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: work(x) if math.isfinite(x) else x


def _log(base: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: -math.inf if x == 0 else base(x)


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _sign(x: float) -> float:
    return x if x == 0 or math.isnan(x) else math.copysign(1.0, x)


def _best(name: str, first: float, pick: Callable[[float, float], float]) -> Function:
    def run(given: list[Value]) -> Value:
        numbers = [to_float(value) for value in given]
        if any(math.isnan(number) for number in numbers):
            return NAN
        return whole(reduce(pick, numbers, first))

    return _function(name, run)


def _pow(given: list[Value]) -> Value:
    base, power = to_float(argument(given, 0)), to_float(argument(given, 1))
    try:
        return whole(math.pow(base, power))
    except OverflowError:
        return math.inf
    except ValueError:
        return math.inf if base == 0 else NAN


def _impure(name: str, instead: str) -> Function:
    def run(given: list[Value]) -> Value:
        del given
        raise failure("TypeError", f"{name} is not pure and not here; {instead}")

    return _function(name, run)


_MATH = Module("Math", MappingProxyType({
    "E": math.e, "LN10": math.log(10), "LN2": math.log(2), "PI": math.pi,
    "LOG10E": 1 / math.log(10), "LOG2E": 1 / math.log(2),
    "SQRT1_2": math.sqrt(0.5), "SQRT2": math.sqrt(2),
    "abs": _of_one("abs", abs),
    "acos": _of_one("acos", math.acos),
    "asin": _of_one("asin", math.asin),
    "atan": _of_one("atan", math.atan),
    "atan2": _function("atan2", lambda given: whole(
        math.atan2(to_float(argument(given, 0)), to_float(argument(given, 1))))),
    "cbrt": _of_one("cbrt", math.cbrt),
    "ceil": _of_one("ceil", _kept_infinite(
        lambda x: -0.0 if -1 < x <= 0 and math.copysign(1, x) < 0 else math.ceil(x))),
    "cos": _of_one("cos", math.cos),
    "exp": _of_one("exp", _exp),
    "floor": _of_one("floor", _kept_infinite(lambda x: x if x == 0 else math.floor(x))),
    "hypot": _function("hypot", lambda given: whole(
        math.hypot(*(to_float(value) for value in given)))),
    "log": _of_one("log", _log(math.log)),
    "log10": _of_one("log10", _log(math.log10)),
    "log2": _of_one("log2", _log(math.log2)),
    "max": _best("max", -math.inf, lambda a, b: max(b, a)),
    "min": _best("min", math.inf, lambda a, b: min(b, a)),
    "pow": _function("pow", _pow),
    "random": _impure("Math.random", "send the number in an event"),
    "round": _of_one("round", _kept_infinite(
        lambda x: x if x == 0 else math.floor(x + 0.5))),
    "sign": _of_one("sign", _sign),
    "sin": _of_one("sin", math.sin),
    "sqrt": _of_one("sqrt", math.sqrt),
    "tan": _of_one("tan", math.tan),
    "trunc": _of_one("trunc", _kept_infinite(lambda x: x if x == 0 else math.trunc(x))),
}))  # fmt: skip

# ------------------------------------------------------- Object and Array


def _fields(value: Value) -> dict[str, Value]:
    match value:
        case dict():
            return value
        case list() | str():
            return {str(index): item for index, item in enumerate(value)}
        case None:
            raise failure("TypeError", "null has no properties")
        case _:
            return {}


def _assign(given: list[Value]) -> Value:
    target = argument(given, 0)
    if not isinstance(target, dict):
        raise failure(
            "TypeError", f"Object.assign expects an object, found {type_of(target)}"
        )
    for source in given[1:]:
        target.update(_fields(source) if source is not None else {})
    return target


def _from_entries(given: list[Value]) -> Value:
    pairs = [items_of(pair) for pair in items_of(argument(given, 0))]
    return {to_key(argument(pair, 0)): argument(pair, 1) for pair in pairs}


def _array_from(given: list[Value]) -> Value:
    source = argument(given, 0)
    if isinstance(source, dict):
        length = whole_at([source.get("length", 0)], 0)
        items = [source.get(str(i), UNDEFINED) for i in range(min(length, MOST_ITEMS))]
    else:
        items = [*items_of(source)]
    if argument(given, 1) is UNDEFINED:
        return items
    function = function_at(given, 1, "Array.from")
    return [function.invoke(UNDEFINED, [item, i]) for i, item in enumerate(items)]


def _new_array(given: list[Value]) -> Value:
    first = argument(given, 0)
    if len(given) != 1 or type_of(first) != "number":
        return [*given]
    length = to_number(first)
    if length != to_uint32(length) or length > MOST_ITEMS:
        raise failure(
            "RangeError", f"found the length {to_text(first)}, expected 0 to 100000"
        )
    empty: list[Value] = [UNDEFINED]
    return empty * int(length)


_OBJECT = _function(
    "Object",
    lambda given: argument(given, 0) if isinstance(argument(given, 0), dict) else {},
    assign=_function("assign", _assign),
    entries=_function(
        "entries",
        lambda given: [[k, v] for k, v in _fields(argument(given, 0)).items()],
    ),
    freeze=_function("freeze", lambda given: argument(given, 0)),
    fromEntries=_function("fromEntries", _from_entries),
    **{"is": _function(
        "is", lambda given: strictly_equal(argument(given, 0), argument(given, 1))
    )},
    keys=_function("keys", lambda given: [*_fields(argument(given, 0))]),
    values=_function("values", lambda given: [*_fields(argument(given, 0)).values()]),
)  # fmt: skip

_ARRAY = _function(
    "Array",
    _new_array,
    **{"from": _function("from", _array_from)},
    isArray=_function("isArray", lambda given: isinstance(argument(given, 0), list)),
    of=_function("of", lambda given: [*given]),
)

# ------------------------------------------------------ numbers and texts


def _is_integer(value: Value) -> bool:
    return type_of(value) == "number" and to_float(value).is_integer()


def _is_safe(value: Value) -> bool:
    return _is_integer(value) and abs(to_float(value)) < 2**53


def _is_finite_number(value: Value) -> bool:
    return type_of(value) == "number" and math.isfinite(to_float(value))


def _parse_float(given: list[Value]) -> Value:
    text = text_at(given, 0).strip()
    for end in range(min(len(text), 400), 0, -1):
        piece = text[:end]
        if piece[-1:].isspace() or piece[:2].lower() in {"0x", "0o", "0b"}:
            continue
        number = number_of_text(piece)
        if not math.isnan(number):
            return number
    return NAN


def _parse_int(given: list[Value]) -> Value:
    text, radix = text_at(given, 0).strip().lower(), whole_at(given, 1)
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("+-") if text[:1] in {"+", "-"} else text
    if radix in {0, 16} and text.startswith("0x"):
        text, radix = text[2:], 16
    radix = radix or 10
    digits = DIGITS[: max(0, radix)]
    end = next((i for i, c in enumerate(text) if c not in digits), len(text))
    most = 2000
    if not 1 < radix <= len(DIGITS) or not end:
        return NAN
    return whole(as_float(sign * int(text[: min(end, most)], radix)))


def _text_of_codes(given: list[Value]) -> Value:
    codes = [to_uint32(to_number(value)) for value in given]
    most = 0x10FFFF
    return "".join(
        chr(c) if _is_character(c) and c <= most else "\ufffd" for c in codes
    )


def _is_character(code: int) -> bool:
    return not 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - halves of a pair


_PARSE_INT = _function("parseInt", _parse_int)
_PARSE_FLOAT = _function("parseFloat", _parse_float)

_NUMBER = _function(
    "Number",
    lambda given: to_number(given[0]) if given else 0,
    EPSILON=2.0**-52,
    MAX_SAFE_INTEGER=2**53 - 1,
    MAX_VALUE=1.7976931348623157e308,
    MIN_SAFE_INTEGER=1 - 2**53,
    NaN=NAN,
    isFinite=_function("isFinite", lambda given: _is_finite_number(argument(given, 0))),
    isInteger=_function("isInteger", lambda given: _is_integer(argument(given, 0))),
    isNaN=_function(
        "isNaN",
        lambda given: (
            type_of(argument(given, 0)) == "number"
            and math.isnan(to_float(argument(given, 0)))
        ),
    ),
    isSafeInteger=_function(
        "isSafeInteger", lambda given: _is_safe(argument(given, 0))
    ),
    parseFloat=_PARSE_FLOAT,
    parseInt=_PARSE_INT,
)

_STRING = _function(
    "String",
    lambda given: to_text(given[0]) if given else "",
    fromCharCode=_function("fromCharCode", _text_of_codes),
    fromCodePoint=_function("fromCodePoint", _text_of_codes),
)


def _error(name: str) -> Function:
    return _function(
        name, lambda given: {"name": name, "message": text_at(given, 0, "")}
    )


GLOBALS: Mapping[str, Value] = MappingProxyType({
    "undefined": UNDEFINED, "NaN": NAN, "Infinity": math.inf,
    "Array": _ARRAY,
    "Boolean": _function("Boolean", lambda given: to_boolean(argument(given, 0))),
    "Date": date_at(None),
    "Error": _error("Error"),
    "Function": _impure("Function", "write the function itself"),
    "JSON": Module("JSON", MappingProxyType({
        "parse": _function("parse", parse),
        "stringify": _function("stringify", stringify),
    })),
    "Math": _MATH,
    "Number": _NUMBER,
    "Object": _OBJECT,
    "RangeError": _error("RangeError"),
    "ReferenceError": _error("ReferenceError"),
    "String": _STRING,
    "SyntaxError": _error("SyntaxError"),
    "TypeError": _error("TypeError"),
    "decodeURIComponent": _function(
        "decodeURIComponent", lambda given: unquote(text_at(given, 0))),
    "encodeURIComponent": _function(
        "encodeURIComponent", lambda given: quote(text_at(given, 0), safe="!'()*~")),
    "isFinite": _function(
        "isFinite", lambda given: math.isfinite(to_float(argument(given, 0)))),
    "isNaN": _function(
        "isNaN", lambda given: math.isnan(to_float(argument(given, 0)))),
    "parseFloat": _PARSE_FLOAT,
    "parseInt": _PARSE_INT,
})  # fmt: skip
"""Name -> value, the same for every evaluation; nothing here can be changed."""

"""The methods of strings.

A string is a row of characters (code points), where ECMAScript counts halves
of those beyond U+FFFF twice. Regular expressions are not in our part.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from smtui.expr.ecmascript.convert import to_text, type_of
from smtui.expr.ecmascript.given import (
    Method,
    argument,
    position,
    span,
    text_at,
    whole_at,
)
from smtui.expr.ecmascript.numerals import NAN
from smtui.expr.ecmascript.values import UNDEFINED, Budget, Function, Value, failure

__all__ = ["MOST_CHARACTERS", "STRING"]

MOST_CHARACTERS = 1 << 20
"""What a payload may have; `repeat` and `padEnd` make no more."""


def _simple(answer: Callable[[str, list[Value]], Value]) -> Method:
    """Return a method that makes nothing longer than what it is given."""

    def run(this: Value, given: list[Value], budget: Budget) -> Value:
        text = to_text(this)
        budget.spend(len(text))
        return answer(text, given)

    return run


def _at(text: str, given: list[Value]) -> Value:
    index = whole_at(given, 0)
    index += len(text) if index < 0 else 0
    return text[index] if 0 <= index < len(text) else UNDEFINED


def _char_at(text: str, given: list[Value]) -> Value:
    index = whole_at(given, 0)
    return text[index] if 0 <= index < len(text) else ""


def _code_at(text: str, given: list[Value]) -> Value:
    index = whole_at(given, 0)
    return ord(text[index]) if 0 <= index < len(text) else NAN


def _index_of(text: str, given: list[Value]) -> Value:
    return text.find(text_at(given, 0), position(max(0, whole_at(given, 1)), len(text)))


def _last_index_of(text: str, given: list[Value]) -> Value:
    sought = text_at(given, 0)
    last = max(0, whole_at(given, 1, len(text)))
    return text.rfind(sought, 0, last + len(sought))


def _includes(text: str, given: list[Value]) -> Value:
    return text.find(text_at(given, 0), max(0, whole_at(given, 1))) >= 0


def _starts_with(text: str, given: list[Value]) -> Value:
    return text.startswith(text_at(given, 0), max(0, whole_at(given, 1)))


def _ends_with(text: str, given: list[Value]) -> Value:
    end = max(0, whole_at(given, 1, len(text)))
    return text[:end].endswith(text_at(given, 0))


def _slice(text: str, given: list[Value]) -> Value:
    begin, end = span(given, len(text))
    return text[begin:end]


def _substring(text: str, given: list[Value]) -> Value:
    ends = (whole_at(given, 0), whole_at(given, 1, len(text)))
    low, high = sorted(max(0, min(end, len(text))) for end in ends)
    return text[low:high]


def _substr(text: str, given: list[Value]) -> Value:
    begin = position(whole_at(given, 0), len(text))
    return text[begin : begin + max(0, whole_at(given, 1, len(text)))]


def _split(text: str, given: list[Value]) -> Value:
    most = whole_at(given, 1, len(text) + 1)
    if argument(given, 0) is UNDEFINED:
        return [text]
    separator = text_at(given, 0)
    pieces = text.split(separator) if separator else list(text)
    return [*pieces[:most]]


def _concat(this: Value, given: list[Value], budget: Budget) -> Value:
    text = "".join(to_text(value) for value in (this, *given))
    budget.spend(len(text))
    return text


def _repeat(this: Value, given: list[Value], budget: Budget) -> Value:
    text, times = to_text(this), whole_at(given, 0)
    if times < 0 or len(text) * times > MOST_CHARACTERS:
        raise failure(
            "RangeError", f"cannot repeat {len(text)} characters {times} times"
        )
    budget.spend(len(text) * times)
    return text * times


def _pad(*, at_start: bool) -> Method:
    def run(this: Value, given: list[Value], budget: Budget) -> Value:
        text, wanted, filler = to_text(this), whole_at(given, 0), text_at(given, 1, " ")
        missing = wanted - len(text)
        if missing <= 0 or not filler:
            return text
        if wanted > MOST_CHARACTERS:
            raise failure(
                "RangeError", f"a text has at most {MOST_CHARACTERS} characters"
            )
        budget.spend(wanted)
        padding = (filler * (missing // len(filler) + 1))[:missing]
        return padding + text if at_start else text + padding

    return run


def _replace(*, times: int) -> Method:
    def run(this: Value, given: list[Value], budget: Budget) -> Value:
        text, sought, by = to_text(this), text_at(given, 0), argument(given, 1)
        if isinstance(by, Function):
            replacement = to_text(by.invoke(UNDEFINED, [sought]))
        else:
            replacement = to_text(by)
        count = min(text.count(sought), times if times > 0 else len(text) + 1)
        budget.spend(len(text) + count * len(replacement))
        if len(text) + count * len(replacement) > MOST_CHARACTERS:
            raise failure(
                "RangeError", f"a text has at most {MOST_CHARACTERS} characters"
            )
        return text.replace(sought, replacement, times)

    return run


def _compare(text: str, given: list[Value]) -> Value:
    other = text_at(given, 0)
    return (text > other) - (text < other)


def _needs_pattern(name: str) -> Method:
    def run(this: Value, given: list[Value], budget: Budget) -> Value:
        del this, given, budget
        raise failure(
            "TypeError", f"{name} takes a regular expression, which is not supported"
        )

    return run


def _itself(this: Value, given: list[Value], budget: Budget) -> Value:
    del given, budget
    if not isinstance(this, str):
        raise failure("TypeError", f"expected a string, found {type_of(this)}")
    return this


STRING: Mapping[str, Method] = MappingProxyType({
    "at": _simple(_at),
    "charAt": _simple(_char_at),
    "charCodeAt": _simple(_code_at),
    "codePointAt": _simple(_code_at),
    "concat": _concat,
    "endsWith": _simple(_ends_with),
    "includes": _simple(_includes),
    "indexOf": _simple(_index_of),
    "lastIndexOf": _simple(_last_index_of),
    "localeCompare": _simple(_compare),
    "match": _needs_pattern("match"),
    "padEnd": _pad(at_start=False),
    "padStart": _pad(at_start=True),
    "repeat": _repeat,
    "replace": _replace(times=1),
    "replaceAll": _replace(times=-1),
    "search": _needs_pattern("search"),
    "slice": _simple(_slice),
    "split": _simple(_split),
    "startsWith": _simple(_starts_with),
    "substr": _simple(_substr),
    "substring": _simple(_substring),
    "toLowerCase": _simple(lambda text, _: text.lower()),
    "toString": _itself,
    "toUpperCase": _simple(lambda text, _: text.upper()),
    "trim": _simple(lambda text, _: text.strip()),
    "trimEnd": _simple(lambda text, _: text.rstrip()),
    "trimStart": _simple(lambda text, _: text.lstrip()),
    "valueOf": _itself,
})  # fmt: skip

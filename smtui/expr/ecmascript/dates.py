"""Date: an instant as programs see it, pure.

The laws of this file: `new Date()` is the instant of the step, the same however
often it is asked for, so that a replay sees it again; all times are UTC, so no
computer's zone changes what a machine does; a Date never changes. What a
variable keeps of it is its ISO 8601 text.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from smtui.expr.ecmascript.numerals import NAN, number_of_text
from smtui.expr.ecmascript.values import UNDEFINED, Function, Value, failure

__all__ = ["Date", "date_at"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_INVALID = "Invalid Date"
_CENTURY = 1900
"""What a year below 100 is counted from, as the language has it."""


class Date:
    """An instant, in whole milliseconds since 1970; NaN is none."""

    __slots__ = ("ms",)

    def __init__(self, ms: float) -> None:
        self.ms: int | float = NAN
        """As `getTime` gives it."""
        if math.isfinite(ms) and _instant(int(ms)) is not None:
            self.ms = int(ms)

    @classmethod
    def of_text(cls, text: str) -> "Date":
        """Return the instant of an ISO 8601 text, none for any other."""
        return cls(_of_text(text))

    @property
    def text(self) -> str:
        """As ISO 8601."""
        when = self.when
        if when is None:
            return _INVALID
        return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    @property
    def when(self) -> datetime | None:
        """The same instant, None for none."""
        return _instant(self.ms) if isinstance(self.ms, int) else None

    def member(self, name: str) -> Value:
        """Return a method, UNDEFINED when there is none."""
        if name in _TEXTS:
            return Function(name, lambda _, __: self._told(name))
        if name in {"getTime", "valueOf"}:
            return Function(name, lambda _, __: self.ms)
        part = _PARTS.get(name.replace("getUTC", "get"))
        if part is not None:
            return Function(name, lambda _, __: self._part(part))
        if name.startswith("set"):
            raise failure("TypeError", f"{name} is not here: make a new Date")
        return UNDEFINED

    def _part(self, part: Callable[[datetime], int]) -> Value:
        when = self.when
        return NAN if when is None else part(when)

    def _told(self, name: str) -> Value:
        if name == "toISOString" and self.when is None:
            raise failure("RangeError", "this Date is no time")
        return None if name == "toJSON" and self.when is None else self.text


_TEXTS = frozenset({"toISOString", "toJSON", "toString"})

_PARTS: Mapping[str, Callable[[datetime], int]] = MappingProxyType({
    "getFullYear": lambda when: when.year,
    "getMonth": lambda when: when.month - 1,
    "getDate": lambda when: when.day,
    "getDay": lambda when: when.isoweekday() % 7,
    "getHours": lambda when: when.hour,
    "getMinutes": lambda when: when.minute,
    "getSeconds": lambda when: when.second,
    "getMilliseconds": lambda when: when.microsecond // 1000,
    "getTimezoneOffset": lambda _: 0,
})  # fmt: skip


def date_at(now: float | None) -> Function:
    """Return `Date` for programs that run at an instant, in seconds since 1970.

    Where there is none asking for it throws TypeError.
    """

    def now_ms() -> float:
        if now is None:
            raise failure("TypeError", "nobody here can say what time it is")
        return round(now * 1000)

    def made(_: Value, given: list[Value]) -> Value:
        return Date(_ms(given) if given else now_ms())

    members: dict[str, Value] = {
        "UTC": Function("UTC", lambda _, given: Date(_of_parts(given)).ms),
        "now": Function("now", lambda _, __: now_ms()),
        "parse": Function("parse", lambda _, given: Date(_ms(given[:1])).ms),
    }
    return Function("Date", made, members=members)


def _ms(given: Sequence[Value]) -> float:
    """Return what one argument or several stand for."""
    if len(given) > 1:
        return _of_parts(given)
    match given[0] if given else UNDEFINED:
        case Date() as other:
            return other.ms
        case str() as text:
            return _of_text(text)
        case other:
            return _number(other)


def _of_text(text: str) -> float:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return NAN
    aware = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return (aware - _EPOCH) / _MS


def _of_parts(given: Sequence[Value]) -> float:
    """Return the instant of year, month from 0, day, hours and so on."""
    numbers = [_number(value) for value in given]
    if not numbers or not all(map(math.isfinite, numbers)):
        return NAN
    usual = [1970, 0, 1, 0, 0, 0, 0]
    whole = [int(number) for number in numbers[: len(usual)]]
    year, month, day, *rest = whole + usual[len(whole) :]
    if 0 <= year < 100:  # noqa: PLR2004 - two digits
        year += _CENTURY
    try:
        begun = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        hours, minutes, seconds, ms = rest
        span = timedelta(
            days=day - 1,
            hours=hours,
            minutes=minutes,
            seconds=seconds,
            milliseconds=ms,
        )
        return (begun + span - _EPOCH) / _MS
    except (OverflowError, ValueError):
        return NAN


def _number(value: Value) -> float:
    match value:
        case bool() | int() | float():
            return float(value)
        case str():
            return float(number_of_text(value))
        case None:
            return 0.0
        case _:
            return NAN


def _instant(ms: int) -> datetime | None:
    try:
        return _EPOCH + ms * _MS
    except OverflowError:
        return None

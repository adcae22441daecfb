"""Numbers as ECMAScript has them: doubles, their texts and their 32 bits.

Source: ECMA-262, Number::toString, StringToNumber, ToInt32.
"""

import math
import re
from decimal import Decimal

__all__ = [
    "DIGITS",
    "NAN",
    "as_float",
    "number_of_text",
    "number_text",
    "number_text_in",
    "to_int32",
    "to_uint32",
    "whole",
]

NAN = math.nan

MOST_EXACT = 2**53
"""Whole numbers up to here are exact in a double."""

_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)")
_RADIX = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

_MOST_PLAIN = 21
_LEAST_PLAIN = -6


def as_float(number: float) -> float:
    """Return the double nearest to a number; infinity when it is too large."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def whole(number: float) -> int | float:
    """Return a double in the one form we keep: an int when that is exact.

    Minus zero stays a double, for 1/-0 is not 1/0.
    """
    if number == 0:
        return number if math.copysign(1.0, number) < 0 else 0
    if number.is_integer() and abs(number) <= MOST_EXACT:
        return int(number)
    return number


def number_text(number: float) -> str:
    """Return a number as ECMAScript writes it in base 10."""
    if isinstance(number, int) and abs(number) <= MOST_EXACT:
        return str(number)
    double = as_float(number)
    if math.isnan(double):
        return "NaN"
    if math.isinf(double):
        return "Infinity" if double > 0 else "-Infinity"
    if double == 0:
        return "0"
    return ("-" if double < 0 else "") + _positive(abs(double))


def _positive(double: float) -> str:
    _, figures, exponent = Decimal(repr(double)).as_tuple()
    digits = "".join(map(str, figures)).rstrip("0")
    point = len(figures) + int(exponent)
    if len(digits) <= point <= _MOST_PLAIN:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _MOST_PLAIN:
        return f"{digits[:point]}.{digits[point:]}"
    if _LEAST_PLAIN < point <= 0:
        return f"0.{'0' * -point}{digits}"
    head = digits[0] + (f".{digits[1:]}" if digits[1:] else "")
    return f"{head}e{point - 1:+d}"


def number_text_in(number: float, radix: int) -> str:
    """Return the text in another base; parts below one to 52 places."""
    double = as_float(number)
    if not math.isfinite(double):
        return number_text(double)
    rest, count = abs(double), int(abs(double))
    rest -= count
    text = _whole_in(count, radix)
    if rest:
        text += "."
        for _ in range(52):
            rest *= radix
            text += DIGITS[int(rest)]
            rest -= int(rest)
            if not rest:
                break
    return ("-" if double < 0 else "") + text


def _whole_in(count: int, radix: int) -> str:
    digits = ""
    while count:
        count, digit = divmod(count, radix)
        digits = DIGITS[digit] + digits
    return digits or "0"


def number_of_text(text: str) -> int | float:
    """Return the number a text says, NaN when it says none."""
    bare = text.strip()
    if not bare:
        return 0
    if _RADIX.fullmatch(bare):
        return whole(as_float(int(bare, 0)))
    if _DECIMAL.fullmatch(bare):
        return whole(float(bare))
    if bare.lstrip("+-") == "Infinity" and len(bare) <= len("-Infinity"):
        return -math.inf if bare.startswith("-") else math.inf
    return NAN


def to_uint32(number: float) -> int:
    """Return the lowest 32 bits of the whole part; 0 for NaN and infinity."""
    double = as_float(number)
    if not math.isfinite(double):
        return 0
    return int(double) & 0xFFFF_FFFF


def to_int32(number: float) -> int:
    """Return the lowest 32 bits as a number with a sign."""
    bits = to_uint32(number)
    return bits - 2**32 if bits >= 2**31 else bits

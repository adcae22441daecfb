"""Messages to bytes and back: one JSON object a line, its class in `kind`.

Laws of this file:

- pure: bytes in, values out; who reads the socket decides what an error means
- what encode() writes, decode() gives back equal
- a key nobody knows is ignored (a newer program may say more), a key that is
  missing takes the default of the dataclass, a value of the wrong type is a
  WireError: the far side is not ours
- a line is bounded, so that a stranger cannot make us keep memory for ever
"""

import json
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import TypeAlias, cast, get_args, get_origin

from smtui.errors import WireError
from smtui.wire.messages import (
    Answer,
    Ask,
    Fleet,
    Frame,
    Hello,
    Message,
    Ready,
    Update,
)

__all__ = ["MAX_LINE_BYTES", "Decoder", "decode", "encode"]

MAX_LINE_BYTES = 4 * 1024 * 1024
"""A payload may have 1 MiB and JSON escapes at most double what is not text;
a Fleet of 1,000 machines has about 1 MiB."""

_KINDS: dict[str, type[Message]] = {
    "answer": Answer,
    "ask": Ask,
    "fleet": Fleet,
    "frame": Frame,
    "hello": Hello,
    "ready": Ready,
    "update": Update,
}
_NAMES = {cls: kind for kind, cls in _KINDS.items()}

_Read: TypeAlias = Callable[[object], object]


def encode(message: Message) -> bytes:
    """Return `message` as one line, newline included.

    Raises WireError when a value in it is no JSON or the line is too long.
    """
    document = {"kind": _NAMES[type(message)], **_shallow(message)}
    try:
        text = json.dumps(
            document, default=_shallow, separators=(",", ":"), allow_nan=False
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise WireError(
            f"{type(message).__name__} cannot be written as JSON: {error}"
        ) from error
    if len(text) >= MAX_LINE_BYTES:
        raise WireError(
            f"a {type(message).__name__} of {len(text)} bytes is longer than"
            f" the {MAX_LINE_BYTES} a line may have"
        )
    return text.encode("ascii") + b"\n"


def decode(line: bytes) -> Message:
    """Return the message in one line; raise WireError on anything else."""
    try:
        document: object = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"no JSON: {_cut(line)} ({error})") from error
    if not isinstance(document, dict):
        raise WireError(f"not a JSON object: {_cut(line)}")
    found = cast("dict[str, object]", document)
    kind = found.get("kind")
    message = _KINDS.get(kind) if isinstance(kind, str) else None
    if message is None:
        known = ", ".join(_KINDS)
        raise WireError(f"message kind {kind!r} is none of {known}")
    try:
        return cast("Message", _dataclass_reader(message)(found))
    except _BadValueError as error:
        raise WireError(f"{kind}{error}") from None


class Decoder:
    """Cut a stream into messages."""

    def __init__(self, limit: int = MAX_LINE_BYTES) -> None:
        self._limit = limit
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """Return the messages that `data` completes.

        Raises WireError on garbage or a line over the limit; the stream is
        then of no more use.
        """
        self._rest += data
        if b"\n" not in data:
            self._check(len(self._rest))
            return []
        *lines, rest = bytes(self._rest).split(b"\n")
        self._rest = bytearray(rest)
        for line in (*lines, rest):
            self._check(len(line))
        return [decode(line) for line in lines if line.strip()]

    def _check(self, size: int) -> None:
        if size > self._limit:
            raise WireError(f"a line of more than {self._limit} bytes (so far {size})")


# ------------------------------------------------------------- out


def _shallow(value: object) -> dict[str, object]:
    """Return one level of a dataclass; the JSON encoder asks for the next."""
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} is no JSON value")
    return {f.name: getattr(value, f.name) for f in fields(value)}


# ------------------------------------------------------------- in


class _BadValueError(Exception):
    """A value of the wrong type; the path grows on the way up."""


_MADE: dict[type, _Read] = {}
"""Readers of dataclasses met so far."""


def _dataclass_reader(cls: type) -> _Read:
    if cls not in _MADE:
        _MADE[cls] = _make_dataclass_reader(cls)
    return _MADE[cls]


def _make_dataclass_reader(cls: type) -> _Read:
    plan = [
        (f.name, _reader(f.type), _is_required(f))
        for f in fields(cls)  # pyright: ignore[reportArgumentType] - is one
    ]

    def read(value: object) -> object:
        if not isinstance(value, dict):
            raise _BadValueError(f": {_kind_of(value)} instead of an object")
        found = cast("dict[str, object]", value)
        given: dict[str, object] = {}
        for name, reader, is_required in plan:
            if name in found:
                try:
                    given[name] = reader(found[name])
                except _BadValueError as error:
                    raise _BadValueError(f".{name}{error}") from None
            elif is_required:
                raise _BadValueError(f".{name}: missing")
        return cls(**given)

    return read


def _is_required(field: Field[object]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _reader(hint: object) -> _Read:
    """Return the function that turns JSON into what `hint` says."""
    if isinstance(hint, str):  # the only quoted type in messages.py is Json
        return _same
    if isinstance(hint, UnionType):
        return _optional_reader(hint)
    origin = get_origin(hint)
    if origin is tuple:
        return _tuple_reader(get_args(hint))
    if origin is dict:
        return _checked(dict, "an object")
    if isinstance(hint, type):
        return _class_reader(hint)
    raise TypeError(f"messages.py uses {hint!r}, which the codec lacks")


def _class_reader(hint: type) -> _Read:
    if is_dataclass(hint):
        return _dataclass_reader(hint)
    if issubclass(hint, StrEnum):
        return _enum_reader(hint)
    return _SCALARS[hint]


def _same(value: object) -> object:
    return value


def _checked(wanted: type, words: str) -> _Read:
    def read(value: object) -> object:
        if isinstance(value, wanted):
            return value
        raise _BadValueError(f": {_kind_of(value)} instead of {words}")

    return read


def _whole(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _BadValueError(f": {_kind_of(value)} instead of a whole number")


def _number(value: object) -> object:
    if isinstance(value, float | int) and not isinstance(value, bool):
        return float(value)
    raise _BadValueError(f": {_kind_of(value)} instead of a number")


_SCALARS: dict[type, _Read] = {
    str: _checked(str, "a text"),
    bool: _checked(bool, "true or false"),
    int: _whole,
    float: _number,
}


def _enum_reader(wanted: type[StrEnum]) -> _Read:
    def read(value: object) -> object:
        try:
            return wanted(str(value))
        except ValueError:
            raise _BadValueError(f": no {wanted.__name__} {value!r}") from None

    return read


def _optional_reader(hint: UnionType) -> _Read:
    (wanted,) = (each for each in get_args(hint) if each is not NoneType)
    inner = _reader(wanted)
    return lambda value: None if value is None else inner(value)


def _tuple_reader(args: tuple[object, ...]) -> _Read:
    is_open = args[-1] is Ellipsis
    readers = [_reader(arg) for arg in args if arg is not Ellipsis]

    def read(value: object) -> object:
        if not isinstance(value, list):
            raise _BadValueError(f": {_kind_of(value)} instead of a list")
        items = cast("list[object]", value)
        if is_open:
            return tuple(readers[0](item) for item in items)
        if len(items) != len(readers):
            raise _BadValueError(f": {len(items)} items instead of {len(readers)}")
        pairs = zip(readers, items, strict=True)
        return tuple(reader(item) for reader, item in pairs)

    return read


def _kind_of(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:40]}..."  # noqa: PLR2004


def _cut(line: bytes) -> str:
    return repr(line if len(line) <= 80 else line[:80] + b"...")  # noqa: PLR2004

"""The values of an action's keys: checked when they are literal.

A text with a {placeholder} is known only when the action runs, so it may stand
anywhere. Names are taken as written (an unquoted `on` is text), data is taken
as YAML reads it.
"""

import re
from typing import assert_never

from smtui.definition import Json
from smtui.dialects.engine.keys import LOG_LEVELS, Kind
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table, plain, word
from smtui.dialects.notes import Notes, shown
from smtui.dialects.tables import MOST_SECONDS

__all__ = ["TRUE_WORDS", "is_template", "value_of"]

TRUE_WORDS = frozenset({"true", "1", "yes", "on"})
"""Texts a flag takes for true, in any case."""

_FLAG_WORDS = TRUE_WORDS | {"false", "0", "no", "off"}
_PLACEHOLDER = re.compile(r"\{[^{}]+\}")
_EXIT_CODE = re.compile(r"-?\d+\Z", re.ASCII)
_VARIABLE = re.compile(r"[\w.-]+(\s+as\s+\w+)?\Z")
_QUOTES = 'a placeholder needs quotes: "{name}"'


def is_template(node: Node) -> bool:
    """Say whether the node is text with a {placeholder} in it."""
    return isinstance(node, Scalar) and _PLACEHOLDER.search(node.text) is not None


def value_of(  # noqa: PLR0911 - a table of kinds, each with its reader
    kind: Kind, field: Field, type_: str, notes: Notes
) -> Json:
    """Return the value as the action gets it, noting what cannot be meant."""
    node = field.value
    if is_template(node):
        return plain(node)
    where = f"at {field.key!r} of {type_}"
    match kind:
        case Kind.JSON:
            return plain(node)
        case Kind.TEXT | Kind.NAME | Kind.EVENT:
            return _text(node, where, kind, notes)
        case Kind.EVENTS | Kind.NAMES | Kind.TEXTS | Kind.VARIABLES:
            return _texts(node, where, kind, notes)
        case Kind.SECONDS | Kind.COUNT:
            return _number(node, where, kind, notes)
        case Kind.FLAG | Kind.SWITCH:
            return _flag(node, where, kind, notes)
        case Kind.CODES:
            return _codes(node, where, notes)
        case Kind.LEVEL:
            return _choice(node, where, LOG_LEVELS, notes)
        case Kind.ON_CRASH:
            return _on_crash(node, where, notes)
        case _:
            assert_never(kind)


def _wrong(node: Node, where: str, expected: str, notes: Notes, hint: str = "") -> None:
    if not hint and isinstance(node, Table) and len(node.fields) == 1:
        hint = _QUOTES
    notes.error(
        node.at,
        "wrong-type",
        f"found {word(node)} {where}, expected {expected}",
        hint,
    )


def _text(node: Node, where: str, kind: Kind, notes: Notes) -> Json:
    match node:
        case Scalar(value=None):
            return None
        case Scalar(text=text):
            return text
        case _:
            _wrong(node, where, kind.value, notes)
            return plain(node)


def _texts(node: Node, where: str, kind: Kind, notes: Notes) -> Json:
    match node:
        case Items(items=items):
            return [_listed(item, where, kind, notes) for item in items]
        case Scalar(value=None):
            return None
        case Scalar(text=text) if kind in {Kind.EVENTS, Kind.NAMES}:
            return text
        case _:
            _wrong(node, where, kind.value, notes)
            return plain(node)


def _listed(node: Node, where: str, kind: Kind, notes: Notes) -> Json:
    match node:
        case Scalar(value=None) | Items() | Table():
            _wrong(node, where, kind.value, notes)
            return plain(node)
        case Scalar(text=text):
            if kind is Kind.VARIABLES and not is_template(node):
                _variable(node, where, notes)
            return text
        case _:
            assert_never(node)


def _variable(node: Scalar, where: str, notes: Notes) -> None:
    if _VARIABLE.match(node.text) is None:
        _wrong(node, where, "`path` or `path as name`", notes)


def _number(node: Node, where: str, kind: Kind, notes: Notes) -> Json:
    match node:
        case Scalar(value=None):
            return None
        case Scalar(value=bool()):
            pass
        case Scalar(value=int() as count) if 0 <= count < MOST_SECONDS:
            return count
        case Scalar(value=float() as number) if (
            kind is Kind.SECONDS and 0 <= number < MOST_SECONDS
        ):
            return number
        case _:
            pass
    hint = ""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        hint = _number_hint(node.text)
    _wrong(node, where, kind.value, notes, hint)
    return plain(node)


def _number_hint(text: str) -> str:
    found = re.match(r"(\d+(?:\.\d+)?)\s*([a-z]*)\Z", text.strip())
    if found is None:
        return ""
    number, unit = found.groups()
    factor = {
        "": 1.0,
        "s": 1.0,
        "sec": 1.0,
        "ms": 0.001,
        "m": 60.0,
        "min": 60.0,
        "h": 3600.0,
    }
    if unit not in factor:
        return ""
    return f"write {float(number) * factor[unit]:g}"


def _flag(node: Node, where: str, kind: Kind, notes: Notes) -> Json:
    match node:
        case Scalar(value=(None | bool()) as value):
            return value
        case Scalar(text=text) if kind is Kind.FLAG and text.lower() in _FLAG_WORDS:
            return text
        case _:
            _wrong(node, where, kind.value, notes)
            return False


def _codes(node: Node, where: str, notes: Notes) -> Json:
    match node:
        case Scalar(value=None):
            return None
        case Table(fields=fields):
            found: dict[str, Json] = {}
            for code in fields:
                if _EXIT_CODE.match(code.key) is None:
                    notes.warning(
                        code.at,
                        "never-matches",
                        f"found {shown(code.key)} {where}, expected an exit code",
                        "0 to 255",
                    )
                found[code.key] = _text(code.value, where, Kind.EVENT, notes)
            return found
        case _:
            _wrong(node, where, Kind.CODES.value, notes, "error_mappings: {3: event}")
            return plain(node)


def _choice(node: Node, where: str, known: tuple[str, ...], notes: Notes) -> Json:
    text = _text(node, where, Kind.LEVEL, notes)
    if isinstance(text, str) and text.lower() not in known:
        notes.warning(
            node.at,
            "unknown-level",
            f"found {shown(text)} {where}, expected one of {', '.join(known)}",
            notes.hint(text, known),
        )
    return text


def _on_crash(node: Node, where: str, notes: Notes) -> Json:
    text = _text(node, where, Kind.ON_CRASH, notes)
    known = ("rerun", "error")
    if isinstance(text, str) and text not in known:
        _wrong(node, where, Kind.ON_CRASH.value, notes, notes.hint(text, known))
    return text

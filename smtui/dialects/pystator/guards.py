"""Guards of transitions, and the conditions of actions."""

import re

from smtui.definition import Guard
from smtui.definition.guards import (
    AllOf,
    AnyOf,
    CheckOp,
    ExprGuard,
    FieldGuard,
    NamedGuard,
    NotGuard,
)
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table, plain, word
from smtui.dialects.notes import shown
from smtui.dialects.peers import read_peer_guard
from smtui.dialects.pystator.keys import Place
from smtui.dialects.pystator.reading import Reading, is_nothing

__all__ = ["check_of", "read_condition", "read_guards"]

_KINDS = ("name", "expr", "check", "allOf", "anyOf", "not", "peer")
_WITHOUT_VALUE = frozenset({CheckOp.IS_SET, CheckOp.IS_NULL})
_OF_LISTS = frozenset({CheckOp.IN, CheckOp.NOT_IN})
_OF_TEXT = frozenset({CheckOp.STARTS_WITH, CheckOp.ENDS_WITH, CheckOp.MATCHES})
_OPS = tuple(op.value for op in CheckOp)


def read_guards(reading: Reading, field: Field | None, where: str) -> Guard | None:
    """Return the guard that all of a list make, None for none."""
    if field is None:
        return None
    found = _several(reading, field, where)
    if not found:
        return None
    return found[0] if len(found) == 1 else AllOf(found)


def _several(reading: Reading, field: Field, where: str) -> tuple[Guard, ...]:
    at = f"at {field.key!r} {where}"
    read = [_guard(reading, node, at) for node in reading.listed(field)]
    return tuple(guard for guard in read if guard is not None)


def _guard(  # noqa: PLR0911 - one arm a kind
    reading: Reading, node: Node, where: str
) -> Guard | None:
    if isinstance(node, Items):
        reading.reader.wrong(node, where, "a guard", "write `allOf:` before the list")
        return None
    if isinstance(node, Scalar):
        name = reading.function(node, where)
        return NamedGuard(name, node.at) if name else None
    fields = reading.fields(node, Place.GUARD, f"in a guard {where}")
    kinds = [key for key in _KINDS if key in fields]
    if not kinds and reading.is_strange(node, Place.GUARD):
        return None
    if len(kinds) != 1:
        found = ", ".join(kinds) or "none"
        reading.notes.error(
            node.at,
            "bad-guard",
            f"found {found} in a guard {where}, expected one of {', '.join(_KINDS)}",
        )
        return None
    field = fields[kinds[0]]
    at = f"at {field.key!r} of a guard"
    match field.key:
        case "name":
            name = reading.function(field.value, at)
            params = reading.table(fields.get("params"), "of a guard")
            return NamedGuard(name, node.at, params) if name else None
        case "expr":
            return _expression(reading, field.value, at)
        case "check":
            return _check(reading, field.value, at)
        case "peer":
            notes = reading.notes
            return read_peer_guard(node, fields, reading.peers, notes, "in a guard")
        case kind:
            return _composed(reading, kind, field)


def _composed(reading: Reading, kind: str, field: Field) -> Guard | None:
    inner = _several(reading, field, "of a guard")
    if not inner:
        if isinstance(field.value, Items) and not field.value.items:
            reading.reader.wrong(field.value, f"at {kind!r} of a guard", "guards")
        return None
    if kind == "anyOf":
        return AnyOf(inner)
    whole = inner[0] if len(inner) == 1 else AllOf(inner)
    return NotGuard(whole) if kind == "not" else AllOf(inner)


def _expression(reading: Reading, node: Node, where: str) -> Guard | None:
    expression = reading.expression(node, where)
    return None if expression is None else ExprGuard(expression)


def _check(reading: Reading, node: Node, where: str) -> Guard | None:
    if not isinstance(node, Table):
        reading.reader.wrong(node, where, "{field, op, value}")
        return None
    return check_of(reading, node, reading.fields(node, Place.CHECK, where), where)


def check_of(
    reading: Reading, node: Table, fields: dict[str, Field], where: str
) -> Guard | None:
    """Return the comparison of a field that the fields of a mapping make."""
    field = reading.text(fields.get("field"), where)
    op = _op(reading, fields.get("op"), where)
    if not field or op is None:
        return None
    given = [fields[key] for key in ("value", "values") if key in fields]
    if op in _WITHOUT_VALUE:
        return FieldGuard(field, op, None, node.at)
    if len(given) != 1:
        reading.notes.error(
            node.at,
            "bad-check",
            f"found {'both `value` and `values`' if given else 'no `value`'} {where}, "
            f"expected one for {op.value}",
        )
        return None
    value = given[0].value
    if not _fits(op, value):
        reading.reader.wrong(
            value, f"at {given[0].key!r} {where}", f"{_expected(op)} for {op.value}"
        )
        return None
    return FieldGuard(field, op, plain(value), node.at)


def _op(reading: Reading, field: Field | None, where: str) -> CheckOp | None:
    if field is None:
        return None
    text = field.value.text if isinstance(field.value, Scalar) else ""
    if text in _OPS:
        return CheckOp(text)
    reading.notes.error(
        field.value.at,
        "unknown-op",
        f"found {word(field.value)} at 'op' {where}, "
        f"expected one of {', '.join(sorted(_OPS))}",
        reading.notes.hint(text, _OPS),
    )
    return None


def _fits(op: CheckOp, node: Node) -> bool:
    if op in _OF_LISTS:
        return isinstance(node, Items)
    if op not in _OF_TEXT:
        return True
    if not isinstance(node, Scalar) or is_nothing(node):
        return False
    if op is CheckOp.MATCHES:
        try:
            re.compile(node.text)
        except re.error:
            return False
    return True


def _expected(op: CheckOp) -> str:
    if op in _OF_LISTS:
        return "a list"
    return "a regular expression" if op is CheckOp.MATCHES else "text"


def read_condition(reading: Reading, field: Field | None, where: str) -> Guard | None:
    """Return the `when` of an action: an expression, a check, or a list of them."""
    if field is None:
        return None
    at = f"at {field.key!r} {where}"
    read = [_condition(reading, node, at) for node in reading.listed(field)]
    found = tuple(guard for guard in read if guard is not None)
    if not found:
        return None
    return found[0] if len(found) == 1 else AllOf(found)


def _condition(reading: Reading, node: Node, where: str) -> Guard | None:
    if isinstance(node, Scalar):
        return _expression(reading, node, where)
    if isinstance(node, Table) and node.get("field") is not None:
        return _check(reading, node, where)
    if isinstance(node, Table):
        return _guard(reading, node, where)
    reading.reader.wrong(
        node, where, f"an expression or a check, like {shown('n > 5')}"
    )
    return None

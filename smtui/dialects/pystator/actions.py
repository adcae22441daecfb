"""Actions: names of functions, and effects on the data."""

from smtui.definition import Block, Expression, Json, Language, Position
from smtui.definition.content import Assign, Branch, Call, Change, ChangeOp, Content, If
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table, plain
from smtui.dialects.pystator.guards import read_condition
from smtui.dialects.pystator.keys import Place
from smtui.dialects.pystator.performed import (
    read_code,
    read_http,
    read_terms,
    warn_of_terms,
)
from smtui.dialects.pystator.reading import Reading

__all__ = ["read_actions"]

_KINDS = (
    "name",
    "set",
    "timestamp",
    "increment",
    "decrement",
    "append",
    "clear",
    "compute",
    "branch",
    "custom",
    "http",
    "code",
)
_WITH_TERMS = frozenset({"name", "custom", "http", "code"})


def read_actions(reading: Reading, field: Field | None, where: str) -> Block:
    """Return what a list of actions does, in its order."""
    if field is None:
        return ()
    at = f"at {field.key!r} {where}"
    return tuple(
        content
        for node in reading.listed(field)
        for content in _action(reading, node, at)
    )


def _action(reading: Reading, node: Node, where: str) -> Block:
    if isinstance(node, Items):
        reading.reader.wrong(node, where, "an action")
        return ()
    if isinstance(node, Scalar):
        name = reading.function(node, where)
        return (Call(name, node.at),) if name else ()
    fields = reading.fields(node, Place.ACTION, f"in an action {where}")
    kinds = [key for key in _KINDS if key in fields]
    if len(kinds) != 1:
        if kinds or not reading.is_strange(node, Place.ACTION):
            found = ", ".join(kinds) or "none"
            reading.notes.error(
                node.at,
                "bad-action",
                f"found {found} in one action {where}, "
                f"expected one of {', '.join(_KINDS)}",
                "write `- ` before each of them" if kinds else "",
            )
        return ()
    if kinds[0] not in _WITH_TERMS:
        warn_of_terms(reading, fields, kinds[0])
    done = _done(reading, kinds[0], fields, node)
    guard = read_condition(reading, fields.get("when"), "of an action")
    if guard is None or not done:
        return done
    return (If((Branch(guard, done),), node.at),)


def _done(  # noqa: PLR0911 - one arm a kind
    reading: Reading, kind: str, fields: dict[str, Field], node: Table
) -> Block:
    field = fields[kind]
    where = f"at {kind!r} of an action"
    match kind:
        case "name":
            params = reading.table(fields.get("params"), "of an action")
            name = reading.function(field.value, where)
            terms = read_terms(reading, fields, "of an action")
            return (Call(name, node.at, params, terms),) if name else ()
        case "custom":
            return _custom(reading, fields, where, node.at)
        case "http":
            return read_http(reading, field, fields, node.at)
        case "code":
            return read_code(reading, field, fields, node.at)
        case "set":
            values = reading.table(field, "of an action")
            return tuple(
                Change(ChangeOp.SET, key, node.at, value)
                for key, value in values.items()
            )
        case "append":
            return _append(reading, field.value, where, node.at)
        case "compute":
            return _compute(reading, field, node.at)
        case "branch":
            return _branch(reading, field.value, where, node.at)
        case _:
            name = _field(reading, field.value, where)
            return (Change(ChangeOp(kind), name, node.at),) if name else ()


def _field(reading: Reading, node: Node, where: str) -> str:
    if isinstance(node, Scalar) and node.value is not None and node.text:
        return node.text
    reading.reader.wrong(node, where, "the name of a field of the data")
    return ""


def _table(reading: Reading, node: Node, place: Place, where: str) -> dict[str, Field]:
    table = reading.reader.table(node, where)
    return {} if table is None else reading.fields(table, place, where)


def _append(reading: Reading, node: Node, where: str, at: Position) -> Block:
    fields = _table(reading, node, Place.APPEND, where)
    if not {"field", "value"} <= fields.keys():
        return ()
    value: Json = plain(fields["value"].value)
    name = _field(reading, fields["field"].value, f"at 'field' {where}")
    return (Change(ChangeOp.APPEND, name, at, value),) if name else ()


def _custom(
    reading: Reading, outer: dict[str, Field], where: str, at: Position
) -> Block:
    terms = read_terms(reading, outer, "of an action")
    fields = _table(reading, outer["custom"].value, Place.CUSTOM, where)
    if "name" not in fields:
        return ()
    name = reading.function(fields["name"].value, f"at 'name' {where}")
    params = reading.table(fields.get("params"), where)
    return (Call(name, at, params, terms),) if name else ()


def _compute(reading: Reading, field: Field, at: Position) -> Block:
    table = reading.reader.table(field.value, "at 'compute' of an action")
    found: list[Content] = []
    for each in table.fields if table is not None else ():
        value = reading.expression(each.value, f"at {each.key!r} of compute")
        if not each.key.isidentifier():
            reading.notes.error(
                each.at,
                "bad-name",
                f"found {each.key!r} in compute, expected the name of a field",
            )
        elif value is not None:
            location = Expression(Language.PYEXPR, each.key, each.at)
            found.append(Assign(location, value, at))
    return tuple(found)


def _branch(reading: Reading, node: Node, where: str, at: Position) -> Block:
    fields = _table(reading, node, Place.BRANCH, where)
    guard = read_condition(reading, fields.get("when"), where)
    if guard is None:
        return ()
    yes = Branch(guard, read_actions(reading, fields.get("then"), where))
    no = Branch(None, read_actions(reading, fields.get("else"), where))
    # two branches always: one alone is an action with a condition of its own
    return (If((yes, no), at),)

"""Conditions on data alone: `when` of states, invariants, classification.

PyStator 0.0.47's WhenCheck: a check of one field, or any_of, all_of and negate
of such. They ask no author's code, so whoever has the data can decide them.
"""

from smtui.definition import Classification, Guard, Invariant
from smtui.definition.guards import AllOf, AnyOf, NotGuard
from smtui.dialects.nodes import Field, Items, Node, Table
from smtui.dialects.pystator.guards import check_of
from smtui.dialects.pystator.keys import Place
from smtui.dialects.pystator.reading import Named, Reading

__all__ = ["read_classification", "read_invariants", "read_when"]

_COMPOSED = ("all_of", "any_of", "negate")
_CHECK = frozenset({"field", "op", "value", "values"})


def read_when(reading: Reading, field: Field | None, where: str) -> Guard | None:
    """Return the `when` of a state: all of a list must hold."""
    if field is None:
        return None
    found = _several(reading, field, where)
    if not found:
        return None
    return found[0] if len(found) == 1 else AllOf(found)


def read_invariants(reading: Reading, field: Field | None) -> tuple[Invariant, ...]:
    """Return the invariants in the order of the file."""
    found: list[Invariant] = []
    for table in reading.tables(field, ""):
        fields = reading.fields(table, Place.INVARIANT, "in an invariant")
        guard = _condition(reading, table, fields, "in an invariant")
        if guard is None:
            continue
        description = reading.text(fields.get("description"), "in an invariant")
        field_name = reading.text(fields.get("field"), "in an invariant")
        name = reading.text(fields.get("name"), "in an invariant")
        label = name or description or field_name or "context_invariant"
        found.append(Invariant(label, guard, table.at, description))
    return tuple(found)


def _several(reading: Reading, field: Field, where: str) -> tuple[Guard, ...]:
    at = f"at {field.key!r} {where}"
    nodes = reading.listed(field)
    if isinstance(field.value, Items) and not nodes:
        reading.reader.wrong(field.value, at, "at least one check")
    read = [_item(reading, node, at) for node in nodes]
    return tuple(guard for guard in read if guard is not None)


def _item(reading: Reading, node: Node, where: str) -> Guard | None:
    if not isinstance(node, Table):
        hint = "a list of checks is `all_of`" if isinstance(node, Items) else ""
        reading.reader.wrong(node, where, "{field, op, value}", hint)
        return None
    fields = reading.fields(node, Place.WHEN, where)
    return _condition(reading, node, fields, where)


def _condition(
    reading: Reading, table: Table, fields: dict[str, Field], where: str
) -> Guard | None:
    """Return the one condition a mapping holds: a check, or some composed."""
    kinds = [key for key in ("check", *_COMPOSED) if key in fields]
    if _CHECK & fields.keys():
        kinds.insert(0, "field")
    if len(kinds) != 1:
        if kinds or not _is_strange(table):
            reading.notes.error(
                table.at,
                "bad-check",
                f"found {' and '.join(kinds) or 'no condition'} {where}, expected one "
                "of field and op, all_of, any_of, negate",
            )
        return None
    kind = kinds[0]
    if kind == "field":
        return _plain(reading, table, fields, where)
    field = fields[kind]
    if kind in {"check", "negate"}:
        inner = _item(reading, field.value, f"at {kind!r} {where}")
        return NotGuard(inner) if inner is not None and kind == "negate" else inner
    several = _several(reading, field, where)
    if not several:
        return None
    return AnyOf(several) if kind == "any_of" else AllOf(several)


def _is_strange(table: Table) -> bool:
    """Say whether a mapping has keys that are noted as unknown already."""
    known = {"name", "description", "check", *_COMPOSED, *_CHECK}
    return any(field.key not in known for field in table.fields)


def _plain(
    reading: Reading, table: Table, fields: dict[str, Field], where: str
) -> Guard | None:
    for key in ("field", "op"):
        if key not in fields:
            reading.reader.missing(table.at, key, where, "{field, op, value}")
            return None
    return check_of(reading, table, fields, where)


def read_classification(
    reading: Reading, field: Field | None
) -> tuple[Classification | None, Named | None]:
    """Return how data finds its state, and the default state where it stands."""
    where = "in 'classification'"
    if field is None:
        return None, None
    table = reading.reader.table(field.value, "at 'classification'")
    if table is None:
        return None, None
    fields = reading.fields(table, Place.CLASSIFICATION, where)
    default = reading.named(fields.get("default_state"), where)
    usual = Classification()
    found = Classification(
        auto_route=reading.flag(fields.get("auto_route"), where),
        entity_id_field=reading.text(fields.get("entity_id_field"), where)
        or usual.entity_id_field,
        timestamp_field=reading.text(fields.get("timestamp_field"), where),
        source=reading.text(fields.get("source"), where) or usual.source,
        default_state="" if default is None else default.text,
    )
    return found, default

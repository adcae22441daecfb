"""What a definition says beside its states and transitions."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import NamedTuple

from smtui.definition import (
    PYSTATOR,
    Checking,
    Classification,
    ErrorPolicy,
    EventSpec,
    Expression,
    Json,
    Language,
    Normalizer,
    Position,
    Semantics,
    Strays,
    Variable,
)
from smtui.dialects.names import name_problem
from smtui.dialects.nodes import Field, Scalar, Table, plain
from smtui.dialects.notes import shown
from smtui.dialects.pystator.keys import TABLES, VARIABLE_TYPES, Place
from smtui.dialects.pystator.reading import Named, Reading, is_nothing
from smtui.dialects.pystator.whens import read_classification
from smtui.dialects.tables import SURE

__all__ = [
    "Header",
    "Policy",
    "read_events",
    "read_groups",
    "read_meta",
    "read_policy",
    "read_variables",
]


class Header(NamedTuple):
    """What `meta:` says."""

    name: str
    name_at: Position | None
    version: str
    description: str
    semantics: Semantics
    metadata: dict[str, Json]
    classification: Classification | None = None
    default_state: Named | None = None
    """Of the classification, where it stands."""


class Policy(NamedTuple):
    """What `error_policy:` says."""

    retry_attempts: int
    fallback: Named | None


def read_meta(reading: Reading, field: Field | None, file: str) -> Header:
    """Return the machine's name and rules; other keys are kept for programs."""
    stem = PurePath(file).stem
    where = "in 'meta'"
    table = None if field is None else reading.reader.table(field.value, "at 'meta'")
    if table is None:
        return Header(stem, None, "", "", PYSTATOR, {})
    fields = reading.fields(_known(reading, table), Place.META, where)
    given = fields.get("machine_name")
    name = reading.text(given, where) or stem
    problem = name_problem(name) if given is not None else ""
    if problem and given is not None:
        reading.notes.error(
            given.value.at, "bad-name", f"found the machine name {problem}"
        )
    is_strict = reading.flag(fields.get("strict_mode"), where, usual=True)
    checks = reading.flag(fields.get("validate_context"), where)
    rejects = reading.flag(fields.get("reject_invalid_events"), where, usual=is_strict)
    _check_later(reading, fields)
    normalizer = reading.choice(
        fields.get("event_normalizer"), where, ("lower", "upper")
    )
    version = reading.text(fields.get("version"), where)
    classification, default_state = read_classification(
        reading, fields.get("classification")
    )
    metadata = {each.key: plain(each.value) for each in table.fields}
    metadata |= {"strict_mode": is_strict, "validate_context": checks}
    if version:
        metadata["version"] = version
    return Header(
        name=name,
        name_at=None if given is None else given.value.at,
        version=version,
        description=reading.text(fields.get("description"), where),
        semantics=replace(
            PYSTATOR,
            is_strict=rejects,
            normalizer=Normalizer(normalizer),
            checking=Checking.ASKED if checks else Checking.OFF,
            strays=_strays(reading, fields.get("orchestrator_default_fallback")),
        ),
        metadata=metadata,
        classification=classification,
        default_state=default_state,
    )


def _known(reading: Reading, table: Table) -> Table:
    """Return `meta` without its author's own keys: those like no known one."""
    known = TABLES[Place.META]
    own = tuple(
        field
        for field in table.fields
        if field.key in known or reading.notes.closest(field.key, known, SURE)
    )
    return replace(table, fields=own)


def _check_later(reading: Reading, fields: Mapping[str, Field]) -> None:
    """Note what 0.0.47 lets a machine ask for, and is not done here."""
    where = "in 'meta'"
    strict = fields.get("strict_guard_registry")
    if strict is not None and not reading.flag(strict, where, usual=True):
        reading.notes.warning(
            strict.at,
            "not-done",
            "found `strict_guard_registry: false`, but a guard that no Python "
            "function is bound to is an error here",
            "bind it to a function that returns True",
        )


def _strays(reading: Reading, field: Field | None) -> Strays:
    """Return what becomes of events nothing takes; true and false are words too."""
    value = field.value.value if field and isinstance(field.value, Scalar) else None
    if isinstance(value, bool):
        return Strays.PERSIST if value else Strays.OFF
    known = tuple(each.value for each in Strays)
    return Strays(reading.choice(field, "in 'meta'", known) or Strays.OFF)


def read_policy(reading: Reading, field: Field | None) -> Policy:
    """Return what happens when an author's action fails."""
    where = "at 'error_policy'"
    table = None if field is None else reading.reader.table(field.value, where)
    if table is None:
        return Policy(0, None)
    fields = reading.fields(table, Place.POLICY, where)
    return Policy(
        reading.whole(fields.get("retry_attempts"), where, least=0),
        reading.named(fields.get("default_fallback"), where),
    )


def policy_of(policy: Policy) -> ErrorPolicy:
    """Return the policy as the chart follows it."""
    fallback = "" if policy.fallback is None else policy.fallback.text
    return ErrorPolicy(policy.retry_attempts, fallback)


def read_groups(reading: Reading, field: Field | None) -> dict[str, str] | None:
    """Return the groups with their descriptions; None when none are declared."""
    if field is None:
        return None
    table = reading.reader.table(field.value, "at 'groups'")
    found: dict[str, str] = {}
    for each in table.fields if table is not None else ():
        about = each.value.get("description") if isinstance(each.value, Table) else None
        found[each.key] = reading.text(about, "in 'groups'")
    return found


def read_variables(reading: Reading, field: Field | None) -> tuple[Variable, ...]:
    """Return the declared fields of the data."""
    where = "in 'state_variables'"
    found: dict[str, Variable] = {}
    items = (
        ()
        if field is None
        else reading.reader.items(field.value, "at 'state_variables'")
    )
    for node in items:
        if isinstance(node, Scalar) and not is_nothing(node):
            variable = Variable(node.text, node.at)
        elif isinstance(node, Table):
            variable = _variable(reading, node, where)
        else:
            reading.reader.wrong(node, where, "a key, or a mapping with a key")
            continue
        first = found.setdefault(variable.key, variable)
        if first is not variable and variable.key:
            reading.notes.error(
                variable.at,
                "duplicate",
                f"found the variable {shown(variable.key)} a second time",
                f"the first is in line {first.at.line}",
            )
    return tuple(found.values())


def _variable(reading: Reading, table: Table, where: str) -> Variable:
    fields = reading.fields(table, Place.VARIABLE, where)
    default = fields.get("default")
    value = None if default is None else plain(default.value)
    return Variable(
        key=reading.text(fields.get("key"), where),
        at=fields["key"].value.at if "key" in fields else table.at,
        type=reading.choice(fields.get("type"), where, VARIABLE_TYPES),
        required=reading.flag(fields.get("required"), where),
        default=None
        if default is None or value is None
        else Expression(Language.LITERAL, repr(value), default.value.at, value),
        description=reading.text(fields.get("description"), where),
    )


def read_events(reading: Reading, field: Field | None) -> tuple[EventSpec, ...]:
    """Return the declared events: names, mappings with one, or a mapping by name."""
    if field is None:
        return ()
    if isinstance(field.value, Table):
        return tuple(EventSpec(each.key, each.at) for each in field.value.fields)
    found: dict[str, EventSpec] = {}
    for node in reading.reader.items(field.value, "at 'events'"):
        name = node
        if isinstance(node, Table):
            given = reading.fields(node, Place.EVENT, "in 'events'").get("name")
            if given is None:
                continue
            name = given.value
        text = reading.event(name, "in 'events'")
        if text:
            found.setdefault(text, EventSpec(text, node.at))
    return tuple(found.values())

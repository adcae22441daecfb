"""Which dialect a text is written in, decided by its shape alone.

A dialect that is not built yet is recognised too, so that its file is named as
what it is and not called broken.
"""

import re
from enum import StrEnum
from pathlib import PurePath

from smtui.dialects.nodes import Items, Node, Table

__all__ = ["BUILT", "Dialect", "recognise_node", "recognise_suffix"]


class Dialect(StrEnum):
    """The languages a definition may be written in."""

    ENGINE = "engine"
    PYSTATOR = "pystator"
    ASL = "asl"
    SCXML = "scxml"
    PYTHON = "python"


BUILT = frozenset({Dialect.ENGINE, Dialect.PYSTATOR, Dialect.PYTHON, Dialect.SCXML})

_ORCHESTRATOR = re.compile(r"^class\s+\w+\s*\([^)]*\bOrchestrator\b", re.MULTILINE)


def recognise_suffix(text: str, file: str) -> Dialect | None:
    """Return the dialect a file's ending tells, None when it must be parsed."""
    match PurePath(file).suffix.lower():
        case ".scxml":
            return Dialect.SCXML
        case ".py" if _ORCHESTRATOR.search(text):
            return Dialect.PYTHON
        case _:
            return None


def recognise_node(node: Node) -> Dialect | None:
    """Return the dialect of a parsed text, None when it is no definition."""
    if not isinstance(node, Table):
        return None
    keys = {field.key for field in node.fields}
    if "initial_state" in keys or _has_arrows(node):
        return Dialect.ENGINE
    if {"StartAt", "States"} <= keys:
        return Dialect.ASL
    if _lists_mappings(node, "states") or _is_pystator(node, keys):
        return Dialect.PYSTATOR
    return None


def _is_pystator(table: Table, keys: set[str]) -> bool:
    """Say whether a definition without a single state is one of PyStator."""
    meta = table.get("meta")
    return "states" in keys and meta is not None and isinstance(meta.value, Table)


def _has_arrows(table: Table) -> bool:
    field = table.get("transitions")
    if field is None or not isinstance(field.value, Items):
        return False
    return any(
        isinstance(item, Table) and {f.key for f in item.fields} & {"from", "to"}
        for item in field.value.items
    )


def _lists_mappings(table: Table, key: str) -> bool:
    field = table.get(key)
    return (
        field is not None
        and isinstance(field.value, Items)
        and any(isinstance(item, Table) for item in field.value.items)
    )

"""The front door: any text -> Loaded. Never raises for a bad text."""

from pathlib import PurePath

from smtui.definition import Position
from smtui.dialects.engine import read_engine
from smtui.dialects.loaded import Loaded
from smtui.dialects.nodes import Scalar, Table, word
from smtui.dialects.notes import Notes
from smtui.dialects.recognise import BUILT, Dialect, recognise_node, recognise_suffix
from smtui.dialects.scxml import read_scxml
from smtui.dialects.yaml_reader import parse_yaml

__all__ = ["load_text"]


def load_text(text: str, file: str, *, custom: frozenset[str] = frozenset()) -> Loaded:
    """Read a definition in any dialect and report everything wrong with it.

    `file` names it in positions, and its stem is the machine's name when the
    text gives none. `custom` are the action types for which an author's file
    exists: keys of such an action are not checked, even where the type is a
    built-in one. Raises nothing for any text.
    """
    start = Position(file, 1, 1)
    notes = Notes()
    dialect = recognise_suffix(text, file)
    if dialect is not None:
        return _of_suffix(dialect, text, file, notes)
    if PurePath(file).suffix.lower() == ".py":
        notes.error(
            start, "not-a-machine", "found Python without an Orchestrator class"
        )
        return Loaded(None, notes.sorted())
    parsed = parse_yaml(text.removeprefix("\ufeff"), file)
    notes.extend(parsed.problems)
    node = parsed.node
    if node is None or (isinstance(node, Scalar) and node.value is None):
        if not parsed.problems:
            notes.error(
                start,
                "empty-file",
                "found nothing, expected the definition of a machine",
                "`smtui new worker NAME` writes one to start from",
            )
        return Loaded(None, notes.sorted())
    dialect = recognise_node(node)
    if dialect is None or not isinstance(node, Table):
        notes.error(
            node.at,
            "not-a-machine",
            f"found {word(node)} that defines no machine",
            "a definition has `initial_state:` and `transitions:`",
        )
        return Loaded(None, notes.sorted())
    if dialect not in BUILT:
        return _not_built(dialect, node.at)
    return read_engine(node, text, file, custom, notes)


def _of_suffix(dialect: Dialect, text: str, file: str, notes: Notes) -> Loaded:
    if dialect is Dialect.SCXML:
        return read_scxml(text.removeprefix("\ufeff"), file, notes)
    return _not_built(dialect, Position(file, 1, 1))


def _not_built(dialect: Dialect, at: Position) -> Loaded:
    notes = Notes()
    notes.error(
        at,
        "dialect-not-built",
        f"found a definition in the dialect {dialect.value!r}, "
        "which this version cannot run yet",
        f"it runs: {', '.join(sorted(BUILT))}",
    )
    return Loaded(None, notes.sorted(), dialect)

"""The front door: any text -> Loaded. Never raises for a bad text."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import NamedTuple

from smtui.definition import Position, Problem
from smtui.dialects.engine import read_engine
from smtui.dialects.loaded import Loaded
from smtui.dialects.nodes import Items, Node, Scalar, Table, word
from smtui.dialects.notes import Notes, shown
from smtui.dialects.pystator import (
    Files,
    expand,
    kept_in,
    moved,
    parts_of,
    read_pystator,
)
from smtui.dialects.python import is_orchestrated, read_python
from smtui.dialects.recognise import BUILT, Dialect, recognise_node, recognise_suffix
from smtui.dialects.scxml import read_scxml
from smtui.dialects.yaml_reader import Parsed, parse_yaml

__all__ = ["load_all", "load_text"]


def load_text(
    text: str,
    file: str,
    *,
    custom: frozenset[str] = frozenset(),
    variables: Mapping[str, str] | None = None,
) -> Loaded:
    """Read a definition in any dialect and report everything wrong with it.

    `file` names it in positions, and its stem is the machine's name when the
    text gives none. `custom` are the action types for which an author's file
    exists: keys of such an action are not checked, even where the type is a
    built-in one. `variables` are looked at before the environment where the
    dialect has `${NAME}`. Raises nothing for any text; a file of several
    definitions is a problem.
    """
    found = load_all(text, file, custom=custom, variables=variables)
    if len(found) == 1:
        return found[0]
    notes = Notes()
    notes.error(
        Position(file, 1, 1),
        "several-machines",
        f"found {len(found)} machines in one file: "
        f"{', '.join(shown(each.name) for each in found)}",
        "write each in a file of its own",
    )
    return Loaded(None, notes.sorted(), found[0].dialect)


def load_all(
    text: str,
    file: str,
    *,
    custom: frozenset[str] = frozenset(),
    variables: Mapping[str, str] | None = None,
) -> tuple[Loaded, ...]:
    """Read the definitions of a file as `load_text` does: at least one result.

    Of a list of definitions each has a text of its own, with the places of the
    whole, and can be loaded from that.
    """
    dialect = recognise_suffix(text, file)
    if dialect is Dialect.PYTHON:
        return read_python(text, file)
    if dialect is not None:
        return (_of_suffix(dialect, text, file, Notes()),)
    if PurePath(file).suffix.lower() == ".py":
        if is_orchestrated(text, file):
            return read_python(text, file)
        return (
            _none(Position(file, 1, 1), "found Python without an Orchestrator class"),
        )
    text = text.removeprefix("\ufeff")
    read = _read(text, file, variables or {})
    list_ = read.parsed.node
    if not isinstance(list_, Items) or not _is_list(list_):
        return (_of_node(read, file, custom),)
    return tuple(
        _of_node(read._replace(parsed=parse_yaml(part, file), text=part), file, custom)
        for part in parts_of(read.text, list_)
    )


class _Read(NamedTuple):
    """A text on its way to a definition."""

    parsed: Parsed
    """With the places of `text`."""
    text: str
    """With variables replaced, where the dialect has them."""
    written: str
    value_of: Callable[[str], str]
    """Gives the value of a variable."""
    problems: tuple[Problem, ...] = ()
    """Of the variables, with the places of `written`."""
    place: Callable[[Position], Position] | None = None
    """From places of `text` to those of `written`, None where they are the same."""


def _read(text: str, file: str, variables: Mapping[str, str]) -> _Read:
    """Parse a text; one of PyStator has its variables replaced before."""

    def value_of(name: str) -> str:
        return variables.get(name) or os.environ.get(name, "")

    parsed = parse_yaml(text, file)
    plain = _Read(parsed, text, text, value_of)
    if "${" not in text or not _may_expand(parsed):
        return plain
    expanded = expand(text, file, value_of)
    again = parse_yaml(expanded.text, file)
    if again.node is not None and not _may_expand(again):
        return plain
    problems, place = expanded.problems, expanded.place
    return _Read(again, expanded.text, text, value_of, problems, place)


def _placed(parsed: Parsed, place: Callable[[Position], Position] | None) -> Parsed:
    """Return what was parsed with the places of the text as written."""
    if place is None:
        return parsed
    node = None if parsed.node is None else moved(parsed.node, place)
    problems = tuple(replace(p, at=place(p.at)) for p in parsed.problems)
    return Parsed(node, problems)


def _may_expand(parsed: Parsed) -> bool:
    """Say whether a text is of PyStator, or cannot be read as it is."""
    node = parsed.node
    if node is None:
        return bool(parsed.problems)
    return recognise_node(node) is Dialect.PYSTATOR or _is_list(node)


def _is_list(node: Node) -> bool:
    """Say whether a text is a list of definitions of PyStator."""
    return (
        isinstance(node, Items)
        and bool(node.items)
        and all(recognise_node(each) is Dialect.PYSTATOR for each in node.items)
    )


def _of_node(read: _Read, file: str, custom: frozenset[str]) -> Loaded:
    notes = Notes()
    notes.extend(read.problems)
    node, problems = _placed(read.parsed, read.place)
    notes.extend(problems)
    if node is None or (isinstance(node, Scalar) and node.value is None):
        if not problems:
            notes.error(
                Position(file, 1, 1),
                "empty-file",
                "found nothing, expected the definition of a machine",
                "`smtui new worker NAME` writes one to start from",
            )
        return Loaded(None, notes.sorted())
    dialect = recognise_node(node)
    if dialect is None or not isinstance(node, Table):
        notes.extend(_no_machine(node).problems)
        return Loaded(None, notes.sorted())
    match dialect:
        case Dialect.ENGINE:
            return read_engine(node, read.text, file, custom, notes)
        case Dialect.PYSTATOR:
            files = Files(file, kept_in(read.text), read.value_of)
            return read_pystator(node, read.text, read.written, files, notes)
        case _:
            return _not_built(dialect, node.at)


def _no_machine(node: Node) -> Loaded:
    """Return what is told of YAML that is something else."""
    if isinstance(node, Table) and node.get("scenarios") is not None:
        return _none(node.at, "found scenarios", "`smtui test FILE` runs them")
    return _none(
        node.at,
        f"found {word(node)} that defines no machine",
        "a definition has `initial_state:` and `transitions:`, or a list `states:`",
    )


def _none(at: Position, what: str, hint: str = "") -> Loaded:
    notes = Notes()
    notes.error(at, "not-a-machine", what, hint)
    return Loaded(None, notes.sorted())


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

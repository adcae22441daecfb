"""A Python file with an Orchestrator -> a definition for each linked machine.

The file is parsed, never imported: that is for the machine's own process. The
text of each definition is the file's, with a last line that says which of its
machines is meant, so that it can be loaded by itself.
"""

import ast
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from smtui.definition import Initial, Position, TreeDefinition
from smtui.definition.semantics import SCXML
from smtui.dialects.loaded import Loaded
from smtui.dialects.notes import Notes, shown
from smtui.dialects.python_class import Machine, read_class, words_of
from smtui.dialects.recognise import Dialect

__all__ = ["ORCHESTRATOR", "read_python"]

ORCHESTRATOR = "Orchestrator"

_MARK = "# smtui: machine "
_MARKED = re.compile(rf"\n{_MARK}([^\n]+)\n?\Z")


class _Field(NamedTuple):
    """One machine of the orchestrator."""

    name: str
    machine_class: str
    at: Position


def read_python(text: str, file: str) -> tuple[Loaded, ...]:
    """Return a result for each machine of the file, or what is wrong with it."""
    marked = _MARKED.search(text)
    source = text[: marked.start()] if marked else text
    notes = Notes()
    try:
        module = ast.parse(source)
    except SyntaxError as error:
        at = Position(file, error.lineno or 1, error.offset or 1)
        notes.error(at, "bad-python", f"this is no Python: {error.msg}")
        return (Loaded(None, notes.sorted(), Dialect.PYTHON),)
    classes = {
        each.name: each for each in module.body if isinstance(each, ast.ClassDef)
    }
    owner = _owner(classes, file, notes)
    fields = [] if owner is None else list(_fields(owner, classes, file).values())
    if owner is not None and not fields:
        notes.error(
            Position(file, owner.lineno, owner.col_offset + 1),
            "no-machines",
            f"found {owner.name} without a machine",
            "annotate one: `order: OrderMachine`",
        )
    if notes.has_errors():
        return (Loaded(None, notes.sorted(), Dialect.PYTHON),)
    wanted = [each for each in fields if marked is None or each.name == marked.group(1)]
    return tuple(_machine(each, source, file, classes) for each in wanted)


def _owner(
    classes: Mapping[str, ast.ClassDef], file: str, notes: Notes
) -> ast.ClassDef | None:
    """Return the one orchestrator that is not a base of another."""
    found = [each for each in classes.values() if _links(each, classes)]
    bases = {words_of(base) for each in found for base in each.bases}
    last = [each for each in found if each.name not in bases]
    if len(last) == 1:
        return last[0]
    names = ", ".join(shown(each.name) for each in last)
    notes.error(
        Position(file, last[1].lineno if last else 1, 1),
        "several-orchestrators",
        f"found {len(last)} orchestrators in one file: {names}",
        "write each in a file of its own",
    )
    return None


def _links(found: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> bool:
    names = [words_of(base) for base in found.bases]
    return ORCHESTRATOR in names or any(
        name != found.name and name in classes and _links(classes[name], classes)
        for name in names
    )


def _fields(
    owner: ast.ClassDef, classes: Mapping[str, ast.ClassDef], file: str
) -> dict[str, _Field]:
    """Return the machines of an orchestrator, inherited ones first."""
    found: dict[str, _Field] = {}
    for base in owner.bases:
        name = words_of(base)
        if name in classes and name != owner.name:
            found |= _fields(classes[name], classes, file)
    for each in owner.body:
        match each:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                machine_class = _class_of(annotation)
                if machine_class:
                    at = Position(file, each.lineno, each.col_offset + 1)
                    found[name] = _Field(name, machine_class, at)
            case _:
                pass
    return found


def _class_of(annotation: ast.expr) -> str:
    """Return the class an annotation names, '' for one that may be None.

    A machine that may be None is none unless a program gives it.
    """
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return _class_of(ast.parse(annotation.value, mode="eval").body)
        except SyntaxError:
            return ""
    return words_of(annotation)


def _machine(
    field: _Field, source: str, file: str, classes: Mapping[str, ast.ClassDef]
) -> Loaded:
    notes = Notes()
    found = read_class(field.machine_class, classes, file, notes)
    initials = found.initials.get("", [])
    if field.machine_class not in classes:
        notes.error(
            field.at,
            "class-elsewhere",
            f"found {field.name!r} of the class {field.machine_class!r}, "
            "which is not written in this file",
            "write the classes of its machines beside the orchestrator",
        )
    elif len(initials) != 1 and not notes.has_errors():
        notes.error(
            field.at,
            "no-initial",
            f"found {len(initials)} initial states in {field.machine_class}, "
            "expected one",
            "`State(initial=True)` marks it",
        )
    if notes.has_errors():
        return Loaded(None, notes.sorted(), Dialect.PYTHON, field.name)
    definition = _definition(field, found, source, file, initials[0])
    return Loaded(definition, notes.sorted(), Dialect.PYTHON, field.name)


def _definition(
    field: _Field, found: Machine, source: str, file: str, initial: str
) -> TreeDefinition:
    text = f"{source}\n{_MARK}{field.name}\n"
    return TreeDefinition(
        dialect=Dialect.PYTHON,
        name=field.name,
        file=file,
        text=text,
        hash=hashlib.sha256(text.encode()).hexdigest()[:16],
        initial=Initial((initial,), found.nodes[initial].at),
        nodes=tuple(found.nodes.values()),
        arrows=tuple(found.arrows),
        semantics=replace(SCXML, exact_events=True),
        title=field.machine_class,
        name_at=field.at,
    )

"""A Python file with an Orchestrator -> a definition for each linked machine.

The file is parsed, never imported: that is for the machine's own process. The
text of each definition is the file's, with those of the modules its classes are
in, and a last line that says which of its machines is meant, so that it can be
loaded by itself.
"""

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from smtui.definition import Initial, NodeKind, Position, TreeDefinition
from smtui.definition.semantics import SCXML
from smtui.dialects.loaded import Loaded
from smtui.dialects.notes import Notes, shown
from smtui.dialects.python_calls import calls_of, known_as
from smtui.dialects.python_class import Machine, read_class
from smtui.dialects.python_modules import Found, Module, Modules, words_of
from smtui.dialects.python_names import check_names
from smtui.dialects.recognise import Dialect

__all__ = ["ORCHESTRATOR", "is_orchestrated", "read_python"]

ORCHESTRATOR = "Orchestrator"

_MARK = "# smtui: machine "
_MARKED = re.compile(rf"\n{_MARK}([^\n]+)\n?\Z")
_INHERITS = re.compile(r"^class\s+\w+\s*\(", re.MULTILINE)


class _Field(NamedTuple):
    """One machine of the orchestrator."""

    name: str
    annotation: ast.expr
    module: Module
    """Where it is annotated."""
    at: Position


def is_orchestrated(text: str, file: str) -> bool:
    """Say whether a class of a Python file inherits an orchestrator of another."""
    if not _INHERITS.search(text):
        return False
    try:
        modules = Modules(text, file)
    except SyntaxError:
        return False
    return any(_links(each, modules) for each in _own(modules))


def read_python(text: str, file: str) -> tuple[Loaded, ...]:
    """Return a result for each machine of the file, or what is wrong with it."""
    marked = _MARKED.search(text)
    source = text[: marked.start()] if marked else text
    notes = Notes()
    try:
        modules = Modules(source, file, is_whole=marked is not None)
    except SyntaxError as error:
        at = Position(file, error.lineno or 1, error.offset or 1)
        notes.error(at, "bad-python", f"this is no Python: {error.msg}")
        return (Loaded(None, notes.sorted(), Dialect.PYTHON),)
    _refuse_relative(modules, notes)
    owner = _owner(modules, notes)
    fields = [] if owner is None else list(_fields(owner, modules).values())
    if owner is not None and not fields:
        notes.error(
            _at(owner.module, owner.node),
            "no-machines",
            f"found {owner.node.name} without a machine",
            "annotate one: `order: OrderMachine`",
        )
    if notes.has_errors():
        return (Loaded(None, notes.sorted(), Dialect.PYTHON),)
    read = [_read(each, modules) for each in fields]
    name = known_as(modules.lineage(owner)) if owner is not None else ""
    events = {each.field.name: each.machine.events for each in read}
    for each in read:
        each.machine.calls = calls_of(each.lineage, name, events)
    if marked is not None:
        read = [each for each in read if each.field.name == marked.group(1)]
    whole = source if marked else modules.text()
    parts = tuple(each.file for each in modules.used)
    return tuple(_loaded(each, whole, file, parts) for each in read)


def _refuse_relative(modules: Modules, notes: Notes) -> None:
    """Tell of imports that Python refuses outside a package."""
    if modules.is_in_package:
        return
    for each in modules.main.relative:
        notes.error(
            _at(modules.main, each),
            "no-package",
            f"found `{ast.unparse(each)}`, but the folder is no package",
            f"`from {each.module or 'MODULE'} import ...`, or an empty __init__.py",
        )


def _own(modules: Modules) -> Iterator[Found]:
    for each in modules.main.classes.values():
        yield Found(modules.main, each)


def _owner(modules: Modules, notes: Notes) -> Found | None:
    """Return the one orchestrator that is not a base of another."""
    found = [each for each in _own(modules) if _links(each, modules)]
    bases = {words_of(base) for each in found for base in each.node.bases}
    last = [each for each in found if each.node.name not in bases]
    if len(last) == 1:
        return last[0]
    names = ", ".join(shown(each.node.name) for each in last)
    notes.error(
        Position(modules.main.file, last[1].node.lineno if last else 1, 1),
        "several-orchestrators",
        f"found {len(last)} orchestrators in one file: {names}",
        "write each in a file of its own",
    )
    return None


def _links(found: Found, modules: Modules) -> bool:
    """Say whether a class is an orchestrator, itself or by a base."""
    return any(
        words_of(base) == ORCHESTRATOR
        for each in modules.lineage(found)
        for base in each.node.bases
    )


def _fields(owner: Found, modules: Modules) -> dict[str, _Field]:
    """Return the machines of an orchestrator, inherited ones first."""
    found: dict[str, _Field] = {}
    for part in modules.lineage(owner):
        for each in part.node.body:
            match each:
                case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                    machine_class = _class_of(annotation)
                    if machine_class is not None:
                        at = _at(part.module, each)
                        found[name] = _Field(name, machine_class, part.module, at)
                case _:
                    pass
    return found


def _class_of(annotation: ast.expr) -> ast.expr | None:
    """Return the class an annotation names, None for one that may be None.

    A machine that may be None is none unless a program gives it.
    """
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            inner = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return None
        return _class_of(ast.copy_location(inner, annotation))
    is_one = isinstance(annotation, ast.Name | ast.Attribute)
    return annotation if is_one and words_of(annotation) != "ClassVar" else None


class _Read(NamedTuple):
    """What was read of a machine."""

    field: _Field
    machine: Machine
    notes: Notes
    lineage: tuple[Found, ...] = ()


def _read(field: _Field, modules: Modules) -> _Read:
    notes = Notes()
    name = ast.unparse(field.annotation)
    machine_class = modules.find(field.annotation, field.module)
    if machine_class is None:
        gone = modules.is_gone(field.annotation, field.module)
        where = (
            "of a module that is neither beside the file nor installed"
            if gone
            else "which is written neither in this file nor in a module it names"
        )
        notes.error(
            field.at,
            "class-not-found",
            f"found {field.name!r} of the class {name!r}, {where}",
            "write it there, or import it as `from MODULE import CLASS`",
        )
        return _Read(field, Machine(), notes)
    machine = read_class(machine_class, modules, notes)
    for arrow in machine.arrows:
        source = machine.nodes[arrow.source]
        if source.kind is NodeKind.FINAL and source.parent is None:
            notes.error(
                arrow.at,
                "final-left",
                f"found a transition out of the final state {arrow.source!r}, which "
                "python-statemachine refuses",
                f"`{arrow.source} = State()`, or leave out the transition",
            )
    initials = machine.initials.get("", [])
    if len(initials) != 1 and not notes.has_errors():
        notes.error(
            field.at,
            "no-initial",
            f"found {len(initials)} initial states in {name}, expected one",
            "`State(initial=True)` marks it",
        )
    lineage = tuple(modules.lineage(machine_class))
    check_names(lineage, modules, notes)
    return _Read(field, machine, notes, lineage)


def _loaded(read: _Read, whole: str, file: str, parts: tuple[str, ...]) -> Loaded:
    name, problems = read.field.name, read.notes.sorted()
    if read.notes.has_errors():
        return Loaded(None, problems, Dialect.PYTHON, name, parts=parts)
    definition = _definition(read, whole, file)
    return Loaded(definition, problems, Dialect.PYTHON, name, parts=parts)


def _definition(read: _Read, whole: str, file: str) -> TreeDefinition:
    field, found = read.field, read.machine
    (initial,) = found.initials[""]
    text = f"{whole}\n{_MARK}{field.name}\n"
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
        script=found.calls,
        title=words_of(field.annotation),
        name_at=field.at,
    )


def _at(module: Module, node: ast.expr | ast.stmt) -> Position:
    return Position(module.file, node.lineno, node.col_offset + 1)

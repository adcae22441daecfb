"""The modules a Python file takes its classes from: found and parsed, never run.

    shop.py -> models.py, parts/__init__.py, an installed package ...

A module is looked for where the machine's process will import it from: beside the
file, then on the path of this Python. What was found becomes part of the text of a
definition, so that the text is whole for itself: behind the file's own lines stands

    # smtui: module NAME FILE

and the lines of that module, for each of them. A text that has such lines is read
by them alone.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import NamedTuple

__all__ = ["Found", "Module", "Modules", "words_of"]

KNOWN = frozenset({"abc", "dataclasses", "enum", "smtui", "statemachine", "typing"})
"""Where the ends of lineages are: nothing of them is read."""

MOST_MODULES = 50
"""More than a machine's classes will ever come from."""

_MARK = "# smtui: module "
_MARKED = re.compile(rf"^{_MARK}(\S+) ([^\n]+)\n", re.MULTILINE)


class _Import(NamedTuple):
    """What a name of a module stands for: a module, or a name in one."""

    module: str
    attribute: str
    """'' for the module itself."""


@dataclass(slots=True)
class Module:
    """One parsed module."""

    name: str
    """As it is imported."""
    file: str
    """As problems show it."""
    text: str
    is_package: bool = False
    classes: dict[str, ast.ClassDef] = field(default_factory=dict[str, ast.ClassDef])
    imports: dict[str, _Import] = field(default_factory=dict[str, _Import])
    stars: list[str] = field(default_factory=list[str])
    """Modules all names are taken from."""
    relative: list[ast.ImportFrom] = field(default_factory=list[ast.ImportFrom])


class Found(NamedTuple):
    """A class, and the module it is written in."""

    module: Module
    node: ast.ClassDef


class Modules:
    """The modules reached from one file. Raises SyntaxError for the file's own."""

    def __init__(self, text: str, file: str, *, is_whole: bool = False) -> None:
        """Parse the file; others are read when a class is looked for in them.

        With `is_whole` nothing is looked for outside the text.
        """
        source, *parts = _split(text)
        self._folder = Path(file).parent
        self._kept = {part.name: part for part in parts}
        self._is_whole = is_whole or bool(parts)
        self._read: dict[str, Module | None] = {}
        self._used: dict[str, Module] = {}
        self.main = _parsed(Module(PurePath(file).stem, file, source.text))
        self._read[self.main.name] = self.main

    def text(self) -> str:
        """Return the file's text, and behind it that of the modules in use."""
        sections = (f"{_MARK}{m.name} {m.file}\n{_ended(m.text)}" for m in self.used)
        main = self.main.text
        return _ended(main) + "".join(sections) if self.used else main

    @property
    def is_in_package(self) -> bool:
        """Say whether the file may import relative to itself."""
        return self._is_whole or (self._folder / "__init__.py").is_file()

    @property
    def used(self) -> tuple[Module, ...]:
        """Return the modules that classes were found in, without the file itself."""
        return tuple(each for each in self._used.values() if each is not self.main)

    def is_gone(self, expression: ast.expr, module: Module) -> bool:
        """Say whether a class is of a module that is not to be found."""
        match expression:
            case ast.Name(id=name) if name in module.imports:
                inside = module.imports[name].module
            case ast.Attribute(value=owner):
                inside = self._dotted(owner, module)
            case ast.Subscript(value=value):
                return self.is_gone(value, module)
            case _:
                return False
        if (
            self._is_whole
            or inside.partition(".")[0] in KNOWN | sys.stdlib_module_names
        ):
            return False
        return self._load(inside) is None

    def find(self, expression: ast.expr, module: Module) -> Found | None:
        """Return the class an expression names in a module, None for none."""
        match expression:
            case ast.Name(id=name):
                return self._in(name, module, set())
            case ast.Attribute(value=owner, attr=name):
                inside = self._load(self._dotted(owner, module))
                return None if inside is None else self._in(name, inside, set())
            case ast.Subscript(value=value):  # StateMachine[Model]
                return self.find(value, module)
            case _:
                return None

    def lineage(self, found: Found) -> Iterator[Found]:
        """Yield the bases of a class that can be read, then the class."""
        yield from self._lineage(found, set())

    def _lineage(self, found: Found, seen: set[int]) -> Iterator[Found]:
        if id(found.node) in seen:
            return
        seen.add(id(found.node))
        for base in found.node.bases:
            inherited = self.find(base, found.module)
            if inherited is not None:
                yield from self._lineage(inherited, seen)
        yield found

    # ------------------------------------------------------------------ names

    def _in(
        self, name: str, module: Module, seen: set[tuple[str, str]]
    ) -> Found | None:
        """Return the class a module knows by a name, its own or an imported one."""
        if (module.name, name) in seen:
            return None
        seen.add((module.name, name))
        found: Found | None = None
        if name in module.classes:
            found = Found(module, module.classes[name])
        else:
            for inside, wanted in self._elsewhere(name, module):
                found = found or self._in(wanted, inside, seen)
        if found is not None:
            self._used[module.name] = module
        return found

    def _elsewhere(self, name: str, module: Module) -> Iterator[tuple[Module, str]]:
        """Yield the modules a name may come from, and what it is called there."""
        at = module.imports.get(name)
        if at is not None:
            inside = self._load(at.module) if at.attribute else None
            if inside is not None:
                yield inside, at.attribute
            return
        for star in module.stars:
            inside = self._load(star)
            if inside is not None:
                yield inside, name

    def _dotted(self, expression: ast.expr, module: Module) -> str:
        """Return the name of the module an expression stands for, '' for none."""
        match expression:
            case ast.Name(id=name) if name in module.imports:
                at = module.imports[name]
                return f"{at.module}.{at.attribute}" if at.attribute else at.module
            case ast.Attribute(value=owner, attr=name):
                outer = self._dotted(owner, module)
                return f"{outer}.{name}" if outer else ""
            case _:
                return ""

    def _load(self, name: str) -> Module | None:
        """Return a module by its name, None where it is not to be found."""
        if not name or name.partition(".")[0] in KNOWN:
            return None
        if name not in self._read:
            found = self._kept.get(name)
            if found is None and not self._is_whole:
                found = self._look(name)
            try:
                self._read[name] = None if found is None else _parsed(found)
            except SyntaxError:
                self._read[name] = None
        return self._read[name]

    def _look(self, name: str) -> Module | None:
        if len(self._read) >= MOST_MODULES:
            return None
        inside = Path(*name.split("."))
        # the first of the path is where smtui itself was started
        for folder in (self._folder, *map(Path, sys.path[1:])):
            for path in (
                folder / inside.with_suffix(".py"),
                folder / inside / "__init__.py",
            ):
                if path.is_file():
                    text = path.read_text("utf-8", errors="replace")
                    return Module(name, str(path), text)
        return None


def words_of(expression: ast.expr) -> str:
    """Return the last name of `a.b.C` or of `C[X]`, '' for anything else."""
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return words_of(value)
        case _:
            return ""


def _split(text: str) -> list[Module]:
    """Return the file's own text, then the modules behind it."""
    marks = [*_MARKED.finditer(text)]
    ends = [mark.start() for mark in marks] + [len(text)]
    found = [Module("", "", text[: ends[0]])]
    for mark, end in zip(marks, ends[1:], strict=True):
        found.append(Module(mark[1], mark[2], text[mark.end() : end]))
    return found


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"


def _parsed(module: Module) -> Module:
    """Fill in the classes and imports of a module. Raises SyntaxError."""
    module.is_package = PurePath(module.file).name == "__init__.py"
    for each in _statements(ast.parse(module.text).body):
        match each:
            case ast.ClassDef(name=name):
                module.classes[name] = each
            case ast.Import(names=names):
                for one in names:
                    top = one.name.partition(".")[0]
                    at = _Import(one.name if one.asname else top, "")
                    module.imports[one.asname or top] = at
            case ast.ImportFrom(names=names):
                inside = _absolute(each, module)
                if each.level:
                    module.relative.append(each)
                for one in names:
                    if one.name == "*":
                        module.stars.append(inside)
                    else:
                        at = _Import(inside, one.name)
                        module.imports[one.asname or one.name] = at
            case _:
                pass
    return module


def _absolute(node: ast.ImportFrom, module: Module) -> str:
    """Return the module a `from ... import` means, seen from another."""
    if not node.level:
        return node.module or ""
    package = module.name.split(".")
    up = node.level - module.is_package
    package = package[: len(package) - up] if up else package
    return ".".join([*package, *([node.module] if node.module else [])])


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, those under `if` and `try` too."""
    for each in body:
        yield each
        match each:
            case ast.If(body=inner, orelse=other):
                yield from _statements([*inner, *other])
            case ast.Try(body=inner, orelse=other, handlers=handlers):
                yield from _statements([*inner, *other])
                for handler in handlers:
                    yield from _statements(handler.body)
            case _:
                pass

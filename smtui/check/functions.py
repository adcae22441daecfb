"""Which guards and actions an author's Python binds, read without running it.

What is looked for, wherever in the file it stands:

    @guard() / @guard("name")              and @action, of `import smtui`
    @guards.decorator("name")              of a registry
    actions.register("name", function)
    def name(...)                          of the file itself

A name made at run time cannot be read here: then nothing is said to be missing.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smtui.check.report import Lack
from smtui.definition import Position, TreeDefinition
from smtui.dialects import Notes, code_file, shown, wanted_by

__all__ = ["check_functions", "lack_of"]

BUILT_IN = frozenset({"bash", "sleep"})
"""World actions every machine has."""

MOST_BYTES = 1024 * 1024
"""A longer file is not looked into; it may still run."""


@dataclass(slots=True)
class _Bound:
    names: set[str] = field(default_factory=set[str])
    """Of guards and of actions: which of the two shows only when it runs."""
    is_open: bool = False
    """Some names are made at run time."""
    problem: tuple[str, str, str] | None = None
    """Why a file cannot be read: its code, what was found, what to do."""
    at: Position | None = None
    """Where in the file, if that is known."""


def check_functions(
    definition: TreeDefinition, custom: Collection[str], notes: Notes
) -> None:
    """Note guards and actions that no file binds; refuse a file that is no Python.

    A definition without any Python may be bound by the program that loads it.
    """
    path = code_file(definition)
    if path is None:
        return
    bound = _read(path)
    if bound.problem is not None:
        at = bound.at or definition.name_at or Position(definition.file, 1, 1)
        notes.error(at, *bound.problem)
        return
    if bound.is_open:
        return
    wanted = wanted_by(definition)
    known = {*bound.names, *custom, *BUILT_IN}
    _missing("guard", wanted.guards, bound.names, path.name, notes)
    _missing("action", wanted.actions, known, path.name, notes)


def lack_of(
    definition: TreeDefinition, custom: Collection[str], name: str
) -> Lack | None:
    """Return which functions the machine of that name would not find, if any."""
    path = code_file(definition)
    bound = _Bound() if path is None else _read(path)
    if bound.is_open or bound.problem is not None:
        return None
    wanted = wanted_by(definition)
    guards = [each for each in wanted.guards if each not in bound.names]
    known = {*bound.names, *custom, *BUILT_IN}
    actions = [each for each in wanted.actions if each not in known]
    if not (guards or actions):
        return None
    file = path or Path(definition.file).with_suffix(".py")
    return Lack(name, file.name, tuple(guards), tuple(actions), path is not None)


def _missing(
    word: str,
    wanted: Mapping[str, Position],
    bound: Collection[str],
    files: str,
    notes: Notes,
) -> None:
    for name, at in wanted.items():
        if name not in bound:
            near = notes.closest(name, bound)
            notes.warning(
                at,
                f"unbound-{word}",
                f"found the {word} {shown(name)}, which {files} does not bind",
                f"did you mean {near!r}?" if near else f'write @{word}("{name}") there',
            )


def _read(path: Path) -> _Bound:
    try:
        if path.stat().st_size > MOST_BYTES:
            return _Bound(is_open=True)
        return _names_in(ast.parse(path.read_bytes(), str(path)))
    except OSError as error:
        why = f"found {path}, which cannot be read: {error.strerror}"
        return _Bound(problem=("no-code", why, "functions are bound in it"))
    except SyntaxError as error:
        why = f"this is no Python: {error.msg}"
        at = Position(str(path), error.lineno or 1, error.offset or 1)
        return _Bound(problem=("bad-python", why, "nothing of it can be bound"), at=at)
    except (ValueError, RecursionError, MemoryError) as error:
        why = f"found {path}, which is no Python: {error.args[0]}"
        return _Bound(problem=("no-code", why, "nothing of it can be bound"))


def _names_in(tree: ast.Module) -> _Bound:
    bound = _Bound()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for name in _decorated(node):
                _add(bound, name)
        elif isinstance(node, ast.Call) and _attribute(node.func) == "register":
            _add(bound, _argument(node))
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                bound.names.add(name)
            case ast.ImportFrom(names=names) | ast.Import(names=names):
                bound.is_open |= any(each.name == "*" for each in names)
                bound.names |= {each.asname or each.name for each in names}
            case _:
                pass
    return bound


def _add(bound: _Bound, name: str | None) -> None:
    if name is None:
        bound.is_open = True
    else:
        bound.names.add(name)


def _decorated(
    function: ast.FunctionDef | ast.AsyncFunctionDef,
) -> Iterator[str | None]:
    """Yield the names a function is bound by; None for one made at run time."""
    for decorator in function.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        word = _attribute(call.func if call is not None else decorator)
        if word in {"guard", "action", "decorator"}:
            is_named = call is not None and bool(call.args or call.keywords)
            yield _argument(call) if call is not None and is_named else function.name


def _attribute(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _argument(call: ast.Call) -> str | None:
    """Return the first argument if it is a text, None for anything else."""
    values = [*call.args, *(word.value for word in call.keywords if word.arg == "name")]
    match values[:1]:
        case [ast.Constant(value=str(name))]:
            return name
        case _:
            return None

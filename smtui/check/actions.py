"""An author's action files: which types there are, found without running them.

`*_action.py` at any depth below the folder; the type is the file's stem with
every `_action` taken out, the class is that in PascalCase + `Action`. The
files are only parsed here: importing one runs its author's code, and that is
for the machine's own process.
"""

import ast
from collections.abc import Mapping
from pathlib import Path

__all__ = ["action_files", "class_problem", "custom_types", "find_actions_dir"]

MOST_BYTES = 1024 * 1024
"""A longer file is not looked into; it may still run."""


def find_actions_dir(folder: Path, root: str, given: Path | None) -> Path | None:
    """Return the folder of a machine's action files, None when it has none.

    `--actions-dir` is stronger than `actions_root:` of the file (relative to
    the file), which is stronger than `actions/` beside it.
    """
    if given is not None:
        return given.absolute()
    found = folder / (root or "actions")
    return found.absolute() if found.is_dir() else None


def action_files(actions_dir: Path | None) -> Mapping[str, Path]:
    """Return the file of each action type; the first of a name wins."""
    if actions_dir is None:
        return {}
    found: dict[str, Path] = {}
    for path in sorted(actions_dir.rglob("*_action.py")):
        type_ = path.stem.replace("_action", "")
        if type_ and path.is_file():
            found.setdefault(type_, path)
    return found


def custom_types(actions_dir: Path | None) -> frozenset[str]:
    """Return the action types for which there is a file."""
    return frozenset(action_files(actions_dir))


def class_problem(type_: str, path: Path) -> str:
    """Return why the file cannot give the action, or ''."""
    wanted = "".join(word.capitalize() for word in type_.split("_")) + "Action"
    try:
        if path.stat().st_size > MOST_BYTES:
            return ""
        tree = ast.parse(path.read_bytes(), str(path))
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        return f"{path}{f':{line}' if line else ''} is no Python: {error.args[0]}"
    if wanted in _names(tree):
        return ""
    return f"{path} defines no class {wanted}"


def _names(tree: ast.Module) -> set[str]:
    """Return every name a module may bind, wherever it does so."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name)
            case _:
                pass
    return found

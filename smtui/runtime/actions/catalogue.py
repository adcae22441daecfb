"""An author's action files: which there are, and their classes.

The rules of statemachine-engine's loader (dialects/engine.md section 2): every
`*_action.py` below the folder, at any depth; the type is the file's stem
without every `_action`; the class is that in PascalCase + `Action`; a file is
loaded standalone, once, when its type first runs.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import cast

from smtui.runtime.actions import shim

__all__ = ["Catalogue", "LoadError", "class_name"]

_PATTERN = "*_action.py"


class LoadError(Exception):
    """An action file or its class cannot be used; the cause says why."""


class Catalogue:
    """The action files below one folder."""

    def __init__(self, actions_dir: Path | None) -> None:
        """Find the files; none of them is read yet."""
        self._root = actions_dir
        self._files = _files(actions_dir) if actions_dir else {}
        self._classes: dict[str, type[shim.BaseAction]] = {}
        self.types = frozenset(self._files)

    def load(self, action_type: str) -> type[shim.BaseAction]:
        """Return the class of a type; runs author's code, in the caller's thread.

        Raises LoadError from whatever was wrong.
        """
        found = self._classes.get(action_type)
        if found is None:
            found = self._classes[action_type] = self._load(action_type)
        return found

    def _load(self, action_type: str) -> type[shim.BaseAction]:
        try:
            return self._class(action_type)
        except Exception as error:
            raise LoadError(
                f"Could not load action {action_type!r}"
                " - not found in actions directory"
            ) from error

    def _class(self, action_type: str) -> type[shim.BaseAction]:
        file = self._files[action_type]
        module = self._module(f"custom_action_{action_type}", file)
        wanted = class_name(action_type)
        found: object = getattr(module, wanted, None)
        if not isinstance(found, type) or not hasattr(found, "execute"):
            raise TypeError(f"{file} has no class {wanted} with execute()")
        return cast("type[shim.BaseAction]", found)

    def _module(self, name: str, file: Path) -> ModuleType:
        shim.install()
        self._extend_path()
        spec = importlib.util.spec_from_file_location(name, file)
        if spec is None or spec.loader is None:
            raise ImportError(f"{file} cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # dataclasses and pickle look there
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
        return module

    def _extend_path(self) -> None:
        """Let action files import from beside their folder, after all else."""
        if self._root is not None:
            beside = str(self._root.resolve().parent)
            if beside not in sys.path:
                sys.path.append(beside)


def class_name(action_type: str) -> str:
    """Return the class a type's file must define: `a_b` -> `ABAction`."""
    words = (word.capitalize() for word in action_type.split("_"))
    return f"{''.join(words)}Action"


def _files(root: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for file in sorted(root.rglob(_PATTERN)):
        action_type = file.stem.replace("_action", "")
        if action_type and file.is_file():
            found.setdefault(action_type, file.resolve())
    return found

"""Python written in a definition: `code:` of PyStator, behind its gate.

The laws of this file:

- nothing runs unless the operator has opened the gate in the environment, as
  in PyStator; who wrote the definition cannot
- the text is a module, loaded by Python's own import machinery as an author's
  file is, with the context as `ctx`; it is not imported by anybody else
- with the first gate alone there is `ctx` and nothing else, not even `len`;
  the second gives what reaches nothing outside, and `import` of MODULES. It is
  a fence for the careful, not a sandbox
"""

import builtins
import textwrap
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from importlib.abc import InspectLoader
from importlib.util import module_from_spec, spec_from_loader
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

from smtui.world.gate import GATE, IMPORTS_GATE, is_gate_open

__all__ = ["run_inline"]

_NAME = "inline code"

MODULES = frozenset(
    {
        "collections",
        "copy",
        "datetime",
        "decimal",
        "enum",
        "functools",
        "itertools",
        "json",
        "math",
        "numpy",
        "operator",
        "re",
        "requests",
        "statistics",
        "string",
        "typing",
        "uuid",
    }
)
"""What `import` finds behind the second gate."""

_OUTSIDE = frozenset(
    {
        "breakpoint",
        "compile",
        "copyright",
        "credits",
        "delattr",
        "eval",
        "exec",
        "exit",
        "globals",
        "help",
        "input",
        "license",
        "locals",
        "open",
        "quit",
        "setattr",
        "vars",
    }
)
"""Built-in names that are not there."""

_AT_HAND = {"json": "json", "requests": "requests", "numpy": "numpy", "np": "numpy"}
"""Names that stand for modules without an import, where they are installed."""


def run_inline(context: dict[str, Any]) -> None:
    """Run the text that `_action_params` hold; it sees the context as `ctx`.

    Raises RuntimeError where the gate is closed, and whatever the text does.
    """
    if not is_gate_open():
        raise RuntimeError(f"code in definitions is not run: {GATE} is not set")
    loader = _Text(str(context["_action_params"]["source"]))
    spec = spec_from_loader(_NAME, loader)
    if spec is None:
        raise AssertionError("a loader of our own gave no spec")
    module = module_from_spec(spec)
    vars(module).update(_names(loader.get_code(_NAME)), ctx=context)
    loader.exec_module(module)


class _Text(InspectLoader):
    """Loads a module from its text; tracebacks find the lines here."""

    def __init__(self, source: str) -> None:
        self._source = source

    def get_source(self, fullname: str) -> str:
        del fullname
        return textwrap.dedent(self._source)

    def get_code(self, fullname: str) -> CodeType:
        return _compiled(self.get_source(fullname))


@lru_cache(maxsize=512)
def _compiled(text: str) -> CodeType:
    # tracebacks find its lines by this name: each text has one of its own
    own = sha256(text.encode()).hexdigest()[:6]
    return InspectLoader.source_to_code(text, f"{_NAME} {own}")


def _names(code: CodeType) -> dict[str, object]:
    """Return what the text finds beside `ctx`."""
    if not is_gate_open(IMPORTS_GATE):
        return {"__builtins__": {}}
    names: dict[str, object] = {"__builtins__": _BUILT_IN}
    for name, module in _AT_HAND.items():
        if name in code.co_names:
            _add(names, name, module)
    if "yaml" in code.co_names:
        yaml = import_module("yaml")
        names["yaml"] = SimpleNamespace(
            safe_load=yaml.safe_load, safe_dump=yaml.safe_dump
        )
    return names


def _add(names: dict[str, object], name: str, module: str) -> None:
    try:
        names[name] = import_module(module)
    except ImportError:
        return  # as if it were not there: its use raises NameError


def _import(
    name: str,
    given: Mapping[str, object] | None = None,
    local: Mapping[str, object] | None = None,
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> ModuleType:
    """Import what may be imported. Raises ImportError for anything else."""
    if level or name.partition(".")[0] not in MODULES:
        known = ", ".join(sorted(MODULES))
        raise ImportError(f"inline code cannot import {name!r}; there are: {known}")
    return __import__(name, given, local, fromlist or (), level)


_BUILT_IN: dict[str, object] = {
    **{n: v for n, v in vars(builtins).items() if n not in _OUTSIDE},
    "__import__": _import,
}

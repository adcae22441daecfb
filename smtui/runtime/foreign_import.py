"""Importing the author's file with an orchestrator, and finding the class in it."""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from smtui.definition import TreeDefinition
from smtui.errors import DefinitionError

__all__ = ["imported", "missed"]


class _Nobody:
    """The base of no class: the file has no orchestrator of ours."""


def imported(file: Path, tell: Callable[[BaseException], None]) -> Any:  # noqa: ANN401 - a class of the author's
    """Import the file and return its orchestrator class.

    What it raises is told, and becomes a DefinitionError.
    """
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # nothing is written beside a definition
    try:
        return _orchestrator(_module(file), file)
    except DefinitionError:
        raise
    except BaseException as error:
        tell(error)
        raise DefinitionError(
            f"{file}: importing it failed: {type(error).__name__}: {error}",
            hint="the traceback is in the log; mend it and restart",
        ) from error
    finally:
        sys.dont_write_bytecode = writes


def missed(machine_class: Any, definition: TreeDefinition) -> list[str]:  # noqa: ANN401 - the author's
    """Return what a class has that its graph, read from the text, does not."""
    states = [*_every(machine_class.states)]
    drawn = {node.id for node in definition.nodes}
    found = [f"state {each.id}" for each in states if each.id not in drawn]
    arrows = {
        (each.source, event) for each in definition.arrows for event in each.events
    }
    for state in states:
        events = {str(e) for way in state.transitions for e in way.events}
        found += [
            f"{state.id} --{event}-->"
            for event in sorted(events)
            if "." not in event and (state.id, event) not in arrows
        ]
    return found


def _every(states: Any) -> Iterator[Any]:  # noqa: ANN401 - the library's
    for state in states:
        yield state
        yield from _every(state.states)


def _module(file: Path) -> ModuleType:
    """Import the author's file, and let it import those beside it.

    In a folder that is a package it is a module of that.
    """
    names, root = [file.stem], file.parent
    while (root / "__init__.py").is_file():
        names.insert(0, root.name)
        root = root.parent
    if len(names) > 1:
        sys.path[:0] = [str(root), str(file.parent)]
        return importlib.import_module(".".join(names))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise DefinitionError(f"{file}: this is no Python file")
    folder = str(file.parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def _orchestrator(module: ModuleType, file: Path) -> Any:  # noqa: ANN401 - a class of the author's
    """Return the orchestrator class of the file that is no base of another."""
    library = sys.modules.get("smtui.library.orchestrator")  # the file imports it
    wanted: type = getattr(library, "Orchestrator", _Nobody)
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, wanted)
        and each.__module__ == module.__name__
        and not any(sub.__module__ == module.__name__ for sub in each.__subclasses__())
    ]
    if len(found) != 1:
        raise DefinitionError(
            f"{file}: found {len(found)} orchestrators, expected one",
            hint="`from smtui import Orchestrator`, and write one subclass of it",
        )
    return found[0]

"""Machines of an orchestrator's file: they share a process, so all run or none."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from smtui.check.gather import Gathered
from smtui.check.unit import Unit
from smtui.dialects import Dialect

__all__ = ["block_linked", "check_linked", "leave_parts"]

LIBRARY = "statemachine"
"""What python-statemachine is imported as."""


def leave_parts(found: Gathered, base: Path) -> None:
    """Take modules that a file's classes are in for parts of that file."""
    parts = {
        (base / part).resolve()
        for unit in found.units
        for part in unit.loaded.parts
        if (base / part).resolve() != unit.path.resolve()
    }
    found.units[:] = [
        unit
        for unit in found.units
        if unit.loaded.dialect != Dialect.PYTHON or unit.path.resolve() not in parts
    ]
    found.not_read[:] = [
        each for each in found.not_read if (base / each.file).resolve() not in parts
    ]


def check_linked(units: Sequence[Unit]) -> None:
    """Refuse what machines that share a process cannot have.

    Where their library is not installed it is said once a file: a warning,
    because nothing is wrong with the file, and all others run.
    """
    linked = [unit for unit in units if unit.loaded.dialect == Dialect.PYTHON]
    for unit in linked:
        if unit.settings.replicas > 1:
            unit.notes.error(
                unit.named_at,
                "replicas-of-linked",
                f"found {unit.settings.replicas} replicas of {unit.name!r}, which "
                "shares a process with the machines it is linked to",
                "leave out `replicas`, or write a second orchestrator",
            )
    if not linked or find_spec(LIBRARY) is not None:
        return
    for file in dict.fromkeys(unit.path for unit in linked):
        first, *others = (unit for unit in linked if unit.path == file)
        names = ", ".join(unit.name for unit in (first, *others))
        first.notes.warning(
            first.named_at,
            "needs-python-statemachine",
            f"{names}: not run, python-statemachine is missing here: "
            "pip install 'smtui[python-statemachine]'",
            "then `smtui run` it again",
        )
        for unit in (first, *others):
            unit.is_blocked = True


def block_linked(units: Sequence[Unit]) -> None:
    """Keep all machines of an orchestrator from running where one cannot."""
    linked = [unit for unit in units if unit.loaded.dialect == Dialect.PYTHON]
    broken = {unit.path for unit in linked if not unit.can_run}
    for unit in linked:
        unit.is_blocked |= unit.path in broken

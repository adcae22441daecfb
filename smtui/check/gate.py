"""Python in a definition: whether its machine would be allowed to run it."""

import os
from pathlib import Path

from smtui.check.env_file import read_env_file
from smtui.check.unit import Unit
from smtui.world import closed_gate

__all__ = ["check_gate"]


def check_gate(unit: Unit) -> None:
    """Refuse Python in a definition where the operator has not allowed it.

    What its process would find in the environment decides: the project file
    may open the gate for one machine.
    """
    if unit.definition is None:
        return
    settings = unit.settings
    file = settings.env_file
    read = {} if file is None else read_env_file(Path(file))
    kept = {} if isinstance(read, str) else read
    problem = closed_gate(unit.definition, {**os.environ, **kept, **settings.env})
    if problem is not None:
        unit.notes.extend((problem,))

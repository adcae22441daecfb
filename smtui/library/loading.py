"""Definitions from files, texts and mappings: one validator behind every door."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from smtui.definition import AnyDefinition, TreeDefinition
from smtui.dialects import load_text
from smtui.library.errors import ConfigurationError
from smtui.world import closed_gate

__all__ = ["load", "load_dict", "loads", "statechart"]

_SHOWN = 5
"""Problems in a message; all of them are in `ConfigurationError.problems`."""


def load(
    path: str | os.PathLike[str], *, variables: Mapping[str, str] | None = None
) -> AnyDefinition:
    """Return the definition in a file, in any dialect.

    `${NAME}` in a PyStator definition is looked up in `variables`, then in the
    environment. Raises ConfigurationError with every problem and its place.
    """
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{os.fspath(path)} cannot be read: {error}") from None
    return loads(text, file=os.fspath(path), variables=variables)


def loads(
    text: str,
    *,
    file: str = "machine.yaml",
    variables: Mapping[str, str] | None = None,
) -> AnyDefinition:
    """Return the definition in a text; `file` is its name in messages."""
    loaded = load_text(text, file, variables=variables)
    errors = loaded.errors
    if loaded.definition is not None:
        gate = closed_gate(loaded.definition)
        if gate is None:
            return loaded.definition
        errors = (gate,)
    shown = "; ".join(f"{one.at}: {one.message}" for one in errors[:_SHOWN])
    more = f"; and {len(errors) - _SHOWN} more" if len(errors) > _SHOWN else ""
    raise ConfigurationError(
        shown + more,
        hint=errors[0].hint if len(errors) == 1 else "",
        problems=loaded.problems or errors,
    )


def load_dict(config: Mapping[str, object], *, file: str = "dict") -> TreeDefinition:
    """Return the definition a mapping holds, checked as a file is.

    Places in problems are those of its JSON text. Raises ConfigurationError.
    """
    try:
        text = json.dumps(config, indent=1, ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"the mapping is not JSON: {error}") from None
    found = loads(text, file=f"{file}.json")
    return statechart(found)


def statechart(found: AnyDefinition) -> TreeDefinition:
    """Return the definition if it is a statechart. Raises ConfigurationError."""
    if isinstance(found, TreeDefinition):
        return found
    raise ConfigurationError(
        f"{found.file} is written in the dialect {found.dialect!r}, whose machines"
        " are processes",
        hint=f"`smtui run {found.file}`, or await smtui.run_machine({found.file!r})",
    )

"""JSON as operators type it on a command line."""

import json
import sys
from pathlib import Path

from smtui.definition import Json
from smtui.errors import UsageError

__all__ = ["json_mapping", "json_value"]


def json_value(text: str, option: str) -> Json:
    """Return the JSON of an option; `@FILE` reads a file, `-` standard input.

    Raises UsageError that says where the text stops being JSON.
    """
    if text == "-":
        text = sys.stdin.read()
    elif text.startswith("@"):
        text = _file(Path(text[1:]), option)
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError) as error:
        shown = text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - one line
        raise UsageError(
            f"{option} {shown!r} is no JSON: {error}",
            hint="""quote it for the shell: '{"key": "value"}'""",
        ) from None
    return value


def json_mapping(text: str, option: str) -> dict[str, Json]:
    """Return the JSON object of an option; raises UsageError for another value."""
    value = json_value(text, option)
    if not isinstance(value, dict):
        raise UsageError(
            f"{option} is {type(value).__name__}, a mapping was expected",
            hint="""like '{"key": "value"}'""",
        )
    return value


def _file(path: Path, option: str) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"{option} @{path} cannot be read: {why}",
            hint="a file with JSON in it, or - for standard input",
        ) from None

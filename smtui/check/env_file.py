"""Files of environment variables: NAME=value, one a line.

Blank lines and lines that begin with # are nothing, `export ` before a name is
allowed, one pair of quotes around a value is taken off. Nothing is expanded.
"""

import re
from pathlib import Path

__all__ = ["read_env_file"]

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)\Z")
_SHORTEST_QUOTED = 2


def read_env_file(path: Path) -> dict[str, str] | str:
    """Return the variables, or what is wrong with the file; never a value."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        return f"{str(path)!r}, which cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        return f"{str(path)!r}, which is no UTF-8 text"
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.match(stripped)
        if match is None:
            return f"{str(path)!r}, whose line {number} is not NAME=value"
        found[match.group(1)] = _unquoted(match.group(2))
    return found


def _unquoted(value: str) -> str:
    for quote in "'\"":
        if (
            len(value) >= _SHORTEST_QUOTED
            and value.startswith(quote)
            and value.endswith(quote)
        ):
            return value[1:-1]
    return value

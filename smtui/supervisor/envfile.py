"""Files of `KEY=VALUE` lines.

As docker and process-compose read them: blank lines and `#` lines are skipped,
`export` before a key is allowed, quotes around a value go, nothing is
expanded.
"""

import re
from pathlib import Path

from smtui.errors import SupervisorError

__all__ = ["parse", "read"]

_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def read(path: Path) -> dict[str, str]:
    """Return the variables of a file.

    Raises SupervisorError, naming the file and the line, when it cannot be
    read.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SupervisorError(f"env_file {path}: {error}") from error
    return parse(text, str(path))


def parse(text: str, file: str) -> dict[str, str]:
    """Return the variables in a text; raises SupervisorError for a bad line."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.fullmatch(stripped)
        if match is None:
            # not the line itself: it may hold a secret
            raise SupervisorError(f"{file}:{number}: expected KEY=VALUE")
        found[match[1]] = _plain(match[2])
    return found


def _plain(value: str) -> str:
    quote = value[:1]
    if quote in {"'", '"'} and len(value) > 1 and value.endswith(quote):
        return value[1:-1]
    return value

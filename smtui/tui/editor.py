"""$EDITOR at a line. The caller has given the terminal away before."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePath

__all__ = ["command_line", "edit_file", "edit_text"]

_WITH_COLON = frozenset({"code", "codium", "subl", "hx", "helix", "micro", "zed"})
"""These take `file:line`; all others are given `+line file`."""

_FALLBACKS = ("nano", "vim", "vi")


def command_line(env: Mapping[str, str], file: str, line: int) -> list[str]:
    """Return the words that open a file at a line, [] when there is no editor."""
    chosen = env.get("VISUAL") or env.get("EDITOR") or ""
    words = (
        _words(chosen)
        or [found for name in _FALLBACKS if (found := shutil.which(name))][:1]
    )
    if not words:
        return []
    if line <= 0:
        return [*words, file]
    name = PurePath(words[0]).name
    if name in _WITH_COLON:
        flag = ["--goto"] if name in ("code", "codium") else []
        return [*words, *flag, f"{file}:{line}"]
    return [*words, f"+{line}", file]


def edit_file(file: str, line: int) -> str:
    """Run the editor to its end; return what went wrong, or ''."""
    words = command_line(os.environ, file, line)
    if not words:
        return "no editor: set $EDITOR"
    try:
        subprocess.run(words, check=False)  # noqa: S603 - the operator's own editor
    except OSError as error:
        return f"{words[0]}: {error.strerror}"
    return ""


def edit_text(text: str, suffix: str) -> tuple[str, str]:
    """Edit a text in a temporary file; return it and what went wrong, or ''."""
    with tempfile.NamedTemporaryFile("w+", suffix=suffix, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        problem = edit_file(file.name, 0)
        return Path(file.name).read_text("utf-8"), problem


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return [command]

"""Copying: OSC 52 to the terminal, and always a file that survives it."""

from pathlib import Path

__all__ = ["FILE_NAME", "keep"]

FILE_NAME = "clipboard.txt"


def keep(data_dir: Path, text: str) -> str:
    """Write the text to DATA/clipboard.txt; return what went wrong, or ''."""
    path = data_dir / FILE_NAME
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        return f"{path}: {error.strerror}"
    return ""

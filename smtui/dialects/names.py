"""What a machine may be called: the one place that knows.

Names stand in paths, commands (`worker#2`, `NAME=STATE`, `@name event`) and on
one line of a screen, so the characters these use are kept out of them.
"""

__all__ = ["LONGEST_NAME", "name_problem"]

LONGEST_NAME = 100
"""Characters; percent-encoded it still is a file name."""

_FORBIDDEN = "/#@*="


def name_problem(name: str) -> str:
    """Return what is wrong with a machine's name and what is allowed, or ''."""
    if not name:
        return "'', expected 1 to 100 characters"
    if len(name) > LONGEST_NAME:
        return f"of {len(name)} characters, expected at most {LONGEST_NAME}"
    if not name.isprintable():
        return f"{name!r}, expected printable characters"
    if name != name.strip():
        return f"{name!r}, expected no blanks at the ends"
    bad = next((c for c in name if c in _FORBIDDEN), "")
    if bad:
        return f"{name!r}, expected none of {' '.join(_FORBIDDEN)}"
    return ""

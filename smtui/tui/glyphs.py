"""Whether the terminal can be trusted with more than ASCII, as its locale says.

Python itself answers UTF-8 in a C locale: it switches to UTF-8 mode (PEP 540)
and may even set LC_CTYPE in its own environment (PEP 538). What counts is what
this process was given, and that /proc still knows.
"""

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["is_ascii_locale", "needs_ascii"]

_AS_GIVEN = Path("/proc/self/environ")


def needs_ascii() -> bool:
    """Say whether this process was started in a locale without UTF-8."""
    return is_ascii_locale(_given())


def is_ascii_locale(env: Mapping[str, str]) -> bool:
    """Say whether the locale of an environment cannot spell UTF-8.

    The strongest variable decides, as POSIX has it. Where none is set nothing
    is known, and nearly every terminal of today shows UTF-8.
    """
    names = (env.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    spoken = next((name for name in names if name), "")
    plain = spoken.partition("@")[0].upper().replace("-", "")
    return bool(spoken) and not plain.endswith("UTF8")


def _given() -> Mapping[str, str]:
    try:
        data = _AS_GIVEN.read_bytes()
    except OSError:
        return os.environ
    pairs = (os.fsdecode(item).partition("=") for item in data.split(b"\0"))
    return {name: value for name, _, value in pairs}

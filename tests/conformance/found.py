"""Where the recorded behaviour of other systems lies."""

import os
from pathlib import Path

__all__ = ["conformance_dir"]


def conformance_dir() -> Path | None:
    """Return `$SMTUI_CONFORMANCE`, else `../shared/conformance`, if there."""
    given = os.environ.get("SMTUI_CONFORMANCE")
    root = Path(__file__).parents[2]
    found = Path(given) if given else root.parent / "shared" / "conformance"
    return found if found.is_dir() else None

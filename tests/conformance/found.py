"""Where the recorded behaviour of other systems lies."""

import os
from collections.abc import Sequence
from pathlib import Path

__all__ = ["case_files", "conformance_dir"]


def conformance_dir() -> Path | None:
    """Return `$SMTUI_CONFORMANCE`, else `../shared/conformance`, if there."""
    given = os.environ.get("SMTUI_CONFORMANCE")
    root = Path(__file__).parents[2]
    found = Path(given) if given else root.parent / "shared" / "conformance"
    return found if found.is_dir() else None


def case_files(paths: Sequence[Path], suffix: str) -> list[Path]:
    """Return the case files named; of a folder those directly in it, in order."""
    return [
        file
        for path in paths
        for file in (sorted(path.glob(f"*{suffix}")) if path.is_dir() else [path])
    ]

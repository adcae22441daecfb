"""Figures as a table in `smtui/docs/performance.md`, between two marks.

<!-- bench graph -->
...the table...
<!-- end -->
"""

import re
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figure import Figure

__all__ = ["PAGE", "replaced", "table"]

PAGE = Path(__file__).parents[2] / "smtui" / "docs" / "performance.md"


def table(figures: Sequence[Figure]) -> str:
    """Return a row a figure; a peer's says how many times ours it takes."""
    rows = [
        "| what | median | min | max | unit | beside ours |",
        "|---|---|---|---|---|---|",
    ]
    for figure in figures:
        found = figure.document()
        beside = f"{figure.peer}: {figure.ratio}x" if figure.peer else ""
        cells = [found[key] for key in ("name", "median", "min", "max", "unit")]
        rows.append("| " + " | ".join([*map(str, cells), beside]) + " |")
    return "\n".join(rows) + "\n"


def replaced(page: str, name: str, text: str) -> str:
    """Return the page with the text between the marks of a bench.

    Raises ValueError where the page has no such marks.
    """
    mark = f"<!-- bench {name} -->"
    pattern = re.compile(rf"({re.escape(mark)}\n).*?(<!-- end -->)", re.DOTALL)
    if not pattern.search(page):
        raise ValueError(f"no {mark!r} in the page")
    return pattern.sub(lambda found: f"{found[1]}\n{text}\n{found[2]}", page)

"""python -m tests.bench NAME...: measure, and print one JSON object a line.

With `--markdown` the tables of smtui/docs/performance.md are written too.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from time import perf_counter

from tests.bench import chart, entities, fleet, graph, library, slider
from tests.bench.figure import Figure
from tests.bench.markdown import PAGE, replaced, table

BENCHES: Mapping[str, Callable[[], AsyncIterator[Figure]]] = {
    "chart": chart.figures,
    "entities": entities.figures,
    "fleet": fleet.figures,
    "graph": graph.figures,
    "library": library.figures,
    "slider": slider.figures,
}
MARKDOWN = "--markdown"


async def _print(name: str) -> list[Figure]:
    found: list[Figure] = []
    async for figure in BENCHES[name]():
        print(json.dumps(figure.document()), flush=True)  # noqa: T201 - its output
        found.append(figure)
    return found


def main(words: list[str]) -> int:
    """Run benches, or say which there are."""
    names = [word for word in words if word != MARKDOWN]
    if names == ["all"]:
        names = list(BENCHES)
    unknown = [name for name in names if name not in BENCHES]
    if unknown or not names:
        known = ", ".join(["all", *BENCHES])
        sys.stderr.write(f"python -m tests.bench [{MARKDOWN}] NAME..., of: {known}\n")
        return 2
    for number, name in enumerate(names, start=1):
        sys.stderr.write(f"bench {name}: {number} of {len(names)}\n")
        began = perf_counter()
        found = asyncio.run(_print(name))
        sys.stderr.write(f"bench {name}: {perf_counter() - began:.0f} s\n")
        if MARKDOWN in words:
            page = PAGE.read_text("utf-8")
            PAGE.write_text(replaced(page, name, table(found)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

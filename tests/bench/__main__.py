"""python -m tests.bench NAME...: measure, and print one JSON object a line."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Mapping

from tests.bench import fleet
from tests.bench.figure import Figure

BENCHES: Mapping[str, Callable[[], AsyncIterator[Figure]]] = {"fleet": fleet.figures}


async def _print(name: str) -> None:
    async for figure in BENCHES[name]():
        print(json.dumps(figure.document()), flush=True)  # noqa: T201 - its output


def main(names: list[str]) -> int:
    """Run benches, or say which there are."""
    unknown = [name for name in names if name not in BENCHES]
    if unknown or not names:
        known = ", ".join(BENCHES)
        sys.stderr.write(f"python -m tests.bench NAME, one or more of: {known}\n")
        return 2
    for name in names:
        asyncio.run(_print(name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

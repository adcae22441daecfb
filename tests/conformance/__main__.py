"""Run a suite: `python -m tests.conformance SUITE PATH...`."""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.conformance import engine, orchestrator, pystator, scxml
from tests.conformance.result import CaseResult, report

SUITES: dict[str, Callable[[Sequence[Path]], Iterable[CaseResult]]] = {
    "engine": engine.run_files,
    "orchestrator": orchestrator.run_files,
    "pystator": pystator.run_files,
    "scion": scxml.run_files,
    "scxml": scxml.run_files,
}


def main(arguments: Sequence[str]) -> int:
    """Run the suite over the given case files; `--only ID` picks cases."""
    if len(arguments) < 2 or arguments[0] not in SUITES:
        known = " | ".join(SUITES)
        print(f"usage: python -m tests.conformance {known} PATH...", file=sys.stderr)  # noqa: T201
        return 2
    paths = [Path(a) for a in arguments[1:]]
    missing = [p for p in paths if not Path(str(p).partition("::")[0]).exists()]
    if missing:
        print(f"found no file or folder {missing[0]}", file=sys.stderr)  # noqa: T201
        return 2
    return report(SUITES[arguments[0]](paths))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

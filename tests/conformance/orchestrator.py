"""Run the observed snippets of statemachines-orchestrator, one case a row.

The table of the given file says which cases there are and what was observed;
what each does here is Python and lies beside, under its number. Where ours is
better than what was observed, the case says so and why.
"""

import importlib.util
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.conformance.found import case_files
from tests.conformance.orchestrator_case import Case
from tests.conformance.result import CaseResult

__all__ = ["MISSING", "case_numbers", "cases", "run_case", "run_files"]

MISSING = importlib.util.find_spec("statemachine") is None
"""Whether python-statemachine is not installed."""

_ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)


def run_files(paths: Sequence[Path]) -> Iterator[CaseResult]:
    """Run every case the tables of the files name."""
    for path in case_files(paths, ".md"):
        for number in case_numbers(path):
            yield run_case(number)


def case_numbers(path: Path) -> list[int]:
    """Return the numbers of the cases a table lists."""
    return [int(number) for number in _ROW.findall(path.read_text("utf-8"))]


def run_case(number: int) -> CaseResult:
    """Run one case; one nobody has written down fails."""
    if MISSING:
        return CaseResult(str(number), "skip", "python-statemachine is not installed")
    case = cases().get(number)
    if case is None:
        return CaseResult(str(number), "FAIL", "no snippet is written for it")
    try:
        case.run()
    except Exception as error:  # noqa: BLE001 - whatever a case raises is its result
        what = f"{type(error).__name__}: {error}"
        return CaseResult(str(number), "FAIL", f"{what} ({case.better or 'observed'})")
    return CaseResult(str(number), "ok")


def cases() -> dict[int, Case]:
    """Return the cases by number; they need python-statemachine."""
    from tests.conformance import orchestrator_given, orchestrator_linked

    return {**orchestrator_given.CASES.found, **orchestrator_linked.CASES.found}

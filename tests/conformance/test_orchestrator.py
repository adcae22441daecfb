"""Orchestrators do as observed, or better for a reason written down."""

from pathlib import Path

import pytest

from tests.conformance.found import conformance_dir
from tests.conformance.orchestrator import MISSING, case_numbers, cases, run_case

ROOT = conformance_dir()
pytestmark = pytest.mark.skipif(
    MISSING, reason="python-statemachine, which it links, is not installed"
)
NUMBERS = [] if MISSING else sorted(cases())


@pytest.mark.parametrize("number", NUMBERS)
def test_a_snippet_does_what_is_written_of_it(number: int) -> None:
    result = run_case(number)

    assert "ok" == result.word, result.detail


@pytest.mark.skipif(ROOT is None, reason="the recorded cases are not here")
def test_every_recorded_case_has_a_snippet() -> None:
    assert ROOT is not None

    recorded = case_numbers(ROOT / "orchestrator" / "cases.md")

    assert NUMBERS == sorted(recorded)


def test_a_case_nobody_wrote_down_fails(tmp_path: Path) -> None:
    table = tmp_path / "cases.md"
    table.write_text("| 99 | `E()` | ok |\n")

    (number,) = case_numbers(table)

    assert "FAIL 99: no snippet is written for it" == str(run_case(number))

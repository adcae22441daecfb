"""The observed engine cases, each one a test; they run side by side, once."""

import pytest

from tests.conformance.engine import run_cases
from tests.conformance.engine_case import Case, load_cases
from tests.conformance.found import conformance_dir
from tests.conformance.result import CaseResult

ROOT = conformance_dir()
CASES: list[Case] = [] if ROOT is None else load_cases(ROOT / "engine" / "cases.yaml")

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.timeout(240),  # the first test waits for all of them
    pytest.mark.xdist_group("conformance"),
    pytest.mark.skipif(ROOT is None, reason="the recorded cases are not here"),
]


@pytest.fixture(scope="module")
def results() -> dict[str, CaseResult]:
    return {result.id: result for result in run_cases(CASES)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_case_comes_out_as_its_author_meant_it(
    case: Case, results: dict[str, CaseResult]
) -> None:
    result = results[case.id]

    assert result.word == "ok", f"{result.detail} ({case.why})"


def test_every_shared_case_is_there() -> None:
    assert len(CASES) >= 79

"""SCXML documents end as the W3C, SCION and we ourselves say they do."""

from pathlib import Path

import pytest

from tests.conformance.found import conformance_dir
from tests.conformance.scxml import Case, find_cases, run_case

OWN = find_cases([Path(__file__).parent / "scxml_own"])
ROOT = conformance_dir()
FOLDERS = ("w3c/mandatory", "w3c/optional", "scion")
SHARED = [] if ROOT is None else [ROOT / "scxml" / folder for folder in FOLDERS]


@pytest.mark.parametrize("case", OWN, ids=lambda case: case.id)
def test_a_document_of_our_own_ends_in_pass(case: Case) -> None:
    result = run_case(case)

    assert result.word == "ok", result.detail


@pytest.mark.skipif(ROOT is None, reason="the recorded cases are not here")
@pytest.mark.parametrize("folder", SHARED, ids=lambda folder: folder.name)
def test_every_shared_document_ends_as_it_should(folder: Path) -> None:
    results = [run_case(case) for case in find_cases([folder])]

    failed = [str(result) for result in results if result.word == "FAIL"]
    assert not failed, "\n".join(failed)
    assert len(results) > 20


def test_what_needs_basic_http_is_skipped_by_that_name(tmp_path: Path) -> None:
    document = tmp_path / "posts.scxml"
    document.write_text(
        '<scxml><state id="s"><onentry><send event="e" target="http://localhost"'
        ' type="http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor"/></onentry>'
        "</state></scxml>"
    )

    result = run_case(Case("posts", document))

    assert result.word == "skip"
    assert "BasicHTTP" in result.detail


def test_a_document_that_ends_elsewhere_fails_with_what_it_logged(
    tmp_path: Path,
) -> None:
    document = tmp_path / "fails.scxml"
    document.write_text(
        '<scxml><final id="fail"><onentry><log label="why" expr="1+1"/></onentry>'
        "</final></scxml>"
    )

    result = run_case(Case("fails", document))

    assert result.word == "FAIL"
    assert "expected the state pass, got fail (why: 2)" in result.detail

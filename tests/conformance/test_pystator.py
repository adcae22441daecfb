"""What was observed of PyStator, where the record is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.found import case_files, conformance_dir
from tests.conformance.pystator import Case, better, read_cases, run_case, run_files

ROOT = conformance_dir()
FOLDER = None if ROOT is None else ROOT / "pystator"
MISSING = "no recorded behaviour: set SMTUI_CONFORMANCE to its folder"


def _cases() -> Iterator[Case]:
    if FOLDER is not None and (FOLDER / "cases.yaml").is_file():
        yield from read_cases(FOLDER / "cases.yaml")


CASES = list(_cases())


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_of_pystator_gives_what_was_meant(case: Case) -> None:
    result = run_case(case)

    if result.word == "skip":
        pytest.skip(result.detail)
    assert not result.detail


@pytest.mark.skipif(not CASES, reason=MISSING)
def test_its_own_definitions_walk_as_recorded() -> None:
    assert FOLDER is not None
    found = [*run_files([FOLDER / "examples_runs.yaml"])]

    assert [] == [str(result) for result in found if result.word != "ok"]


def test_a_folder_stands_for_the_case_files_in_it(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").touch()
    (tmp_path / "a.yaml").touch()
    (tmp_path / "notes.md").touch()
    named = tmp_path / "b.yaml"

    found = case_files([tmp_path, named], ".yaml")

    assert found == [tmp_path / "a.yaml", tmp_path / "b.yaml", named]


def test_every_better_behaviour_says_why() -> None:
    assert all(entry.get("why") or entry.get("skip") for entry in better().values())

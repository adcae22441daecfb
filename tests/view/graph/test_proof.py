"""The long proofs are run by hand; here is that they would notice."""

import json

import pytest

from smtui.view.graph import draw, to_document
from tests.proof.__main__ import main
from tests.support.view_graphs import REFERENCE
from tests.support.view_mutants import changed
from tests.support.view_outside import faults


def test_a_proof_prints_its_counts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["charts", "3"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["charts"] == 3
    assert told["failed"] == 0


def test_a_proof_needs_to_know_of_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "charts|mutants" in capsys.readouterr().err


@pytest.mark.parametrize("name", REFERENCE)
def test_a_stranger_finds_nothing_wrong(name: str) -> None:
    assert faults(to_document(draw(REFERENCE[name]))) == []


def test_a_stranger_sees_a_line_that_is_broken() -> None:
    drawing = draw(REFERENCE["order"])

    for cell in drawing.strokes[0].path[1:]:
        assert faults(to_document(changed(drawing, cell, "x"))), cell

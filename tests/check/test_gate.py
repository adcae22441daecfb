"""Python of a definition: refused before it runs, where nobody allowed it."""

from pathlib import Path

import pytest

from smtui.check import fleet
from smtui.world import GATE

TEXT = """\
states: [{name: a, type: initial}, {name: b, on_enter: [{code: "ctx['n'] = 1"}]}]
transitions:
  - {source: a, dest: b, trigger: x}
  - {source: b, dest: a, trigger: y}
"""


def codes(folder: Path) -> list[str]:
    report = fleet([folder])
    can_run = ["runs"] if report.machines else []
    return [*can_run, *(one.code for one in report.problems)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(GATE, raising=False)
    (tmp_path / "m.yaml").write_text(TEXT)
    return tmp_path


def test_a_closed_gate_is_an_error_with_its_place(folder: Path) -> None:
    (problem,) = fleet([folder]).problems

    assert ("closed-gate", 1, 57) == (
        problem.code,
        problem.at.line,
        problem.at.column,
    )
    assert GATE in problem.hint
    assert [] == [*fleet([folder]).machines]


def test_the_environment_opens_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(GATE, "yes")

    assert ["runs"] == codes(folder)


@pytest.mark.parametrize("how", [f"env: {{{GATE}: '1'}}", "env_file: open.env"])
def test_the_project_file_opens_it_for_one_machine(folder: Path, how: str) -> None:
    (folder / "open.env").write_text(f"{GATE}=1\n")
    (folder / "smtui.yaml").write_text(f"machines: {{m: {{{how}}}}}\n")

    assert ["runs"] == codes(folder)

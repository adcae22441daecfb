"""Templates: valid as they come, and never over what is there."""

from pathlib import Path

import pytest

from smtui.check import fleet
from smtui.cli import main
from smtui.cli.new import NEW


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


TEMPLATES = ["approval", "hello", "timer", "worker"]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_has_no_problem_of_any_kind(template: str, tmp_path: Path) -> None:
    code = main(["new", template, "thumbs"])

    report = fleet([tmp_path / "thumbs.yaml"])
    assert (code, report.problems) == (0, ())
    assert [machine.name for machine in report.machines] == ["thumbs"]


def test_without_a_name_the_templates_are_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["new"])

    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == TEMPLATES


def test_a_folder_and_an_ending_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "machines").mkdir()

    main(["new", "hello", "machines/a.yml"])
    main(["new", "hello", "machines/b"])

    names = sorted(file.name for file in (tmp_path / "machines").iterdir())
    assert names == ["a.yml", "b.yaml"]


def test_an_existing_file_stays_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text("mine", "utf-8")

    code = main(["new", "hello", "a"])

    assert (code, (tmp_path / "a.yaml").read_text("utf-8")) == (2, "mine")
    assert "a.yaml is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["helo", "a"], "no template 'helo'"),
        (["hello"], "which name shall it have?"),
        (["hello", "a#1"], "'a#1' is no machine name"),
        (["hello", "nowhere/a"], "there is no folder nowhere"),
    ],
)
def test_what_cannot_be_written_is_refused(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["new", *words])

    assert code == 2
    assert message in capsys.readouterr().err


def test_the_command_is_called_new() -> None:
    assert NEW.name == "new"

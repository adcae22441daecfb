"""One table of settings: command, page and project file agree."""

from pathlib import Path

import pytest

from smtui.check import SETTINGS
from smtui.cli import main
from smtui.cli.help import topics
from smtui.cli.settings import TABLE, page
from tests.support.folders import GOOD, write


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SMTUI_DATA", "SMTUI_UTC", "SMTUI_ASCII", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)


def shown(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[str, str]]:
    lines = capsys.readouterr().out.splitlines()[1:]
    rows = [line.split(maxsplit=2) for line in lines]
    return {name: (value, origin) for name, value, origin in rows}


def test_the_page_of_the_guide_is_the_table() -> None:
    assert topics()["settings"] == page()


def test_every_key_of_the_project_file_is_in_the_table() -> None:
    keys = {one.key.removeprefix("settings.") for one in TABLE if one.key}

    assert keys == set(SETTINGS)


def test_values_come_with_their_origin(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path / "m", a_yaml=GOOD, smtui_yaml="settings: {stop_timeout: 3}\n")
    monkeypatch.setenv("SMTUI_ASCII", "1")

    code = main(["config", "m", "--utc", "--data", "d"])

    values = shown(capsys)
    assert code == 0
    assert values["data"] == ("d", "--data")
    assert values["utc"] == ("yes", "--utc")
    assert values["ascii"] == ("yes", "$SMTUI_ASCII")
    assert values["stop_timeout"] == ("3", "smtui.yaml")
    assert values["durability"] == ("normal", "default")
    assert values["color"] == ("yes", "default")


def test_without_any_fleet_defaults_are_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["config"])

    values = shown(capsys)
    assert code == 0
    assert values["data"][0] == "-"
    assert values["hang_after"] == ("30", "default")

"""`smtui test` and `smtui paths`, as an operator runs them."""

import json
from pathlib import Path

import pytest

from smtui.cli import main
from tests.support.scenarios import DOOR

GOOD = """\
definition: door.yaml
scenarios:
  - name: opens
    steps: [{send: push, expect: open}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "door.yaml").write_text(DOOR, "utf-8")
    (tmp_path / "good.yaml").write_text(GOOD, "utf-8")
    bad = GOOD.replace("push", "pull")
    (tmp_path / "bad.yaml").write_text(bad, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_a_good_file_is_ok_and_what_is_never_reached_is_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert 0 == main(["test", "good.yaml"])

    assert (
        """\
good.yaml
  ok    opens
1 passed, 0 failed

door: 2 of 4 states entered, 1 of 4 transitions taken
  never entered: broken  door.yaml:7
  never entered: stopped  door.yaml:8
  never taken: open -timeout(600)-> closed  door.yaml:6
  never taken: open -error-> broken  door.yaml:7
  never taken: * -stop-> stopped  door.yaml:8
"""
        == capsys.readouterr().out
    )


@pytest.mark.usefixtures("folder")
def test_a_scenario_that_fails_shows_what_differed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert 1 == main(["test", "bad.yaml", "good.yaml"])

    assert (
        """\
bad.yaml
  FAIL  opens
        bad.yaml:4:34: state
          expected  open
          got       closed
          because   no "pull" in closed (taken in no state)
good.yaml
  ok    opens
1 passed, 1 failed
"""
        in capsys.readouterr().out
    )


@pytest.mark.usefixtures("folder")
def test_json_tells_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == main(["test", "bad.yaml", "--json"])

    found = json.loads(capsys.readouterr().out)
    (scenario,) = found["scenarios"]
    (difference,) = scenario["differences"]
    assert (0, 1, False) == (found["succeeded"], found["failed"], scenario["ok"])
    assert (4, 34) == (difference["line"], difference["column"])
    assert 4 == found["coverage"][0]["states"]


def test_a_file_that_is_not_right_is_not_played(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "worse.yaml").write_text(GOOD.replace("send", "snd"), "utf-8")

    assert 4 == main(["test", "good.yaml", "worse.yaml"])
    told = capsys.readouterr()
    assert told.out.startswith(
        "worse.yaml:4:14: error unknown-key: found the key 'snd'"
    )
    assert "nothing was run" in told.err


@pytest.mark.usefixtures("folder")
def test_a_definition_that_is_not_there_is_told_where_it_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = GOOD.replace("door.yaml", "dor.yaml")
    (folder / "lost.yaml").write_text(text, "utf-8")

    assert 4 == main(["test", "lost.yaml", "--json"])
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert ("lost.yaml", 1) == (problem["file"], problem["line"])


@pytest.mark.usefixtures("folder")
def test_strict_fails_when_something_is_never_reached() -> None:
    assert 1 == main(["test", "good.yaml", "--strict"])
    assert 0 == main(["paths", "door.yaml", "--as-tests"])
    assert 0 == main(["test", "door.paths.yaml", "--strict"])


@pytest.mark.usefixtures("folder")
def test_paths_are_listed_with_what_was_decided_on_the_way(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert 0 == main(["paths", "door.yaml"])

    out = capsys.readouterr().out
    assert "door: 8 of 8 states and transitions reached" in out
    assert "broken   push (bash: exit 1), after 1s\n" in out


@pytest.mark.usefixtures("folder")
def test_paths_are_json_for_scripts(capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == main(["paths", "door.yaml", "--json"])

    found = json.loads(capsys.readouterr().out)
    broken = next(one for one in found["states"] if one["name"] == "broken")
    assert [
        {"state": ["closed"]},
        {"send": "push", "decided": "bash: exit 1", "state": ["open"]},
        {"after": "1s", "state": ["broken"]},
    ] == broken["path"]
    assert (True, []) == (found["complete"], found["not_reached"])


def test_a_scenario_file_that_is_there_is_never_written_over(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 == main(["paths", "door.yaml", "--as-tests", "good.yaml"])

    assert "good.yaml is there already" in capsys.readouterr().err
    assert GOOD == (folder / "good.yaml").read_text("utf-8")


@pytest.mark.usefixtures("folder")
def test_a_definition_with_errors_is_told_and_not_searched(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "door.yaml").write_text(DOOR.replace("to: open,", ""), "utf-8")

    assert 4 == main(["paths", "door.yaml"])
    assert "door.yaml:5:" in capsys.readouterr().err

"""The script of the demo: safe to kill, safe to run twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import DEMO

SCRIPT = DEMO / "lib" / "census.py"


class Census:
    """The script with a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.home = data / "census"
        self.env = {**os.environ, "SMTUI_DATA": str(data), "SMTUI_ACTION_KEY": "k1"}

    def __call__(self, *words: str) -> tuple[int, str, str]:
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, str(SCRIPT), *words],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.rpartition("\n")[0], done.stderr


@pytest.fixture
def census(tmp_path: Path) -> Census:
    return Census(tmp_path)


def test_packages_come_in_batches_until_there_are_no_more(census: Census) -> None:
    _, first, _ = census("packages", "0")
    _, second, _ = census("packages", str(json.loads(first)["next"]))
    code, _, _ = census("packages", "100000")

    names = [p["package"] for p in json.loads(first)["packages"]]
    later = [p["package"] for p in json.loads(second)["packages"]]
    assert code == 3
    assert "atlantis" in names
    assert not set(names) & set(later)
    assert not {"test", "idlelib", "this"} & {*names, *later}


def test_a_package_is_counted(census: Census) -> None:
    code, out, _ = census("count", "json")

    found = json.loads(out)
    assert code == 0
    assert found["files"] >= 4
    assert found["lines"] > found["functions"] > 10
    assert found == json.loads((census.home / "counted" / "json.json").read_text())


@pytest.mark.parametrize("name", ["atlantis", "../etc", "json; rm -r /", ""])
def test_what_is_no_package_is_not_counted(name: str, census: Census) -> None:
    code, _, err = census("count", name)

    assert code == 4
    assert "no package" in err
    assert not census.home.exists()


def test_a_report_waits_for_something_to_report(census: Census) -> None:
    too_early, _, _ = census("draft")
    census("count", "json")
    census("count", "re")
    code, out, _ = census("draft")

    assert (too_early, code) == (3, 0)
    assert json.loads(out)["packages"] == 2
    assert "| json |" in (census.home / "draft.md").read_text("utf-8")


def test_publishing_twice_leaves_one_report(census: Census) -> None:
    census("count", "json")
    census("count", "re")
    census("draft")

    first = census("publish", "1", "2")
    second = census("publish", "1", "2")

    assert first == second
    assert [f.name for f in (census.home / "reports").iterdir()] == ["report-001.md"]
    assert census("draft")[0] == 3


def test_the_first_try_of_a_key_kills_and_the_second_packs(
    census: Census, tmp_path: Path
) -> None:
    report = tmp_path / "report.md"
    report.write_text("numbers\n" * 100)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1) as victim:
        first, _, _ = census("pack", str(report), str(victim.pid))
        killed_by = -victim.wait(30)
    second, out, _ = census("pack", str(report), "0")

    assert (first, killed_by) == (1, 9)
    assert second == 0
    assert json.loads(out)["bytes"] < json.loads(out)["was"]


def test_the_pulse_doubles_its_pause_up_to_half_an_hour(census: Census) -> None:
    pauses = [
        json.loads(census("pulse", p)[1])["pause_s"] for p in ("2", "900", "1800")
    ]

    assert pauses == [4, 1800, 1800]


def test_the_oldest_files_go_first(census: Census) -> None:
    census.home.mkdir(parents=True)
    for n, name in enumerate(["old", "middle", "new"]):
        (census.home / name).write_text("x" * 100)
        os.utime(census.home / name, (n, n))

    _, out, _ = census("sweep", "250")

    assert json.loads(out) == {"bytes": 200, "deleted": 1}
    assert sorted(f.name for f in census.home.iterdir()) == ["middle", "new"]

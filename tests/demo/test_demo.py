"""The demo: without a fault, and telling its story from end to end."""

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from smtui.check import fleet
from tests.support.cli import DEMO, Program

TABLE = {
    "scout": {"listing", "queued", "resting"},
    "reader": {"idle", "counting", "reporting", "setting_aside"},
    "librarian": {"gathering", "drafting", "asking", "publishing"},
    "courier": {"idle", "packing", "sending"},
    "press": {"idle", "printing", "waiting"},
    "pulse": {"calm", "busy", "hot"},
    "herald": {"quiet", "ringing", "hushed", "tally"},
    "janitor": {"watching", "sweeping"},
    "subscribers": {"listed", "trial", "active", "suspended", "lost", "left"},
    "tray": {"full", "low", "empty"},
}


def test_the_definitions_have_no_problem_of_any_kind() -> None:
    report = fleet([DEMO])

    assert report.problems == ()
    assert report.not_read == ()
    assert {machine.name for machine in report.machines} == set(TABLE)


@pytest.mark.parametrize("name", [name for name in TABLE if name != "tray"])
def test_a_file_begins_as_a_tutorial(name: str) -> None:
    file = max(DEMO.glob(f"{name}.*"), key=lambda file: file.suffix != ".py")
    text = file.read_text("utf-8")

    assert text.startswith((f"# {name}: ", f"<!-- {name}: ", f'"""{name}: '))
    for word in ("Shows: ", "Try: ", "More: "):
        assert word in text


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Program]:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    shutil.copytree(DEMO, tmp_path / "machines")
    with Program(tmp_path, {"HOME": str(home)}) as program:
        yield program


@pytest.mark.acceptance
def test_the_story_is_told_from_the_first_package_to_the_parcel(demo: Program) -> None:
    before = sorted((demo.folder / "machines").rglob("*"))
    until = ["--until", "librarian=asking", "--until", "reader=setting_aside"]
    assert demo("run", "machines/", *until, "--timeout", "60").code == 0

    assert demo("send", "librarian", "approve", "--dry-run").code == 0
    demo("run", "machines/", "--detach")
    watching = demo.begin("run", "machines/", "--headless")
    watching.until("idle -> counting")
    assert demo("send", "librarian", "approve", "--wait").code == 0
    watching.until("packing -> sending")
    restarts = demo("ps", "courier", "--json").rows()[0]["restarts"]
    demo("down")

    (parcel,) = (demo.folder / ".smtui" / "census" / "outbox").iterdir()
    moves = [
        step["to"]
        for step in demo("history", "courier", "--json").rows()
        if step["from"] != step["to"]
    ]
    assert restarts == 1
    assert moves[:3] == [["idle"], ["packing"], ["sending"]]
    assert gzip.decompress(parcel.read_bytes()).startswith(b"# Census of Python")
    assert sorted((demo.folder / "machines").rglob("*")) == before
    assert list((demo.folder / "home").iterdir()) == []


@pytest.mark.acceptance
def test_the_planted_job_fails_its_tries_and_is_repaired(demo: Program) -> None:
    running = demo.begin("run", "machines/", "--headless")
    for _ in range(3):
        running.until("counting -> setting_aside")
    running.until("setting_aside -> idle")

    (planted,) = demo("jobs", "list", "--status", "discarded", "--json").rows()
    repaired = demo(
        "jobs", "retry", str(planted["id"]), "--data", '{"package": "json"}'
    )
    running.until("counting json")

    assert (planted["attempts"], planted["data"]) == (3, {"package": "atlantis"})
    assert "planted: edit the payload and retry" in str(planted["error"])
    assert repaired.code == 0

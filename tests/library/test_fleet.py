"""Fleets from other programs: events sent, machines run to their end."""

import asyncio
from pathlib import Path

import pytest

import smtui
from smtui.clock import SystemClock
from smtui.errors import SupervisorError, UsageError
from smtui.store import MachineRow, Writer

WORKER = """\
initial_state: begin
transitions:
  - {from: begin, to: completed, event: done}
actions:
  begin:
    - {type: bash, command: "test {who} = you", success: done}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / ".smtui"
    with Writer(folder / "smtui.db", "normal", SystemClock()) as store:
        store.put_machine(
            MachineRow("janitor", "janitor", "engine", "0" * 16, "j.yaml", ".", False)
        )
    return folder


@pytest.mark.parametrize("how", ["argument", "environment", "folder"])
def test_an_event_is_in_the_inbox_when_send_returns(
    data: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setenv("SMTUI_DATA", str(data) if how == "environment" else "")
    monkeypatch.chdir(data.parent)
    given = data if how == "argument" else None

    sent = smtui.send("janitor", "sweep", {"by": "cron"}, data=given)

    with Writer(data / "smtui.db", "normal", SystemClock()) as store:
        (row,) = store.read_inbox("janitor")
    assert (sent.id, "sweep", {"by": "cron"}) == (row.id, row.event, row.payload)
    assert not sent.is_heard


async def test_a_key_is_accepted_once_also_from_a_loop(data: Path) -> None:
    sent = [smtui.send("janitor", "sweep", key="k", data=data).is_new for _ in range(2)]

    assert [True, False] == sent


def test_an_unknown_machine_or_folder_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'janitor'"):
        smtui.send("janitr", "sweep", data=data)
    with pytest.raises(UsageError, match="no data directory"):
        smtui.send("janitor", "sweep", data=tmp_path / "nowhere")


@pytest.mark.acceptance
def test_a_machine_is_run_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "worker.yaml"
    path.write_text(WORKER, "utf-8")

    ended = asyncio.run(smtui.run_machine(path, name="w1", context={"who": "you"}))

    assert ("w1", "final", "completed") == (ended.machine, ended.status, ended.state)
    assert "you" == ended.data["who"]


@pytest.mark.acceptance
def test_a_machine_that_cannot_begin_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "worker.yaml"
    path.write_text("initial_state: [nowhere]\ntransitions: []\n", "utf-8")

    with pytest.raises(SupervisorError, match="exit 4"):
        asyncio.run(smtui.run_machine(path))


async def test_a_context_that_is_no_json_is_refused_before_anything_begins() -> None:
    with pytest.raises(UsageError, match="context is not JSON"):
        await smtui.run_machine("any.yaml", context={"x": float("nan")})


@pytest.mark.acceptance
def test_machines_share_a_data_directory_and_may_have_warnings(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = WORKER + "  nowhere:\n    - {type: log, message: never}\n"
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")

    async def run(name: str) -> smtui.Ended:
        path, given = tmp_path / f"{name}.yaml", {"who": "you"}
        return await smtui.run_machine(path, context=given, data=tmp_path / "data")

    assert [asyncio.run(run(name)).machine for name in ("one", "two")] == ["one", "two"]


@pytest.mark.acceptance
def test_a_machine_that_takes_too_long_is_stopped_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "worker.yaml"
    path.write_text(WORKER.replace("test {who} = you", "sleep 60"), "utf-8")

    with pytest.raises(SupervisorError, match=r"took longer than 0\.5 s"):
        asyncio.run(smtui.run_machine(path, timeout_s=0.5))

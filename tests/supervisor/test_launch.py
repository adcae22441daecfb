"""How a child's process is started, or born."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from smtui.supervisor.args import SupervisorArgs
from smtui.supervisor.launch import launch
from smtui.supervisor.spec import ChildSpec, Kind, MachineSpec

SPEC = ChildSpec("worker#1", machines=(MachineSpec("worker#1"),), env={"A": "1"})


def test_a_birth_is_the_same_as_the_command(tmp_path: Path) -> None:
    found = launch(SupervisorArgs(tmp_path), SPEC, 3)

    assert found.birth is not None
    assert (found.birth.child, found.birth.epoch) == ("worker#1", 3)
    assert (found.birth.cwd, found.birth.env) == (str(found.cwd), found.env)
    assert found.env["A"] == "1"
    assert found.env["SMTUI_CHILD"] == "worker#1"


@pytest.mark.parametrize("key", ["PYTHONPATH", "LD_PRELOAD", "LC_ALL", "TZ"])
def test_what_only_a_new_process_reads_needs_a_new_process(
    tmp_path: Path, key: str
) -> None:
    spec = replace(SPEC, env={key: "other"})

    assert launch(SupervisorArgs(tmp_path), spec, 1).birth is None


def test_saying_what_is_so_anyway_is_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TZ", "UTC-3")
    spec = replace(SPEC, env={"TZ": "UTC-3"})

    assert launch(SupervisorArgs(tmp_path), spec, 1).birth is not None


def test_a_plain_command_is_never_born(tmp_path: Path) -> None:
    spec = ChildSpec("db", Kind.PROCESS, command=("sleep", "1"))

    assert launch(SupervisorArgs(tmp_path), spec, 0).birth is None

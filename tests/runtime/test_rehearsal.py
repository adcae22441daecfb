"""A rehearsal leaves nothing that a fork would carry along."""

import os
import tempfile
import threading
from pathlib import Path

import pytest

from smtui.runtime.rehearsal import rehearse


def test_a_rehearsal_leaves_no_thread_no_descriptor_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = threading.enumerate(), os.listdir("/proc/self/fd")  # noqa: PTH208

    rehearse()

    assert before == (threading.enumerate(), os.listdir("/proc/self/fd"))  # noqa: PTH208
    assert [*tmp_path.iterdir()] == []


def test_without_a_place_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))

    with pytest.raises(FileNotFoundError):
        rehearse()

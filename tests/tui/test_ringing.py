"""What a human is told at once, and what a lost terminal orders."""

import socket
import threading
from pathlib import Path

import pytest

from smtui.tui.lost import order_down
from smtui.tui.ringing import ringing
from smtui.wire import Ask, Notice, decode
from smtui.wire.paths import control_path, default_run_dir, make_run_dir


def test_the_terminal_rings_and_shows_the_words_without_their_escapes() -> None:
    notice = Notice(0.0, "asks", "gate", "really?\x1b]0;boo\x07")

    told = ringing(notice, reveal=False)

    assert told.startswith("\a\x1b]9;smtui: gate asks: really?")
    assert told.count("\x1b") == 1
    assert told.endswith("\a")


def test_a_lost_terminal_orders_the_supervisor_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    directory = default_run_dir(tmp_path / "data")
    make_run_dir(directory)
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(control_path(directory)))
        door.listen()

        def hear() -> None:
            talk, _ = door.accept()
            with talk:
                heard.append(talk.recv(4096))

        thread = threading.Thread(target=hear)
        thread.start()
        order_down(tmp_path / "data")
        thread.join()

    ask = decode(heard[0].strip())
    assert isinstance(ask, Ask)
    assert (ask.op, "lost terminal" in ask.who) == ("down", True)


def test_a_supervisor_that_is_gone_is_no_trouble(tmp_path: Path) -> None:
    order_down(tmp_path)

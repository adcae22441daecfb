"""smtui as an operator runs it, in a folder of its own.

A command that ends runs inside the test's process, because a fresh Python for
each costs half a second; the fleet it starts is made of real processes. What
goes on (`begin`) is a process of its own.
"""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from unittest.mock import patch

from smtui.cli import main
from smtui.definition import Json

__all__ = ["DEMO", "DOOR", "Outcome", "Program", "Running", "lines_of"]

DEMO = Path(__file__).parents[2] / "machines"

DOOR = """\
initial_state: closed
events:
  push: {context_map: {who: payload.who}}
transitions:
  - {from: closed, to: open, event: push}
  - {from: open, to: closed, event: timeout(600)}
  - {from: open, to: closed, event: pull}
  - {from: "*", to: stopped, event: stop}
actions:
  open:
    - {type: bash, command: "echo hello {who|default:nobody}", success: said}
"""
"""A machine that does nothing by itself for ten minutes."""

LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    def document(self) -> dict[str, Json]:
        """Return standard output as the one JSON object it must be."""
        value: Json = json.loads(self.out)
        assert isinstance(value, dict), self
        return value

    def rows(self) -> list[dict[str, Json]]:
        """Return standard output as a list of JSON objects."""
        value: Json = json.loads(self.out)
        assert isinstance(value, list), self
        return [row for row in value if isinstance(row, dict)]


def lines_of(outcome: Outcome) -> Sequence[dict[str, Json]]:
    """Return JSON lines as objects."""
    return [json.loads(line) for line in outcome.out.splitlines()]


@dataclass(slots=True)
class Running:
    """A command that goes on."""

    popen: subprocess.Popen[str]
    seen: list[str] = field(default_factory=list[str])

    def until(self, text: str) -> None:
        """Read its output until a line has the text."""
        assert self.popen.stdout is not None
        for line in self.popen.stdout:
            self.seen.append(line)
            if text in line:
                return
        raise AssertionError(f"{text!r} never came: {self.seen}")

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.popen.send_signal(number)

    def ends(self) -> Outcome:
        """Wait for its end."""
        out, err = self.popen.communicate(timeout=LIMIT_S)
        return Outcome(self.popen.returncode, "".join(self.seen) + out, err)


@dataclass(slots=True)
class Program:
    """A folder, an environment, and smtui in it; nothing runs after it."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict[str, str])
    running: list[Running] = field(default_factory=list[Running])

    def __post_init__(self) -> None:
        """Keep sockets and settings of the tester out of it."""
        run_dir = self.folder / "run"
        run_dir.mkdir(exist_ok=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SMTUI_")}
        self.env = {**kept, "XDG_RUNTIME_DIR": str(run_dir), **self.env}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what runs."""
        for one in self.running:
            if one.popen.poll() is None:
                one.popen.kill()
            one.popen.communicate()
        self("down")

    def __call__(self, *words: str, given: str = "") -> Outcome:
        """Run one command to its end."""
        out, err = io.StringIO(), io.StringIO()
        with (
            chdir(self.folder),
            patch.dict(os.environ, self.env, clear=True),
            patch.object(sys, "stdin", io.StringIO(given)),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = main(words)
        return Outcome(code, out.getvalue(), err.getvalue())

    def begin(self, *words: str, background: bool = False) -> Running:
        """Start a command that goes on, as `&` in a script does if `background`."""
        command = [sys.executable, "-m", "smtui", *words]
        if background:
            command = ["/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh", *command]
        popen = subprocess.Popen(  # noqa: S603 - our own program
            command,
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.running.append(Running(popen))
        return self.running[-1]

    def write(self, name: str, text: str) -> Path:
        """Write a file into the folder."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

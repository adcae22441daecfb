"""smtui as an operator runs it: real processes in a folder of their own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

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

    def document(self) -> Json:
        """Return standard output as the one JSON document it must be."""
        value: Json = json.loads(self.out)
        return value

    def rows(self) -> list[dict[str, Json]]:
        """Return standard output as a list of JSON objects."""
        value = self.document()
        assert isinstance(value, list)
        return [row for row in value if isinstance(row, dict)]


@dataclass(slots=True)
class Running:
    """A command that goes on; its output is in files, so it never blocks."""

    popen: subprocess.Popen[bytes]
    out: Path
    err: Path

    def ends(self, limit_s: float = LIMIT_S) -> Outcome:
        """Wait for its end."""
        code = self.popen.wait(limit_s)
        return Outcome(code, self.out.read_text("utf-8"), self.err.read_text("utf-8"))

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.popen.send_signal(number)


@dataclass(slots=True)
class Program:
    """A folder, an environment, and smtui in it; stops its fleet at the end."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict[str, str])
    _count: int = 0

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
        with suppress(subprocess.TimeoutExpired):
            self("down")

    def __call__(
        self, *words: str, given: str | None = None, limit_s: float = LIMIT_S
    ) -> Outcome:
        """Run one command to its end."""
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "smtui", *words],
            cwd=self.folder,
            env=self.env,
            input=given,
            stdin=None if given is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def begin(self, *words: str) -> Running:
        """Start a command that goes on."""
        self._count += 1
        out = self.folder / f"out-{self._count}.txt"
        err = self.folder / f"err-{self._count}.txt"
        with out.open("wb") as out_file, err.open("wb") as err_file:
            popen = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "smtui", *words],
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out_file,
                stderr=err_file,
            )
        return Running(popen, out, err)

    def write(self, name: str, text: str) -> Path:
        """Write a file into the folder."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file


def lines_of(outcome: Outcome) -> Sequence[dict[str, Json]]:
    """Return JSON lines as objects."""
    return [json.loads(line) for line in outcome.out.splitlines()]

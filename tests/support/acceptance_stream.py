"""What `smtui run --headless --json` says, line by line, as it is said."""

import json
import signal
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from smtui.definition import Json

__all__ = ["LIMIT_S", "Headless", "Line"]

LIMIT_S = 60.0
"""Far more than anything takes on two busy cores: reached is failed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    kind: str
    machine: str
    told: dict[str, Json]

    @property
    def status(self) -> str:
        """Of a `child` line: the state its process came to."""
        return str(self.told.get("status", ""))

    @property
    def why(self) -> str:
        """Return the reason it gives, '' if none."""
        return str(self.told.get("why") or "")

    @property
    def pid(self) -> int:
        """Of a `child` line: its process."""
        found = self.told["pid"]
        assert isinstance(found, int)
        return found

    @property
    def event(self) -> str:
        """Of a `step` line: what was handled."""
        return str(self.told.get("event", ""))

    @property
    def to(self) -> list[str]:
        """Of a `step` line: the configuration after it."""
        return cast("list[str]", self.told.get("to") or [])

    @property
    def text(self) -> str:
        """Of a `log` line: what was printed."""
        return str(self.told.get("text", ""))


@dataclass(slots=True)
class Headless:
    """A headless run: its lines are waited for, never asked for."""

    popen: subprocess.Popen[bytes]
    errors: Path
    lines: list[Line] = field(default_factory=list[Line])
    _news: threading.Condition = field(default_factory=threading.Condition)
    _is_over: bool = False

    def __post_init__(self) -> None:
        """Begin to listen."""
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def pid(self) -> int:
        """Return the process that talks."""
        return self.popen.pid

    @property
    def now(self) -> int:
        """Return a place in the stream: what was said before it is past."""
        with self._news:
            return len(self.lines)

    def until(
        self,
        what: Callable[[Line], bool],
        *,
        after: int = 0,
        count: int = 1,
        within_s: float = LIMIT_S,
    ) -> Line:
        """Return the `count`th line from `after` on of which `what` is true."""
        found: list[Line] = []

        def is_said() -> bool:
            found[:] = [line for line in self.lines[after:] if what(line)]
            return len(found) >= count or self._is_over

        with self._news:
            self._news.wait_for(is_said, within_s)
        assert len(found) >= count, self._story()
        return found[count - 1]

    def child(
        self, machine: str, status: str, *, after: int = 0, count: int = 1
    ) -> Line:
        """Wait until a machine's process comes to a state."""

        def is_it(line: Line) -> bool:
            return (line.kind, line.machine, line.status) == ("child", machine, status)

        return self.until(is_it, after=after, count=count)

    def step(
        self,
        machine: str,
        *,
        to: str | None = None,
        event: str | None = None,
        after: int = 0,
        count: int = 1,
    ) -> Line:
        """Wait for a step of a machine."""

        def is_it(line: Line) -> bool:
            return (
                (line.kind, line.machine) == ("step", machine)
                and (to is None or to in line.to)
                and (event is None or line.event == event)
            )

        return self.until(is_it, after=after, count=count)

    def log(self, machine: str, text: str, *, after: int = 0) -> Line:
        """Wait until a machine or an action of it prints something."""

        def is_it(line: Line) -> bool:
            return (line.kind, line.machine) == ("log", machine) and text in line.text

        return self.until(is_it, after=after)

    def ends(self, within_s: float = LIMIT_S) -> int:
        """Wait for its end; return its exit code and have all it said."""
        code = self.popen.wait(within_s)
        with self._news:
            self._news.wait_for(lambda: self._is_over, within_s)
        return code

    def stop(self) -> int:
        """Tell it to end; return its exit code."""
        self.popen.send_signal(signal.SIGTERM)
        return self.ends()

    def said(self) -> str:
        """Return what it wrote on standard error."""
        return self.errors.read_text("utf-8")

    def _listen(self) -> None:
        assert self.popen.stdout is not None
        for raw in self.popen.stdout:
            told: dict[str, Json] = json.loads(raw)
            line = Line(str(told["kind"]), str(told["machine"] or ""), told)
            with self._news:
                self.lines.append(line)
                self._news.notify_all()
        self.popen.stdout.close()
        with self._news:
            self._is_over = True
            self._news.notify_all()

    def _story(self) -> str:
        shown = [json.dumps(line.told) for line in self.lines[-40:]]
        end = "it has ended" if self._is_over else "it goes on"
        return "\n".join(["not said in time:", *shown, self.said(), end])

"""`bash`: a command for the system's shell (dialects/engine.md section 2).

The command arrives with its values quoted. `success`, `error_mappings` and
`store_as` are the chart's business; the result says only what happened.
"""

import secrets

from smtui.chart.values import Raised, Result, RunEntry
from smtui.clock import Clock
from smtui.runtime.actions.outlet import Outlet
from smtui.runtime.actions.performance import Ended, Place
from smtui.runtime.actions.shell import Exit, Shell
from smtui.runtime.actions.tail import LastLine, Tail

__all__ = ["DEFAULT_TIMEOUT_S", "Bash", "timeout_of"]

DEFAULT_TIMEOUT_S = 30.0

_STDERR_CHARS = 4000
"""What is kept of stderr; the log has all of it."""

_KEY = "SMTUI_ACTION_KEY"

_RUN = "SMTUI_ACTION_RUN"
"""Tells what this performance has started from everything else. The key does
not: a second fleet on a copy of the data performs under the same keys."""


class Bash:
    """One shell command in hand."""

    can_resume = False

    def __init__(
        self, entry: RunEntry, place: Place, outlet: Outlet, clock: Clock
    ) -> None:
        self._entry = entry
        self._place = place
        self._outlet = outlet
        self._clock = clock
        self._shell: Shell | None = None

    @property
    def pid(self) -> int | None:
        """Return the shell's pid once it runs."""
        return self._shell.pid if self._shell else None

    async def perform(self) -> Ended:
        """Run it; Raised only when it could not be started at all."""
        command = self._entry.args.get("command")
        if not isinstance(command, str) or not command:
            return Ended(Raised("bash action has no command", "ValueError"))
        timeout_s = timeout_of(self._entry)
        if timeout_s is None:
            found = self._entry.args.get("timeout")
            why = f"bash timeout {found!r} is not a number of seconds"
            return Ended(Raised(why, "ValueError"))
        return Ended(await self._run(command, timeout_s))

    def kill(self) -> None:
        """Kill the shell and all it has started."""
        if self._shell is not None:
            self._shell.kill()

    async def _run(self, command: str, timeout_s: float) -> Result | Raised:
        line, errors = LastLine(), Tail(_STDERR_CHARS)
        last_bytes = {self._outlet.out: b"\n", self._outlet.err: b"\n"}

        def out(data: bytes) -> None:
            self._outlet.out(data)
            line.feed(data)
            last_bytes[self._outlet.out] = data[-1:]

        def err(data: bytes) -> None:
            self._outlet.err(data)
            errors.feed(data)
            last_bytes[self._outlet.err] = data[-1:]

        own = {_KEY: self._entry.key, _RUN: secrets.token_hex(8)}
        started = self._clock.elapsed()
        try:
            self._shell = Shell(
                command,
                folder=self._place.folder,
                env={**self._place.env, **_values(self._entry), **own},
                mark=f"{_RUN}={own[_RUN]}",
                out=out,
                err=err,
            )
        except (OSError, ValueError) as error:
            return Raised(str(error), type(error).__name__)
        ended = await self._shell.run(timeout_s)
        seconds = self._clock.elapsed() - started
        for write, last in last_bytes.items():
            if last != b"\n":  # what it said last is to be read before more comes
                write(b"\n")
        self._remark(ended)
        return Result(
            {
                "exit": ended.code,
                "stderr": errors.text(),
                "last_line": line.text(),
                "timed_out": ended.timed_out,
                "seconds": round(seconds, 6),
            }
        )

    def _remark(self, ended: Exit) -> None:
        if ended.held_open:
            self._outlet.log(
                "warning",
                f"output of pid {self.pid} is still held open by a process it"
                " has left behind; what comes now is not kept",
            )


def _values(entry: RunEntry) -> dict[str, str]:
    """Return the interpolated values that travel outside the command's text."""
    found = entry.args.get("environment")
    values = found.items() if isinstance(found, dict) else ()
    return {name: str(value) for name, value in values}


def timeout_of(entry: RunEntry) -> float | None:
    """Return the command's limit in seconds, or None when it is no number."""
    found = entry.args.get("timeout")
    if found is None:
        return DEFAULT_TIMEOUT_S
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        return None
    try:
        return float(found)
    except ValueError:
        return None

"""A supervisor that gets ready while `run` reads what it shall run.

    prepare   its process begins, and touches nothing
    begin     it is told what was found, and to go on
    wait      until its doors are open

What this process needs next, a screen for one, it imports before it waits.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from smtui.cli.logfiles import log_sizes
from smtui.definition import Json
from smtui.errors import SupervisorError
from smtui.supervisor import (
    Found,
    Launch,
    LockInfo,
    MachineOptions,
    SupervisorArgs,
    read_lock,
    stamps_of,
)
from smtui.wire.paths import DATABASE
from smtui.wire.who import who

if TYPE_CHECKING:
    from smtui.check import FleetReport

__all__ = ["Launching"]


class Launching:
    """What `run` starts, or what runs already; use it in a `with`."""

    def __init__(
        self, data: Path, paths: Sequence[Path], options: MachineOptions
    ) -> None:
        """Prepare; raises SupervisorError when no process can be started."""
        self.data = data
        self.paths = tuple(path.absolute() for path in paths)
        self.options = options
        self.last_step = 0
        """The journal id of the last step before this fleet."""
        self.log_sizes = log_sizes(data)
        """What the logs held before it, by file name."""
        self._stamps = stamps_of(self.paths)
        self._launch = None
        if read_lock(data) is None:
            args = SupervisorArgs(data, self.paths, options, who())
            self._launch = Launch(args)

    def begin(self, report: "FleetReport") -> None:
        """Tell the supervisor to begin with what was found."""
        if (self.data / DATABASE).is_file():
            from smtui.cli.records import last_step  # late: SQLite

            self.last_step = last_step(self.data)
        if self._launch is not None:
            self._launch.say(Found(_absolute(report), self._stamps))

    def wait(self) -> LockInfo | None:
        """Return when the doors are open.

        With who runs the fleet when it is not ours. Raises SupervisorError
        when nobody does.
        """
        try:
            if self._launch is not None:
                self._launch.wait()
                return None
        except SupervisorError:
            holder = read_lock(self.data)
            if holder is None:
                raise
            return holder
        return read_lock(self.data)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of it; without the word it ends."""
        if self._launch is not None:
            self._launch.close()


def _absolute(report: "FleetReport") -> Json:
    """Return a report that names files as the supervisor does."""
    document = cast("dict[str, list[dict[str, Json]]]", report.to_json())
    for each in (*document["problems"], *document["not_read"]):
        each["file"] = os.path.abspath(str(each["file"]))  # noqa: PTH100 - keeps links
    return cast("Json", document)

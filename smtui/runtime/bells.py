"""The doorbells of this process's machines, and those of the others."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from smtui.errors import WireError
from smtui.wire.doorbell import Doorbell, ring
from smtui.wire.paths import SUPERVISOR, bell_path, make_run_dir

__all__ = ["Bells"]


class Bells:
    """Bound doorbells, each with the call it makes."""

    def __init__(self, run_dir: Path, calls: Mapping[str, Callable[[], None]]) -> None:
        """Bind a doorbell for each machine. Raises WireError if one cannot be."""
        self._loop = asyncio.get_running_loop()
        self._run_dir = run_dir
        self._calls = dict(calls)
        make_run_dir(run_dir)
        self._bells = {name: Doorbell(bell_path(run_dir, name)) for name in calls}
        for name in calls:
            self._listen(name)

    def ring(self, machines: Iterable[str]) -> None:
        """Ring machines, of this process or another."""
        for name in machines:
            call = self._calls.get(name)
            if call is not None:
                call()
            else:
                ring(bell_path(self._run_dir, name))

    def ring_supervisor(self) -> None:
        """Ring the supervisor: it is wanted."""
        ring(bell_path(self._run_dir, SUPERVISOR))

    def ensure(self) -> None:
        """Bind again what the file system has lost, if that can be done now."""
        with suppress(WireError):
            make_run_dir(self._run_dir)
            for name, bell in self._bells.items():
                if not bell.is_bound():
                    self._loop.remove_reader(bell.fileno())
                    try:
                        bell.ensure()
                    finally:
                        self._listen(name)

    def ring_own(self) -> None:
        """Ring every machine of this process."""
        self.ring(self._calls)

    def close(self) -> None:
        """Hear nothing any more."""
        for bell in self._bells.values():
            self._loop.remove_reader(bell.fileno())
            bell.close()

    def _listen(self, name: str) -> None:
        self._loop.add_reader(self._bells[name].fileno(), self._heard, name)

    def _heard(self, name: str) -> None:
        if self._bells[name].drain():
            self._calls[name]()

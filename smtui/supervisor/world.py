"""All that the life of a child touches, handed to it at its birth."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from smtui.clock import Clock
from smtui.supervisor.logs import LogPump
from smtui.supervisor.nursery import Nursery
from smtui.supervisor.records import Records
from smtui.supervisor.spec import ChildSpec
from smtui.supervisor.undertaker import Undertaker
from smtui.wire.birth import Birth

__all__ = ["Launch", "World"]


class Launch(NamedTuple):
    """How a child's process is started."""

    command: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    birth: Birth | None = None
    """The same as a birth, where a fork can do it."""


class World(NamedTuple):
    """All that a child's life touches."""

    clock: Clock
    records: Records
    pump: LogPump
    undertaker: Undertaker
    launch: Callable[[ChildSpec, int], Launch]
    """The command for an epoch; raises SupervisorError (a bad env_file)."""
    jitter: Callable[[], float]
    """Uniform in [-1, 1]."""
    blocked: Callable[[ChildSpec], str]
    """What a child still waits for, '' when nothing."""
    is_leaving: Callable[[], bool]
    """Nothing is started any more."""
    changed: Callable[[str], None]
    """Called with the child's name after everything a viewer or a dependant
    could see."""
    nursery: Nursery | None = None
    """None: every process is started by exec."""

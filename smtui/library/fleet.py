"""Fleets from other programs: send an event to one, run a machine to its end.

    smtui.send("janitor", "sweep", {"by": "cron"})
    ended = await smtui.run_machine("worker.yaml", context={"jobs": 3})

A machine that is run is a supervised process, as with `smtui run`; this
program only waits for it, so a crash of one never takes the other along.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from smtui.clock import SystemClock
from smtui.definition import Json
from smtui.errors import SupervisorError, UsageError, nearest
from smtui.wire.paths import DATA_FOLDER, DATABASE, nearest_data_dir

__all__ = ["Ended", "Sent", "run_machine", "send"]

_LONGEST_SAID = 2000
"""Bytes of what the command said at the end, in an error."""
_CHUNK = 65536
_LIFE = b'{"kind": "child"'
"""How a line about the life of a process begins."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An event that was accepted: it is in the machine's inbox for good."""

    id: str
    machine: str
    event: str
    is_new: bool
    """False where an event with this key was accepted before."""
    is_heard: bool
    """Somebody runs the machine now; else the event waits."""


def send(
    machine: str,
    event: str,
    payload: Mapping[str, Json] | None = None,
    *,
    instance: str | None = None,
    key: str | None = None,
    if_state: str | None = None,
    data: str | os.PathLike[str] | None = None,
) -> Sent:
    """Put an event into the inbox of a machine of a fleet on this computer.

    The fleet is that of the data directory `data`, else of `$SMTUI_DATA`, else
    of the nearest `.smtui` in this folder or one above it. It works whether
    or not the fleet runs. With `key` the event is accepted once.

    Raises UsageError where there is no data directory or no such machine,
    StoreError when the store cannot take it.
    """
    from smtui.store.writer import Writer  # late: SQLite
    from smtui.wire.doorbell import ring  # late: sockets
    from smtui.wire.paths import bell_path, run_dir
    from smtui.wire.who import who

    folder = _data_directory(data)
    with Writer(folder / DATABASE, "normal", SystemClock()) as store:
        _refuse_unknown(folder, machine)
        target = store.resolve(machine)[0]
        accepted = store.accept(
            target,
            event,
            dict(payload or {}),
            source=who(),
            instance=instance,
            key=key,
            if_state=if_state,
        )
    is_heard = ring(bell_path(run_dir(folder), target))
    return Sent(accepted.id, target, event, accepted.is_new, is_heard)


def _data_directory(data: str | os.PathLike[str] | None) -> Path:
    given = data or os.environ.get("SMTUI_DATA")
    folder = Path(given) if given else nearest_data_dir()
    if folder is not None and (folder / DATABASE).is_file():
        return folder
    where = os.fspath(given) if given else f"{Path.cwd()} and the folders above it"
    raise UsageError(
        f"no data directory of smtui: no {DATABASE} in {where}",
        hint="`smtui run PATH` makes one beside PATH; name another with data=DIR",
    )


def _known(folder: Path) -> list[str]:
    """Return the names machines can be called by."""
    from smtui.store.reader import Reader  # late: SQLite

    async def names() -> list[str]:
        async with Reader(folder / DATABASE) as reader:
            return [machine.name for machine in await reader.machines()]

    # a loop of its own: the caller may be in one
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(lambda: asyncio.run(names())).result()
    return sorted({*found, *(name.partition("#")[0] for name in found)})


def _refuse_unknown(folder: Path, machine: str) -> None:
    known = _known(folder)
    if machine not in known:
        listed = f"known: {', '.join(known)}" if known else "no machine is known there"
        raise UsageError(
            f"no machine {machine!r} in {folder}",
            hint=nearest(machine, known) or listed,
        )


# ------------------------------------------------------------- run to the end


@dataclass(frozen=True, slots=True)
class Ended:
    """How a machine ended."""

    machine: str
    status: str
    """`final` where a final state was reached; `running` where it was stopped."""
    configuration: tuple[str, ...]
    """The states it was in at the end."""
    data: Mapping[str, Json]
    """What it knew at the end."""

    @property
    def state(self) -> str:
        """Return the innermost state; of a parallel one the last in the file."""
        return self.configuration[-1] if self.configuration else ""


async def run_machine(
    path: str | os.PathLike[str],
    *,
    name: str = "",
    context: Mapping[str, Json] | None = None,
    data: str | os.PathLike[str] | None = None,
    timeout_s: float | None = None,
) -> Ended:
    """Run one definition, of any dialect, as a supervised process, to its end.

    What happened is kept in the data directory `data`, where a second call
    resumes what the first left undone; without it in a temporary one that is
    gone afterwards. Cancelling stops the machine cleanly. One whose entities
    come with events has no end of its own: `timeout_s` or cancelling ends it.

    Raises SupervisorError when it failed, could not begin, or took longer than
    `timeout_s` (it is stopped cleanly then), UsageError for a context that is
    not JSON.
    """
    if data is not None:
        return await _run_in(Path(data), path, name, context, timeout_s)
    with tempfile.TemporaryDirectory(prefix="smtui-") as folder:
        place = Path(folder) / DATA_FOLDER
        return await _run_in(place, path, name, context, timeout_s)


async def _run_in(
    folder: Path,
    path: str | os.PathLike[str],
    name: str,
    context: Mapping[str, Json] | None,
    timeout_s: float | None,
) -> Ended:
    command = [sys.executable, "-P", "-m", "smtui", "run", os.fspath(path)]
    command += ["--headless", "--json", "--exit-on-failure"]
    command += ["--data", os.fspath(folder)]
    command += ["--name", name] if name else []
    command += ["--context", "-"] if context is not None else []
    given = b"" if context is None else _json(context)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=pipe
    )
    telling = asyncio.create_task(_told(process, given))
    try:
        async with asyncio.timeout(timeout_s):
            said = await asyncio.shield(telling)
    except TimeoutError:
        await _stop(process, telling)
        raise SupervisorError(
            f"{os.fspath(path)} took longer than {timeout_s:g} s and was stopped",
            hint="data=DIR keeps what it did; a call with the same DIR goes on",
        ) from None
    except asyncio.CancelledError:
        await _stop(process, telling)
        raise
    if process.returncode:
        raise SupervisorError(
            f"{os.fspath(path)} did not end well (exit {process.returncode})",
            hint="\n".join(one for one in (said.errors, said.why) if one),
        )
    return await _ended(folder, said.machine)


class _Said(NamedTuple):
    """What the command said until it ended."""

    machine: str
    """The first machine it began."""
    why: str
    """The last reason a process ended for."""
    errors: str
    """The end of what it wrote to stderr."""


async def _told(process: asyncio.subprocess.Process, given: bytes) -> _Said:
    """Give the command its input, and read it to its end; little is kept."""
    streams = process.stdin, process.stdout, process.stderr
    stdin, stdout, stderr = streams
    assert stdin is not None  # noqa: S101 - asked for above
    assert stdout is not None  # noqa: S101 - as above
    assert stderr is not None  # noqa: S101 - as above
    lives, errors, _ = await asyncio.gather(
        _lives(stdout), _tail(stderr), _give(stdin, given)
    )
    await process.wait()
    return _Said(*lives, errors)


async def _give(stream: asyncio.StreamWriter, given: bytes) -> None:
    with suppress(ConnectionError):  # it said no before it read all
        stream.write(given)
        await stream.drain()
    stream.close()
    with suppress(ConnectionError):
        await stream.wait_closed()


async def _lives(stream: asyncio.StreamReader) -> tuple[str, str]:
    """Return who is begun first, and why the last process ended; forget the rest."""
    machine = why = ""
    rest = b""
    while chunk := await stream.read(_CHUNK):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(_LIFE):
                news: dict[str, Json] = json.loads(line)
                machine = machine or str(news["machine"])
                why = str(news["why"] or why)
    return machine, why


async def _tail(stream: asyncio.StreamReader) -> str:
    kept = b""
    while chunk := await stream.read(_CHUNK):
        kept = (kept + chunk)[-_LONGEST_SAID:]
    return kept.decode("utf-8", "replace").strip()


async def _stop(
    process: asyncio.subprocess.Process, telling: asyncio.Task[_Said]
) -> None:
    """End the command as Ctrl-C does: its machine is stopped with it."""
    with suppress(ProcessLookupError):
        process.terminate()
    await telling


def _json(context: Mapping[str, Json]) -> bytes:
    try:
        return json.dumps(dict(context), allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise UsageError(
            f"the context is not JSON: {error}",
            hint="use text, numbers, true, false, null, lists and mappings",
        ) from None


async def _ended(folder: Path, machine: str) -> Ended:
    """Return how a machine of a data directory ended."""
    from smtui.store.reader import Reader  # late: SQLite

    async with Reader(folder / DATABASE) as reader:
        rows = await reader.instances(machine)
    if not rows:
        raise SupervisorError(f"no machine has run in {folder}")
    row = rows[0]
    return Ended(row.machine, row.status, row.configuration, row.data)

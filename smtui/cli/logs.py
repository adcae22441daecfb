"""`smtui logs`: what machines and their actions printed."""

import heapq
import re
import threading
from argparse import ArgumentParser, Namespace
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.cli.logfiles import Follower, LogLine, last_lines, log_names
from smtui.cli.moments import count, since
from smtui.cli.signals import heeded_interrupts
from smtui.clock import rfc3339
from smtui.errors import UsageError, nearest
from smtui.wire.paths import DATABASE

__all__ = ["LOGS"]

DEFAULT_LINES = 200
LOOK_AGAIN_S = 0.1
"""A plain file rings no bell; tail -f waits a second."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a machine, or `supervisor`")
    parser.add_argument("--follow", action="store_true", help="go on with what comes")
    parser.add_argument("--since", metavar="WHEN", help="10m, 08:15, a date")
    parser.add_argument("--grep", metavar="RE", help="only lines that match")
    parser.add_argument(
        "--limit", metavar="N", type=count, help=f"the last N lines ({DEFAULT_LINES})"
    )


def _run(console: Console, found: Namespace) -> int:
    data = datadir.existing(console)
    files = log_names(data, found.name) or _shared(data, found.name)
    if not files:
        raise _no_log(data, found.name)
    start = None
    if found.since is not None:
        start = since(found.since, console.clock.now(), console.zone)
    wanted = _Wanted(found.grep)
    followers = [Follower(*item) for item in files.items()] if found.follow else []
    old = heapq.merge(
        *(last_lines(name, file, start) for name, file in files.items()),
        key=lambda line: line.at,
    )
    limit = found.limit
    if limit is None and start is None:
        limit = DEFAULT_LINES
    shown = deque((line for line in old if wanted(line)), limit)
    is_one = len(files) == 1
    _print(console, shown, is_one=is_one)
    pause = threading.Event()
    with heeded_interrupts():
        while followers:
            new = [line for each in followers for line in each.new_lines()]
            lines = sorted(filter(wanted, new), key=lambda line: line.at)
            _print(console, lines, is_one=is_one)
            pause.wait(LOOK_AGAIN_S)
    return 0


def _shared(data: Path, machine: str) -> dict[str, Path]:
    """Return the log of a machine that shares a process with others."""
    import asyncio  # late, as the store: most names are those of files

    from smtui.store import Reader

    async def child() -> str:
        async with Reader(data / DATABASE) as reader:
            rows = await reader.machines()
        return next((row.child for row in rows if row.name == machine), "")

    name = asyncio.run(child())
    return log_names(data, name) if name else {}


class _Wanted:
    """Whether a line passes `--grep`."""

    def __init__(self, expression: str | None) -> None:
        try:
            self._pattern = re.compile(expression) if expression else None
        except re.error as error:
            raise UsageError(
                f"--grep {expression!r}: {error}", hint="a Python regular expression"
            ) from None

    def __call__(self, line: LogLine) -> bool:
        return self._pattern is None or self._pattern.search(line.text) is not None


def _print(console: Console, lines: Iterable[LogLine], *, is_one: bool) -> None:
    from smtui.view.masks import mask_text  # late: `smtui --help` needs no view

    for line in lines:
        text = mask_text(line.text, reveal=console.reveal)
        if console.json:
            console.document(
                {
                    "at": rfc3339(line.at) if line.at else None,
                    "machine": line.machine,
                    "stream": line.stream,
                    "text": text,
                }
            )
            continue
        when = console.moment(line.at) if line.at else "-"
        name = "" if is_one else f"{line.machine}  "
        console.line(f"{when}  {name}{line.stream}  {text}")


def _no_log(data: Path, name: str) -> UsageError:
    from urllib.parse import unquote  # late: only for the message

    folder = data / "logs"
    known = [unquote(file.name.removesuffix(".log")) for file in folder.glob("*.log")]
    return UsageError(
        f"no log of {name!r} in {folder}",
        hint=nearest(name, known) or f"there are {', '.join(sorted(known)) or 'none'}",
    )


LOGS = Command(
    name="logs",
    summary="Show what a machine and its actions printed.",
    run=_run,
    arguments=_arguments,
    examples=("smtui logs reader", "smtui logs supervisor --since 10m --grep start"),
    details="A line is: time, out or err (or --- for smtui's own), text.",
)

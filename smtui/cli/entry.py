"""The first and the last frame of every invocation.

One of the two places that catch `Exception` (the other is a machine's loop):
an operator sees one or two lines and an exit code, never a traceback. What
should not have happened is kept in DATA/crashes for a bug report.

Exit codes: 0 ok, 1 the thing asked for failed, 2 usage, 3 needs a supervisor
and none runs, 4 invalid definition.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from smtui import __version__
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.cli.parser import Parser, build, parse
from smtui.errors import SmtuiError, UsageError
from smtui.wire.paths import DATABASE

__all__ = ["main"]

_INTERRUPTED = 130
"""What shells expect of a command that ctrl+c ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code. Raises nothing."""
    console = Console.of_process()
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        return _run(console, given)
    except SmtuiError as error:
        _say(console, error)
        _say_who_locks(console, error)
        return error.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        # the reader of our output has gone; nothing is left to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the edge of the process
        _say(console, _unexpected(console, error, given))
        return 1


def _run(console: Console, given: list[str]) -> int:
    found = parse(_parser(given), given)
    _configure(console, found)
    if getattr(found, "version", False):
        console.text(f"smtui {__version__}")
        return 0
    chosen: Command | None = getattr(found, "chosen", None)
    if chosen is None:
        raise UsageError(
            "which command?", hint="smtui run machines/, or smtui --help for the list"
        )
    code = chosen.run(console, found)
    console.out.flush()
    return code


def _parser(given: list[str]) -> Parser:
    """Return the parser of the command in the first place, else of all."""
    from smtui.cli.lookup import find  # late: keeps main() safe

    if given == ["--version"]:
        return build((), ())
    command = find(given[0]) if given else None
    if command is not None:
        return build((command,), ())
    from smtui.cli.commands import COMMANDS, HIDDEN  # late: all of them

    return build(COMMANDS, HIDDEN)


def _configure(console: Console, found: Namespace) -> None:
    console.data = getattr(found, "data", None)
    console.json = bool(getattr(found, "json", False))
    console.utc = bool(getattr(found, "utc", False) or os.environ.get("SMTUI_UTC"))
    console.reveal = bool(getattr(found, "reveal", False))


def _say(console: Console, error: SmtuiError) -> None:
    """Show an error on one line, and its hint on the next."""
    try:
        console.note(f"smtui: {error.message}")
        if error.hint:
            console.note(f"  {error.hint}")
    except (OSError, ValueError):
        pass  # stderr is closed: the exit code has to say it


def _say_who_locks(console: Console, error: SmtuiError) -> None:
    """Name the process that keeps a command from the store."""
    from smtui.store import StoreBusyError  # late: SQLite, only after an error

    if console.opened is None or not isinstance(error, StoreBusyError):
        return
    from smtui.supervisor import holder_of  # late: as above

    holder = holder_of(console.opened / DATABASE)
    if holder:
        console.note(f"  it is {holder}")


def _unexpected(console: Console, error: Exception, given: list[str]) -> SmtuiError:
    """Keep the traceback where a bug report finds it."""
    import tempfile  # late: only when something is wrong
    import traceback

    folder = Path(tempfile.gettempdir())
    if console.opened is not None:
        folder = console.opened / "crashes"
    name = folder / f"smtui-crash-{int(console.clock.now())}-{os.getpid()}.txt"
    text = f"smtui {' '.join(given)}\n\n{''.join(traceback.format_exception(error))}"
    message = f"unexpected {type(error).__name__}: {error}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with name.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as failed:
        return SmtuiError(message, hint=f"no crash file written: {failed}")
    return SmtuiError(message, hint=f"this is a bug in smtui; details in {name}")

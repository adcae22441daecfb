"""A terminal given back, though its screen was killed.

After kill -9 nobody undoes what the screen has set: the other page of the
terminal, a mouse that types, a line that echoes nothing. So a shell of a few
hundred kilobytes waits at the end of a pipe. A screen that leaves by itself
says so first; when the pipe just ends, the shell puts the terminal back.

It changes the modes of the line only where they are still the screen's: the
operator's own shell usually mends those itself, and must keep its own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress

__all__ = ["LEAVE", "rescued_terminal"]

LEAVE = (
    r"\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?1015l"  # no mouse
    r"\033[?1004l\033[?2004l\033[?2048l\033[<u"  # no focus, paste, size, key codes
    r"\033[?1049l\033[?25h\033[0m"  # the first page, its cursor, its colours
)
"""As printf of a shell reads it: the reverse of what Textual asks for."""

_SCRIPT = f"""
trap '' HUP INT QUIT TERM TTIN TTOU TSTP
read -r word
[ "$word" = bye ] && exit 0
printf '{LEAVE}'
exec 3<&1
case "$(stty -a <&3)" in *-isig*) stty sane <&3;; esac
echo 'the screen of smtui was killed; smtui attach shows the machines again'
"""
"""Without ISIG no ctrl+c: no shell sets that for its own line."""


@contextmanager
def rescued_terminal() -> Generator[None]:
    """Have the terminal put back if this process is killed in between.

    Does nothing where standard output is no terminal or there is no shell.
    """
    shell = shutil.which("sh")
    if shell is None or not sys.stdout.isatty():
        yield
        return
    reading, writing = os.pipe()
    with subprocess.Popen(  # noqa: S603 - our own words
        [shell, "-c", _SCRIPT, "smtui-rescue"], stdin=reading
    ):
        os.close(reading)
        try:
            yield
        finally:
            with suppress(OSError):  # somebody has ended it: nothing to tell
                os.write(writing, b"bye\n")
            os.close(writing)

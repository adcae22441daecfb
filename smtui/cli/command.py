"""What a command is: a row of the table that makes parser, help and tests.

The laws of this file: a command has a name, one sentence, exactly two examples
that a test runs, and a function `(Console, Namespace) -> exit code`. It raises
SmtuiError for everything an operator can be told; `entry` shows it.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from smtui.cli.console import Console
from smtui.errors import UsageError

__all__ = ["Command", "needs_part", "no_options"]


def no_options(parser: ArgumentParser) -> None:
    """Add nothing: the command takes the common options only."""
    del parser


def needs_part(console: Console, found: Namespace) -> int:
    """Stand for the run of a command that has subcommands and got none."""
    del console
    name = found.chosen.name
    raise UsageError(f"which part of {name}?", hint=f"smtui {name} --help")


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table."""

    name: str
    summary: str
    """One sentence, shown in the list of commands and on top of its help."""
    run: Callable[[Console, Namespace], int]
    examples: tuple[str, str]
    """Command lines that a test runs beside a running demo."""
    arguments: Callable[[ArgumentParser], None] = no_options
    details: str = ""
    """More to say, below the options."""
    has_json_data: bool = False
    """`--data` with a JSON object is the job's data, not the folder."""
    parts: tuple["Command", ...] = ()
    """Subcommands (`jobs add`); then `run` is needs_part."""

"""What a command is: a row of the table that makes parser, help and tests.

The laws of this file: a command has a name, one sentence, exactly two examples
that a test runs, and a function `(Console, Namespace) -> exit code`. It raises
SmtuiError for everything an operator can be told; `entry` shows it.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from smtui.cli.console import Console

__all__ = ["Command", "no_options"]


def no_options(parser: ArgumentParser) -> None:
    """Add nothing: the command takes the common options only."""
    del parser


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
    needs_fleet: bool = False
    """Exit 3 when no supervisor runs."""
    parts: tuple["Command", ...] = ()
    """Subcommands (`jobs add`); then `run` is never called."""

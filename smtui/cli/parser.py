"""The command line as argparse sees it, made from the table of commands.

The common options may stand before or after the command. A word nobody knows
is a UsageError with the nearest known one, not argparse's list of everything.
"""

import re
from argparse import (
    SUPPRESS,
    Action,
    ArgumentParser,
    Namespace,
    RawDescriptionHelpFormatter,
)
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, Protocol

from smtui.cli.command import Command
from smtui.errors import UsageError, nearest

__all__ = ["Parser", "build", "parse"]

_INTRO = """\
Mission control for state machines, in your terminal.

`smtui run PATH...` starts every machine of a folder, keeps them alive and shows
them. What is below works beside it, from scripts too."""


class _Places(Protocol):
    """Where argparse puts subcommands; its own class is private."""

    def add_parser(
        self,
        name: str,
        *,
        prog: str,
        description: str,
        epilog: str,
        formatter_class: type[RawDescriptionHelpFormatter],
        allow_abbrev: bool,
        usage: str | None,
    ) -> ArgumentParser:
        """Return the parser of one subcommand."""
        ...


class Parser(ArgumentParser):
    """An argparse parser whose errors are ours."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with what argparse found."""
        found = re.match(r"argument (\S+): invalid choice: '(.*?)' \(choose", message)
        hint = f"{self.prog} --help"
        if found:
            choices = re.findall(r"'([^']*)'", message[message.index("(choose") :])
            option, word = found.groups()
            message = f"{self.prog} has no command {word!r}"
            if option not in {"COMMAND", "PART"}:
                message = f"{option} {word!r} is none of {', '.join(choices)}"
            hint = nearest(word, choices) or hint
        raise UsageError(message, hint=hint)


def build(commands: Sequence[Command], hidden: Sequence[Command]) -> Parser:
    """Return the parser of all commands; hidden ones are not listed."""
    parser = Parser(
        prog="smtui",
        description=_INTRO,
        epilog=_listing("commands", commands, "smtui"),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
        usage="smtui COMMAND [OPTION]...",
    )
    _add_common(parser)
    parser.add_argument("--version", action="store_true", help="print the version")
    places = parser.add_subparsers(dest="command", metavar="COMMAND", help=SUPPRESS)
    for command in (*commands, *hidden):
        _add(places, command, "smtui")
    return parser


def parse(parser: Parser, arguments: Sequence[str]) -> Namespace:
    """Return the options and the chosen command as `chosen`.

    Raises UsageError for what cannot be understood, SystemExit(0) for help.
    """
    found, rest = parser.parse_known_args(arguments)
    if rest:
        options = re.findall(r"--[a-z-]+", _help_of(found, parser))
        raise UsageError(
            f"unknown argument {rest[0]!r}",
            hint=nearest(rest[0], options) or "see --help",
        )
    return found


def _help_of(found: Namespace, parser: Parser) -> str:
    chosen = getattr(found, "parser", parser)
    return chosen.format_help() if isinstance(chosen, ArgumentParser) else ""


def _add(places: _Places, command: Command, prefix: str) -> None:
    prog = f"{prefix} {command.name}"
    examples = "\n".join(f"  {example}" for example in command.examples)
    details = f"{command.details}\n\n" if command.details else ""
    parts = f"{_listing('parts', command.parts, prog)}\n\n" if command.parts else ""
    parser = places.add_parser(
        command.name,
        prog=prog,
        description=command.summary,
        epilog=f"{parts}{details}examples:\n{examples}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
        usage=f"{prog} PART [OPTION]..." if command.parts else None,
    )
    _add_common(parser, has_json_data=command.has_json_data)
    command.arguments(parser)
    parser.set_defaults(chosen=command, parser=parser)
    if command.parts:
        inner = parser.add_subparsers(dest="part", metavar="PART", help=SUPPRESS)
        for part in command.parts:
            _add(inner, part, prog)


def _add_common(parser: ArgumentParser, *, has_json_data: bool = False) -> None:
    group = parser.add_argument_group("common options")
    # SUPPRESS: what stood before the command is not overwritten by a default
    if has_json_data:
        group.add_argument(
            "--data",
            metavar="JSON|DIR",
            action=_DataOrFolder,
            default=SUPPRESS,
            help="the job's data, @FILE or - ; a folder is the data directory",
        )
        parser.set_defaults(job_data=None)
    else:
        group.add_argument(
            "--data",
            metavar="DIR",
            type=Path,
            default=SUPPRESS,
            help="the data directory (else $SMTUI_DATA, else the nearest .smtui)",
        )
    for name, text in (
        ("--json", "print JSON"),
        ("--utc", "times in UTC"),
        ("--reveal", "do not mask secrets"),
    ):
        group.add_argument(name, action="store_true", default=SUPPRESS, help=text)


class _DataOrFolder(Action):
    """`--data` of `jobs add`: a folder is the data directory, all else is JSON."""

    def __call__(
        self,
        parser: ArgumentParser,
        namespace: Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Keep the value under what it is."""
        del parser, option_string
        text = str(values)
        if Path(text).is_dir():
            namespace.data = Path(text)
        else:
            namespace.job_data = text


def _listing(title: str, commands: Sequence[Command], prog: str) -> str:
    width = max((len(command.name) for command in commands), default=0)
    lines = [f"  {one.name:{width}}  {one.summary}" for one in commands]
    word = title.removesuffix("s").upper()
    more = f"`{prog} {word} --help` says more."
    return "\n".join([f"{title}:", *lines, "", more])

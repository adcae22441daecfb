"""`smtui schema`: a JSON Schema of a dialect, for editors."""

import json
from argparse import ArgumentParser, Namespace

from smtui.cli.command import Command
from smtui.cli.console import Console

__all__ = ["SCHEMA"]

_DIALECTS = ("engine", "pystator")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "dialect",
        metavar="DIALECT",
        nargs="?",
        choices=_DIALECTS,
        help=f"{' or '.join(_DIALECTS)}; without it one schema that takes both",
    )


def _run(console: Console, found: Namespace) -> int:
    from smtui.dialects import schema_of, schema_of_all  # late: YAML

    schema = schema_of_all() if found.dialect is None else schema_of(found.dialect)
    if console.json:
        console.document(schema)
    else:
        console.text(json.dumps(schema, indent=2))
    return 0


SCHEMA = Command(
    name="schema",
    summary="Print a JSON Schema of a dialect, for editors.",
    run=_run,
    examples=("smtui schema engine", "smtui schema pystator --json"),
    arguments=_arguments,
    details="An editor with a YAML language server reads it from a first line like\n"
    "  # yaml-language-server: $schema=./pystator.schema.json\n"
    "SCXML has one of its own: https://www.w3.org/2011/04/SCXML/scxml.xsd",
)

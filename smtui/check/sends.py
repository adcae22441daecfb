"""Machines a statechart names in its text: those it sends to, and invokes."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from smtui.definition import (
    Language,
    Position,
    TreeDefinition,
    blocks_in,
    contents_in,
)
from smtui.definition.content import Send

__all__ = ["Spoken", "invoked_by", "spoken_to"]


class Spoken(NamedTuple):
    """The name of a machine, and where it is written."""

    name: str
    at: Position


def spoken_to(definition: TreeDefinition) -> Iterator[Spoken]:
    """Yield the machines its sends name; computed targets are left alone."""
    for block in blocks_in(definition):
        for send in contents_in(block):
            if not isinstance(send, Send):
                continue
            target = send.target
            if target is None or target.language is not Language.LITERAL:
                continue
            name = str(target.literal or "")
            is_session = not name or name.startswith("#_")
            if not is_session and (send.type is None or "://" not in name):
                yield Spoken(name.partition("/")[0], target.at)


def invoked_by(definition: TreeDefinition, folder: Path) -> Iterator[Spoken]:
    """Yield the machines it invokes; computed names and files are left alone."""
    for node in definition.nodes:
        for invoke in node.invokes:
            if invoke.type is None or invoke.type.literal != "machine":
                continue
            src = invoke.src
            if src is None or src.language is not Language.LITERAL:
                continue
            name = str(src.literal or "")
            if not (folder / name).is_file():
                yield Spoken(name, src.at)

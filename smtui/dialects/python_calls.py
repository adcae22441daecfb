"""Which peers a linked machine's callbacks send events to, as far as they say so.

    orc.payment.authorize()        orc.payment.send("authorize")

What is found becomes the definition's script: nothing performs it (the library
moves these machines), but drawings of a fleet show it.
"""

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

from smtui.definition import Block, Expression, Position
from smtui.definition.content import Send
from smtui.definition.expression import Language
from smtui.dialects.python_modules import Found

__all__ = ["calls_of", "known_as"]


def known_as(lineage: Iterable[Found]) -> str:
    """Return what callbacks call the orchestrator of that lineage."""
    name = "orc"
    for each in lineage:
        for keyword in each.node.keywords:
            match keyword:
                case ast.keyword(arg="orchestrator_name", value=ast.Constant(value=v)):
                    name = str(v)
                case _:
                    pass
    return name


def calls_of(
    lineage: Iterable[Found], name: str, events: Mapping[str, Collection[str]]
) -> Block:
    """Return a Send for each event that callbacks send to a peer, once.

    `name` is the orchestrator's; `events` are those of each of its machines.
    """
    found: dict[tuple[str, str], Send] = {}
    for each in lineage:
        for call in _calls(each.node):
            match call.func:
                case ast.Attribute(
                    attr=verb,
                    value=ast.Attribute(attr=peer, value=ast.Name(id=owner)),
                ) if owner == name:
                    event = _event(call, verb)
                case _:
                    continue
            if event in events.get(peer, ()):
                at = Position(each.module.file, call.lineno, call.col_offset + 1)
                said = (_literal(event, at), _literal(peer, at))
                found.setdefault((peer, event), Send(said[0], at, said[1]))
    return tuple(found.values())


def _calls(node: ast.ClassDef) -> Iterator[ast.Call]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield each


def _event(call: ast.Call, verb: str) -> str:
    match verb, call.args:
        case "send" | "raise_", [ast.Constant(value=str() as event), *_]:
            return event
        case _:
            return verb


def _literal(text: str, at: Position) -> Expression:
    return Expression(Language.LITERAL, text, at, text)

"""InPeer('machine', 'state'): a condition that looks at another machine. Ours.

The laws of this file: names are written as plain texts, so that they can be
checked before anything runs; a document that has an InPeer of its own keeps it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from smtui.expr.ecmascript.convert import to_text
from smtui.expr.ecmascript.tokens import Kind, Malformed, Token, tokenize
from smtui.expr.ecmascript.values import Function, Value, failure
from smtui.expr.language import Scope

__all__ = ["IN_PEER", "PeerCall", "in_peer", "peer_calls"]

IN_PEER = "InPeer"

_FEWEST, _MOST = 2, 3


class PeerCall(NamedTuple):
    """One InPeer in a text."""

    offset: int
    """Characters from the start of the text."""
    names: tuple[str, ...]
    """Machine, state and perhaps instance; () where they are no plain texts."""


def peer_calls(text: str) -> tuple[PeerCall, ...]:
    """Return every InPeer of a text, in order; none where it is no program."""
    try:
        tokens = tokenize(text)
    except Malformed:
        return ()
    return tuple(
        PeerCall(token.offset, _names(tokens[place + 1 :]))
        for place, token in enumerate(tokens)
        if token.kind is Kind.NAME
        and token.text == IN_PEER
        and not (place and tokens[place - 1].text in {".", "?."})
    )


def _names(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the texts between the brackets that follow."""
    found: list[str] = []
    wanted = "("
    for sign, word in zip(tokens[::2], tokens[1::2], strict=False):
        if sign.text == ")" and sign.kind is Kind.PUNCTUATION:
            return tuple(found) if _FEWEST <= len(found) <= _MOST else ()
        if sign.text != wanted or word.kind is not Kind.STRING or not word.text:
            return ()
        found.append(word.text)
        wanted = ","
    return ()


def in_peer(scope: Scope) -> Function:
    """Return what InPeer is for programs that see this scope."""

    def asked(_: Value, given: list[Value]) -> Value:
        if scope.is_peer_in is None:
            raise failure("TypeError", f"nobody here can be asked by {IN_PEER}")
        if not _FEWEST <= len(given) <= _MOST:
            raise failure(
                "TypeError", f"{IN_PEER} is given a machine, a state and an instance"
            )
        machine, state, *instance = map(to_text, given)
        return scope.is_peer_in(machine, state, "".join(instance))

    return Function(IN_PEER, asked)

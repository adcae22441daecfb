"""`when:` of a transition: it looks at other machines. Ours.

when: {peer: door, in: open}      a list of them: all must hold
"""

from smtui.definition import Guard
from smtui.definition.guards import AllOf
from smtui.dialects.nodes import Field, Items, Node, Table
from smtui.dialects.notes import Notes
from smtui.dialects.peers import GUARD_KEYS, Peers, read_peer_guard
from smtui.dialects.tables import Reader

__all__ = ["read_when"]

_WHERE = "in the `when` of a transition"


def read_when(field: Field | None, peers: Peers, notes: Notes) -> Guard | None:
    """Return the guard of a transition, None for none."""
    if field is None:
        return None
    nodes: tuple[Node, ...] = (field.value,)
    if isinstance(field.value, Items):
        nodes = field.value.items
    read = [_guard(node, peers, notes) for node in nodes]
    found = tuple(guard for guard in read if guard is not None)
    if not found:
        return None
    return found[0] if len(found) == 1 else AllOf(found)


def _guard(node: Node, peers: Peers, notes: Notes) -> Guard | None:
    reader = Reader(notes)
    if not isinstance(node, Table):
        hint = "when: {peer: MACHINE, in: STATE}"
        reader.wrong(node, "at 'when' of a transition", "a look at a peer", hint)
        return None
    fields = reader.fields(node, GUARD_KEYS, _WHERE)
    if "peer" not in fields:
        reader.missing(node.at, "peer", _WHERE, "{peer: MACHINE, in: STATE}")
        return None
    return read_peer_guard(node, fields, peers, notes, _WHERE)

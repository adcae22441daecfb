"""`peers:` and the guards that look at them, which every YAML dialect has.

    peers: [door, lift]                      the machines' own names
    peers: {door: front_door}                names of this file's own
    peers: {order: {machine: orders, instance: "{order_id}"}}

    {peer: door, in: open}   {peer: door, not_in: [open, opening]}

Whether there is such a machine, and whether it has the state, is seen where
the whole fleet is: `smtui check FOLDER`.
"""

from collections.abc import Mapping
from typing import NamedTuple

from smtui.definition import Guard, Peer
from smtui.definition.guards import NotGuard, PeerGuard
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table
from smtui.dialects.notes import Notes, shown
from smtui.dialects.tables import Reader

__all__ = ["GUARD_KEYS", "PEER_KEYS", "Peers", "read_peer_guard", "read_peers"]

GUARD_KEYS = ("peer", "in", "not_in", "instance")
PEER_KEYS = ("machine", "instance")

_SHAPE = "{peer: MACHINE, in: STATE}"


class Peers(NamedTuple):
    """The peers of one definition, by the names it gives them."""

    known: Mapping[str, Peer]
    is_declared: bool
    """There is `peers:`: a guard names one of them. Else it names a machine."""


def read_peers(field: Field | None, notes: Notes) -> Peers:
    """Return the peers a definition names."""
    if field is None:
        return Peers({}, is_declared=False)
    reader = Reader(notes)
    found: dict[str, Peer] = {}
    match field.value:
        case Items(items=items):
            for item in items:
                name = reader.name(item, "in 'peers'", "the name of a machine")
                if name is not None:
                    found[name] = Peer(name, name, item.at)
        case Table(fields=fields):
            for each in fields:
                reader.key(each, "in 'peers'")
                found[each.key] = _peer(reader, each)
        case Scalar(value=None):
            pass
        case _:
            hint = "peers: [MACHINE], or {NAME: MACHINE}"
            reader.wrong(field.value, "at 'peers'", "a list or a mapping", hint)
    return Peers(found, is_declared=True)


def _peer(reader: Reader, field: Field) -> Peer:
    where = f"of the peer {shown(field.key)}"
    if isinstance(field.value, Scalar):
        if field.value.value is None:
            return Peer(field.key, field.key, field.at)
        name = reader.name(field.value, where, "the name of a machine")
        return Peer(field.key, name or field.key, field.value.at)
    table = reader.table(field.value, where, "{machine: NAME, instance: ID}")
    fields = {} if table is None else reader.fields(table, PEER_KEYS, where)
    machine = _text(reader, fields.get("machine"), where)
    at = fields["machine"].value.at if machine else field.at
    instance = _text(reader, fields.get("instance"), where)
    return Peer(field.key, machine or field.key, at, instance)


def _text(reader: Reader, field: Field | None, where: str) -> str:
    if field is None:
        return ""
    return reader.name(field.value, f"at {field.key!r} {where}", "a name") or ""


def read_peer_guard(
    table: Table, fields: Mapping[str, Field], peers: Peers, notes: Notes, where: str
) -> Guard | None:
    """Return the guard that the fields of a mapping make; `peer` is among them."""
    reader = Reader(notes)
    name = _text(reader, fields.get("peer"), where)
    given = [fields[key] for key in ("in", "not_in") if key in fields]
    if len(given) != 1:
        found = "both `in` and `not_in`" if given else "no 'in'"
        notes.error(table.at, "missing-key", f"found {found} {where}", _SHAPE)
        return None
    states = _states(reader, given[0], where)
    if not name or not states:
        return None
    peer = peers.known.get(name)
    if peer is None:
        if peers.is_declared:
            notes.error(
                fields["peer"].value.at,
                "unknown-peer",
                f"found the peer {shown(name)}, which `peers` does not name",
                notes.hint(name, peers.known),
            )
            return None
        peer = Peer(name, name, table.at)
    instance = _text(reader, fields.get("instance"), where) or peer.instance
    called = "" if peer.name == peer.machine else peer.name
    guard = PeerGuard(peer.machine, states, table.at, instance, called)
    return NotGuard(guard) if given[0].key == "not_in" else guard


def _states(reader: Reader, field: Field, where: str) -> tuple[str, ...]:
    at = f"at {field.key!r} {where}"
    nodes: tuple[Node, ...] = (field.value,)
    if isinstance(field.value, Items):
        nodes = field.value.items
        if not nodes:
            reader.wrong(field.value, at, "the name of a state, or a list of them")
    names = [reader.name(node, at, "the name of a state") for node in nodes]
    return tuple(name for name in names if name)

"""The `expect:` of a step in a scenario file."""

from collections.abc import Sequence

from smtui.chart.values import Status
from smtui.definition import Json, Position
from smtui.dialects import Field, Items, Node, Reader, Scalar, Table, plain
from smtui.testing.scenario import Expect, Ran, Sent

__all__ = ["OUTCOMES", "read_expect", "table_of"]

_KEYS = ("state", "data", "sends", "runs", "status", "outcome")
_STATUSES = tuple(status.value for status in Status)
OUTCOMES = ("taken", "ignored", "rejected", "waits")


def table_of(reader: Reader, node: Node, where: str) -> dict[str, Json]:
    """Return a mapping as plain values; anything else is noted."""
    table = reader.table(node, where)
    if table is None:
        return {}
    return {field.key: plain(field.value) for field in table.fields}


def read_expect(reader: Reader, node: Node) -> Expect:
    """Read what must be so; a name, or a list of them, is the state."""
    if not isinstance(node, Table):
        states = _names(reader, node)
        return Expect(node.at, states, places={"state": node.at})
    fields = reader.fields(node, _KEYS, "in what is expected")
    places = {key: field.value.at for key, field in fields.items()}
    state, data = fields.get("state"), fields.get("data")
    return Expect(
        at=node.at,
        states=None if state is None else _names(reader, state.value),
        data=None if data is None else _data(reader, data, places),
        sends=_sends(reader, fields.get("sends")),
        runs=_runs(reader, fields.get("runs")),
        status=_one_of(reader, fields.get("status"), _STATUSES),
        outcome=_one_of(reader, fields.get("outcome"), OUTCOMES),
        places=places,
    )


def _names(reader: Reader, node: Node) -> tuple[str, ...]:
    nodes: Sequence[Node] = node.items if isinstance(node, Items) else (node,)
    read = (reader.name(one, "as a state", "the name of a state") for one in nodes)
    return tuple(name for name in read if name is not None)


def _data(reader: Reader, field: Field, places: dict[str, Position]) -> dict[str, Json]:
    table = reader.table(field.value, "as `data`")
    if table is not None:
        places |= {f"data.{one.key}": one.value.at for one in table.fields}
    return {} if table is None else table_of(reader, table, "as `data`")


def _sends(reader: Reader, field: Field | None) -> tuple[Sent, ...] | None:
    if field is None:
        return None
    nodes = reader.items(field.value, "as `sends`", "a list of events; [] for none")
    found = [_sent(reader, node) for node in nodes]
    return tuple(sent for sent in found if sent is not None)


def _sent(reader: Reader, node: Node) -> Sent | None:
    match node:
        case Table():
            fields = reader.fields(node, ("event", "to", "payload"), "in an event")
            if (event := fields.get("event")) is None:
                reader.missing(node.at, "event", "in what is sent")
                return None
            name = reader.name(event.value, "as `event`", "the name of an event")
            to, payload = fields.get("to"), fields.get("payload")
            return Sent(
                name or "",
                None if to is None else reader.name(to.value, "as `to`", "a machine"),
                None if payload is None else plain(payload.value),
            )
        case _:
            name = reader.name(node, "as an event", "a name, or {event, to, payload}")
            return None if name is None else Sent(name)


def _runs(reader: Reader, field: Field | None) -> tuple[Ran, ...] | None:
    if field is None:
        return None
    nodes = reader.items(field.value, "as `runs`", "a list of actions; [] for none")
    found = [_ran(reader, node) for node in nodes]
    return tuple(ran for ran in found if ran is not None)


def _ran(reader: Reader, node: Node) -> Ran | None:
    match node:
        case Table():
            fields = reader.fields(node, ("action", "args"), "in an action")
            if (action := fields.get("action")) is None:
                reader.missing(node.at, "action", "in what is run")
                return None
            name = reader.name(action.value, "as `action`", "the name of an action")
            args = fields.get("args")
            own = {} if args is None else table_of(reader, args.value, "as `args`")
            return Ran(name or "", own)
        case _:
            name = reader.name(node, "as an action", "a name, or {action, args}")
            return None if name is None else Ran(name)


def _one_of(reader: Reader, field: Field | None, words: tuple[str, ...]) -> str | None:
    if field is None:
        return None
    if isinstance(field.value, Scalar) and field.value.text in words:
        return field.value.text
    reader.wrong(field.value, f"as `{field.key}`", f"one of {', '.join(words)}")
    return None

"""The `stubs:` of a scenario file."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from smtui.definition import Position
from smtui.dialects import Items, Node, Reader, Scalar, Table
from smtui.testing.reading_expect import table_of
from smtui.testing.scenario import Stub, Stubs

__all__ = ["read_stubs", "seconds"]

_KINDS = ("guards", "peers", "actions", "states")
_STUB = (
    "exit",
    "output",
    "stderr",
    "timed_out",
    "event",
    "result",
    "data",
    "error",
    "takes",
)
_SPAN = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|m|h|d)", re.ASCII)
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}

_T = TypeVar("_T")


def seconds(reader: Reader, node: Node, where: str) -> float | None:
    """Return a span of time: seconds as a number, or `500ms`, `5s`, `1.5h`."""
    if isinstance(node, Scalar):
        found = _SPAN.fullmatch(node.text.strip())
        if found is not None:
            return float(found[1]) * _UNITS[found[2]]
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return reader.seconds(node, where)
    reader.wrong(node, where, "a span of time", "5s, 500ms, 10m, or seconds")
    return None


def read_stubs(reader: Reader, node: Node) -> Stubs:
    """Read the answers for what is not run."""
    table = reader.table(node, "as `stubs`")
    if table is None:
        return Stubs()
    fields = reader.fields(table, _KINDS, "in stubs")
    places: dict[tuple[str, str], Position] = {}
    tables: dict[str, Table] = {}
    for kind, field in fields.items():
        inner = reader.table(field.value, f"as `{kind}`", "names and their answers")
        if inner is not None:
            tables[kind] = inner
            places |= {(kind, one.key): one.at for one in inner.fields}

    def every(kind: str, read: Callable[[Reader, Node], _T | None]) -> dict[str, _T]:
        inner = tables.get(kind)
        found = {} if inner is None else {f.key: f.value for f in inner.fields}
        values = {key: read(reader, value) for key, value in found.items()}
        return {key: value for key, value in values.items() if value is not None}

    return Stubs(
        every("guards", _answers),
        every("peers", _peer),
        every("actions", _endings),
        every("states", _endings),
        places,
    )


def _answers(reader: Reader, node: Node) -> tuple[bool, ...] | None:
    return _each(reader, node, lambda one: reader.flag(one, "as a guard's answer"))


def _peer(reader: Reader, node: Node) -> tuple[str, ...] | None:
    where, expected = "as a machine's state", "the name of a state"
    return _each(reader, node, lambda one: reader.name(one, where, expected))


def _endings(reader: Reader, node: Node) -> tuple[Stub | None, ...] | None:
    nodes: Sequence[Node] = node.items if isinstance(node, Items) else (node,)
    if not nodes:
        reader.wrong(node, "as an answer", "at least one")
    return tuple(_ending(reader, one) for one in nodes) or None


def _each(
    reader: Reader, node: Node, read: Callable[[Node], _T | None]
) -> tuple[_T, ...] | None:
    """Read one answer, or a list of them."""
    nodes: Sequence[Node] = node.items if isinstance(node, Items) else (node,)
    if not nodes:
        reader.wrong(node, "as an answer", "at least one")
    found = [value for one in nodes if (value := read(one)) is not None]
    return tuple(found) or None


def _ending(reader: Reader, node: Node) -> Stub | None:
    """Read how an action ends: an exit code, an event, or a mapping.

    Nothing is None: not stubbed this time.
    """
    match node:
        case Scalar(value=None):
            return None
        case Scalar(value=int() as code) if not isinstance(code, bool):
            return Stub(exit=code)
        case Scalar():
            event = reader.name(node, "as a stub", "an exit code, an event, a mapping")
            return None if event is None else Stub(event=event)
        case Items():
            reader.wrong(node, "as a stub", "an exit code, an event or a mapping")
            return None
        case Table():
            return _mapping(reader, node)


def _mapping(reader: Reader, table: Table) -> Stub:
    fields = reader.fields(table, _STUB, "in a stub")
    values = {key: field.value for key, field in fields.items()}
    stub = Stub()
    if (node := values.get("exit")) is not None:
        stub = stub._replace(exit=_code(reader, node))
    for key in ("output", "stderr", "error"):
        if (node := values.get(key)) is not None:
            text = _text(reader, node, f"as `{key}`")
            stub = stub._replace(**{key: text})  # type: ignore[arg-type]  # all texts
    if (node := values.get("event")) is not None:
        event = reader.name(node, "as `event`", "the name of an event")
        stub = stub._replace(event=event or "")
    if (node := values.get("timed_out")) is not None:
        stub = stub._replace(timed_out=reader.flag(node, "as `timed_out`"))
    if (node := values.get("result")) is not None:
        stub = stub._replace(result=table_of(reader, node, "as `result`"))
    if (node := values.get("data")) is not None:
        stub = stub._replace(data=table_of(reader, node, "as `data`"))
    if (node := values.get("takes")) is not None:
        stub = stub._replace(takes_s=seconds(reader, node, "as `takes`") or 0.0)
    return stub


def _code(reader: Reader, node: Node) -> int | None:
    match node:
        case Scalar(value=int() as code) if not isinstance(code, bool):
            return code
        case _:
            reader.wrong(node, "as `exit`", "an exit code")
            return None


def _text(reader: Reader, node: Node, where: str) -> str:
    if isinstance(node, Scalar):
        return node.text
    reader.wrong(node, where, "text")
    return ""

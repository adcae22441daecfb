"""Machines that others invoke, in a store: invoked, left, and what is told of them."""

from collections.abc import Mapping
from dataclasses import replace

from smtui.chart import decode_message
from smtui.chart.messages import (
    Message,
)
from smtui.chart.values import (
    CancelChild,
    ChildEntry,
    StartChild,
)
from smtui.definition import Json
from smtui.store import (
    ChildRow,
    InboxRow,
    InvocationStatus,
    Owner,
    Writer,
)
from tests.support.store import step

__all__ = ["begin", "child", "entry", "errors", "invoke", "leave", "status", "told"]


def entry(
    src: str = "worker",
    *,
    which: str = "main.1.w.2.1",
    id_: str = "w",
    data: Mapping[str, Json] | None = None,
) -> ChildEntry:
    """Return what is kept of a machine that `boss` invokes."""
    return ChildEntry(which, id_, "busy", "busy#0", data or {}, "machine", src)


def invoke(writer: Writer, owner: Owner, child: ChildEntry | None = None) -> bool:
    """Commit a step that invokes; return whether the supervisor is woken."""
    effect = StartChild("2.1", child or entry())
    committed = writer.commit(owner, [replace(step(), machines=(effect,))])
    return committed.wake_supervisor


def leave(writer: Writer, owner: Owner, which: str = "main.1.w.2.1") -> None:
    """Commit a step that leaves the state it was invoked in."""
    effect = CancelChild("2.1", which, is_machine=True)
    writer.commit(owner, [replace(step(), machines=(effect,))])


def child(writer: Writer, name: str = "boss.w") -> ChildRow:
    """Return the child of an invoked machine."""
    (found,) = [row for row in writer.children() if row.name == name]
    return found


def status(writer: Writer, name: str = "boss.w") -> InvocationStatus | None:
    """Return what has become of a machine, None for one never invoked."""
    row = writer.invocation(name)
    return None if row is None else row.status


def errors(writer: Writer, name: str = "boss") -> list[InboxRow]:
    """Return what a machine was told of what it has invoked."""
    rows = writer.read_inbox(name)
    return [row for row in rows if row.event == "error.communication"]


def begin(writer: Writer, name: str = "boss.w") -> Owner:
    """Let a process own a machine and commit its first step."""
    owner = Owner(name, writer.raise_epoch(name, [name]))
    writer.commit(owner, [step()])
    return owner


def told(row: InboxRow) -> Message:
    """Return the message an inbox row carries."""
    found = decode_message(row.message)
    assert found is not None
    return found

"""Messages out: SCXML 6.2 `<send>` and 6.3 `<cancel>`.

A target that can be no session is error.execution; one that could be, and is
not there now, error.communication. Both carry the id of the send. A delayed
send is a timer that dies with its session.
"""

import re
from collections.abc import Callable, Iterator

from smtui.chart.messages import Address, AddressKind, Message, MessageKind
from smtui.chart.messages import Send as SendEffect
from smtui.chart.tree.work import SCXML_PROCESSOR, Work
from smtui.chart.values import ChildEntry, StartTimer, TimerEntry
from smtui.definition import Expression, Json
from smtui.definition.content import Send
from smtui.errors import EvaluationError
from smtui.expr import UNDEFINED

__all__ = ["SendError", "cancel", "children_of", "deliver", "seconds", "send"]

_OWN_TYPES = frozenset({"", "scxml", SCXML_PROCESSOR, "http://www.w3.org/TR/scxml/"})
MACHINE = "machine"
"""As the type of a send: the target is the name of any machine."""

_UP = frozenset({AddressKind.PARENT, AddressKind.INVOKER})
"""To whoever invoked the sender."""

_DELAY = re.compile(r"\s*(?P<number>\d*\.?\d+)\s*(?P<unit>ms|s|m|h|d)?\s*")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, None: 1.0}


class SendError(EvaluationError):
    """A send that could not be evaluated; its error event carries its id."""

    def __init__(self, message: str, send_id: str) -> None:
        super().__init__(message)
        self.send_id = send_id


def send(work: Work, content: Send, params: Callable[[], dict[str, Json]]) -> None:
    """Send an event, now or later. Raises SendError."""
    send_id = content.id
    try:
        if content.id_location is not None:
            send_id = f"{work.before.instance}.{work.new_id()}"
            location = work.chart.tree.code.compiled(content.id_location)
            work.change(location.assign(work.scope(), send_id))
        type_ = work.text(content.type)
        to = work.text(content.target)
        _check(work, type_, to)
        delay_s = seconds(work, content.delay)
        message = Message(
            name=work.text(content.event),
            data=_payload(work, content, params),
            send_id=send_id,
            origin=f"#_scxml_{work.before.instance}",
        )
    except EvaluationError as problem:
        raise SendError(str(problem), send_id) from problem
    if delay_s <= 0:
        deliver(work, message, to)
        return
    if to == "#_internal":
        raise SendError("nothing is sent to #_internal with a delay", send_id)
    id_ = work.new_id()
    due = work.at.plus(delay_s)
    entry = TimerEntry(due, message.name, work.cause, "", message, to)
    work.pending[id_] = entry
    work.effects.append(StartTimer(id_, entry))


def _payload(work: Work, content: Send, params: Callable[[], dict[str, Json]]) -> Json:
    if content.content is not None:
        value = work.value(content.content)
        return None if value is UNDEFINED else value
    return params() if content.params else None


def _check(work: Work, type_: str, to: str) -> None:
    """Raise EvaluationError for a type or target that can be no session."""
    if type_ == MACHINE:
        return
    if type_ not in _OWN_TYPES:
        raise EvaluationError(f"send knows no type {type_!r}, only 'scxml'")
    machine = to.partition("/")[0]  # MACHINE/ID is one of its instances
    if to and not to.startswith("#_") and machine not in work.chart.peers:
        raise EvaluationError(f"send knows no target {to!r}")


def seconds(work: Work, delay: Expression | None) -> float:
    """Return a delay in seconds; text may have a unit: `1s`, `500ms`, `.5s`.

    Raises EvaluationError for anything that is no span of time.
    """
    if delay is None:
        return 0.0
    value = work.value(delay)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = _DELAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise EvaluationError(f"{value!r} is no delay: expected 1s, 500ms or .5s")
    return float(found["number"]) * _UNITS[found["unit"]]


def deliver(work: Work, message: Message, to: str) -> None:
    """Hand a message to whoever its target names, or raise the error event."""
    if to == "#_internal":
        internal = message._replace(kind=MessageKind.INTERNAL, origin="")
        work.queue.append(internal)
        return
    address = _address(work, to)
    if address is None:
        problem = f"no session {to!r} that this one could reach"
        work.raise_error("error.communication", problem, message.send_id)
        return
    lineage = work.before.lineage
    if lineage is not None and address.kind in _UP:
        message = message._replace(invoke_id=lineage.invoke_id)
    id_ = f"{work.before.instance}/{work.before.run}/{work.new_id()}"
    work.effects.append(SendEffect(id_, address, message))


def _address(work: Work, to: str) -> Address | None:
    before = work.before
    lineage = before.lineage
    own = f"#_scxml_{before.instance}"
    if to in {"", own}:
        return Address(AddressKind.SELF, before.instance)
    if not to.startswith("#_"):
        return Address(AddressKind.MACHINE, to)
    if lineage is not None and to in {"#_parent", f"#_scxml_{lineage.parent}"}:
        if lineage.token:
            return Address(AddressKind.INVOKER, lineage.token)
        return Address(AddressKind.PARENT, lineage.parent)
    for child in children_of(work):
        if to in {f"#_{child.invoke_id}", f"#_scxml_{child.instance}"}:
            kind = AddressKind.INVOKED if child.type else AddressKind.CHILD
            return Address(kind, child.instance)
    return None


def children_of(work: Work) -> Iterator[ChildEntry]:
    """Yield the invoked children that are alive, in the order they began."""
    for entry in work.pending.values():
        if isinstance(entry, ChildEntry):
            yield entry


def cancel(work: Work, send_id: str) -> None:
    """Forget the delayed sends of this id; one that has gone is no error."""
    found = [
        id_
        for id_, entry in work.pending.items()
        if isinstance(entry, TimerEntry)
        and entry.message is not None
        and entry.message.send_id == send_id
    ]
    for id_ in found:
        work.drop(id_)

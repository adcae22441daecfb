"""Messages of statecharts, put into inboxes by the step that sends them.

A message that an inbox cannot take (it is full) comes back to its sender as
`error.communication`, as SCXML has it (6.2): the step itself stays done.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple, assert_never

from smtui.chart import encode_message
from smtui.chart.messages import AddressKind, Message, MessageKind, Send
from smtui.errors import StoreError
from smtui.store import inbox, invocations, machines
from smtui.store.connection import Tx
from smtui.store.rows import SOLE_INSTANCE
from smtui.store.values import Claimant

__all__ = ["post"]


def post(tx: Tx, who: Claimant, send: Send) -> None:
    """Accept a message for whoever its address names; twice is once."""
    message = send.message
    new = inbox.New(
        who.machine,
        message.name,
        message.data,
        who.machine,
        instance=who.instance,
        key=f"{who.machine}/{send.id}",
    )
    try:
        for place in _places(tx, who, send):
            sent = encode_message(message._replace(origin=place.origin))
            there = replace(new, machine=place.machine, instance=place.instance)
            _accept(tx, replace(there, message=sent))
    except StoreError as problem:
        invoked = invocations.active(tx, send.to.name) if _is_last_word(send) else None
        if invoked is None:
            _accept(tx, _returned(new, message, problem))
        else:  # the sender is over: only its invoker can still be told
            invocations.tell_invoker(tx, invoked, problem.message)


def _is_last_word(send: Send) -> bool:
    """Say whether the sender tells its invoker how it has ended."""
    if send.to.kind is not AddressKind.INVOKER:
        return False
    message = send.message
    is_done = message.name.startswith("done.invoke.")
    return is_done or message.kind is MessageKind.PLATFORM


class _Place(NamedTuple):
    machine: str
    instance: str | None
    origin: str
    """What leads back: who answers to `_event.origin` answers to the sender."""


def _places(tx: Tx, who: Claimant, send: Send) -> Iterator[_Place]:
    """Yield whose inboxes it is for. Raises StoreError when nobody is there."""
    kind, name = send.to
    match kind:
        case AddressKind.SELF | AddressKind.PARENT | AddressKind.CHILD:
            yield _Place(who.machine, name, send.message.origin)
        case AddressKind.MACHINE:
            target, _, instance = name.partition("/")
            for machine in machines.resolve(tx, target):
                yield _Place(machine, instance or None, _sender(who))
        case AddressKind.INVOKED:
            token = invocations.token_of(who.machine, name)
            invoked = invocations.active(tx, token)
            if invoked is None:
                raise StoreError(f"what {who.machine!r} has invoked is not there")
            yield _Place(invoked.machine, None, "#_parent")
        case AddressKind.INVOKER:
            invoked = invocations.active(tx, name)
            if invoked is None and not _is_last_word(send):
                raise StoreError(f"what has invoked {who.machine!r} has left it")
            if invoked is not None:
                origin = invocations.origin_of(invoked)
                yield _Place(invoked.parent, invoked.parent_instance, origin)
        case _:
            assert_never(kind)


def _sender(who: Claimant) -> str:
    is_sole = who.instance == SOLE_INSTANCE
    return who.machine if is_sole else f"{who.machine}/{who.instance}"


def _returned(sent: inbox.New, message: Message, problem: StoreError) -> inbox.New:
    """Return the event that says that a message could not be delivered."""
    error = Message(
        "error.communication",
        problem.message,
        message.send_id,
        kind=MessageKind.PLATFORM,
    )
    return replace(
        sent,
        event=error.name,
        payload=error.data,
        key=f"{sent.key}/error",
        message=encode_message(error),
    )


def _accept(tx: Tx, new: inbox.New) -> None:
    inbox.accept(tx, new)
    tx.bells.add(new.machine)

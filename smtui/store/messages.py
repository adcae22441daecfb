"""Messages of statecharts, put into inboxes by the step that sends them.

A message that an inbox cannot take (it is full) comes back to its sender as
`error.communication`, as SCXML has it (6.2): the step itself stays done.
"""

from dataclasses import replace

from smtui.chart import encode_message
from smtui.chart.messages import AddressKind, Message, MessageKind, Send
from smtui.errors import StoreError
from smtui.store import inbox, machines
from smtui.store.connection import Tx
from smtui.store.values import Claimant

__all__ = ["post"]


def post(tx: Tx, who: Claimant, send: Send) -> None:
    """Accept a message for whoever its address names; twice is once."""
    message = send.message
    own = inbox.New(
        who.machine,
        message.name,
        message.data,
        who.machine,
        instance=send.to.name,
        key=f"{who.machine}/{send.id}",
        message=encode_message(message),
    )
    try:
        if send.to.kind is not AddressKind.MACHINE:
            _accept(tx, own)
            return
        # who answers to `_event.origin` answers to the machine
        sent = encode_message(message._replace(origin=who.machine))
        target, _, instance = send.to.name.partition("/")
        for name in machines.resolve(tx, target):
            theirs = replace(own, machine=name, instance=instance or None)
            _accept(tx, replace(theirs, message=sent))
    except StoreError as problem:
        _accept(tx, _returned(own, who, message, problem))


def _returned(
    own: inbox.New, who: Claimant, message: Message, problem: StoreError
) -> inbox.New:
    """Return the event that says that a message could not be delivered."""
    error = Message(
        "error.communication",
        problem.message,
        message.send_id,
        kind=MessageKind.PLATFORM,
    )
    return replace(
        own,
        event=error.name,
        payload=error.data,
        instance=who.instance,
        key=f"{own.key}/error",
        message=encode_message(error),
    )


def _accept(tx: Tx, new: inbox.New) -> None:
    inbox.accept(tx, new)
    tx.bells.add(new.machine)

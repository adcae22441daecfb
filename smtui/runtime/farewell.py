"""What an invoked instance says to who invoked it, when its run ends.

SCXML 6.4.3: `done.invoke.ID` with what its final state gives, in the step that
ends it. A run that has failed is `error.communication` instead; one that was
cancelled says nothing.

A machine whose final state gives nothing (most dialects have no <donedata>)
gives its data, and the state it has ended in as `_state`.
"""

from collections.abc import Mapping

from smtui.chart.messages import (
    Address,
    AddressKind,
    Lineage,
    Message,
    MessageKind,
    Send,
)
from smtui.chart.values import Finish, Snapshot, Status
from smtui.definition import Json
from smtui.errors import StoreError
from smtui.store.payloads import encode

__all__ = ["farewell"]


def farewell(after: Snapshot, finish: Finish | None) -> Send | None:
    """Return the message of the step that led to a snapshot, or None."""
    lineage = after.lineage
    if finish is None or finish.is_cancelled or lineage is None:
        return None
    message = Message(
        f"done.invoke.{lineage.invoke_id}",
        _gift(after.data, finish) if lineage.token else finish.data,
        origin=f"#_scxml_{after.instance}",
        invoke_id=lineage.invoke_id,
    )
    if finish.status is Status.FAILED:
        message = message._replace(
            name="error.communication",
            data=f"what {lineage.invoke_id!r} invoked has failed in {finish.state}",
            kind=MessageKind.PLATFORM,
        )
    id_ = f"{after.instance}/{after.run}/{after.turn}.done"
    return Send(id_, _invoker(lineage), message)


def _invoker(lineage: Lineage) -> Address:
    if lineage.token:
        return Address(AddressKind.INVOKER, lineage.token)
    return Address(AddressKind.PARENT, lineage.parent)


def _gift(data: Mapping[str, Json], finish: Finish) -> Json:
    """Return what a machine leaves behind; data too large for an event stays."""
    if finish.data is not None:
        return finish.data
    state: dict[str, Json] = {"_state": finish.state}
    whole: dict[str, Json] = {**data, **state}
    try:
        encode(whole, "what is left")
    except StoreError:
        return state
    return whole

"""What the injection box decided to send, and telling what became of it.

The box is gone by then: the next key is a verb again. The outcome stands in
the footer of whatever screen is on top, and the log of events has it too.
"""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from smtui.definition import Json
from smtui.errors import SmtuiError
from smtui.store.rows import InboxStatus
from smtui.tui.context import Context
from smtui.tui.sources import Receipt
from smtui.view.facts import NOTHING_KNOWN
from smtui.view.outcome import outcome_line, sent_line
from smtui.view.text import Line, Span, clean

__all__ = ["Sending", "send"]

ANSWER_WITHIN_S = 10.0
"""After that the footer has said that the event waits; the event log tells the
rest."""

LOOK_EVERY_S = 0.05


class Sending(NamedTuple):
    """One event for some machines."""

    event: str
    payload: Json
    targets: tuple[tuple[str, str | None], ...]
    """(machine, the state it must be in)"""


async def send(
    context: Context, sending: Sending, tell: Callable[[Line], None]
) -> None:
    """Send it, and tell what happened, anew whenever more is known."""
    receipts: list[Receipt] = []
    try:
        for name, if_state in sending.targets:
            receipts += await context.operator.send(
                name, sending.event, sending.payload, if_state
            )
    except SmtuiError as error:
        tell((Span(f" ✖ {clean(str(error))}", "failed"),))
        return
    tell(sent_line(receipts))
    records = context.sources.records
    for _ in range(int(ANSWER_WITHIN_S / LOOK_EVERY_S)):
        rows = [await records.event(receipt.id) for receipt in receipts]
        found = [row for row in rows if row is not None]
        step = None
        if len(receipts) == 1 and found and found[0].journal_id is not None:
            step = await records.step(found[0].journal_id)
        known = context.desk.known.facts
        facts = known.get(step.row.definition_hash if step else "", NOTHING_KNOWN)
        tell(outcome_line(receipts, found, step, facts.leaves))
        if all(row.status is not InboxStatus.PENDING for row in found):
            return
        await asyncio.sleep(LOOK_EVERY_S)

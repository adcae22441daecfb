"""What becomes of an event that no transition takes.

It is refused or ignored, unless it brings data that leads somewhere, or its
chart has a state to go to with such events.
"""

from smtui.chart.messages import Message
from smtui.chart.tree.chart import DATA_EVENT
from smtui.chart.tree.failing import fall_back
from smtui.chart.tree.judging import refusal
from smtui.chart.tree.macrostep import follow
from smtui.chart.tree.work import TAKEN, Work
from smtui.chart.values import Data, Ignored, Outcome, Rejected, Taken
from smtui.definition import Strays

__all__ = ["not_taken"]


def not_taken(work: Work, message: Message, data: Data) -> None:
    """Deal with an event nothing takes; `data` is that of the work with its own."""
    if _is_data(work, message):
        work.replace_data(data)
        return
    outcome = refusal(work, message)
    if _is_stray(work, outcome):
        work.replace_data(data)
        work.outcome = Taken(outcome.why)
        fall_back(work, message.name)
        return
    work.outcome = outcome
    work.is_routing = False
    if isinstance(outcome, Ignored):
        _led(work, data)


def _is_data(work: Work, message: Message) -> bool:
    """Say whether an event brings data and nothing else: `apply_data`.

    Any chart that merges payloads knows it, unless it has a transition for an
    event of that name, or takes no event any more.
    """
    chart = work.chart
    return (
        message.name.lower() == DATA_EVENT
        and chart.tree.semantics.merges_payload
        and not work.configuration.is_deaf
        and not chart.takers(message.name)
    )


def _is_stray(work: Work, outcome: Outcome) -> bool:
    """Say whether a refused event leads to the fallback: nothing takes it here."""
    tree = work.chart.tree
    return (
        isinstance(outcome, Rejected)
        and outcome.code == "invalid_trigger"
        and tree.semantics.strays is Strays.PERSIST
        and tree.fallback is not None
    )


def _led(work: Work, data: Data) -> None:
    """Go where the data of an event leads that is wanted for nothing else."""
    if data is work.data or not work.configuration.is_routed:
        return
    held = work.data
    work.replace_data(data)
    if follow(work):
        work.outcome = TAKEN
        work.is_routing = True
    else:
        work.replace_data(held)

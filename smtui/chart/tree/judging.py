"""Why an event changed nothing, in words an operator can act on."""

from smtui.chart.messages import Message
from smtui.chart.questions import said_no
from smtui.chart.tree.select import matching
from smtui.chart.tree.work import Work
from smtui.chart.values import Ignored, Outcome, Rejected
from smtui.definition import Strays

__all__ = ["refusal"]

_SHOWN = 3
"""Names of states in a message."""


def refusal(work: Work, message: Message) -> Outcome:
    """Return the outcome of an event that no transition takes now.

    A strict chart rejects it, with PyStator's codes; guards that said no reject
    it in every chart that merges the payload, as PyStator does.
    """
    chart, configuration = work.chart, work.configuration
    semantics = chart.tree.semantics
    where = ", ".join(leaf.id for leaf in configuration.leaves)
    if matching(chart.tree, configuration, message.name):
        names = said_no(work.decided)
        why = (
            f'"{message.name}" in {where}: no by {names or "a choice without way out"}'
        )
        if semantics.is_strict or semantics.merges_payload:
            return Rejected("guard_rejected", why)
        return Ignored(why)
    if semantics.final_is_deaf and configuration.is_deaf:
        why = f"{where} is final: it takes no event"
        return Rejected("terminal_state", why)
    takers = chart.takers(message.name)
    found = f"taken in {', '.join(takers[:_SHOWN])}" if takers else "taken in no state"
    more = f" and {len(takers) - _SHOWN} more" if len(takers) > _SHOWN else ""
    why = f'no "{message.name}" in {where} ({found}{more})'
    if semantics.strays is not Strays.OFF and semantics.error_policy.fallback:
        why += f"; its fallback is {semantics.error_policy.fallback}"
    return Rejected("invalid_trigger", why) if semantics.is_strict else Ignored(why)

"""Machines that have an instance for each entity, and what to say of them."""

from smtui.chart import Chart, StateChart
from smtui.chart.values import At, Given, Snapshot
from smtui.errors import UsageError
from smtui.stepper import start

__all__ = ["has_entities", "refuse_nobody", "unborn"]


def has_entities(chart: Chart) -> bool:
    """Say whether each event is for an instance of its own."""
    return isinstance(chart, StateChart) and chart.tree.semantics.is_many


def unborn(chart: Chart, machine: str, instance: str) -> Snapshot:
    """Return what an entity begins as, before its first event."""
    at = At(0.0, 0.0, "")
    given = Given(machine, instance, run=1, id="", at=at)
    return start(chart, {}, given).snapshot


def refuse_nobody(chart: Chart, machine: str, instance: str | None) -> None:
    """Raise UsageError for an event that does not say for which entity it is."""
    if instance is None and has_entities(chart):
        raise UsageError(
            f"{machine} has an instance for each entity: this event is for none",
            hint="say which with --instance ID; the first event for an id begins it",
        )

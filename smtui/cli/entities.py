"""Events for machines that have an instance for each entity."""

from smtui.chart import Chart
from smtui.errors import UsageError
from smtui.view.entities import has_entities

__all__ = ["refuse_nobody"]


def refuse_nobody(chart: Chart, machine: str, instance: str | None) -> None:
    """Raise UsageError for an event that does not say for which entity it is."""
    if instance is None and has_entities(chart):
        raise UsageError(
            f"{machine} has an instance for each entity: this event is for none",
            hint="say which with --instance ID; the first event for an id begins it",
        )

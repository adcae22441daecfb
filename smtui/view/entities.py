"""Machines that have an instance for each entity, and what to say of them."""

from typing import TypeGuard

from smtui.chart import Chart, StateChart
from smtui.chart.values import At, Given, Snapshot
from smtui.stepper import start

__all__ = ["has_entities", "unborn"]


def has_entities(chart: Chart | None) -> TypeGuard[StateChart]:
    """Say whether each event is for an instance of its own."""
    return isinstance(chart, StateChart) and chart.tree.semantics.is_many


def unborn(chart: Chart, machine: str, instance: str, at: At) -> Snapshot:
    """Return what an entity begins as, before its first event."""
    given = Given(machine, instance, run=1, id="", at=at)
    return start(chart, {}, given).snapshot

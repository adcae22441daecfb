"""Machines that have an instance for each entity, and what to say of them."""

from typing import TypeGuard

from smtui.chart import Chart, StateChart
from smtui.chart.values import At, Given, Snapshot
from smtui.definition import Json
from smtui.stepper import start

__all__ = ["has_entities", "told_by", "unborn"]


def has_entities(chart: Chart | None) -> TypeGuard[StateChart]:
    """Say whether each event is for an instance of its own."""
    return isinstance(chart, StateChart) and chart.tree.semantics.is_many


def told_by(chart: Chart | None, payload: Json) -> str | None:
    """Return whose a record of data is, by the field its machine says that in.

    None where the machine has no `classification`, or the record no such field.
    """
    if not has_entities(chart) or not isinstance(payload, dict):
        return None
    rules = chart.definition.classification
    whose = None if rules is None else payload.get(rules.entity_id_field)
    is_name = isinstance(whose, str | int) and not isinstance(whose, bool)
    return str(whose) if is_name else None


def unborn(chart: Chart, machine: str, instance: str, at: At) -> Snapshot:
    """Return what an entity begins as, before its first event."""
    given = Given(machine, instance, run=1, id="", at=at)
    return start(chart, {}, given).snapshot

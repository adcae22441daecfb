"""Why a search did not get to a state or a transition, in a person's words."""

from typing import NamedTuple

from smtui.chart import Chart, StateChart
from smtui.chart.tree.guards import title
from smtui.testing.coverage import Place

__all__ = ["Scope", "why_state", "why_transition"]


class Scope(NamedTuple):
    """What was searched."""

    chart: Chart
    reached: frozenset[str]
    """States."""
    bound: int | None
    """Snapshots after which the search ended; None when it saw them all."""


def why_state(scope: Scope) -> str:
    """Return why a state was not reached."""
    return _bounded(scope) or "no transition that leads here is taken"


def why_transition(scope: Scope, place: Place) -> str:
    """Return why a transition was not taken."""
    chart = scope.chart
    if isinstance(chart, StateChart):
        return _why_arrow(scope, chart, place)
    one = chart.transitions[int(place.key)]
    if one.source not in ("*", *scope.reached):
        return f"{one.source} is not reached"
    ways = () if one.source == "*" else chart.ways(one.source, one.event)
    if ways and int(place.key) not in ways:
        line = chart.transitions[ways[-1]].at.line
        return f"the transition of line {line} takes its event first"
    if one.guard is not None:
        return f"its guard was never true: {title(one.guard)}"
    return _bounded(scope) or "nothing gives its event"


def _why_arrow(scope: Scope, chart: StateChart, place: Place) -> str:
    is_any, number = place.key[:4] == "any ", int(place.key.removeprefix("any "))
    arrows = [
        arrow
        for index, arrow in enumerate(chart.definition.arrows)
        if (arrow.origin if is_any else index) == number
    ]
    if all(arrow.source not in scope.reached for arrow in arrows):
        return f"{arrows[0].source} is not reached"
    guards = [title(arrow.guard) for arrow in arrows if arrow.guard is not None]
    if guards:
        return f"its guard was never true: {guards[0]}"
    if bounded := _bounded(scope):
        return bounded
    made = [e for arrow in arrows for e in arrow.events if e[:5] in {"done.", "error"}]
    if made:
        return f"nothing here gave its event {made[0]}"
    if chart.definition.invariants or chart.definition.variables:
        return "others of its event come first, or what must hold of the data would not"
    return "other transitions of its event always come first"


def _bounded(scope: Scope) -> str:
    if scope.bound is None:
        return ""
    return f"not within {scope.bound} snapshots: there may be a way"

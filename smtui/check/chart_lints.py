"""What is suspicious in a statechart: warnings about one tree of states.

Everything here knows the hierarchy: a state is reached with its ancestors, a
compound state reaches its initial child, a parallel one all its regions, a
history what it falls back to, a failed action the fallback. What is certain
only when the machine runs (a guard, an author's action) is never held against
a definition: a lint that cries wolf is worse than none.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from smtui.check.chart_ways import Ways
from smtui.definition import Arrow, Node, NodeKind, TreeDefinition
from smtui.dialects import Notes, shown

__all__ = ["lint_chart"]


def lint_chart(definition: TreeDefinition, notes: Notes) -> None:
    """Note what is suspicious."""
    ways = Ways(definition)
    _unreachable(ways, notes)
    _dead_ends(ways, notes)
    _never_taken(ways, notes)
    _same_twice(ways, notes)
    _endless(ways, notes)
    _never_done(ways, notes)


def _name(node: Node) -> str:
    return shown(node.name or node.id)


def _unreachable(ways: Ways, notes: Notes) -> None:
    """Note states to which no way leads.

    A final state of a region is left alone: a region may be written without a
    way to its end, to be left from outside, and says so by that state.
    """
    for node in ways.definition.nodes:
        is_outermost = node.parent is None or node.parent in ways.reached
        if node.id in ways.reached or not is_outermost or not node.has_own_id:
            continue
        parent = ways.nodes.get(node.parent or "")
        if node.kind is NodeKind.FINAL and parent and ways.is_region(parent):
            continue
        notes.warning(
            node.at,
            "unreachable",
            f"found the state {_name(node)}, to which no way leads",
        )


def _dead_ends(ways: Ways, notes: Notes) -> None:
    """Note states nothing leaves; what happens in other regions may end them."""
    initial = ways.definition.initial.targets
    for node in ways.definition.nodes:
        around = [node, *ways.above(node)]
        is_meant = (
            node.kind is not NodeKind.ATOMIC
            or node.is_error
            or node.id in initial
            or any(each.kind is NodeKind.PARALLEL for each in around)
        )
        leaves = any(arrow.targets for each in around for arrow in ways.out(each.id))
        if not is_meant and not leaves and node.id in ways.reached:
            notes.warning(
                node.at,
                "dead-end",
                f"found no way out of {_name(node)}: the machine stays in it",
                "make it a final state if it is meant to end there",
            )


def _never_taken(ways: Ways, notes: Notes) -> None:
    """Note arrows that others always come before.

    Of a transition with several sources this must be so in each that is reached.
    """
    for group in _written(ways.definition.arrows):
        first = group[0]
        reached = [arrow for arrow in group if arrow.source in ways.reached]
        reasons = [_why_never(ways, arrow) for arrow in reached]
        if reasons and all(reasons):
            notes.warning(
                first.at,
                "never-taken",
                f"found a transition for {_events(first)} from "
                f"{shown(reached[0].source)} that is never taken",
                reasons[0],
            )


def _why_never(ways: Ways, arrow: Arrow) -> str:
    """Return what comes before an arrow, '' where it may be taken."""
    first = ways.first_winner(arrow)
    if first is not None:
        return f"the one in line {first.at.line} is always first"
    sure = ways.left_at_once(arrow)
    if sure is not None:
        line, source = sure.at.line, shown(sure.source)
        return f"the one in line {line} needs no event and leaves {source} at once"
    if ways.is_kept_inside(arrow, ways.reached):
        return f"the states in {shown(arrow.source)} always come first"
    return ""


def _written(arrows: Iterable[Arrow]) -> Iterator[Sequence[Arrow]]:
    """Yield the arrows of each transition as it is written."""
    groups: dict[int, list[Arrow]] = {}
    for number, arrow in enumerate(arrows):
        key = arrow.origin if arrow.origin >= 0 else -1 - number
        groups.setdefault(key, []).append(arrow)
    yield from groups.values()


def _events(arrow: Arrow) -> str:
    return ", ".join(map(shown, arrow.events)) or "no event"


def _same_twice(ways: Ways, notes: Notes) -> None:
    """Note two arrows that differ in their guards only: they decide nothing."""
    for node in ways.definition.nodes:
        arrows = [arrow for arrow in ways.ordered(node.id) if not arrow.is_any]
        for first, second in pairwise(arrows):
            is_same = (first.events, first.targets, first.delay_s) == (
                second.events,
                second.targets,
                second.delay_s,
            )
            if is_same and not (first.content or second.content or second.guard):
                if ways.first_winner(second) or ways.left_at_once(second):
                    continue  # told as never taken
                notes.warning(
                    second.at,
                    "same-twice",
                    f"found {_events(second)} from {_name(node)} leading to the same "
                    "state with a guard and without: the guard decides nothing",
                    f"the other is in line {first.at.line}",
                )


def _endless(ways: Ways, notes: Notes) -> None:
    """Note a circle of transitions without event and guard."""
    told: set[str] = set()
    for node in ways.definition.nodes:
        path: list[str] = []
        here: str | None = node.id
        while here is not None and here not in path and here not in told:
            path.append(here)
            here = ways.sure_next(here)
        if here is not None and here in path and here not in told:
            circle = path[path.index(here) :]
            told |= {*circle}
            notes.warning(
                ways.nodes[here].at,
                "endless",
                f"found a circle that is never left: {' -> '.join([*circle, here])}",
                "guard one of its transitions, or let an event take it",
            )


def _never_done(ways: Ways, notes: Notes) -> None:
    """Note transitions for the end of a state that never ends."""
    prefix = ways.definition.semantics.done_prefix
    for group in _written(ways.definition.arrows):
        for event in group[0].events:
            node = ways.nodes.get(event.removeprefix(prefix))
            if not event.startswith(prefix):
                continue
            if node is None:
                names = [f"{prefix}{id_}" for id_ in ways.nodes]
                notes.warning(
                    group[0].at,
                    "never-comes",
                    f"found {shown(event)}, but there is no such state",
                    notes.hint(event, names),
                )
            elif not ways.can_end(node, ways.reached):
                notes.warning(
                    group[0].at,
                    "never-comes",
                    f"found {shown(event)}, but {_name(node)} never ends",
                    "it ends when a final state in it is reached, in each region",
                )

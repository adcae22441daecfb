"""What there is to know of a state or an arrow that was picked: a few lines.

A state: is it active, how often and how long it was, what it does, where the
machine may go from there. An arrow: what leads along it, what it does, when it
was taken last and how often. The most useful line comes first, because a pane
may have room for four.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from smtui.definition import Action, Json
from smtui.view.graph.model import Edge, Graph, Kind
from smtui.view.graph.moment import Moment
from smtui.view.graph.shine import Chosen
from smtui.view.graph.traffic import Traffic, Trips
from smtui.view.masks import MASK, compact, is_secret, mask_text
from smtui.view.text import Line, Span, cells, clean, fit, line
from smtui.view.times import age, clock_time, duration
from smtui.view.words import TIMES

__all__ = ["Doings", "Subject", "about", "edge_text", "title_of", "ways_out"]

_NEVER = Trips()
_NAME_CELLS = 24


@dataclass(frozen=True, slots=True)
class Doings:
    """What the definition does where: the part of it that a graph leaves out."""

    states: Mapping[str, Sequence[Action]]
    """State -> what entering it starts."""
    edges: Mapping[str, Sequence[Action]]
    """Edge -> what taking it starts."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked about, and all that is known of it."""

    graph: Graph
    doings: Doings
    chosen: Chosen
    moment: Moment
    traffic: Traffic | None = None
    """None while the journal is not read; the lines say so."""
    has_journal: bool = True
    """A group of machines has none of its own."""
    zone: tzinfo | None = None
    reveal: bool = False


def title_of(graph: Graph, chosen: Chosen) -> str:
    """Return what the details are called: `state fetching`, `2 transitions`."""
    if chosen.state in graph.by_id:
        node = graph.by_id[chosen.state]
        kind = "state" if node.kind is Kind.ATOMIC else node.kind.value
        return f"{kind} {clean(node.name)}"
    edges = _edges(graph, chosen)
    if len(edges) > 1:
        return f"{len(edges)} transitions"
    return "transition" if edges else ""


def edge_text(graph: Graph, edge: Edge) -> str:
    """Return an arrow in words, with nothing cut: `paid ─ship [qty>0]→ sent`."""
    source = "any state" if edge.is_wildcard else graph.by_id[edge.source].name
    target = graph.by_id[edge.target].name
    return f"{clean(source)} ─{clean(edge.label)}→ {clean(target)}"


def ways_out(graph: Graph, state: str) -> list[Edge]:
    """Return the arrows out of a state, in file order; none out of a final one.

    Of several for one event without a guard the first is the one taken.
    """
    if graph.by_id[state].kind is Kind.FINAL:
        return []
    found: dict[str, Edge] = {}
    for edge in graph.edges:
        if edge.is_wildcard or edge.source == state:
            found.setdefault(edge.label, edge)
    return list(found.values())


def about(subject: Subject) -> list[Line]:
    """Return all there is to know of what was picked."""
    if subject.chosen.state in subject.graph.by_id:
        return _state(subject, subject.chosen.state)
    lines: list[Line] = []
    for edge in _edges(subject.graph, subject.chosen):
        lines += _edge(subject, edge)
    return lines


def _edges(graph: Graph, chosen: Chosen) -> list[Edge]:
    return [edge for edge in graph.edges if edge.id in chosen.edges]


def _state(subject: Subject, state: str) -> list[Line]:
    graph = subject.graph
    lines = [_stays(state, subject)]
    ways = ways_out(graph, state)
    lines += [_way(subject, edge) for edge in ways]
    if not ways:
        lines.append((Span("nothing leads out of it", "quiet"),))
    actions = subject.doings.states.get(state, ())
    lines += [_action(action, reveal=subject.reveal) for action in actions]
    node = graph.by_id[state]
    if node.group:
        lines.append(line(Span("part  ", "quiet"), clean(node.group)))
    return lines


def _stays(state: str, subject: Subject) -> Line:
    moment, traffic = subject.moment, subject.traffic
    parts: list[Span | str] = []
    if state in moment.configuration:
        here = "" if moment.since is None else f" for {age(moment.at - moment.since)}"
        parts.append(Span(f"active{here}  ", moment.style))
    if state in moment.counts:
        parts.append(f"{TIMES}{moment.counts[state]} here  ")
    if not subject.has_journal:
        return line(*parts)
    if traffic is None:
        return line(*parts, Span("reading the journal …", "quiet"))
    trips = traffic.states.get(state, _NEVER)
    spent = traffic.spent_s(state, moment.at)
    if not trips.count and not spent:
        return line(*parts, "never visited", _of(traffic))
    each = duration(spent / trips.count) if trips.count else "-"
    visits = "1 visit" if trips.count == 1 else f"{trips.count} visits"
    parts.append(f"{visits}  {duration(spent)} in all  {each} each")
    return line(*parts, _of(traffic))


def _of(traffic: Traffic) -> Span:
    """Return how much of the journal that is; nothing when it is all of it."""
    if traffic.is_whole:
        return Span("")
    return Span(f"  in the last {traffic.steps} steps", "quiet")


def _way(subject: Subject, edge: Edge) -> Line:
    moment, traffic = subject.moment, subject.traffic
    name = clean(edge.label) or "·"
    due = moment.delays.get(edge.id)
    parts: list[Span | str] = [
        Span(
            fit(name, min(cells(name), _NAME_CELLS)),
            "state" if edge.id in moment.last else "",
        ),
        Span(" ─▶ ", "edge"),
        clean(subject.graph.by_id[edge.target].name),
    ]
    if edge.is_wildcard:
        parts.append(Span("  from any state", "quiet"))
    if due is not None:
        parts.append(Span(f"  in {age(due - moment.at)}", "starting"))
    if traffic is not None:
        parts.append(Span(f"  {_trips(traffic, edge, moment)}", "quiet"))
    return line(*parts)


def _edge(subject: Subject, edge: Edge) -> list[Line]:
    moment, traffic = subject.moment, subject.traffic
    lines = [line(Span(edge_text(subject.graph, edge), "name"))]
    due = moment.delays.get(edge.id)
    if due is not None:
        left = f"comes by itself in {age(due - moment.at)}"
        lines.append((Span(left, "starting"),))
    if edge.guard:
        lines.append(line(Span("guard ", "quiet"), clean(edge.guard)))
    if not subject.has_journal:
        pass
    elif traffic is None:
        lines.append((Span("reading the journal …", "quiet"),))
    else:
        at = traffic.edges.get(edge.id, _NEVER).last_at
        when = "" if at is None else f"  at {clock_time(at, subject.zone)}"
        lines.append(line(_trips(traffic, edge, moment), when, _of(traffic)))
    actions = subject.doings.edges.get(edge.id, ())
    lines += [_action(action, reveal=subject.reveal) for action in actions]
    if edge.is_internal:
        lines.append((Span("without leaving the state", "quiet"),))
    return lines


def _trips(traffic: Traffic, edge: Edge, moment: Moment) -> str:
    trips = traffic.edges.get(edge.id, _NEVER)
    if trips.last_at is None:
        return "never taken"
    return f"{trips.count}{TIMES}, last {age(moment.at - trips.last_at)} ago"


def _action(action: Action, *, reveal: bool) -> Line:
    args = dict(action.args)
    main = args.pop("command", None) or args.pop("message", None)
    words = [] if main is None else [_value(main, reveal=reveal)]
    for key, value in args.items():
        is_hidden = is_secret(key) and not reveal
        words.append(f"{key}={MASK if is_hidden else _value(value, reveal=reveal)}")
    type_ = Span(clean(action.type or "?"), "name")
    return line(Span("does  ", "quiet"), type_, f" {clean(' '.join(words))}")


def _value(value: Json, *, reveal: bool) -> str:
    if isinstance(value, str):
        return mask_text(value, reveal=reveal)
    return compact(value, reveal=reveal)

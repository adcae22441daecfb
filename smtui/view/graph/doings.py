"""What a chart does where, for the details of a state and of an arrow.

An engine machine's actions are shown as they are written; the contents of a
statechart are told in the same shape: a word, and what it is about.
"""

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from smtui.chart import Chart, StateChart
from smtui.definition import (
    CODE,
    HTTP,
    PERFORMED_HERE,
    Action,
    Block,
    Content,
    Expression,
    Json,
    Language,
)
from smtui.definition.content import (
    Assign,
    Call,
    Cancel,
    Change,
    ForEach,
    If,
    Log,
    Raise,
    Script,
    Send,
)
from smtui.view.graph.about import Doings
from smtui.view.graph.model import Graph
from smtui.view.graph.tree import said

__all__ = ["doings_of"]


def doings_of(chart: Chart, graph: Graph) -> Doings:
    """Return what the states of a chart do on entering, and its arrows."""
    if isinstance(chart, StateChart):
        return _of_tree(chart, graph)
    return Doings(
        {state.id: state.actions for state in chart.states.values()},
        {
            str(number): transition.actions
            for number, transition in enumerate(chart.transitions)
        },
    )


def _of_tree(chart: StateChart, graph: Graph) -> Doings:
    arrows = chart.definition.arrows
    states = {
        node.id: (
            *(a for block in node.entry for a in _told(block)),
            *(a for block in node.exit for a in _told(block, "on exit ")),
        )
        for node in chart.definition.nodes
    }
    edges: dict[str, tuple[Action, ...]] = {}
    for edge in graph.edges:
        number = edge.id.partition(".")[0]
        if number.isdigit() and int(number) < len(arrows):
            edges[edge.id] = tuple(_told(arrows[int(number)].content))
    return Doings(states, edges)


def _told(block: Block, when: str = "") -> Iterator[Action]:
    for content in block:
        for action in _content(content):
            yield Action(f"{when}{action.type}", action.args, action.at)


def _content(content: Content) -> Iterator[Action]:
    match content:
        case If(branches=branches, at=at):
            for branch in branches:
                if branch.guard is None and not branch.block:
                    continue
                test = "else" if branch.guard is None else f"if {said(branch.guard)}:"
                yield Action(test, {}, at)
                yield from _told(branch.block, "  ")
        case ForEach(array=array, item=item, block=block, at=at):
            yield Action(f"for {item} of {array.text}:", {}, at)
            yield from _told(block, "  ")
        case _:
            yield _simple(content)


_Simple: TypeAlias = Assign | Raise | Send | Cancel | Log | Script | Change | Call


def _simple(content: _Simple) -> Action:
    """Return what holds no other content."""
    match content:
        case Assign(location=location, value=value, at=at):
            found = Action("assign", {location.text: _text(value)}, at)
        case Raise(event=event, at=at):
            found = Action("raise", {"message": event}, at)
        case Send(at=at):
            found = Action("send", _sent(content), at)
        case Cancel(send_id=send_id, at=at):
            found = Action("cancel", {"message": _text(send_id)}, at)
        case Log(label=label, value=value, at=at):
            words = [label, "" if value is None else _text(value)]
            found = Action("log", {"message": " ".join(filter(None, words))}, at)
        case Script(code=code, at=at):
            found = Action("script", {"message": " ".join(code.text.split())}, at)
        case Change(op=op, field=field, value=value, at=at):
            found = Action(op.value, {field: value}, at)
        case Call():
            found = _called(content)
        case _:
            assert_never(content)
    return found


def _called(call: Call) -> Action:
    """Return an action with its terms; one of ours says first what it does."""
    args: dict[str, Json] = dict(call.params)
    match call.name:
        case _ if call.name == HTTP:
            main = f"{args.pop('method', '')} {args.pop('url', '')}"
            args = {"message": main, **args}
        case _ if call.name == CODE:
            args = {"message": " ".join(str(args["source"]).split())}
        case _:
            pass
    terms = call.terms
    if terms.timeout_s is not None:
        args["timeout"] = terms.timeout_s
    if terms.retries is not None:
        args["retry"] = terms.retries
    is_ours = call.name in PERFORMED_HERE
    return Action(call.name.removeprefix("_") if is_ours else call.name, args, call.at)


def _sent(send: Send) -> dict[str, Json]:
    """Return the parts of a send: the event first, as what it is about."""
    parts: dict[str, Json] = {
        "message": "" if send.event is None else _text(send.event)
    }
    for name, value in (
        ("to", send.target),
        ("type", send.type),
        ("after", send.delay),
        ("data", send.content),
    ):
        if value is not None:
            parts[name] = _text(value)
    return parts | {p.name: _text(p.value) for p in send.params}


def _text(expression: Expression) -> str:
    is_literal = expression.language is Language.LITERAL
    value = expression.literal if is_literal else expression.text
    return value if isinstance(value, str) else str(value)

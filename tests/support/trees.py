"""Small builders of statecharts, for tests that say one thing each."""

from smtui.chart import StateChart, compile_chart
from smtui.chart.messages import Answer, Ask
from smtui.chart.values import At, Event, Given, In, Snapshot, Step
from smtui.definition import (
    SCXML,
    Arrow,
    Block,
    Initial,
    Json,
    Node,
    NodeKind,
    Position,
    Semantics,
    TreeDefinition,
)
from smtui.definition.content import Call, Change, ChangeOp
from smtui.definition.guards import NamedGuard
from smtui.stepper import start, step

HERE = Position("test.scxml", 1, 1)
AT = At(1_700_000_000.0, 100.0, "boot")


def state(
    id_: str,
    parent: str | None = None,
    *,
    kind: NodeKind = NodeKind.ATOMIC,
    initial: str = "",
    entry: Block = (),
    exit_: Block = (),
) -> Node:
    """Return a state; one with an initial child is compound."""
    return Node(
        id=id_,
        at=HERE,
        kind=NodeKind.COMPOUND if initial and kind is NodeKind.ATOMIC else kind,
        parent=parent,
        initial=Initial((initial,), HERE) if initial else None,
        entry=(entry,) if entry else (),
        exit=(exit_,) if exit_ else (),
    )


def arrow(source: str, event: str, target: str = "", **more: object) -> Arrow:
    """Return an arrow; '' as the event is eventless, as the target targetless."""
    return Arrow(
        source=source,
        at=HERE,
        events=(event,) if event else (),
        targets=(target,) if target else (),
        **more,  # type: ignore[arg-type]  # a builder
    )


def mark(word: str) -> Change:
    """Return content that appends a word to `log`."""
    return Change(ChangeOp.APPEND, "log", HERE, word)


def call(name: str, **params: Json) -> Call:
    """Return an action of the author's."""
    return Call(name, HERE, params)


def asks(name: str) -> NamedGuard:
    """Return a guard that is author's code."""
    return NamedGuard(name, HERE)


def chart(
    *parts: Node | Arrow, initial: str = "", semantics: Semantics = SCXML
) -> StateChart:
    """Return the chart of nodes and arrows; the first node is the initial one."""
    nodes = tuple(part for part in parts if isinstance(part, Node))
    arrows = tuple(part for part in parts if isinstance(part, Arrow))
    return compile_chart(
        TreeDefinition(
            dialect="scxml",
            name="m",
            file="test.scxml",
            text="",
            hash="0123456789abcdef",
            initial=Initial((initial or nodes[0].id,), HERE),
            nodes=nodes,
            arrows=arrows,
            semantics=semantics,
        )
    )


def begin(made: StateChart, **data: Json) -> Step:
    """Return the step that begins a run."""
    return start(made, data, Given("m", "main", 1, "start-1", AT))


def take(
    made: StateChart,
    snapshot: Snapshot,
    given: str | In,
    *answers: Answer,
    data: Json = None,
) -> Step:
    """Return the step of an event, or of any input; an Ask fails the test."""
    taken = ask(made, snapshot, given, *answers, data=data)
    assert isinstance(taken, Step), taken
    return taken


def ask(
    made: StateChart,
    snapshot: Snapshot,
    given: str | In,
    *answers: Answer,
    data: Json = None,
) -> Step | Ask:
    """Return what a step gives: itself, or the questions of open guards."""
    if isinstance(given, str):
        given = Event(given, data, f"event-{snapshot.turn}", AT)
    return step(made, snapshot, given, answers)

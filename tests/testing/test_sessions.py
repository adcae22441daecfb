import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from smtui.chart import StateChart, compile_chart
from smtui.chart.messages import Question
from smtui.chart.values import CancelChild, Done, Result, RunEntry
from smtui.definition import (
    PYSTATOR,
    Arrow,
    Expression,
    Initial,
    Invoke,
    Json,
    Language,
    Node,
    NodeKind,
    TreeDefinition,
)
from smtui.definition.content import Block, Cancel, Send
from smtui.errors import StepError, StoreError
from smtui.testing import Sessions, drive
from tests.support.trees import (
    AT,
    HERE,
    arrow,
    asks,
    begin,
    call,
    chart,
    mark,
    state,
    take,
)

PAGE = Path(__file__).parents[2] / "smtui" / "docs" / "testing.md"


def literal(value: Json) -> Expression:
    return Expression(Language.LITERAL, str(value), HERE, value)


def send(event: str, to: str = "", delay: Json = None, id_: str = "") -> Send:
    return Send(
        literal(event),
        HERE,
        target=literal(to) if to else None,
        delay=None if delay is None else literal(delay),
        id=id_,
    )


def parent_of(*nodes: Node, autoforward: bool = False) -> StateChart:
    """Return a chart that invokes these states, and answers what they send."""
    child = TreeDefinition(
        dialect="scxml",
        name="child",
        file="child.scxml",
        text="",
        hash="fedcba9876543210",
        initial=Initial((nodes[0].id,), HERE),
        nodes=nodes,
        arrows=(arrow("work", "stop", "end"),) if len(nodes) > 1 else (),
    )
    invoke = Invoke(HERE, id="kid", content=child, autoforward=autoforward)
    waiting = Node("waiting", HERE, invokes=(invoke,))
    return chart(
        waiting,
        state("done", entry=(mark("done"),)),
        state("away"),
        arrow("waiting", "done.invoke.kid", "done"),
        arrow("waiting", "hello", content=(mark("heard"),)),
        arrow("waiting", "tell", content=(send("stop", "#_kid"),)),
        arrow("waiting", "leave", "away"),
        arrow("away", "*", "away", content=(mark("late"),)),
    )


END = state("end", kind=NodeKind.FINAL)


def working(entry: Block = (), exit_: Block = ()) -> Node:
    return state("work", entry=entry, exit_=exit_)


def test_a_final_child_completes_its_parents_invoke() -> None:
    sessions = drive(parent_of(END))

    assert ("done",) == sessions.configuration()


def test_a_child_speaks_to_its_parent_and_hears_it() -> None:
    sessions = drive(parent_of(working((send("hello", "#_parent"),)), END))
    assert ["heard"] == sessions.store.data("main")["log"]

    sessions.send("main", "tell")
    assert ("done",) == sessions.configuration()


def test_an_invoke_that_forwards_hands_on_every_event() -> None:
    sessions = drive(parent_of(working(), END, autoforward=True), "stop")

    assert ("done",) == sessions.configuration()


def test_leaving_the_state_cancels_the_child_unheard() -> None:
    child = working(exit_=(send("hello", "#_parent"),))
    sessions = drive(parent_of(child, END), "leave")

    assert ["main"] == [*sessions.store]
    assert "log" not in sessions.store.data("main")


def test_a_delayed_send_comes_at_its_instant_unless_cancelled() -> None:
    made = chart(
        state("a", entry=(send("late", delay="1.5s", id_="x"),)),
        state("b"),
        arrow("a", "late", "b"),
        arrow("a", "stop", content=(Cancel(literal("x"), HERE),)),
    )
    kept, cancelled = drive(made), drive(made, "stop")

    kept.advance(1.4)
    assert ("a",) == kept.configuration()
    kept.advance(0.2)
    cancelled.advance(5.0)
    assert (("b",), ("a",)) == (kept.configuration(), cancelled.configuration())


def test_a_send_to_no_session_is_an_error_event() -> None:
    made = chart(
        state("a", entry=(send("x", "#_scxml_nobody"),)),
        state("b"),
        arrow("a", "error.communication", "b"),
    )

    assert ("b",) == drive(made).configuration()


def test_machines_that_are_peers_are_sent_to_by_name() -> None:
    plain = chart(
        state("a"), state("b"), arrow("a", "go", "b", content=(send("go", "m"),))
    )
    peered = compile_chart(plain.definition, peers=frozenset({"m", "far"}))
    sessions = Sessions()
    sessions.begin(peered)
    sessions.send("main", "go")

    assert ("b",) == sessions.configuration()
    assert [] == sessions.sent


def test_a_send_to_a_machine_nobody_knows_is_an_error_event() -> None:
    made = chart(
        state("a", entry=(send("x", "nobody"), mark("not run"))),
        state("b"),
        arrow("a", "error.execution", "b"),
    )
    sessions = drive(made)

    assert ("b",) == sessions.configuration()
    assert {} == sessions.store.data("main")


# ------------------------------------------------------------- author's code

ORDER = chart(
    state("open"),
    state("paid", entry=(call("receipt", copies=2),)),
    arrow("open", "pay", "paid", guard=asks("covered")),
    semantics=PYSTATOR,
)


def covered(question: Question) -> bool:
    return int(str(question.data["sum"])) <= 100


def receipt(entry: RunEntry, data: Mapping[str, Json]) -> Mapping[str, Json]:
    return {"receipt": f"{entry.args['copies']} x {data['sum']}"}


def test_guards_and_actions_of_the_author_are_plain_functions() -> None:
    sessions = Sessions(guards={"covered": covered}, actions={"receipt": receipt})
    sessions.begin(ORDER, {"sum": 30})
    sessions.send("main", "pay")

    assert {"sum": 30, "receipt": "2 x 30"} == sessions.store.data("main")


def fetching(*arrows: Arrow) -> StateChart:
    invoke = Invoke(HERE, id="page", type=literal("fetch"))
    return chart(
        Node("loading", HERE, invokes=(invoke,)),
        state("shown"),
        state("broken"),
        arrow("loading", "done.invoke.page", "shown"),
        arrow("loading", "error.execution", "broken"),
        *arrows,
    )


def test_an_invoked_action_is_done_when_it_returns() -> None:
    sessions = Sessions(actions={"fetch": lambda _, __: {"title": "News"}})
    sessions.begin(fetching())

    assert ("shown",) == sessions.configuration()
    assert {"title": "News"} == sessions.store.data("main")


def test_an_invoked_action_that_raises_is_an_error_event() -> None:
    sessions = Sessions(actions={})
    sessions.begin(fetching())

    assert ("broken",) == sessions.configuration()


def test_leaving_the_state_cancels_the_invoked_action() -> None:
    made = fetching(arrow("loading", "stop", "broken"))
    begun = begin(made)
    left = take(made, begun.snapshot, "stop")

    ((id_, _),) = begun.snapshot.pending.items()
    assert (CancelChild(id_),) == left.effects
    late = take(made, left.snapshot, Done(id_, Result({}), AT))
    assert ("broken",) == late.snapshot.configuration


def test_a_guard_nobody_gave_is_said_by_name() -> None:
    sessions = Sessions()
    sessions.begin(ORDER, {"sum": 30})

    with pytest.raises(StepError, match="no guard 'covered' here, known: none"):
        sessions.send("main", "pay")


def test_an_action_nobody_gave_fails() -> None:
    sessions = Sessions(guards={"covered": covered})
    sessions.begin(ORDER, {"sum": 30})
    sessions.send("main", "pay")

    problem = "receipt failed: no action 'receipt' here, known: none"
    assert problem in [line.message for _, line in sessions.logs]


def test_an_event_for_an_instance_that_is_not_there_is_refused() -> None:
    with pytest.raises(StoreError, match="no instance 'other'"):
        Sessions().send("other", "go")


def test_the_example_of_the_page_runs() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)

    exec(compile(example, str(PAGE), "exec"), {})  # noqa: S102 - our own page

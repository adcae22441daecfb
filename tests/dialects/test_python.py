"""A Python file with an Orchestrator is read by its text, never run."""

import pytest

from smtui.chart.foreign_news import guards_of
from smtui.definition import NodeKind, TreeDefinition
from smtui.definition.content import Send
from smtui.dialects import Loaded, load_all, load_text

MACHINES = """
from statemachine import Event, HistoryState, State, StateChart, StateMachine
from smtui import Orchestrator

raise SystemExit("this file must not run")


class Base(StateMachine):
    a = State(initial=True)
    b = State("Second")
    end = State(final=True)
    go = a.to(b, cond=["may", "wants"], unless="busy") | b.to.itself(internal=True)


class Order(Base):
    finish = Event(Base.a.to(Base.end) | Base.b.to(Base.end), name="Finish it")
    back = Base.a.from_(Base.b).on("count")
    a.to(b, event="hop skip", validators="checked")

    @a.to(end)
    def leap(self): ...

    @finish.cond
    def ready(self): ...


class Player(StateChart):
    off = State(initial=True)

    class on(State.Compound):
        quiet = State(initial=True)
        loud = State()
        turn = quiet.to(loud)
        h = HistoryState(type="deep")

    class both(State.Parallel):
        class left(State.Compound):
            l1 = State(initial=True)

        class right(State.Compound):
            r1 = State()

    press = off.to(on) | on.to(off)
    again = off.to(on.h)
    reset = off.from_.any()
    off.to(both)


class Shop(Orchestrator):
    order: "Order"
    gift: Order | None = None


class Corner(Shop, orchestrator_name="corner"):
    player: Player
    open = True
"""


def definition(loaded: Loaded) -> TreeDefinition:
    assert isinstance(loaded.definition, TreeDefinition), loaded.problems
    return loaded.definition


def arrows(found: TreeDefinition) -> list[tuple[str, str, str]]:
    return [
        (each.source, " ".join(each.events), " ".join(each.targets))
        for each in found.arrows
    ]


def test_each_linked_machine_is_a_definition_by_its_name() -> None:
    found = load_all(MACHINES, "corner.py")

    assert [("order", "python"), ("player", "python")] == [
        (each.name, each.dialect) for each in found
    ]


def test_states_and_transitions_are_those_of_the_class_and_its_bases() -> None:
    order = definition(load_all(MACHINES, "corner.py")[0])

    assert ["a", "b", "end"] == [node.id for node in order.nodes]
    assert NodeKind.FINAL is order.nodes[2].kind
    assert ("a",) == order.initial.targets
    assert arrows(order) == [
        ("a", "go", "b"),
        ("b", "go", "b"),
        ("a", "finish", "end"),
        ("b", "finish", "end"),
        ("b", "back", "a"),
        ("a", "hop skip", "b"),
        ("a", "leap", "end"),
    ]
    assert ["may", "wants", "not busy"] == [*guards_of(order.arrows[0].guard)]
    assert ["ready"] == [*guards_of(order.arrows[2].guard)]
    assert ["checked"] == [*guards_of(order.arrows[5].guard)]


def test_events_to_peers_are_read_from_the_callbacks() -> None:
    text = """
class A(StateMachine):
    a = State(initial=True)
    go = a.to.itself()
    def on_go(self, shop):
        shop.b.hop()
        shop.b.send("skip", word=1)
        shop.b.configuration.pop()
        orc.b.hop()
class B(A):
    hop = A.a.to.itself() | A.a.to.itself(event="skip")
class Shop(Orchestrator, orchestrator_name="shop"):
    a: A
    b: B
"""
    (a, *_) = map(definition, load_all(text, "shop.py"))

    sends = [each for each in a.script if isinstance(each, Send)]
    said = [(e.event.literal, e.target.literal) for e in sends if e.event and e.target]
    assert [("hop", "b"), ("skip", "b")] == said


def test_nested_states_are_read_with_their_parents() -> None:
    player = definition(load_all(MACHINES, "corner.py")[1])

    kinds = {node.id: (node.kind, node.parent) for node in player.nodes}
    assert (NodeKind.COMPOUND, None) == kinds["on"]
    assert (NodeKind.DEEP_HISTORY, "on") == kinds["h"]
    assert (NodeKind.PARALLEL, None) == kinds["both"]
    assert (NodeKind.COMPOUND, "both") == kinds["left"]
    initials = {n.id: n.initial.targets for n in player.nodes if n.initial}
    assert {"on": ("quiet",), "left": ("l1",), "right": ("r1",)} == initials
    assert ("quiet", "turn", "loud") in arrows(player)
    assert ("off", "", "both") in arrows(player)
    assert ("off", "again", "h") in arrows(player)
    assert ("loud", "reset", "off") in arrows(player)


def test_the_text_of_a_machine_loads_as_that_machine_with_the_same_places() -> None:
    whole = definition(load_all(MACHINES, "corner.py")[1])

    alone = load_text(whole.text, "corner.py")

    assert definition(alone) == whole
    assert definition(load_all(MACHINES, "corner.py")[0]).hash != whole.hash


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("class S(Orchestrator):\n  x: (", "bad-python", "this is no Python"),
        ("class S(Orchestrator):\n  pass", "no-machines", "S without a machine"),
        (
            "class S(Orchestrator):\n  a: Elsewhere",
            "class-not-found",
            "'a' of the class 'Elsewhere'",
        ),
        (
            "class M(StateMachine):\n  a = State()\nclass S(Orchestrator):\n  m: M",
            "no-initial",
            "0 initial states in M",
        ),
        (
            (
                "class M(StateMachine):\n  s = States.from_enum(E, initial=E.a)\n"
                "class S(Orchestrator):\n  m: M"
            ),
            "not-readable",
            "States.from_enum()",
        ),
        (
            (
                "class M(StateMachine):\n  a = State(initial=True)\n  go = a.to(b)\n"
                "class S(Orchestrator):\n  m: M"
            ),
            "not-readable",
            "a transition of 'b'",
        ),
        (
            (
                "class M(StateMachine):\n  a = State(initial=True)\n"
                "  b = State(final=True)\n  go = a.to(b)\n  on = b.to(a)\n"
                "class S(Orchestrator):\n  m: M"
            ),
            "final-left",
            "out of the final state 'b', which python-statemachine refuses",
        ),
        (
            "class S(Orchestrator):\n  pass\nclass T(Orchestrator):\n  pass",
            "several-orchestrators",
            "2 orchestrators in one file: 'S', 'T'",
        ),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_place(
    text: str, code: str, says: str
) -> None:
    (loaded, *_) = load_all(text, "s.py")

    (problem,) = loaded.errors
    assert code == problem.code
    assert says in problem.message
    assert problem.at.line >= 1


def test_python_without_an_orchestrator_is_no_machine() -> None:
    (loaded,) = load_all("x = 1\n", "x.py")

    assert ["not-a-machine"] == [each.code for each in loaded.problems]


NAMES = """
class Purse:
    money = 0

class M(StateMachine):
    a = State(initial=True, enter="greet")
    b = State()
    go = a.to(b, cond="ready and !busy", before=["cnt", "count"]) | b.to(a)
    def __init__(self):
        super().__init__(model=%s)
    def count(self): ...
    def greet(self): ...
    ready = busy = True

class S(Orchestrator):
    m: M
"""


def test_a_callback_no_class_has_is_a_warning_with_its_place() -> None:
    (loaded,) = load_all(NAMES % "Purse()", "s.py")

    (problem,) = loaded.problems
    assert problem.code == "unbound-name"
    assert "found 'cnt'" in problem.message
    assert problem.hint == "did you mean 'count'?"
    assert (problem.at.line, loaded.definition is None) == (8, False)


def test_a_callback_of_a_model_is_found_there() -> None:
    (loaded,) = load_all(NAMES.replace('"cnt"', '"money"') % "Purse()", "s.py")

    assert not loaded.problems


def test_what_a_model_that_cannot_be_read_may_have_is_not_missed() -> None:
    (loaded,) = load_all(NAMES % "made()", "s.py")

    assert not loaded.problems

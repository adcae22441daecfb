"""Definitions of PyStator: what they mean, value by value."""

import json
from typing import Any

import pytest

from smtui.chart import compile_chart
from smtui.definition import Arrow, Node, NodeKind, Normalizer, TreeDefinition
from smtui.definition.content import Assign, Call, Change, If
from smtui.definition.guards import AllOf, AnyOf, FieldGuard, NamedGuard, NotGuard
from smtui.dialects import load_all, load_text


def load(**parts: Any) -> TreeDefinition:  # noqa: ANN401 - a definition in Python
    """Return the definition of a mapping, which has no problem."""
    parts.setdefault("states", [{"name": "a", "type": "initial"}, {"name": "b"}])
    loaded = load_text(json.dumps(parts), "m.json")
    assert not loaded.problems
    assert isinstance(loaded.definition, TreeDefinition)
    compile_chart(loaded.definition)
    return loaded.definition


def node(definition: TreeDefinition, id_: str) -> Node:
    """Return one state."""
    return next(node for node in definition.nodes if node.id == id_)


def arrow(**written: Any) -> Arrow:  # noqa: ANN401 - a transition in Python
    """Return the only arrow of a transition from a to b."""
    given = {"source": "a", "dest": "b", **written}
    (found,) = load(transitions=[given]).arrows
    return found


def test_the_header_says_the_name_and_the_rules() -> None:
    found = load(
        meta={
            "machine_name": "order",
            "version": "1.2",
            "strict_mode": False,
            "event_normalizer": "lower",
            "owner": {"team": "x"},
        },
        error_policy={"retry_attempts": 2, "default_fallback": "b"},
        transitions=[{"source": "a", "dest": "b", "trigger": "GO"}],
    )

    assert (found.name, found.version) == ("order", "1.2")
    assert not found.semantics.is_strict
    assert found.semantics.normalizer is Normalizer.LOWER
    assert found.semantics.error_policy.retry_attempts == 2
    assert found.semantics.error_policy.fallback == "b"
    assert found.metadata["owner"] == {"team": "x"}
    assert found.arrows[0].events == ("go",)


@pytest.mark.parametrize("name", ["PENDING", "a.b", "9x", "_x"])
def test_both_grammars_of_names_are_read(name: str) -> None:
    found = load(states=[{"name": name, "type": "initial"}])

    assert found.initial.targets == (name,)


def test_a_region_is_a_node_around_its_states() -> None:
    found = load(
        states=[
            {"name": "i", "type": "initial"},
            {
                "name": "p",
                "type": "parallel",
                "regions": [
                    {"name": "r1", "initial": "x", "states": ["x", "y"], "final": "y"},
                    {"name": "r2", "initial": "z"},
                ],
            },
            {"name": "x", "parent": "p"},
            {"name": "y"},
            {"name": "z", "parent": "p"},
            {"name": "w", "parent": "p"},
        ],
        transitions=[
            {"source": "i", "dest": "p", "trigger": "go"},
            {"source": "x", "dest": "y", "trigger": "n", "region": "r1"},
            {"source": "z", "dest": "w", "trigger": "n", "region": "r2"},
            {"source": "w", "dest": "z", "trigger": "n", "region": "r2"},
        ],
    )

    assert node(found, "p").kind is NodeKind.PARALLEL
    assert [n.id for n in found.nodes if n.parent == "p"] == ["p:r1", "p:r2"]
    assert node(found, "p:r1").name == "r1"
    assert [n.id for n in found.nodes if n.parent == "p:r1"] == ["x", "y"]
    assert [n.id for n in found.nodes if n.parent == "p:r2"] == ["z", "w"]
    assert node(found, "y").kind is NodeKind.FINAL


def test_a_history_is_a_node_of_its_state() -> None:
    found = load(
        states=[
            {"name": "a", "type": "initial"},
            {"name": "p", "initial_child": "c"},
            {"name": "c", "parent": "p"},
            {"name": "d", "parent": "p"},
        ],
        transitions=[
            {"source": "a", "dest": "H(p)", "trigger": "s"},
            {"source": "a", "dest": "H*(p)", "trigger": "d"},
            {"source": "c", "dest": "d", "trigger": "n"},
        ],
    )

    shallow, deep = node(found, "H(p)"), node(found, "H*(p)")
    assert (shallow.kind, deep.kind) == (NodeKind.HISTORY, NodeKind.DEEP_HISTORY)
    assert shallow.parent == deep.parent == "p"
    assert shallow.initial is not None
    assert shallow.initial.targets == ("c",)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (500, 0.5),
        (0, 0.0),
        ("250", 0.25),
        ("1.5s", 1.5),
        ("500ms", 0.5),
        ("10m", 600.0),
        ("1h", 3600.0),
        ("2d", 172_800.0),
    ],
)
def test_delays_are_milliseconds_or_have_a_unit(
    written: object, seconds: float
) -> None:
    assert arrow(after=written).delay_s == seconds


def test_a_delay_without_a_name_gets_one() -> None:
    assert arrow(after="1s").events == ("_after_a_1000_ms",)
    assert arrow(after="1s", trigger="tick").events == ("tick",)


def test_a_time_out_is_an_arrow_to_its_destination() -> None:
    timeout = {"seconds": 1.5, "destination": "b"}
    found = load(
        states=[{"name": "a", "type": "initial", "timeout": timeout}, {"name": "b"}]
    )

    (out,) = found.arrows
    assert (out.source, out.targets, out.delay_s) == ("a", ("b",), 1.5)


def test_an_automatic_transition_has_no_event_and_a_name() -> None:
    found = arrow(auto=True)

    assert (found.events, found.trigger) == ((), "_auto_a")


def test_an_automatic_transition_with_a_name_can_be_taken_by_hand_too() -> None:
    given = {"source": "a", "dest": "b", "auto": True, "trigger": "next"}
    found = load(transitions=[given])

    assert [each.events for each in found.arrows] == [(), ("next",)]


def test_an_internal_transition_leads_nowhere() -> None:
    assert arrow(internal=True, trigger="x").targets == ()


@pytest.mark.parametrize("source", ["*", ["*"], ["*", "a"]])
def test_a_star_is_every_state_that_can_be_left(source: object) -> None:
    found = load(
        states=[
            {"name": "a", "type": "initial"},
            {"name": "b"},
            {"name": "end", "type": "terminal"},
        ],
        transitions=[{"source": source, "dest": "b", "trigger": "x"}],
    )

    assert [each.source for each in found.arrows] == ["a", "b"]
    assert {each.origin for each in found.arrows} == {0}
    assert all(each.is_any for each in found.arrows)


def test_a_choice_is_left_without_a_trigger() -> None:
    found = load(
        states=[
            {"name": "a", "type": "initial"},
            {"name": "c", "type": "choice"},
            {"name": "b"},
        ],
        transitions=[
            {"source": "a", "dest": "c", "trigger": "x"},
            {"source": "c", "dest": "b"},
        ],
    )

    assert node(found, "c").kind is NodeKind.CHOICE
    assert found.arrows[1].events == ()


def test_guards_are_names_expressions_checks_and_their_compounds() -> None:
    guard = arrow(
        trigger="x",
        guards=[
            "g",
            {"name": "h", "params": {"n": 1}},
            {"expr": "qty > 0"},
            {"check": {"field": "x", "op": "in", "values": [1, 2]}},
            {"not": "g"},
            {"anyOf": ["g", {"allOf": ["h", "g"]}]},
        ],
    ).guard

    assert isinstance(guard, AllOf)
    name, named, _, check, no, some = guard.guards
    assert isinstance(name, NamedGuard)
    assert isinstance(named, NamedGuard)
    assert named.params == {"n": 1}
    assert isinstance(check, FieldGuard)
    assert check.value == [1, 2]
    assert isinstance(no, NotGuard)
    assert isinstance(some, AnyOf)


def test_actions_are_names_and_effects() -> None:
    block = arrow(
        trigger="x",
        actions=[
            "notify",
            {"name": "book", "params": {"k": 1}, "when": {"expr": "n > 1"}},
            {"set": {"p": 1, "q": None}},
            {"timestamp": "at"},
            {"append": {"field": "log", "value": "x"}},
            {"compute": {"total": "n * 2"}},
            {"branch": {"when": "n > 5", "then": [{"clear": "n"}], "else": "notify"}},
            {"custom": {"name": "own", "params": {"z": 1}}},
        ],
    ).content

    kinds = [type(each) for each in block]
    assert kinds == [Call, If, Change, Change, Change, Change, Assign, If, Call]
    assert block[2:4] == (
        Change(block[2].op, "p", block[2].at, 1),  # type: ignore[union-attr]
        Change(block[2].op, "q", block[2].at, None),  # type: ignore[union-attr]
    )


def test_the_end_of_an_invoke_is_its_event() -> None:
    found = load(
        states=[
            {
                "name": "a",
                "type": "initial",
                "invoke": [{"id": "i", "src": "svc", "on_done": "fin"}],
            },
            {"name": "b"},
        ],
        transitions=[{"source": "a", "dest": "b", "trigger": "fin"}],
    )

    assert found.arrows[0].events == ("fin", "done.invoke.i")
    assert node(found, "a").invokes[0].id == "i"


def test_invokes_that_share_an_event_all_give_it() -> None:
    invokes = [
        {"id": "i", "src": "svc", "on_done": "fin"},
        {"id": "k", "src": "other", "on_done": "fin"},
    ]
    found = load(
        states=[{"name": "a", "type": "initial", "invoke": invokes}, {"name": "b"}],
        transitions=[{"source": "a", "dest": "b", "trigger": "fin"}],
    )

    assert found.arrows[0].events == ("fin", "done.invoke.i", "done.invoke.k")


@pytest.mark.parametrize(
    ("written", "type_"),
    [
        ({"src": "svc"}, "action"),
        ({"src": "svc", "type": "machine"}, "machine"),
        ({"src": "parts/svc.yaml"}, "machine"),
    ],
)
def test_an_invoke_is_of_an_action_a_machine_or_a_file(
    written: dict[str, str], type_: str
) -> None:
    state = {"name": "a", "type": "initial", "invoke": [{"id": "i", **written}]}
    found = load(
        states=[state, {"name": "b"}],
        transitions=[{"source": "a", "dest": "b", "trigger": "x"}],
    )

    (invoke,) = node(found, "a").invokes
    assert invoke.type is not None
    assert invoke.src is not None
    assert (type_, written["src"]) == (invoke.type.literal, invoke.src.literal)
    assert invoke.gives_data is (type_ == "machine")


def test_an_entry_point_is_the_child_it_names() -> None:
    found = load(
        states=[
            {"name": "a", "type": "initial"},
            {"name": "p", "initial_child": "c", "entry_points": ["d"]},
            {"name": "c", "parent": "p"},
            {"name": "d", "parent": "p"},
        ],
        transitions=[{"source": "a", "dest": "p:d", "trigger": "x"}],
    )

    assert found.arrows[0].targets == ("d",)


def test_our_own_keys_are_read() -> None:
    found = load(
        transitions=[{"source": "a", "dest": "b", "trigger": "yes"}],
        asks={"a": {"text": "Well?", "answers": ["yes"]}},
        stuck_after={"b": 5},
        code="own.py",
    )

    ask = node(found, "a").ask
    assert ask is not None
    assert ask.answers == ("yes",)
    assert node(found, "b").stuck_after_s == 5
    assert found.code == "own.py"


def test_what_programs_want_to_know_is_kept() -> None:
    found = arrow(
        trigger="x", description="why", ref="R1", refs=["R2"], metadata={"k": 1}
    )

    assert found.description == "why"
    assert found.refs == ("R1", "R2")
    assert found.metadata == {"k": 1}


LIST = """\
# two machines
- meta: {machine_name: one}
  states:
    - {name: a, type: initial}
- meta: {machine_name: two}
  states:
    - {name: b, type: initial}
    - {name: b}
"""


def test_a_list_is_several_machines_each_with_its_places() -> None:
    one, two = load_all(LIST, "m.yaml")

    assert (one.name, two.name) == ("one", "two")
    assert one.definition is not None
    assert [(p.at.line, p.at.column) for p in two.problems] == [(8, 14)]
    again = load_text(one.definition.text, "m.yaml").definition
    assert again == one.definition


def test_a_list_in_json_is_several_machines() -> None:
    one_state = '{"states": [{"name": "a", "type": "initial"}]}'
    text = f'[{one_state},\n {{"meta": {{}}, "states": []}} ]'
    one, two = load_all(text, "m.json")

    assert one.definition is not None
    assert [p.code for p in two.problems] == ["no-states"]


def test_a_list_cannot_be_loaded_as_one_machine() -> None:
    (problem,) = load_text(LIST, "m.yaml").problems

    assert "'one', 'two'" in problem.message

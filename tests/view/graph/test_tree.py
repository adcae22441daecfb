"""A tree of states as a graph: hierarchy, regions, history, guards."""

import pytest

from smtui.definition import (
    Arrow,
    Expression,
    Guard,
    Initial,
    Invoke,
    Language,
    Node,
    NodeKind,
    Position,
    TreeDefinition,
)
from smtui.definition.content import Branch, ForEach, If, Raise, Send
from smtui.definition.guards import (
    AllOf,
    AnyOf,
    CheckOp,
    ExprGuard,
    FieldGuard,
    NamedGuard,
    NotGuard,
    PeerGuard,
)
from smtui.view.graph import (
    Direction,
    Kind,
    Options,
    check,
    draw,
    from_tree,
    outlets_of,
)
from smtui.view.graph.tree import said

AT = Position("t.scxml", 1, 1)


def literal(value: str) -> Expression:
    return Expression(Language.LITERAL, value, AT, value)


def computed(text: str) -> Expression:
    return Expression(Language.ECMASCRIPT, text, AT)


def to(*targets: str) -> Initial:
    return Initial(targets, AT)


def tree(nodes: tuple[Node, ...], arrows: tuple[Arrow, ...] = ()) -> TreeDefinition:
    return TreeDefinition(
        "scxml", "t", "t.scxml", "", "0", to(nodes[0].id), nodes, arrows
    )


PARALLEL = tree(
    (
        Node("p", AT, NodeKind.PARALLEL),
        Node("r1", AT, NodeKind.COMPOUND, "p", to("a")),
        Node("a", AT, parent="r1"),
        Node("h", AT, NodeKind.HISTORY, "r1", to("a")),
        Node("r2", AT, NodeKind.COMPOUND, "p", to("b"), name="two"),
        Node("b", AT, parent="r2"),
        Node("flat", AT, parent="p"),
        Node("end", AT, NodeKind.FINAL),
    ),
    (
        Arrow("a", AT, ("x", "y"), ("end",)),
        Arrow("b", AT, (), ("a", "end"), NamedGuard("ready", AT)),
        Arrow("b", AT, ("note",)),
        Arrow("p", AT, ("_after_p_5000_ms",), ("end",), delay_s=5.0),
    ),
)


def test_children_of_a_parallel_node_are_its_regions() -> None:
    kinds = {node.id: node.kind for node in from_tree(PARALLEL).nodes}

    assert kinds["p"] is Kind.PARALLEL
    assert kinds["r1"] is Kind.REGION
    assert kinds["flat"] is Kind.ATOMIC
    assert kinds["h"] is Kind.HISTORY
    assert kinds["end"] is Kind.FINAL


def test_every_event_and_every_target_has_its_edge() -> None:
    found = [
        (edge.id, edge.source, edge.target, edge.label)
        for edge in from_tree(PARALLEL).edges
    ]

    assert found == [
        ("0.0", "a", "end", "x"),
        ("0.1", "a", "end", "y"),
        ("1.0", "b", "a", "[ready]"),
        ("1.1", "b", "end", "[ready]"),
        ("2", "b", "b", "note"),
        ("3", "p", "end", "after 5s"),
        ("h.0", "h", "a", ""),
    ]


def test_an_arrow_without_a_target_stays_inside() -> None:
    edges = {edge.id: edge for edge in from_tree(PARALLEL).edges}

    assert edges["2"].is_internal
    assert not edges["0.0"].is_internal


@pytest.mark.parametrize("way", Direction)
def test_a_tree_is_drawn_right(way: Direction) -> None:
    drawing = draw(from_tree(PARALLEL), Options(direction=way))

    assert check(drawing) == ()
    assert {"p", "r1", "h"} <= set(drawing.boxes)
    assert any("two" in line for line in drawing.lines)


@pytest.mark.parametrize(
    ("guard", "text"),
    [
        (ExprGuard(computed("a  >\n 1")), "a > 1"),
        (FieldGuard("qty", CheckOp.GT, 0, AT), "qty gt 0"),
        (FieldGuard("qty", CheckOp.IS_SET, None, AT), "qty is_set"),
        (PeerGuard("door", ("open",), AT), "door in open"),
        (AllOf((NamedGuard("a", AT), NamedGuard("b", AT))), "a and b"),
        (AnyOf((NamedGuard("a", AT), NamedGuard("b", AT))), "a or b"),
        (NotGuard(NamedGuard("a", AT)), "not a"),
    ],
)
def test_a_guard_is_written_on_one_line(guard: Guard, text: str) -> None:
    assert text == said(guard)


def test_what_a_tree_sends_is_found_in_blocks_of_any_depth() -> None:
    ping = Send(literal("ping"), AT, literal("door"))
    own = Send(literal("mine"), AT, literal("#_internal"))
    reply = Send(computed("ev"), AT, computed("_event.origin"))
    inner = ForEach(computed("list"), "each", (If((Branch(None, (ping,)),), AT),), AT)
    node = Node("a", AT, entry=((inner, own, Raise("x", AT)),), exit=((reply,),))

    found = [(each.target, each.event) for each in outlets_of(tree((node,)))]

    assert found == [("door", "ping"), ("{_event.origin}", "{ev}")]


def test_what_a_tree_sends_is_found_in_blocks_of_every_kind() -> None:
    one, two = (Send(literal("go"), AT, literal(name)) for name in ("door", "gate"))
    node = Node(
        "a",
        AT,
        initial=Initial(("a",), AT, (one,)),
        invokes=(Invoke(AT, finalize=(two,)),),
    )

    assert {each.target for each in outlets_of(tree((node,)))} == {"door", "gate"}

"""InPeer of our ECMAScript: conditions that look at other machines."""

import pytest

from smtui.definition import Language
from smtui.errors import EvaluationError
from smtui.expr import Scope, compile_expression
from smtui.expr.ecmascript.peers import PeerCall, peer_calls


def truth(text: str, *, knows: bool = True, **data: str) -> bool:
    scope = Scope(data)
    if knows:
        scope.is_peer_in = lambda *asked: asked == ("door", "open", "")
    return compile_expression(Language.ECMASCRIPT, text).truth(scope)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("InPeer('door', 'open')", True),
        ("InPeer('door', 'shut')", False),
        ("!InPeer('door', 'open')", False),
        ("InPeer('door', 'open', 'left')", False),
        ("false || InPeer('door', 'open')", True),
    ],
)
def test_a_condition_is_told_where_a_machine_is(text: str, *, holds: bool) -> None:
    assert holds == truth(text)


def test_where_nobody_can_be_asked_it_fails() -> None:
    with pytest.raises(EvaluationError, match="nobody here can be asked"):
        truth("InPeer('door', 'open')", knows=False)
    with pytest.raises(EvaluationError, match="is given a machine"):
        truth("InPeer('door')")


def test_a_variable_of_that_name_is_the_author_s() -> None:
    assert truth("InPeer === 'mine'", InPeer="mine")


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("x && InPeer('a', \"b\")", [(5, ("a", "b"))]),
        ("InPeer('a', 'b', 'c')", [(0, ("a", "b", "c"))]),
        ("InPeer('a', b)", [(0, ())]),
        ("InPeer('a')", [(0, ())]),
        ("InPeer", [(0, ())]),
        ("o.InPeer('a', 'b')", []),
        ("'InPeer(1)'", []),
        ("InPeer('a', 'b'", [(0, ())]),
        ("InPeer('a' 'b')", [(0, ())]),
        ("((", []),
    ],
)
def test_calls_are_found_without_running_the_text(
    text: str, calls: list[tuple[int, tuple[str, ...]]]
) -> None:
    assert [PeerCall(*each) for each in calls] == [*peer_calls(text)]

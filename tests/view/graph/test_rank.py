"""Which state stands above which."""

from hypothesis import given
from hypothesis import strategies as st

from smtui.view.graph.rank import rank_nodes

NAMES = "abcdefgh"
PAIRS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    max_size=16,
)


@given(PAIRS)
def test_joined_nodes_never_share_a_rank(pairs: list[tuple[str, str]]) -> None:
    ranks = rank_nodes(NAMES, pairs, "a")

    assert set(ranks) == set(NAMES)
    assert all(ranks[a] != ranks[b] for a, b in pairs)
    assert sorted(set(ranks.values())) == list(range(len(set(ranks.values()))))


@given(PAIRS)
def test_nothing_is_above_the_initial_state_by_its_arrows(
    pairs: list[tuple[str, str]],
) -> None:
    ranks = rank_nodes(NAMES, pairs, "a")

    near = {b if a == "a" else a for a, b in pairs if "a" in (a, b)}
    assert all(ranks[other] > ranks["a"] for other in near)


def test_a_way_back_does_not_turn_the_way_there() -> None:
    ranks = rank_nodes("abc", [("a", "b"), ("b", "c"), ("c", "a")], "a")

    assert ranks == {"a": 0, "b": 1, "c": 2}


def test_a_node_stands_next_to_what_it_leads_to() -> None:
    pairs = [("a", "b"), ("b", "c"), ("x", "c")]

    assert rank_nodes("abcx", pairs, "a")["x"] == 1

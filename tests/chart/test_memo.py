"""What a kernel remembers is bounded, and full it is still of use."""

from smtui.chart.tree.kernel import Kernel
from smtui.chart.tree.moves import Move
from smtui.definition.guards import CheckOp, FieldGuard
from tests.support.trees import HERE, arrow, chart, state


def _ring(count: int, room: int) -> Kernel:
    states = [state(f"s{n}") for n in range(count)]
    ways = [arrow(f"s{n}", "t", f"s{(n + 1) % count}") for n in range(count)]
    return Kernel(chart(*states, *ways).tree, most_configurations=room)


def _known_again(kernel: Kernel, events: int) -> float:
    """Return the share of moves that are those of the time before."""
    seen: dict[int, Move] = {}
    known, here = 0, kernel.initial().configuration
    for _ in range(events):
        move = kernel.move(here, "t", {})
        known += seen.get(here.mask) is move
        seen[here.mask], here = move, move.configuration
    return known / events


def test_a_circle_of_a_few_more_than_there_is_room_for_is_mostly_known() -> None:
    assert _known_again(_ring(100, 100), 1000) == 0.9
    assert _known_again(_ring(105, 100), 2000) > 0.6
    assert _known_again(_ring(120, 100), 2000) > 0.4


def test_what_is_kept_never_exceeds_its_bounds() -> None:
    kernel = _ring(50, 7)
    here = kernel.initial().configuration
    for _ in range(200):
        here = kernel.move(here, "t", {}).configuration
        assert kernel.size[0] <= 7
        assert kernel.size[1] <= 7


def test_a_configuration_that_was_forgotten_shares_what_is_known_of_it() -> None:
    kernel = _ring(4, 8)
    old = kernel.initial().configuration
    kernel.forget()
    new = kernel.configuration(old.ids)
    move = kernel.move(new, "t", {})

    assert new is not old
    assert kernel.move(old, "t", {}) is move


def test_what_guards_lead_to_is_counted_and_forgotten_whole() -> None:
    over = FieldGuard("n", CheckOp.GT, 5, HERE)
    made = chart(
        state("a"), state("b"), arrow("a", "t", "b", guard=over), arrow("b", "u", "a")
    )
    kernel = Kernel(made.tree, most_nodes=3)
    first = kernel.initial().configuration
    for n in (1, 9):
        kernel.move(first, "t", {"n": n})
    assert kernel.size[1] == 3  # a test and what follows from each answer

    for n in range(100):
        kernel.move(first, f"nobody-{n}", {})
        kernel.move(first, "t", {"n": n})
        assert kernel.size[1] <= 3


def test_a_full_row_makes_room_for_new_names() -> None:
    kernel = _ring(2, 8)
    first = kernel.initial().configuration
    for n in range(1000):
        kernel.move(first, f"nobody-{n}", {})

    assert kernel.move(first, "t", {}) is kernel.move(first, "t", {})
    assert len(first.row) <= 256
    assert kernel.size[1] == len(first.row)

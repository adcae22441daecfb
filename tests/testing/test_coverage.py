from smtui.testing import Coverage, drive
from tests.support.trees import arrow, chart, state


def test_what_was_entered_and_taken_is_not_missing() -> None:
    made = chart(
        state("a"), state("b"), state("c"), arrow("a", "go", "b"), arrow("b", "on", "c")
    )
    coverage = Coverage(made)
    coverage.add(step for _, step in drive(made, "go").steps)

    assert ["c"] == [one.label for one in coverage.never_entered()]
    assert ["b -on-> c"] == [one.label for one in coverage.never_taken()]


def test_arrows_written_for_any_state_count_once() -> None:
    made = chart(
        state("a"),
        state("b"),
        arrow("a", "stop", "b", origin=0, is_any=True),
        arrow("b", "stop", "b", origin=0, is_any=True),
        arrow("b", "_after_b", "a", delay_s=5.0),
    )
    coverage = Coverage(made)

    assert ["* -stop-> b", "b -after 5 s-> a"] == [
        one.label for one in coverage.transitions()
    ]
    coverage.add(step for _, step in drive(made, "stop").steps)
    assert ["b -after 5 s-> a"] == [one.label for one in coverage.never_taken()]

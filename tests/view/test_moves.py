"""A step is told by the states it left and entered."""

import pytest

from smtui.store.rows import JournalRow
from smtui.view.moves import move_of


def row(from_: str, to: str, *sources: str) -> JournalRow:
    return JournalRow(
        seq=1,
        run=1,
        at=0.0,
        cause="",
        event="e",
        from_=tuple(from_.split()),
        to=tuple(to.split()),
        outcome="taken",
        micro=tuple({"from": source, "event": "e", "to": "x"} for source in sources),
    )


@pytest.mark.parametrize(
    ("from_", "to", "sources", "expected"),
    [
        ("a", "b", "a", ("a", "b")),
        ("", "on red", "", ("", "on+red")),
        ("on red", "on green", "red", ("red", "green")),
        ("p l l1 r r1", "p l l2 r r2", "l1 r1", ("l1+r1", "l2+r2")),
        ("p l l1", "done", "p", ("p+l+l1", "done")),
        ("p l l1 r r1", "p l l1 r r1", "r1", ("r1", "r1")),
        ("a", "a", "", ("a", "a")),
        ("on", "on red", "on", ("on", "on+red")),
    ],
)
def test_states_that_were_neither_left_nor_entered_are_left_out(
    from_: str, to: str, sources: str, expected: tuple[str, str]
) -> None:
    assert expected == move_of(row(from_, to, *sources.split()))

"""The window on the inbox."""

from smtui.runtime.inbox import PAGE_ROWS, Window
from smtui.store import InboxRow
from tests.support.runtime_values import row_of


def _row(seq: int) -> InboxRow:
    return row_of("go", seq)


def _seen(*seqs: int) -> Window:
    window = Window()
    window.look()
    window.looked([_row(seq) for seq in seqs])
    return window


def test_a_new_window_must_look() -> None:
    assert Window().must_look()


def test_after_a_look_it_waits_for_a_ring() -> None:
    window = _seen(1, 2)

    assert not window.must_look()
    window.ring()
    assert window.must_look()


def test_a_ring_during_a_look_is_another_look() -> None:
    window = Window()
    window.look()
    window.ring()
    window.looked([])

    assert window.must_look()


def test_it_reads_on_after_a_full_page_when_it_runs_short() -> None:
    window = _seen(*range(PAGE_ROWS))

    assert not window.must_look()
    window.drop_ids([f"e{seq}" for seq in range(PAGE_ROWS - 10)])
    assert window.must_look()


def test_it_reads_on_when_nothing_at_hand_is_wanted() -> None:
    assert _seen(*range(PAGE_ROWS)).must_look(is_stuck=True)
    assert not _seen(1, 2).must_look(is_stuck=True)


def test_rows_nobody_wants_do_not_fill_the_memory() -> None:
    window = Window()
    seq = 0
    while window.must_look(is_stuck=True):
        window.look()
        window.looked([_row(seq + n) for n in range(PAGE_ROWS)])
        seq += PAGE_ROWS

    assert len(window.rows) == 4096


def test_handled_and_vanished_rows_are_forgotten() -> None:
    window = _seen(1, 2, 3)
    window.drop_ids(["e1"])
    window.drop_seq(3)

    assert [row.seq for row in window.rows.values()] == [2]
    assert [event.id for event in window.events] == ["e2"]


def test_a_reset_window_reads_everything_again() -> None:
    window = _seen(1, 2)
    window.reset()

    assert window.must_look()
    assert (window.after, window.rows, window.read) == (0, {}, 2)
    assert window.events == []

import pytest

from smtui.clock import Clock
from smtui.testing import ManualClock


def test_a_manual_clock_stands_still_until_it_is_told_to_go_on() -> None:
    clock: Clock = ManualClock(now=1000.0)

    assert (1000.0, 0.0) == (clock.now(), clock.elapsed())


def test_both_times_go_on_together() -> None:
    clock = ManualClock(now=1000.0)
    clock.advance(2.5)

    assert (1002.5, 2.5, "manual") == clock.at()


def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="time does not go back"):
        ManualClock().advance(-1.0)

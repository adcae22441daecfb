"""Seconds in words."""

from datetime import UTC, timedelta, timezone

import pytest

from smtui.view.times import age, clock_time, day_time, duration, size, zone_name

CET = timezone(timedelta(hours=1), "CET")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0s"),
        (0.9, "0s"),
        (41, "41s"),
        (599, "9m"),
        (3600, "1h"),
        (8040, "2h14m"),
        (36000 + 120, "10h"),
        (90000, "1d"),
        (86400 * 400, "400d"),
    ],
)
def test_an_age_takes_at_most_five_cells(seconds: float, words: str) -> None:
    assert words == age(seconds)
    assert len(words) <= 5


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0004, "0.4 ms"), (0.041, "41 ms"), (4.25, "4.2 s"), (41, "41 s"), (90, "1m")],
)
def test_a_span_is_told_with_sense_for_its_size(seconds: float, words: str) -> None:
    assert words == duration(seconds)


def test_the_same_instant_reads_by_the_zone() -> None:
    at = 1_795_308_921.25

    assert clock_time(at, UTC) == "00:55:21"
    assert clock_time(at, CET, ms=True) == "01:55:21.250"
    assert day_time(at, CET) == "2026-11-22 01:55:21"
    assert zone_name(at, CET) == "CET"


def test_sizes_are_short() -> None:
    assert [
        size(12),
        size(1536),
        size(42 << 20),
        size(3 << 30),
    ] == ["12 B", "1.5 KB", "42 MB", "3.0 GB"]

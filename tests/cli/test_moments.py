"""Times as operators type them."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime

import pytest

from smtui.cli.moments import seconds, since
from smtui.errors import UsageError

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90", 90.0), ("1.5", 1.5), ("10m", 600.0), ("1h30m", 5400.0), ("250ms", 0.25)],
)
def test_a_span_is_read_in_seconds(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "soon", "-1", "10x", "nan", "inf"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="no span of time"):
        seconds(text)


@pytest.mark.parametrize(
    ("text", "ago_s"),
    [
        ("10m", 600.0),
        ("2h", 7200.0),
        ("08:15", 2700.0),
        ("08:59:30", 30.0),
        ("2026-11-22T08:00:00Z", 3600.0),
        ("2026-11-22T08:00", 3600.0),
    ],
)
def test_since_is_an_instant_before_now(text: str, ago_s: float) -> None:
    assert since(text, NOW, UTC) == NOW - ago_s


def test_a_time_of_day_that_is_yet_to_come_was_yesterday() -> None:
    assert since("10:00", NOW, UTC) == NOW - 23 * 3600


def test_what_is_no_time_is_refused_with_examples() -> None:
    with pytest.raises(UsageError) as caught:
        since("yesterday", NOW, UTC)

    assert caught.value.message == "'yesterday' is no time"
    assert "08:15" in caught.value.hint

"""A store in a folder of its own, and a clock that moves by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smtui.store import Writer
from tests.support.store import HandClock, open_writer


@pytest.fixture
def clock() -> HandClock:
    """Return the clock of the writer."""
    return HandClock()


@pytest.fixture
def writer(tmp_path: Path, clock: HandClock) -> Iterator[Writer]:
    """Open a new store."""
    with open_writer(tmp_path, clock) as opened:
        yield opened

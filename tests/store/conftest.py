"""A store in a folder of its own, and a clock that moves by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smtui.store import Owner, Writer
from tests.support.store import HandClock, machine_row, open_writer, own


@pytest.fixture
def clock() -> HandClock:
    """Return the clock of the writer."""
    return HandClock()


@pytest.fixture
def writer(tmp_path: Path, clock: HandClock) -> Iterator[Writer]:
    """Open a new store."""
    with open_writer(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def boss(writer: Writer) -> Owner:
    """Own `boss`, beside a template to invoke."""
    writer.put_machine(machine_row("worker", template=True))
    return own(writer, "boss")

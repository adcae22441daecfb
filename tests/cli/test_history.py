"""A step on one line of `smtui history`."""

from dataclasses import replace

import pytest

from smtui.cli.history import step_line
from smtui.store.rows import JournalEntry
from tests.support.view_rows import entry


def _silent() -> JournalEntry:
    """Return a step without an event that took no transition."""
    told = entry(2, "m", "a", "", "a")
    return told._replace(row=replace(told.row, micro=()))


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (entry(1, "m", "a", "go", "b"), "a -> b  go"),
        (
            entry(1, "m", "a", "go", "a", outcome="ignored", why='no "go" in a'),
            'a  go ignored: no "go" in a',
        ),
        (_silent(), "a  (its list went on)"),
    ],
)
def test_a_line_says_what_a_step_did(step: JournalEntry, line: str) -> None:
    assert step_line(step).startswith(line)

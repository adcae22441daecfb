"""A step on one line of `smtui history`."""

from dataclasses import replace

import pytest

from smtui.cli.history import step_line
from smtui.definition import Json
from smtui.store.rows import JournalEntry
from tests.support.view_rows import entry


def _silent() -> JournalEntry:
    """Return a step without an event that took no transition."""
    told = entry(2, "m", "a", "", "a")
    return told._replace(row=replace(told.row, micro=()))


def _failed() -> JournalEntry:
    """Return a step that took an action's failure, and waits to try again."""
    told = _silent()
    row = told.row
    gave: Json = {"raised": "no luck", "kind": "OSError"}
    answers: Json = {"id": "1.1", "action": "tell", "gave": gave}
    timer: dict[str, Json] = {"timer": "2.1", "due": row.at + 90, "again": "tell"}
    return told._replace(row=replace(row, answers=answers, effects=(timer,)))


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (entry(1, "m", "a", "go", "b"), "a -> b  go"),
        (
            entry(1, "m", "a", "go", "a", outcome="ignored", why='no "go" in a'),
            'a  go ignored: no "go" in a',
        ),
        (_silent(), "a  (its list went on)"),
        (_failed(), "a  (tell failed, tell again in 90 s)"),
    ],
)
def test_a_line_says_what_a_step_did(step: JournalEntry, line: str) -> None:
    assert step_line(step).startswith(line)

"""The page of keys is the screen's table of commands."""

from collections.abc import Iterator

from smtui.cli.help import topics
from smtui.tui.command import Group
from smtui.tui.commands import COMMANDS


def rows(group: Group) -> Iterator[str]:
    """Yield the rows of a section of the page."""
    for command in COMMANDS:
        if command.group is group:
            yield f"| `{command.shown}` | {command.title} | {command.help} |"


def test_every_verb_of_the_screen_is_in_the_page_and_no_other() -> None:
    page = topics()["keys"].splitlines()
    listed = [line for line in page if line.startswith("| `")]

    expected = [row for group in Group for row in rows(group)]
    assert sorted(expected) == sorted(listed)

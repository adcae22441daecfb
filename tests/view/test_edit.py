"""JSON while it is typed."""

from smtui.view.edit import edit_command, edit_lines, edited, one_line_json
from smtui.view.text import plain


def test_the_caret_stands_under_the_mistake() -> None:
    text = '{"a": 1, b}'

    lines = [plain(line) for line in edit_lines(text, edited(text, thing="event"))]

    assert lines[0].startswith(" ✖ character 10: ")
    assert lines[1].index("b}") == lines[2].index("^")


def test_a_long_line_shows_what_is_near_the_mistake() -> None:
    text = '{"a": "' + "x" * 100 + '", "b": ?}'

    lines = [plain(line) for line in edit_lines(text, edited(text, thing="event"))]

    assert lines[1].index("?") == lines[2].index("^")
    assert len(lines[1]) < 80


def test_what_is_shown_is_what_is_sent() -> None:
    found = edited(one_line_json({"a": "it's"}), thing="job")

    assert {"a": "it's"} == found.value
    command = edit_command("job", "01J", found)
    assert command.startswith("smtui jobs retry 01J --data ")

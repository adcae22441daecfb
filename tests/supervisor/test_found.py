"""What a launcher has read is taken over, unless files were written since."""

from pathlib import Path

import pytest

from smtui.supervisor import Found, stamps_of
from smtui.supervisor.found import stamps_of_files


def test_what_was_found_crosses_a_pipe() -> None:
    found = Found({"machines": [], "x": 1}, {"/a.yaml": (12, 3)})

    assert Found.from_json(found.to_json()) == found


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"report": 1, "stamps": 2}'])
def test_anything_else_was_not_found(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json has its own words
        Found.from_json(text)


def test_a_written_file_changes_the_stamps(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("one")
    before = stamps_of([tmp_path])
    (tmp_path / ".hidden.yaml").touch()
    (tmp_path / "notes.txt").touch()
    same = stamps_of([tmp_path])
    file.write_text("three")

    assert same == before
    assert stamps_of([tmp_path]) != before


def test_a_folder_that_is_not_there_has_no_stamps(tmp_path: Path) -> None:
    assert stamps_of([tmp_path / "gone" / "a.yaml"]) == {}


def test_files_elsewhere_are_stamped_by_name(tmp_path: Path) -> None:
    part = tmp_path / "part.yaml"
    part.write_text("a", "utf-8")
    first = stamps_of_files([part, tmp_path / "gone.yaml"])

    part.write_text("ab", "utf-8")

    assert [*first] == [str(part)]
    assert stamps_of_files([part]) != first

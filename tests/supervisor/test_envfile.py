"""Files of variables."""

from pathlib import Path

import pytest

from smtui.errors import SupervisorError
from smtui.supervisor.envfile import parse, read


def test_each_line_is_a_variable() -> None:
    text = """
# a comment
A=1
export B = two words
C="quo ted"
D='$A'
E=
F=a=b # kept
"""

    assert parse(text, "f") == {
        "A": "1",
        "B": "two words",
        "C": "quo ted",
        "D": "$A",
        "E": "",
        "F": "a=b # kept",
    }


def test_a_bad_line_is_named_without_its_text() -> None:
    with pytest.raises(SupervisorError) as caught:
        parse("A=1\nsecret token\n", "my.env")

    assert caught.value.message == "my.env:2: expected KEY=VALUE"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SupervisorError, match="no-such"):
        read(tmp_path / "no-such.env")

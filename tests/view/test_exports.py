"""The public names of the room."""

import subprocess
import sys

import smtui.view


def test_every_public_name_is_there_and_they_are_sorted() -> None:
    names = smtui.view.__all__

    assert sorted(names) == list(names)
    assert all(getattr(smtui.view, name) is not None for name in names)


def test_the_view_loads_nothing_that_does_io() -> None:
    code = """
import sys, smtui.view
for name in smtui.view.__all__:
    getattr(smtui.view, name)
bad = {"asyncio", "sqlite3", "aiosqlite", "socket", "subprocess", "rich", "textual"}
print(sorted(bad & set(sys.modules)))
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"

"""The door of the room: every name is there, and the pure part stays light."""

import subprocess
import sys

import smtui.store


def test_all_names_are_sorted_and_there() -> None:
    names = smtui.store.__all__

    assert sorted(names, key=_order) == names
    assert all(getattr(smtui.store, name) is not None for name in names)


def _order(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: the order ruff checks."""
    kind = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return kind, name


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(smtui.store, "Nobody")


def test_the_rows_bring_no_database_along() -> None:
    code = (
        "import sys, smtui.store.rows;"
        "print([m for m in ('sqlite3', 'aiosqlite', 'asyncio') if m in sys.modules])"
    )

    found = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"

"""One command is found without the others."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from smtui import __version__
from smtui.cli.commands import COMMANDS, HIDDEN
from smtui.cli.lookup import MODULES, find


def test_every_command_of_the_table_is_found_by_its_name() -> None:
    table = [*COMMANDS, *HIDDEN]

    assert list(MODULES) == [command.name for command in table]
    assert [find(name) for name in MODULES] == table


def test_the_version_is_the_one_of_the_package() -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"

    assert tomllib.loads(project.read_text())["project"]["version"] == __version__


def test_a_name_nobody_has_finds_nothing() -> None:
    assert find("cli") is None
    assert find("--version") is None


@pytest.mark.parametrize(
    ("words", "forbidden"),
    [
        (
            ["--version"],
            {
                "asyncio",
                "importlib.metadata",
                "sqlite3",
                "smtui.cli.run",
                "smtui.store",
            },
        ),
        (["run", "--help"], {"asyncio", "sqlite3", "smtui.cli.send", "smtui.store"}),
        (["_machine", "--help"], {"asyncio", "smtui.cli.run", "textual"}),
    ],
)
def test_a_command_imports_nothing_of_the_others(
    words: list[str], forbidden: set[str]
) -> None:
    program = (
        "import sys; from smtui.cli import main;"
        f"main({words!r}); print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert set(done.stderr.split()) & forbidden == set()

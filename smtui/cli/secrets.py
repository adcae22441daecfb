"""What no command shows unless told to reveal it: values from env files.

They are read anew by every command, from the files that the machines of the
data directory name: what is no longer there is not known to be a secret.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from smtui.errors import SmtuiError

__all__ = ["learn_from_files", "learn_from_store"]


def learn_from_store(database: Path) -> None:
    """Learn the secrets of all machines the store knows."""
    import asyncio  # late, like the next: not every command reads the store

    from smtui.store import Reader

    async def files() -> list[str]:
        async with Reader(database) as reader:
            children = await reader.children()
        return [str(child.spec.get("env_file") or "") for child in children]

    with suppress(SmtuiError):  # the command itself tells what is wrong
        learn_from_files(asyncio.run(files()))


def learn_from_files(files: Iterable[str | None]) -> None:
    """Learn the values in these files; those that cannot be read hold none."""
    from smtui.supervisor import envfile  # late: who masks nothing needs none
    from smtui.view.masks import learn

    values: list[str] = []
    for file in {file for file in files if file}:
        with suppress(SmtuiError):
            values += envfile.read(Path(file)).values()
    learn(values)

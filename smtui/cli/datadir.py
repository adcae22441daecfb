"""Which data directory a command works on.

`--data DIR`, else `$SMTUI_DATA`, else: for `run` the `.smtui` beside the first
path, for every other command the nearest `.smtui` in this folder or a parent.

Beside a path that is the current folder or above it means inside it: `smtui
run .` must not write into the parent of where you are.
"""

import os
import shlex
from pathlib import Path

from smtui.cli.console import Console
from smtui.errors import NoSupervisorError, SmtuiError, UsageError
from smtui.wire.paths import DATA_FOLDER, DATABASE, nearest_data_dir

__all__ = ["existing", "for_run", "of_path", "option_for", "prepare"]

_WHERE = (
    "smtui run PATH makes one beside PATH; --data DIR names another;"
    " smtui ps --all lists the fleets that run"
)
_ANOTHER = "--data DIR, or set SMTUI_DATA to a folder you may write"


def for_run(console: Console, first: Path | None) -> Path:
    """Return the data directory `run` uses for these paths; it need not exist.

    Raises SmtuiError for one that this user may not use.
    """
    named = _named(console)
    if named is None:
        named = _beside(first) if first is not None else nearest_data_dir()
    if named is None:
        named = Path.cwd() / DATA_FOLDER
    console.opened = Path(os.path.abspath(named))  # noqa: PTH100 - keeps links
    can_use = os.R_OK | os.W_OK | os.X_OK
    if os.access(named, os.F_OK) and not os.access(named, can_use):
        raise SmtuiError(
            f"the data directory {console.opened} cannot be used: permission denied",
            hint=_ANOTHER,
        )
    return console.opened


def of_path(console: Console, path: Path) -> Path:
    """Return the data directory that may know these machines; it need not exist.

    It is the one `run` would use, or else the nearest above: the folder may
    have been run as a whole. Raises SmtuiError like for_run().
    """
    data = for_run(console, path)
    if _named(console) is not None or _has_store(data):
        return data
    for folder in path.resolve().parents:
        if _has_store(folder / DATA_FOLDER):
            console.opened = folder / DATA_FOLDER
            return console.opened
    return data


def existing(console: Console, *, needs_fleet: bool = False) -> Path:
    """Return the data directory of a command other than `run`.

    Raises NoSupervisorError (the command needs a running fleet) or UsageError
    when there is none.
    """
    named = _named(console)
    found = named if named is not None else nearest_data_dir()
    kind = NoSupervisorError if needs_fleet else UsageError
    if found is None:
        raise kind(
            f"no {DATA_FOLDER} in {Path.cwd()} or a folder above it",
            hint=_WHERE,
        )
    if not _has_store(found):
        raise kind(
            f"{found} is no data directory of smtui (no {DATABASE} in it)",
            hint=_WHERE,
        )
    console.opened = Path(os.path.abspath(found))  # noqa: PTH100 - keeps links
    if not console.reveal:
        from smtui.cli.secrets import learn_from_store  # late: SQLite

        learn_from_store(console.opened / DATABASE)
    return console.opened


def prepare(data: Path) -> None:
    """Make the data directory, hidden from git.

    Raises SmtuiError where that cannot be done.
    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        ignore = data / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
    except OSError as error:
        raise SmtuiError(
            f"the data directory {data} cannot be made: {error.strerror}",
            hint=_ANOTHER,
        ) from error


def option_for(data: Path) -> str:
    """Return ` --data DIR` where a command would not find DIR by itself, or ''."""
    value = os.environ.get("SMTUI_DATA", "")
    found = Path(value) if value else nearest_data_dir()
    if found is not None and found.resolve() == data.resolve():
        return ""
    return f" --data {shlex.quote(str(data))}"


def _has_store(folder: Path) -> bool:
    """Raise SmtuiError for a store that this user may not read."""
    try:
        with (folder / DATABASE).open("rb"):
            return True
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False
    except OSError as error:
        raise SmtuiError(
            f"{folder / DATABASE} cannot be read: {error.strerror}",
            hint="it belongs to another user; smtui ps --all lists your fleets",
        ) from error


def _named(console: Console) -> Path | None:
    if console.data is not None:
        return console.data
    value = os.environ.get("SMTUI_DATA", "")
    return Path(value) if value else None


def _beside(first: Path) -> Path:
    place = first.resolve()
    here = Path.cwd().resolve()
    if place.is_dir() and here.is_relative_to(place):
        return place / DATA_FOLDER
    return place.parent / DATA_FOLDER

"""Where the sockets and the logs of a data directory are.

    $XDG_RUNTIME_DIR/smtui/<12 hex of sha256(real path of DATA)>/
    /tmp/smtui-UID/<12 hex ...>/     where the first does not exist or is long
        control.sock                 clients -> supervisor
        events.sock                  machine processes -> supervisor
        bell.NAME                    anyone -> a machine
        bell@supervisor              anyone -> the supervisor

    DATA/logs/NAME.log, NAME.log.1 .. NAME.log.4     output of a child

Laws of this file:

- a run directory belongs to us and nobody else may enter it (0700): that and
  the peer's uid are all the authentication there is
- a socket path has at most 103 bytes (macOS; Linux 107), so long names are
  hashed
- two logins of one user may have different environments, so the directory
  that `supervisor.lock` names wins over the one computed here
"""

import json
import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import cast
from urllib.parse import quote

from smtui.errors import WireError

__all__ = [
    "DATABASE",
    "DATA_FOLDER",
    "LOCK_NAME",
    "SUPERVISOR",
    "bell_path",
    "control_path",
    "default_run_dir",
    "encode_name",
    "events_path",
    "inode_of",
    "log_path",
    "make_run_dir",
    "nearest_data_dir",
    "run_dir",
    "run_roots",
]

DATA_FOLDER = ".smtui"
"""Name of a data directory that nobody named otherwise."""

DATABASE = "smtui.db"
"""The store inside it."""

LOCK_NAME = "supervisor.lock"
"""In the data directory; one JSON line: pid, boot_id, run_dir."""

SUPERVISOR = "@supervisor"
"""The supervisor's own doorbell is `bell_path(directory, SUPERVISOR)`; no
machine can have this name, because names hold no `@`."""

_MAX_PATH_BYTES = 103
_ROOM_FOR_NAME_BYTES = 32
"""`/bell@` and 24 hex digits, with a little to spare."""

_MAX_NAME_BYTES = 200
"""File systems allow 255 bytes a name; `.log.4` and friends need some."""


def run_dir(data_dir: Path) -> Path:
    """Return the run directory of `data_dir`; it need not exist.

    What the lock file says (also that of a dead supervisor) comes first, then
    default_run_dir().
    """
    try:
        text = (data_dir / LOCK_NAME).read_text("utf-8")
        # the rest of a longer line may follow for an instant
        found: object = json.loads(text.partition("\n")[0])
    except (OSError, ValueError):
        return default_run_dir(data_dir)
    if isinstance(found, dict):
        named = cast("dict[str, object]", found).get("run_dir")
        if isinstance(named, str) and named.startswith("/"):
            return Path(named)
    return default_run_dir(data_dir)


def default_run_dir(data_dir: Path) -> Path:
    """Return the directory a supervisor started here and now would make."""
    digest = sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
    return _root() / digest


def run_roots() -> list[Path]:
    """Return the directories in which this user's run directories may be."""
    roots = [_root(), _temporary_root()]
    return list(dict.fromkeys(roots))


def make_run_dir(directory: Path) -> None:
    """Make `directory` and its parent, both 0700 and ours.

    Raises WireError when somebody else owns one of them: /tmp is open to all,
    and a directory of a stranger could hold sockets of a stranger.
    """
    for each in (directory.parent, directory):
        try:
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
            _check_owner(each)
        except OSError as error:
            raise WireError(
                f"the run directory {each} cannot be made: {error.strerror}",
                hint="set XDG_RUNTIME_DIR to a directory of yours",
            ) from error


def control_path(directory: Path) -> Path:
    """Return the socket on which clients ask the supervisor."""
    return directory / "control.sock"


def events_path(directory: Path) -> Path:
    """Return the socket on which machine processes report."""
    return directory / "events.sock"


def bell_path(directory: Path, name: str) -> Path:
    """Return the doorbell of the machine `name` (or of SUPERVISOR)."""
    if name == SUPERVISOR:
        return directory / f"bell{name}"
    readable = directory / f"bell.{encode_name(name)}"
    if len(os.fsencode(readable)) <= _MAX_PATH_BYTES:
        return readable
    return directory / f"bell@{_digest(name)[:24]}"


def log_path(data_dir: Path, name: str) -> Path:
    """Return the file with the output of the child `name`."""
    return data_dir / "logs" / f"{encode_name(name)}.log"


def encode_name(name: str) -> str:
    """Return `name` as a file name: all but letters, digits, `_ . -` as %XX.

    A very long one (100 characters of Chinese are 900 bytes) is cut and ends
    with `@` and 16 hex digits of its hash.
    """
    encoded = quote(name, safe="", errors="surrogatepass")
    encoded = encoded.replace("~", "%7E")
    if len(encoded) <= _MAX_NAME_BYTES:
        return encoded
    return f"{encoded[: _MAX_NAME_BYTES - 17]}@{_digest(name)[:16]}"


def _digest(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()


def _root() -> Path:
    named = os.environ.get("XDG_RUNTIME_DIR", "")
    if named.startswith("/"):
        root = Path(named) / "smtui"
        longest = len(os.fsencode(root)) + 13 + _ROOM_FOR_NAME_BYTES
        if longest <= _MAX_PATH_BYTES and os.access(named, os.W_OK | os.X_OK):
            return root
    return _temporary_root()


def _temporary_root() -> Path:
    # not $TMPDIR: every login of this user must find the same place
    return Path(f"/tmp/smtui-{os.getuid()}")  # noqa: S108 - owner is checked


def _check_owner(directory: Path) -> None:
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise WireError(
            f"{directory} is not a directory of user {os.getuid()}"
            f" (owner {found.st_uid})",
            hint="remove it, or set XDG_RUNTIME_DIR to a directory of yours",
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        directory.chmod(0o700)


def inode_of(path: Path) -> tuple[int, int] | None:
    """Return which file a name leads to now, None when to none."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def nearest_data_dir() -> Path | None:
    """Return the data directory of this folder or of the nearest one above."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / DATA_FOLDER / DATABASE).is_file():
            return folder / DATA_FOLDER
    return None

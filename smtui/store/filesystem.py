"""Whether a path lies on a network file system.

SQLite's WAL needs memory that all processes share; over a network that is
each computer's own, and two of them would quietly ruin the file. So it is
refused. Where /proc/self/mountinfo does not exist nothing can be said, and
nothing is refused.
"""

import re
from pathlib import Path

from smtui.errors import StoreError

__all__ = ["NETWORK", "mount_type", "refuse_network"]

NETWORK = frozenset(
    {
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.glusterfs",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
    }
)

_MOUNTS = Path("/proc/self/mountinfo")


def refuse_network(path: Path) -> None:
    """Raise StoreError if the path lies on a network file system."""
    try:
        mounts = _MOUNTS.read_text("utf-8", "surrogateescape")
        folder = str(path.resolve())
    except OSError:
        return
    kind = mount_type(mounts, folder)
    if kind in NETWORK:
        raise StoreError(
            f"{path}: {kind} is a network file system, the store needs a local disk",
            hint="name a data directory on a local disk with --data DIR",
        )


def mount_type(mounts: str, path: str) -> str:
    """Return the type of the file system that holds an absolute path.

    `mounts` is the text of /proc/self/mountinfo (proc(5)); the deepest mount
    point wins, and of equal ones the later, which hides the earlier.
    """
    best, kind = "", ""
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields, types = left.split(), right.split()
        if len(fields) < 5 or not types:  # noqa: PLR2004 - proc(5): the mount point is field 5
            continue
        point = _plain(fields[4])
        inside = path == point or path.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, types[0]
    return kind


def _plain(point: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), point)

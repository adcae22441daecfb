"""Network file systems are found in the mount table."""

from pathlib import Path

import pytest

from smtui.errors import StoreError
from smtui.store import filesystem
from smtui.store.filesystem import mount_type, refuse_network

MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:26 / /home rw - nfs4 server:/home rw
31 30 8:2 / /home/me/my\040disk rw - xfs /dev/sdb1 rw
32 22 0:27 / /homes rw - tmpfs tmpfs rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/x", "ext4"),
        ("/home", "nfs4"),
        ("/home/me", "nfs4"),
        ("/home/me/my disk/x", "xfs"),
        ("/homes/x", "tmpfs"),
    ],
)
def test_the_deepest_mount_point_decides(path: str, kind: str) -> None:
    assert kind == mount_type(MOUNTS, path)


def test_of_two_mounts_on_one_point_the_later_counts() -> None:
    mounts = "1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / / rw - cifs b rw\n"

    assert mount_type(mounts, "/x") == "cifs"


def test_a_network_file_system_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text("1 0 0:1 / / rw - fuse.sshfs me@there: rw\n")
    monkeypatch.setattr(filesystem, "_MOUNTS", table)

    with pytest.raises(StoreError, match="sshfs is a network file system"):
        refuse_network(tmp_path / "smtui.db")


def test_without_a_mount_table_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filesystem, "_MOUNTS", tmp_path / "none")

    refuse_network(tmp_path / "smtui.db")

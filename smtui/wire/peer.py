"""Who is on the other side of a Unix socket, as the kernel says."""

import os
import socket
import struct
import sys

from smtui.errors import WireError

__all__ = ["check_peer", "peer_uid"]

_SOL_LOCAL = 0
_LOCAL_PEERCRED = 1
"""macOS, <sys/un.h>: a struct xucred that begins with version and uid."""


def peer_uid(connection: socket.socket) -> int:
    """Return the user id of the process that connected or listens.

    Raises WireError when the kernel does not tell.
    """
    try:
        if sys.platform == "linux":
            size = struct.calcsize("3i")
            option = socket.SO_PEERCRED
            raw = connection.getsockopt(socket.SOL_SOCKET, option, size)
            _, uid, _ = struct.unpack("3i", raw)
            return int(uid)
        raw = connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, 76)
        _, uid = struct.unpack_from("2I", raw)
        return int(uid)
    except (OSError, struct.error) as error:
        raise WireError(
            f"the kernel does not say who is on the socket: {error}"
        ) from error


def check_peer(connection: socket.socket) -> None:
    """Raise WireError unless the other side is this user."""
    uid = peer_uid(connection)
    if uid != os.getuid():
        raise WireError(f"user {uid} is on the socket, expected user {os.getuid()}")

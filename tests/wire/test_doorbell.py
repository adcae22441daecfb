"""A ring wakes, never waits, and needs nobody to be there."""

import select
import socket
from pathlib import Path

import pytest

from smtui.errors import WireError
from smtui.wire.doorbell import Doorbell, ring
from smtui.wire.peer import check_peer, peer_uid


def is_readable(bell: Doorbell) -> bool:
    return bool(select.select([bell], [], [], 0)[0])


def test_a_ring_makes_the_bell_readable_until_drained(tmp_path: Path) -> None:
    bell = Doorbell(tmp_path / "bell")

    assert ring(tmp_path / "bell")
    assert is_readable(bell)
    assert bell.drain()
    assert not is_readable(bell)
    assert not bell.drain()
    bell.close()


def test_a_thousand_rings_at_a_busy_owner_never_wait(tmp_path: Path) -> None:
    bell = Doorbell(tmp_path / "bell")

    assert all(ring(tmp_path / "bell") for _ in range(1000))
    assert bell.drain()
    bell.close()


def test_ringing_where_nobody_is_says_so(tmp_path: Path) -> None:
    Doorbell(tmp_path / "left").close()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as dead:
        dead.bind(str(tmp_path / "dead"))

    assert not ring(tmp_path / "never")
    assert not ring(tmp_path / "left")
    assert not ring(tmp_path / "dead")
    assert not ring(tmp_path / ("x" * 200))


def test_a_bell_left_by_a_dead_owner_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as dead:
        dead.bind(str(tmp_path / "bell"))
    bell = Doorbell(tmp_path / "bell")

    assert ring(tmp_path / "bell")
    assert (tmp_path / "bell").stat().st_mode & 0o777 == 0o600
    bell.close()


def test_a_bell_whose_path_went_away_is_bound_again(tmp_path: Path) -> None:
    bell = Doorbell(tmp_path / "bell")
    (tmp_path / "bell").unlink()

    assert bell.ensure()
    assert ring(tmp_path / "bell")
    assert is_readable(bell)
    assert not bell.ensure()
    bell.close()


def test_closing_leaves_the_bell_of_a_successor_alone(tmp_path: Path) -> None:
    old = Doorbell(tmp_path / "bell")
    new = Doorbell(tmp_path / "bell")
    old.close()

    assert ring(tmp_path / "bell")
    new.close()
    assert not (tmp_path / "bell").exists()


def test_a_bell_in_no_directory_is_a_wire_error(tmp_path: Path) -> None:
    with pytest.raises(WireError, match="cannot be bound"):
        Doorbell(tmp_path / "gone" / "bell")


def test_the_peer_of_our_own_socket_is_us() -> None:
    one, other = socket.socketpair()
    with one, other:
        check_peer(one)

        assert peer_uid(one) == peer_uid(other)

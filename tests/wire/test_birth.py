"""Packets between a supervisor and its nursery."""

import os
import socket
from collections.abc import Generator

import pytest

from smtui.errors import WireError
from smtui.wire.birth import Birth, Born, answer, ask, take_answer, take_birth

Doors = tuple[socket.socket, socket.socket]


@pytest.fixture
def doors() -> Generator[Doors]:
    """Yield both sides."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        yield ours, theirs


def test_a_birth_arrives_with_both_descriptors(doors: Doors) -> None:
    birth = Birth("worker#1", 7, "/tmp", {"A": "ü", "B": "not \udcff UTF-8"})  # noqa: S108
    reading, writing = os.pipe()

    ask(doors[0], birth, writing, writing)
    found = take_birth(doors[1])

    assert found is not None
    taken, fds = found
    assert taken == birth
    for fd in fds:
        os.write(fd, b"!")
        os.close(fd)
    assert os.read(reading, 9) == b"!!"
    os.close(reading)
    os.close(writing)


def test_answers_come_in_order_and_then_there_are_none(doors: Doors) -> None:
    doors[0].setblocking(False)
    answer(doors[1], Born(12))
    answer(doors[1], Born(0, "fork: no"))

    assert take_answer(doors[0]) == Born(12)
    assert take_answer(doors[0]) == Born(0, "fork: no")
    with pytest.raises(BlockingIOError):
        take_answer(doors[0])


def test_a_closed_door_says_that_nobody_is_there(doors: Doors) -> None:
    answer(doors[1], Born(12))
    doors[1].close()

    assert take_answer(doors[0]) == Born(12)
    assert take_answer(doors[0]) is None


def test_a_supervisor_that_has_gone_wants_no_birth(doors: Doors) -> None:
    doors[0].close()

    assert take_birth(doors[1]) is None


@pytest.mark.parametrize("packet", [b"\xff", b"1", b"[]", b'{"pid": "x", "why": ""}'])
def test_garbage_is_no_answer(doors: Doors, packet: bytes) -> None:
    doors[1].send(packet)

    with pytest.raises(WireError):
        take_answer(doors[0])


def test_an_environment_too_large_for_a_packet_is_refused(doors: Doors) -> None:
    birth = Birth("a", 1, "/", {"BIG": "x" * (1 << 23)})
    doors[0].setblocking(False)
    null = os.open(os.devnull, os.O_WRONLY)

    with pytest.raises(OSError, match=r"."):
        ask(doors[0], birth, null, null)
    os.close(null)

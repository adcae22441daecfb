"""Locks by name."""

import threading
from contextlib import ExitStack

from smtui.library.locks import Locks


def test_a_key_is_had_once_and_another_one_is_free() -> None:
    locks = Locks()
    release = locks.hold("a", waits=False)

    assert release is not None
    assert locks.hold("a", waits=False) is None
    assert locks.hold("b", waits=False) is not None
    release()
    assert locks.hold("a", waits=False) is not None


def test_who_waits_gets_it_next_from_another_thread() -> None:
    locks = Locks()
    count = 0

    def add() -> None:
        nonlocal count
        for _ in range(50):
            with ExitStack() as stack:
                release = locks.hold("a", waits=True)
                assert release is not None
                stack.callback(release)
                count += 1

    threads = [threading.Thread(target=add) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert count == 200
    assert locks.size == 0


def test_a_key_nobody_has_is_forgotten() -> None:
    locks = Locks()
    first = locks.hold("a", waits=True)
    second = locks.hold("b", waits=True)

    assert locks.hold("b", waits=False) is None
    assert locks.size == 2
    for release in (first, second):
        assert release is not None
        release()
    assert locks.size == 0

"""Desired and observed state of children; machines and replicas."""

import pytest

from smtui.errors import UsageError
from smtui.store import ChildRow, Desired, Writer
from tests.support.store import BEGAN, HandClock, machine_row


def test_a_child_is_kept_with_who_wants_it_and_why(writer: Writer) -> None:
    writer.put_child(ChildRow("m", {"restart": "never"}, Desired.UP, "run", "me@tty1"))

    (found,) = writer.children()
    assert (found.name, found.spec) == ("m", {"restart": "never"})
    assert (found.desired, found.reason, found.who) == (Desired.UP, "run", "me@tty1")
    assert (found.desired_at, found.state, found.version) == (BEGAN, "stopped", 1)


def test_what_is_wanted_and_what_is_seen_are_two_things(
    writer: Writer, clock: HandClock
) -> None:
    writer.put_child(ChildRow("m", {}))
    clock.pass_s(1)
    writer.set_child_state("m", "ready", pid=17, restarts=2)
    clock.pass_s(1)
    writer.set_child_state("m", "ready", pid=17, restarts=3)

    writer.set_desired("m", Desired.DOWN, "maintenance", "me")

    (found,) = writer.children()
    assert (found.desired, found.desired_at) == (Desired.DOWN, BEGAN + 2)
    assert (found.state, found.state_since) == ("ready", BEGAN + 1)
    assert (found.pid, found.restarts, found.version) == (17, 3, 2)


def test_a_new_spec_raises_the_version_and_keeps_what_is_seen(writer: Writer) -> None:
    writer.put_child(ChildRow("m", {}))
    writer.set_child_state("m", "ready")

    writer.put_child(ChildRow("m", {"x": 1}))

    (found,) = writer.children()
    assert (found.version, found.state, found.spec) == (2, "ready", {"x": 1})


def test_a_new_supervisor_has_seen_nothing(writer: Writer) -> None:
    writer.put_child(ChildRow("m", {}))
    writer.set_child_state("m", "ready", reason="x", pid=3)

    writer.forget_observed()

    (found,) = writer.children()
    assert (found.state, found.state_reason, found.pid) == ("stopped", "", None)


def test_an_unknown_child_gets_the_nearest_name(writer: Writer) -> None:
    writer.put_child(ChildRow("worker", {}))

    with pytest.raises(UsageError, match="did you mean 'worker'"):
        writer.set_desired("wroker", Desired.UP, "", "me")


def test_a_removed_child_is_gone_and_its_inbox_is_not(writer: Writer) -> None:
    writer.put_child(ChildRow("m", {}))
    writer.accept("m", "go", None, source="t")

    writer.remove_child("m")

    assert writer.children() == []
    assert len(writer.read_inbox("m")) == 1


def test_a_target_with_replicas_is_the_one_with_the_shortest_queue(
    writer: Writer,
) -> None:
    for n in (1, 2, 3):
        writer.put_machine(machine_row(f"w#{n}"))
        writer.put_child(ChildRow(f"w#{n}", {"replica_of": "w"}))
    writer.accept("w#1", "go", None, source="t")

    assert writer.resolve("w") == ("w#2",)
    assert writer.resolve("w#1") == ("w#1",)
    assert writer.resolve("w#*") == ("w#1", "w#2", "w#3")


def test_a_target_nobody_knows_is_itself(writer: Writer) -> None:
    assert writer.resolve("ghost") == ("ghost",)
    assert writer.resolve("ghost#*") == ("ghost#*",)

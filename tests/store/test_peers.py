"""Where machines are for those that look, and who is told when they move."""

from dataclasses import replace
from pathlib import Path

import pytest

from smtui.chart.values import WatchEntry
from smtui.store import Committed, Writer
from tests.support.store import open_writer, own, row, snapshot, step

DOOR = "state/door/main"


def put(
    writer: Writer, machine: str, *states: str, instance: str = "main", seq: int = 1
) -> Committed:
    """Commit a step that ends in these states."""
    after = snapshot()._replace(instance=instance, configuration=states)
    moved = replace(row(seq), from_=(), to=states)
    return writer.commit(own(writer, machine), [step(after, journal=moved)])


def wait(
    writer: Writer, machine: str, number: int, topic: str = DOOR, instance: str = "main"
) -> Committed:
    """Commit an instance that watches a topic it saw at this number."""
    entry = WatchEntry((topic,), {topic: number}, None, "e1", "")
    after = snapshot()._replace(instance=instance, pending={"1.1": entry})
    return writer.commit(own(writer, machine), [step(after, journal=None)])


def test_what_was_committed_last_is_seen(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        put(writer, "door", "moving", "up")

        sight = writer.where_is("door", "", "main")

    assert ("moving", "up") == sight.configuration
    assert {DOOR: 1} == sight.topics


def test_a_machine_nobody_knows_and_one_that_has_not_begun(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        unknown = writer.where_is("door", "", "main")
        own(writer, "door")
        idle = writer.where_is("door", "", "main")

    assert (None, False) == (unknown.configuration, unknown.is_known)
    assert (None, True) == (idle.configuration, idle.is_known)
    assert {DOOR: 0} == idle.topics


@pytest.mark.parametrize(
    ("instance", "own_id", "found"),
    [
        ("", "o-1", ("paid",)),
        ("", "o-2", ("shut",)),
        ("o-1", "o-2", ("paid",)),
        ("o-3", "o-1", None),
    ],
)
def test_the_instance_of_the_same_id_is_meant_else_the_only_one(
    tmp_path: Path, instance: str, own_id: str, found: tuple[str, ...] | None
) -> None:
    with open_writer(tmp_path) as writer:
        put(writer, "till", "paid", instance="o-1")
        put(writer, "till", "shut")

        sight = writer.where_is("till", instance, own_id)

    assert found == sight.configuration


def test_who_moves_rings_those_that_watch_and_no_others(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        put(writer, "door", "shut")
        wait(writer, "lamp", 1)
        wait(writer, "bell", 1, "state/lift/main")

        committed = put(writer, "door", "open", seq=2)

        assert {"lamp"} == committed.bells
        assert {"main": {DOOR: 2}} == writer.rung("lamp")
        assert {} == writer.rung("bell")


def test_a_step_that_stays_where_it_is_rings_nobody(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        put(writer, "door", "shut")
        wait(writer, "lamp", 1)
        stays = replace(row(2), from_=("shut",), to=("shut",))
        after = snapshot()._replace(configuration=("shut",))

        committed = writer.commit(own(writer, "door"), [step(after, journal=stays)])

        assert frozenset() == committed.bells
        assert {DOOR: 1} == writer.counters([DOOR])


def test_a_move_between_the_look_and_the_watch_is_told_at_once(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        put(writer, "door", "shut")
        seen = writer.where_is("door", "", "main").topics[DOOR]
        put(writer, "door", "open", seq=2)

        committed = wait(writer, "lamp", seen)

        assert {"lamp"} == committed.bells
        assert {"main": {DOOR: 2}} == writer.rung("lamp")


def test_who_has_looked_again_is_not_told_twice(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        put(writer, "door", "shut")
        wait(writer, "lamp", 1)
        put(writer, "door", "open", seq=2)

        wait(writer, "lamp", 2)

        assert {} == writer.rung("lamp")


def test_the_first_steps_of_a_machine_wake_who_waited_for_it(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        wait(writer, "lamp", 0)

        assert {"lamp"} == put(writer, "door", "shut").bells


def test_a_run_that_was_ended_is_nowhere(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        put(writer, "door", "open")

        writer.end_run("door")

        sight = writer.where_is("door", "", "main")
    assert sight.configuration is None
    assert {DOOR: 2} == sight.topics


def test_who_missed_the_bell_is_found_by_a_sweep(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        wait(writer, "lamp", 0)
        wait(writer, "bell", 0, "state/lift/main")
        assert [] == writer.rung_machines()

        put(writer, "door", "open")

        assert ["lamp"] == writer.rung_machines()

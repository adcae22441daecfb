"""Machines with many instances: who has something to do, and how many are where."""

from pathlib import Path

from smtui.chart.values import Pending, Status
from smtui.store import InstanceSize, Look, Reader, Writer
from tests.support.store import HandClock, open_writer, own, snapshot, step, timer


def _is_unknown(id_: str) -> bool:
    del id_
    return False


def _look(clock: HandClock) -> Look:
    return Look(0, 256, clock.at(), _is_unknown)


def _put(writer: Writer, id_: str, state: str, **pending: Pending) -> None:
    after = snapshot()._replace(instance=id_, configuration=(state,), pending=pending)
    writer.commit(own(writer, "m"), [step(after)])


def test_delays_are_found_when_they_are_over_and_the_next_is_told(
    tmp_path: Path,
) -> None:
    clock = HandClock()
    with open_writer(tmp_path, clock) as writer:
        _put(writer, "a", "x", t=timer(5))
        _put(writer, "b", "x", t=timer(9))
        clock.pass_s(6)

        seen = writer.look("m", _look(clock))

        assert seen.due is not None
        assert seen.due.instances == ("a",)
        assert seen.due.next is not None
        assert round(seen.due.next.seconds_left(clock.at())) == 3
        assert set(seen.loaded) == {"a"}


def test_delays_of_before_a_reboot_are_over_by_the_wall_clock(tmp_path: Path) -> None:
    clock = HandClock()
    with open_writer(tmp_path, clock) as writer:
        _put(writer, "a", "x", t=timer(5))
        _put(writer, "b", "x", t=timer(9000))
    clock.reboot(down_s=60)
    with open_writer(tmp_path, clock) as writer:
        seen = writer.look("m", _look(clock))

        assert seen.due is not None
        assert seen.due.instances == ("a",)
        assert seen.due.next is not None
        assert seen.due.next.seconds_left(clock.at()) > 8000


def test_an_event_brings_its_instance_or_word_that_there_is_none(
    tmp_path: Path,
) -> None:
    clock = HandClock()
    with open_writer(tmp_path, clock) as writer:
        _put(writer, "a", "x")
        for id_ in ("a", "new"):
            writer.accept("m", "go", None, source="t", instance=id_)

        seen = writer.look("m", _look(clock))

        assert [row.instance for row in seen.rows] == ["a", "new"]
        assert seen.loaded["new"] is None
        loaded = seen.loaded["a"]
        assert loaded is not None
        assert loaded.snapshot is not None


def test_only_what_has_something_in_hand_is_busy(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        _put(writer, "waits", "x", t=timer(5))
        held = snapshot(held={"j1": "queue"})._replace(instance="holds")
        writer.commit(own(writer, "m"), [step(held)])

        assert [one.instance for one in writer.load_busy("m")] == ["holds"]
        assert writer.load_busy("m", "holds") == []


def test_a_machine_whose_entities_have_all_ended_is_not_over(writer: Writer) -> None:
    ended = snapshot(status=Status.FINAL)
    for id_ in ("a", "b"):
        writer.commit(own(writer, "host"), [step(ended._replace(instance=id_))])
    writer.commit(own(writer, "single"), [step(ended)])
    writer.commit(own(writer, "busy"), [step(snapshot())])

    over = [writer.is_over(each) for each in ("host", "single", "busy", "never")]

    assert over == [False, True, False, False]


async def test_instances_are_counted_where_they_are(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        for number in range(3):
            _put(writer, f"e-{number}", "x")
        _put(writer, "e-2", "y")
        ended = snapshot(status=Status.FINAL)._replace(instance="z-1")
        writer.commit(own(writer, "m"), [step(ended)])
        assert sum(size.n for size in writer.instance_sizes("m")) == 4

    async with Reader(tmp_path / "smtui.db") as pages:
        sizes = await pages.instance_sizes("m")
        in_x = await pages.instances_in("m", [("x",)])
        like = await pages.instances("m", name="e-*", limit=2)
        counted = await pages.instances_count("m", [("x",)], name="e-[01]")

    assert set(sizes) == {
        InstanceSize("running", ("x",), 2),
        InstanceSize("running", ("y",), 1),
        InstanceSize("final", ("a",), 1),
    }
    assert [row.id for row in in_x] == ["e-0", "e-1"]
    assert [row.id for row in like] == ["e-0", "e-1"]
    assert counted == 2

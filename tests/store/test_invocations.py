"""Machines that others invoke: a name lives once, and who invoked it hears."""

from dataclasses import replace

import pytest

from smtui.chart.messages import (
    MessageKind,
)
from smtui.chart.values import (
    Finish,
    Status,
)
from smtui.errors import FencedError
from smtui.store import (
    ChildRow,
    Desired,
    InvocationStatus,
    JobState,
    Owner,
    Writer,
)
from tests.support.invocations import (
    begin,
    child,
    entry,
    errors,
    invoke,
    leave,
    status,
    told,
)
from tests.support.store import ask, machine_row, own, query, snapshot, step

END = Finish(Status.FINAL, "over")
FINAL = snapshot(status=Status.FINAL)


# -------------------------------------------------------------------- beginning


def test_a_template_becomes_a_machine_named_after_its_invoker(
    writer: Writer, boss: Owner
) -> None:
    woke = invoke(writer, boss, entry(data={"order": 7}))

    found, kept = writer.invocation("boss.w"), child(writer)
    assert woke
    assert found is not None
    assert ("boss", "main", "w") == found[2:5]
    assert {"order": 7} == found.data
    assert (Desired.UP, "invoked by boss") == (kept.desired, kept.reason)
    assert "boss" == kept.spec["started_by"]


def test_a_machine_that_nobody_runs_is_invoked_under_its_own_name(
    writer: Writer, boss: Owner
) -> None:
    writer.put_machine(machine_row("lamp"))

    invoke(writer, boss, entry("lamp"))

    assert InvocationStatus.ACTIVE is status(writer, "lamp")


def test_a_file_becomes_a_machine_named_after_its_invoker(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss, entry("/machines/other.yaml"))

    machines = child(writer).spec["machines"]
    assert isinstance(machines, list)
    assert isinstance(machines[0], dict)
    assert "/machines/other.yaml" == machines[0]["file"]


def test_the_same_invoke_written_twice_asks_once(writer: Writer, boss: Owner) -> None:
    invoke(writer, boss)
    version = child(writer).version

    woke = invoke(writer, boss)

    assert not woke
    assert version == child(writer).version
    assert [] == errors(writer)


@pytest.mark.parametrize("src", ["wroker", ""])
def test_who_invokes_what_is_not_there_hears_why(
    writer: Writer, boss: Owner, src: str
) -> None:
    invoke(writer, boss, entry(src))

    (row,) = errors(writer)
    assert "no machine" in str(row.payload)
    assert ("w", MessageKind.PLATFORM) == (told(row).invoke_id, told(row).kind)


def test_a_machine_that_runs_is_not_taken(writer: Writer, boss: Owner) -> None:
    writer.put_machine(machine_row("lamp"))
    writer.put_child(ChildRow("lamp", {}, Desired.UP, "run by me", "me"))

    invoke(writer, boss, entry("lamp"))

    assert "runs already: run by me" in str(errors(writer)[0].payload)
    assert status(writer, "lamp") is None


def test_a_command_of_that_name_is_not_taken(writer: Writer, boss: Owner) -> None:
    writer.put_child(ChildRow("boss.w", {"kind": "process"}, Desired.DOWN, "", "me"))

    invoke(writer, boss)

    assert "is a command, not a machine" in str(errors(writer)[0].payload)


def test_a_machine_that_was_stopped_half_way_is_not_taken(
    writer: Writer, boss: Owner
) -> None:
    owner = own(writer, "lamp")
    writer.commit(owner, [step()])
    writer.put_child(ChildRow("lamp", {}, Desired.DOWN, "stop by me", "me"))

    invoke(writer, boss, entry("lamp"))

    assert "stopped half-way: stop by me" in str(errors(writer)[0].payload)


def test_a_machine_another_has_invoked_is_not_taken(
    writer: Writer, boss: Owner
) -> None:
    writer.put_machine(machine_row("lamp"))
    invoke(writer, boss, entry("lamp"))
    other = own(writer, "other")

    invoke(writer, other, entry("lamp"))

    assert "is invoked by 'boss' already" in str(errors(writer, "other")[0].payload)


def test_a_machine_whose_run_has_ended_begins_another(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss)
    owner = begin(writer)
    writer.commit(owner, [step(FINAL, finish=END)])

    invoke(writer, boss, entry(which="main.1.w.5.1"))

    (loaded,) = writer.load("boss.w")
    assert InvocationStatus.ACTIVE is status(writer)
    assert (2, None) == (loaded.run, loaded.snapshot)


# ------------------------------------------------------------------------ leaving


def test_leaving_stops_it_and_all_it_has_invoked(writer: Writer, boss: Owner) -> None:
    invoke(writer, boss)
    invoke(writer, begin(writer), entry(id_="deep"))
    begin(writer, "boss.w.deep")

    leave(writer, boss)

    found = [child(writer, name) for name in ("boss.w", "boss.w.deep")]
    assert [Desired.DOWN] * 2 == [each.desired for each in found]
    assert "boss has left w" == found[0].reason
    assert InvocationStatus.CANCELLED is status(writer, "boss.w.deep")


def test_its_run_is_over_when_its_process_is(writer: Writer, boss: Owner) -> None:
    invoke(writer, boss)
    owner = begin(writer)
    writer.set_child_state("boss.w", "ready")
    job = writer.add_job("t", {}, source="x").id
    ask(writer, owner, query("claim_job", job_id=job), snapshot(held={job: "claim"}))
    writer.accept("boss.w", "late", None, source="x")

    leave(writer, boss)
    before = writer.job(job)
    writer.set_child_state("boss.w", "stopped")

    after = writer.job(job)
    assert before is not None
    assert after is not None
    assert (JobState.RUNNING, JobState.AVAILABLE) == (before.status, after.status)
    assert writer.load("boss.w")[0].snapshot is None
    assert [] == writer.read_inbox("boss.w")


def test_a_supervisor_that_begins_ends_what_was_left_before(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss)
    begin(writer)
    writer.set_child_state("boss.w", "ready")
    leave(writer, boss)

    writer.forget_observed()

    assert writer.load("boss.w")[0].snapshot is None


def test_one_invoked_again_at_once_takes_nothing_from_its_last_life(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss)
    old = begin(writer)
    writer.set_child_state("boss.w", "ready")
    leave(writer, boss)

    invoke(writer, boss, entry(which="main.1.w.9.1"))

    with pytest.raises(FencedError):
        writer.commit(old, [step()])
    assert (Desired.UP, "boss/main.1.w.9.1") == (
        child(writer).desired,
        child(writer).spec["invocation"],
    )
    assert writer.load("boss.w")[0].snapshot is None


def test_ending_the_run_of_an_invoker_stops_what_it_has_invoked(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss)

    writer.end_run("boss")

    assert Desired.DOWN is child(writer).desired
    assert InvocationStatus.CANCELLED is status(writer)


# ---------------------------------------------------------------- what befalls it


def test_one_that_is_given_up_is_told_once(writer: Writer, boss: Owner) -> None:
    invoke(writer, boss)

    bells = writer.set_child_state("boss.w", "failed", reason="gave up")
    writer.set_child_state("boss.w", "failed", reason="gave up")

    (row,) = errors(writer)
    assert "machine 'boss.w' failed: gave up" == row.payload
    assert {"boss"} == bells
    assert InvocationStatus.ACTIVE is status(writer)


def test_one_whose_process_ends_before_its_definition_is_told(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss)
    writer.set_child_state("boss.w", "ready")

    writer.set_child_state("boss.w", "stopped", reason="exit 0", is_lost=True)

    assert "machine 'boss.w' stopped: exit 0" == errors(writer)[0].payload


def test_one_the_fleet_stops_is_not_told_of(writer: Writer, boss: Owner) -> None:
    invoke(writer, boss)
    writer.set_child_state("boss.w", "ready")

    writer.set_child_state("boss.w", "stopped", reason="fleet stopped")

    assert [] == errors(writer)


def test_one_an_operator_stops_is_told_and_goes_on_when_started_again(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss)

    bells = writer.set_desired("boss.w", Desired.DOWN, "stop by me", "me")
    writer.set_desired("boss.w", Desired.UP, "start by me", "me")

    (row,) = errors(writer)
    assert "machine 'boss.w' was stopped: stop by me" == row.payload
    assert {"boss"} == bells
    assert InvocationStatus.ACTIVE is status(writer)


def test_one_that_was_left_is_the_operators_who_starts_it(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss)
    leave(writer, boss)

    writer.set_desired("boss.w", Desired.UP, "start by me", "me")

    assert writer.invocation("boss.w") is None


def test_one_that_was_left_is_begun_anew_by_a_run_that_names_it(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss)
    leave(writer, boss)
    left = child(writer)
    writer.remove_child("boss.w")

    writer.put_child(replace(left, desired=Desired.UP))

    assert writer.invocation("boss.w") is None

"""start_fsm: a name lives once, and a job it works on goes with it."""

from collections.abc import Mapping

import pytest

from smtui.chart.values import Raised, Result, Status
from smtui.definition import Json
from smtui.store import ChildRow, Desired, JobState, Owner, Writer
from tests.support.store import (
    ask,
    machine_row,
    own,
    query,
    snapshot,
    step,
    value,
)

FILE = "/machines/worker.yaml"

_ids = iter(range(1, 1_000_000))


@pytest.fixture
def owner(writer: Writer) -> Owner:
    return own(writer, "boss")


def start(
    writer: Writer,
    owner: Owner,
    name: str = "w1",
    *,
    context: Mapping[str, Json] | None = None,
    **more: Json,
) -> Result | Raised:
    asked = query(
        "start_fsm",
        f"s.{next(_ids)}",
        machine_name=name,
        file=FILE,
        context=dict(context or {}),
        **more,
    )
    return ask(writer, owner, asked)


def child(writer: Writer, name: str = "w1") -> ChildRow:
    (found,) = [row for row in writer.children() if row.name == name]
    return found


def end(writer: Writer, name: str = "w1") -> None:
    """Let the machine's run come to its end."""
    epoch = writer.raise_epoch(name, [name])
    write = step(snapshot(status=Status.FINAL))
    writer.commit(Owner(name, epoch), [write])


def test_a_new_machine_is_wanted_up_and_wakes_the_supervisor(
    writer: Writer, owner: Owner
) -> None:
    asked = query("start_fsm", machine_name="w1", file=FILE, context={"x": 1})

    committed = writer.commit(owner, [step(queries=(asked,))])

    assert committed.wake_supervisor
    assert value(committed.answers["main", "1.1"]) == {"created": True}
    found = child(writer)
    assert (found.desired, found.who) == (Desired.UP, "boss")
    assert found.spec["started_by"] == "boss"
    machines = found.spec["machines"]
    assert isinstance(machines, list)
    machine = machines[0]
    assert isinstance(machine, dict)
    assert (machine["name"], machine["file"]) == ("w1", FILE)
    assert machine["context"] == {"x": 1}


def test_what_is_known_of_the_file_is_taken_from_its_template(
    writer: Writer, owner: Owner
) -> None:
    writer.put_machine(machine_row("worker", template=True))
    of_file: dict[str, Json] = {
        "actions_dir": "/acts",
        "asks": {"waiting": "May I?"},
        "stuck_after_s": {"waiting": 60.0},
    }
    entry: Json = {"name": "worker", "file": FILE, **of_file}
    spec: Mapping[str, Json] = {
        "machines": [entry],
        "template": True,
        "restart": "never",
    }
    writer.put_child(ChildRow("worker", spec, Desired.DOWN))

    start(writer, owner)

    found = child(writer).spec
    assert (found["restart"], found["template"]) == ("never", False)
    assert found["machines"] == [
        {
            "name": "w1",
            "file": FILE,
            "context": {},
            "dialect": "engine",
            "hash": "0123456789abcdef",
            "folder": "/machines",
            **of_file,
        }
    ]


def test_the_same_name_and_spec_is_success_and_starts_nothing(
    writer: Writer, owner: Owner
) -> None:
    start(writer, owner, context={"x": 1})
    before = child(writer)

    again = start(writer, owner, context={"x": 1})

    assert value(again) == {"created": False}
    assert child(writer) == before


def test_another_spec_under_a_living_name_is_an_error(
    writer: Writer, owner: Owner
) -> None:
    start(writer, owner, context={"x": 1})

    answer = start(writer, owner, context={"x": 2})

    assert isinstance(answer, Raised)
    assert "machine 'w1' exists with another context: {'x': 1}" in answer.message


def test_a_name_whose_run_has_ended_begins_a_new_run(
    writer: Writer, owner: Owner
) -> None:
    start(writer, owner, context={"x": 1})
    end(writer)
    before = child(writer).version

    again = start(writer, owner, context={"x": 2})

    assert value(again) == {"created": True}
    assert writer.load("w1")[0].run == 2
    assert writer.load("w1")[0].snapshot is None
    assert child(writer).version > before


def test_the_name_of_a_machine_in_another_child_is_an_error(
    writer: Writer, owner: Owner
) -> None:
    writer.put_machine(machine_row("w1", child="orchestra"))

    answer = start(writer, owner)

    assert isinstance(answer, Raised)
    assert "machine 'w1' exists in child 'orchestra'" in answer.message


def test_a_context_that_is_no_json_is_an_error(writer: Writer, owner: Owner) -> None:
    answer = start(writer, owner, context={"x": float("nan")})

    assert isinstance(answer, Raised)
    assert "spec of 'w1' is not JSON" in answer.message


@pytest.mark.parametrize("name", ["a/b", "a#1", " a", "x" * 101, "a\x1b[1m"])
def test_a_name_no_command_line_can_say_is_an_error(
    writer: Writer, owner: Owner, name: str
) -> None:
    answer = start(writer, owner, name)

    assert isinstance(answer, Raised)
    assert "cannot be the name of a machine" in answer.message
    assert writer.children() == []


def test_a_job_handed_over_belongs_to_the_machine_that_works_on_it(
    writer: Writer, owner: Owner
) -> None:
    writer.add_job("t", {}, source="me", job_id="J")
    ask(writer, owner, query("claim_job", "c.1", job_id="J"))

    start(writer, owner, context={"job": "J"}, jobs=["J", "ghost"])

    assert writer.load("w1")[0].handed == ("J",)
    # the starter may crash: the job is no longer its own
    writer.raise_epoch("boss", ["boss"])
    assert holder(writer) == (JobState.RUNNING, "w1")
    # its own first owner finds it
    epoch = writer.raise_epoch("w1", ["w1"])
    assert writer.load("w1")[0].handed == ("J",)
    # and a crash later it is still its own, because its run holds it
    write = step(snapshot(held={"J": "claim"}))
    writer.commit(Owner("w1", epoch), [write])
    writer.raise_epoch("w1", ["w1"])
    assert holder(writer) == (JobState.RUNNING, "w1")


def test_a_job_handed_over_goes_back_when_that_run_ends(
    writer: Writer, owner: Owner
) -> None:
    writer.add_job("t", {}, source="me", job_id="J")
    ask(writer, owner, query("claim_job", "c.1", job_id="J"))
    start(writer, owner, context={"job": "J"}, jobs=["J"])
    epoch = writer.raise_epoch("w1", ["w1"])
    write = step(snapshot(held={"J": "claim"}))
    writer.commit(Owner("w1", epoch), [write])

    writer.end_run("w1")

    assert holder(writer) == (JobState.AVAILABLE, None)


def holder(writer: Writer) -> tuple[JobState, str | None]:
    found = writer.job("J")
    assert found is not None
    return found.status, found.machine

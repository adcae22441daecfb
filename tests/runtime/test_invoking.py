"""A machine that invokes another, and one that was invoked, at work."""

from dataclasses import replace
from pathlib import Path

import pytest

from smtui.chart import decode_message
from smtui.chart.values import CancelChild, ChildEntry, StartChild
from smtui.definition import Json
from smtui.store import Desired, InboxRow, InvocationStatus, MachineRow, Owner
from tests.support.runtime_harness import Harness, harness, running
from tests.support.store import step

BOSS = """\
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="idle"
  datamodel="ecmascript">
  <datamodel><data id="n" expr="3"/><data id="got" expr="null"/></datamodel>
  <state id="idle"><transition event="go" target="busy"/></state>
  <state id="busy">
    <invoke type="machine" src="SRC" id="kid">
      <param name="size" expr="n"/>
    </invoke>
    <transition event="error.communication" target="sad">
      <assign location="got" expr="_event.data"/>
    </transition>
    <transition event="say"><send event="work" target="#_kid"/></transition>
    <transition event="leave" target="idle"/>
    <transition event="end" target="over"/>
  </state>
  <state id="sad"/>
  <final id="over"/>
</scxml>
"""

KID = """\
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="a"
  datamodel="ecmascript">
  <datamodel><data id="size" expr="0"/></datamodel>
  <state id="a">
    <onentry><send target="#_parent" event="hello"/></onentry>
    <transition event="next" target="b"/>
  </state>
  <final id="b">DONE</final>
</scxml>
"""
GIFT = '<donedata><content expr="size * 2"/></donedata>'

LIST = """
initial_state: waiting
transitions:
  - {from: waiting, to: completed, event: next}
"""

ENTITY = """
meta: {machine_name: m, version: "1"}
states:
  - {name: NEW, type: initial}
  - {name: OLD, type: terminal}
transitions:
  - {trigger: next, source: NEW, dest: OLD}
"""

WHICH = "main.1.kid.2.1"


def know(machine: Harness, name: str, *, file: Path | None = None) -> None:
    """Let the store know a template."""
    path = str(file or f"/m/{name}.yaml")
    with machine.writer() as writer:
        writer.put_machine(MachineRow(name, name, "x", "0" * 16, path, "/m", True))


def invoked(machine: Harness, name: str = "m.kid") -> InvocationStatus | None:
    with machine.writer() as writer:
        row = writer.invocation(name)
    return None if row is None else row.status


def commit(machine: Harness, owner: Owner, effect: StartChild | CancelChild) -> None:
    with machine.writer() as writer:
        writer.commit(owner, [replace(step(), machines=(effect,))])


def invoke(machine: Harness, **data: Json) -> Owner:
    """Let `boss` invoke the machine of the harness."""
    row = MachineRow("boss", "boss", "x", "0" * 16, "/m/boss", "/m")
    with machine.writer() as writer:
        writer.set_desired("m", Desired.DOWN, "", "")
        writer.put_machine(row)
        owner = Owner("boss", writer.raise_epoch("boss", ["boss"]))
    entry = ChildEntry(WHICH, "kid", "busy", "busy#0", data, "machine", "m")
    commit(machine, owner, StartChild("2.1", entry))
    return owner


def heard(machine: Harness) -> list[InboxRow]:
    with machine.writer() as writer:
        return writer.read_inbox("boss")


# -------------------------------------------------------------------- who invokes


async def test_entering_the_state_asks_for_the_machine(tmp_path: Path) -> None:
    async with running(tmp_path, BOSS.replace("SRC", "worker")) as machine:
        know(machine, "worker")
        await machine.send("go")
        await machine.until_state("busy")

        with machine.writer() as writer:
            row = writer.invocation("m.kid")

    assert row is not None
    assert ({"size": 3}, InvocationStatus.ACTIVE) == (row.data, row.status)


async def test_a_file_beside_the_definition_is_a_machine_too(tmp_path: Path) -> None:
    file = tmp_path / "worker.yaml"
    file.write_text(LIST)
    async with running(tmp_path, BOSS.replace("SRC", file.name)) as machine:
        await machine.send("go")
        await machine.until_state("busy")

        with machine.writer() as writer:
            row = writer.invocation("m.kid")

    assert row is not None
    assert str(file) == row.src


async def test_what_cannot_be_had_is_an_error_event(tmp_path: Path) -> None:
    async with running(tmp_path, BOSS.replace("SRC", "worker")) as machine:
        await machine.send("go")
        await machine.until_state("sad")

        got = (await machine.snapshot()).data["got"]

    assert "no machine 'worker' in this fleet" == got


async def test_what_is_said_to_it_waits_in_its_inbox(tmp_path: Path) -> None:
    async with running(tmp_path, BOSS.replace("SRC", "worker")) as machine:
        know(machine, "worker")
        await machine.send("go")
        await machine.until_handled(await machine.send("say"))

        with machine.writer() as writer:
            (row,) = writer.read_inbox("m.kid")

    assert ("work", "m") == (row.event, row.source)


@pytest.mark.parametrize("event", ["leave", "end"])
async def test_leaving_the_state_cancels(tmp_path: Path, event: str) -> None:
    async with harness(tmp_path, BOSS.replace("SRC", "worker")) as machine:
        know(machine, "worker")
        await machine.begin()
        await machine.send("go")
        await machine.until_state("busy")
        await machine.until_handled(await machine.send(event))

        assert InvocationStatus.CANCELLED is invoked(machine)


async def test_a_crash_between_begins_nothing_twice(tmp_path: Path) -> None:
    async with harness(tmp_path, BOSS.replace("SRC", "worker")) as machine:
        know(machine, "worker")
        await machine.begin()
        await machine.send("go")
        await machine.until_state("busy")
        await machine.crash()
        with machine.writer() as writer:
            (before,) = [row for row in writer.children() if row.name == "m.kid"]

        await machine.begin()
        await machine.until_handled(await machine.send("say"))

        with machine.writer() as writer:
            (after,) = [row for row in writer.children() if row.name == "m.kid"]
        assert before.version == after.version
        assert InvocationStatus.ACTIVE is invoked(machine)


# -------------------------------------------------------------------- who is invoked


async def test_an_invoked_chart_greets_and_leaves_its_donedata(tmp_path: Path) -> None:
    async with harness(tmp_path, KID.replace("DONE", GIFT)) as machine:
        invoke(machine, size=4)
        await machine.begin()
        await machine.send("next")
        await machine.ended()

        hello, done = heard(machine)

    message = decode_message(hello.message)
    assert message is not None
    assert ("hello", "kid", f"#_scxml_{WHICH}") == (
        hello.event,
        message.invoke_id,
        message.origin,
    )
    assert ("done.invoke.kid", 8) == (done.event, done.payload)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (KID.replace("DONE", ""), {"size": 4, "_state": "b"}),
        (ENTITY, {"size": 4, "_state": "OLD"}),
    ],
    ids=["chart", "entity"],
)
async def test_one_without_donedata_leaves_its_data_and_its_state(
    tmp_path: Path, text: str, left: Json
) -> None:
    async with harness(tmp_path, text) as machine:
        invoke(machine, size=4)
        await machine.begin()
        await machine.send("next")
        await machine.ended()

        assert left == heard(machine)[-1].payload


async def test_an_action_list_that_was_invoked_is_heard_too(tmp_path: Path) -> None:
    async with harness(tmp_path, LIST) as machine:
        invoke(machine, size=4)
        await machine.begin()
        await machine.send("next")
        await machine.ended()

        (done,) = heard(machine)

    assert "done.invoke.kid" == done.event
    assert isinstance(done.payload, dict)
    assert ("completed", 4) == (done.payload["_state"], done.payload["size"])


async def test_it_knows_who_invoked_it_after_a_crash(tmp_path: Path) -> None:
    async with harness(tmp_path, KID.replace("DONE", GIFT)) as machine:
        invoke(machine, size=4)
        await machine.begin()
        await machine.until_state("a")
        await machine.crash()

        await machine.begin()
        await machine.send("next")
        await machine.ended()

        events = [row.event for row in heard(machine)]
    assert ["hello", "done.invoke.kid"] == events


async def test_one_that_was_left_does_nothing_any_more(tmp_path: Path) -> None:
    async with harness(tmp_path, KID.replace("DONE", GIFT)) as machine:
        owner = invoke(machine, size=4)
        commit(machine, owner, CancelChild("2.1", WHICH, is_machine=True))
        await machine.begin()
        await machine.ended()

        assert [] == await machine.journal()

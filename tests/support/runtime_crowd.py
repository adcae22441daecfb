"""Statecharts as text for the harness: entities, delays, invoked children."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from smtui.chart import decode
from smtui.chart.values import Snapshot
from smtui.definition import Json
from smtui.store import InboxKind, InboxRow
from tests.support.runtime_harness import Harness

__all__ = [
    "BELL",
    "CODE",
    "ORDERS",
    "PARENT",
    "at_last",
    "code_in",
    "create",
    "life",
    "tell",
]

ORDERS = """
meta: {machine_name: m, version: "1", strict_mode: true}
states:
  - {name: NEW, type: initial}
  - {name: PAID}
  - {name: SHIPPED, type: terminal}
transitions:
  - {trigger: pay, source: NEW, dest: PAID, guards: [is_enough], actions: [receipt]}
  - {trigger: ship, source: PAID, dest: SHIPPED, actions: [{set: {by: sea}}]}
"""

BELL = """
meta: {machine_name: m, version: "1"}
states:
  - {name: QUIET, type: initial}
  - {name: SET}
  - {name: RUNG}
transitions:
  - {trigger: set, source: QUIET, dest: SET}
  - {after: 400, source: SET, dest: RUNG}
"""

CODE = """
from pathlib import Path

HERE = Path(__file__).parent

def is_enough(ctx):
    with (HERE / "asked").open("a") as file:
        file.write("?")
    return ctx.get("amount", 0) >= 10

async def receipt(ctx):
    with (HERE / "receipts").open("a") as file:
        file.write(ctx["_action_key"] + "\\n")
    ctx["receipt"] = "r1"
"""

PARENT = """<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="idle"
  datamodel="ecmascript">
  <datamodel><data id="got" expr="''"/></datamodel>
  <state id="idle"><transition event="go" target="working"/></state>
  <state id="working">
    <invoke id="kid" autoforward="true">
      <content>
        <scxml version="1.0" initial="a" datamodel="ecmascript">
          <state id="a">
            <onentry><send target="#_parent" event="hello"/></onentry>
            <transition event="next" target="b"/>
          </state>
          <final id="b"><donedata><content expr="'well'"/></donedata></final>
        </scxml>
      </content>
    </invoke>
    <transition event="hello"><assign location="got" expr="'hello'"/></transition>
    <transition event="leave" target="idle"/>
    <transition event="done.invoke.kid" target="rest">
      <assign location="got" expr="_event.data"/>
    </transition>
  </state>
  <state id="rest"/>
</scxml>
"""


def code_in(folder: Path, code: str = CODE) -> None:
    """Write what the author binds, beside the definition."""
    (folder / "m.py").write_text(code)


async def tell(
    machine: Harness, event: str, instance: str | None = None, payload: Json = None
) -> InboxRow:
    """Send an event for an instance and wait until it is handled."""
    with machine.writer() as writer:
        accepted = writer.accept("m", event, payload, source="test", instance=instance)
    machine.ring()
    return await machine.until_handled(accepted.id)


async def create(machine: Harness, instance: str, context: Json) -> InboxRow:
    """Order an instance and wait until it has begun."""
    with machine.writer() as writer:
        accepted = writer.accept(
            "m",
            "create",
            context,
            source="test",
            instance=instance,
            kind=InboxKind.CREATE,
        )
    machine.ring()
    return await machine.until_handled(accepted.id)


async def at_last(
    machine: Harness, instance: str, wanted: Callable[[Snapshot], bool]
) -> Snapshot:
    """Return the first snapshot of an instance that is as wanted."""
    async with asyncio.timeout(20):
        while not wanted(found := await life(machine, instance)):
            before = machine.supervisor.frame
            await machine.until(lambda f, b=before: f is not b)  # type: ignore[misc]
    return found


async def life(machine: Harness, instance: str) -> Snapshot:
    """Return what was committed of an instance last."""
    async with machine.reader() as reader:
        found = await reader.snapshot("m", instance)
    assert found is not None
    return decode(found)

"""SCXML and PyStator machines at an operator's hands, with kill -9 in between."""

import json

import pytest

from smtui.definition import Json
from tests.support.acceptance import Place
from tests.support.acceptance_processes import kill

pytestmark = pytest.mark.acceptance

LINE = """<scxml xmlns="http://www.w3.org/2005/07/scxml" datamodel="ecmascript">
  <datamodel><data id="made" expr="0"/></datamodel>
  <parallel id="all">
    <state id="belt">
      <state id="still">
        <transition event="go" cond="_event.data.speed &gt; 0" target="moving"/>
      </state>
      <state id="moving">
        <onentry><send event="made_one" delay="2s"/></onentry>
        <transition event="made_one">
          <assign location="made" expr="made + 1"/>
        </transition>
      </state>
    </state>
    <state id="check">
      <state id="off"><transition event="look" target="on"/></state>
      <state id="on">
        <invoke id="eye"><content><scxml>
          <state id="open"><transition event="seen" target="shut"/></state>
          <final id="shut"/>
        </scxml></content></invoke>
        <transition event="done.invoke.eye" target="off"/>
      </state>
    </state>
  </parallel>
</scxml>"""

ORDERS = """
meta: {machine_name: orders, version: "1", strict_mode: true}
states:
  - {name: open, type: initial, initial_child: new}
  - {name: new, parent: open}
  - {name: paid, parent: open, timeout: {seconds: 1, destination: late}}
  - {name: late, type: error}
  - {name: gone, type: terminal}
transitions:
  - {trigger: pay, source: new, dest: paid, guards: [is_enough], actions: [receipt]}
  - {trigger: pack, source: late, dest: gone}
"""

CODE = """
import os
from pathlib import Path

def is_enough(ctx):
    return ctx.get("amount", 0) >= 10

def receipt(ctx):
    if ctx.get("deadly") and not Path("died").exists():
        Path("died").touch()
        os.kill(os.getpid(), 9)
    ctx["receipt"] = ctx["_action_key"]
"""


def _where(place: Place, machine: str) -> dict[str, tuple[str, ...]]:
    """Return instance -> its states."""
    rows = place.read(lambda reader: reader.instances(machine))
    return {row.id: row.configuration for row in rows}


def _told(place: Place, *words: str) -> dict[str, Json]:
    found: dict[str, Json] = json.loads(place("send", *words, "--json").out)
    return found


def test_charts_do_what_their_previews_say_and_outlive_kills(place: Place) -> None:
    place.define("line.scxml", LINE)
    place.define("orders.py", CODE)
    place.define("orders.yaml", ORDERS)
    run = place.headless()
    for machine in ("line", "orders"):
        run.child(machine, "ready")
    line, orders = place.ready_pid("line"), place.ready_pid("orders")

    for words, wanted in (
        (("line", "go", "--payload", '{"speed": 0}'), "ignored"),
        (("orders/o-1", "pack"), "rejected"),
    ):
        seen, done = _told(place, *words, "--dry-run"), _told(place, *words, "--wait")
        assert (wanted, seen["why"]) == (done["outcome"], done["why"])
        assert wanted == seen["outcome"]
    assert place("send", "orders", "pay").code == 2

    place.send("line", "go", {"speed": 2})
    place.send("line", "look")
    run.step("line", to="on")
    eye = next(id_ for id_ in _where(place, "line") if id_ != "main")
    kill(line)
    place.ready_pid("line", other_than=line)
    assert _where(place, "line")[eye] == ("open",)
    assert place("send", f"line/{eye}", "seen", "--wait").code == 0
    run.step("line", event="done.invoke.eye")
    run.step("line", event="made_one")
    assert place.data_of("line")["made"] == 1

    amount = '{"amount": 12, "deadly": true}'
    assert place("send", "orders/o-1", "pay", "--payload", amount).code == 0
    place.ready_pid("orders", other_than=orders)
    run.step("orders", to="late")
    assert _where(place, "orders") == {"o-1": ("late",)}

    file = str(place.work / "orders.jsonl.gz")
    assert place("history", "orders", "--export", file).code == 0
    again = place("replay", file, "--headless", "--json").rows()
    assert again == place.steps("orders")
    assert [*range(1, len(again) + 1)] == [step["seq"] for step in again]

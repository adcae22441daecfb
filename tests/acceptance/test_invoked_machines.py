"""Machines that machines invoke: whoever is killed, each begins and ends once.

`line` invokes a `stage` for each of four parcels, one after the other; a stage
invokes an `oven`, an action list, waits for it and hands on what it said. The
ovens work until the test lets each end.
"""

import pytest

from smtui.definition import Json
from tests.support.acceptance import Place
from tests.support.acceptance_processes import kill

pytestmark = pytest.mark.acceptance

PARCELS = 4

LINE = f"""
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="next"
       datamodel="ecmascript" name="line">
  <datamodel>
    <data id="n" expr="0"/><data id="said" expr="[]"/><data id="heard" expr="0"/>
  </datamodel>
  <state id="next">
    <transition cond="n === {PARCELS}" target="all"/>
    <transition target="busy"><assign location="n" expr="n + 1"/></transition>
  </state>
  <state id="busy">
    <invoke type="machine" src="stage" id="stage">
      <param name="parcel" expr="n"/>
      <finalize><assign location="heard" expr="heard + 1"/></finalize>
    </invoke>
    <transition event="hot"/>
    <transition event="skip" target="next"/>
    <transition event="done.invoke.stage" target="next">
      <assign location="said" expr="said.concat([_event.data.text])"/>
    </transition>
    <transition event="error.communication" target="lost">
      <assign location="said" expr="said.concat([_event.data])"/>
    </transition>
  </state>
  <state id="lost"/>
  <state id="all"/>
</scxml>
"""

STAGE = """
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="baking"
       datamodel="ecmascript" name="stage">
  <datamodel><data id="parcel"/><data id="text" expr="''"/></datamodel>
  <state id="baking">
    <invoke type="machine" src="oven" id="oven">
      <param name="parcel" expr="parcel"/>
    </invoke>
    <transition event="done.invoke.oven" target="baked">
      <assign location="text" expr="'parcel ' + parcel + ' ' + _event.data._state"/>
    </transition>
    <transition event="hot"><send event="hot" target="#_parent"/></transition>
  </state>
  <final id="baked">
    <donedata><param name="text" expr="text"/></donedata>
  </final>
</scxml>
"""

OVEN = """
initial_state: heating
transitions:
  - {from: heating, to: hot, event: heated}
  - {from: hot, to: completed, event: enough}
actions:
  heating:
    - type: bash
      command: "echo {parcel} >> begun"
    - {type: send_event, target_machine: "#_parent", event_type: hot, success: heated}
"""


@pytest.fixture
def bakery(place: Place) -> Place:
    place.define("line.scxml", LINE)
    place.define("stage.scxml", STAGE)
    place.define("oven", OVEN)
    place.project("machines: {stage: {template: true}, oven: {template: true}}")
    return place


def said(place: Place) -> Json:
    return place.data_of("line")["said"]


def test_whoever_is_killed_every_machine_begins_once_and_its_end_is_heard(
    bakery: Place,
) -> None:
    run, after = bakery.headless(), 0
    for victim in ("line", "line.stage", "line.stage.oven", ""):
        run.step("line.stage.oven", to="hot", after=after)
        if victim:
            pid = bakery.pid(victim)
            kill(pid)
            assert bakery.ready_pid(victim, other_than=pid)
        else:
            kill(bakery.lock.pid)
            run.ends()
            run = bakery.headless()
            run.child("line.stage.oven", "ready")
        after = run.now
        bakery.send("line.stage.oven", "enough")
    run.step("line", to="all")

    assert [f"parcel {n} completed" for n in range(1, PARCELS + 1)] == said(bakery)
    assert ["1", "2", "3", "4"] == bakery.text("begun").split()
    assert PARCELS * 2 == bakery.data_of("line")["heard"]
    assert "invoked by line.stage as oven" == bakery.view("line.stage.oven").begun_by
    run.stop()


def test_leaving_stops_what_was_invoked_and_what_that_has_invoked(
    bakery: Place,
) -> None:
    run = bakery.headless()
    run.step("line.stage.oven", to="hot")
    after = run.now

    bakery.send("line", "skip")
    run.step("line.stage.oven", to="hot", after=after)
    bakery("stop", "line.stage")
    run.step("line", to="lost")

    assert ["1", "2"] == bakery.text("begun").split()
    assert "was stopped" in str(said(bakery))
    run.child("line.stage.oven", "stopped", after=after)
    run.stop()

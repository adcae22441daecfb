"""Machines of every dialect that look at another one, in processes of their own."""

import pytest

from tests.support.acceptance import Place
from tests.support.acceptance_processes import kill

pytestmark = pytest.mark.acceptance

DOOR = """
initial_state: shut
transitions:
  - {from: shut, to: open, event: open}
  - {from: open, to: shut, event: shut}
"""
LAMP = """
initial_state: dark
peers: {entry: door}
transitions:
  - {from: dark, to: lit, event: switch, when: {peer: entry, in: open}}
  - {from: dark, to: failed, event: switch, when: {peer: entry, not_in: shut}}
  - {from: lit, to: dark, event: switch}
  - {from: failed, to: dark, event: switch}
"""
HEATER = """
peers: [door]
states: [{name: "off", type: initial}, {name: "on"}]
transitions:
  - {source: "off", dest: "on", trigger: warm, guards: [{peer: door, not_in: open}]}
  - {source: "on", dest: "off", auto: true, guards: [{peer: door, in: open}]}
"""
ALARM = """
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="quiet">
  <state id="quiet"><transition cond="InPeer('door', 'open')" target="loud"/></state>
  <state id="loud"><transition cond="!InPeer('door', 'open')" target="quiet"/></state>
</scxml>
"""


def test_machines_of_every_dialect_see_another_one_and_follow_its_moves(
    place: Place,
) -> None:
    place.define("door", DOOR)
    place.define("lamp", LAMP)
    place.define("heater", HEATER)
    place.define("alarm.scxml", ALARM)
    run = place.headless()
    for name in ("door", "lamp", "heater", "alarm"):
        run.child(name, "ready")

    refused = place("send", "lamp", "switch", "--wait")
    preview = place("send", "heater", "warm", "--instance", "hall", "--dry-run")
    place("send", "heater", "warm", "--instance", "hall", "--wait")
    place("send", "door", "open")
    run.step("alarm", to="loud")
    run.step("heater", to="off")
    place("send", "lamp", "switch", "--wait")

    assert "no by entry in open (door is in shut)" in refused.out + refused.err
    assert "(door is in shut)" in preview.out
    assert [["dark"], ["lit"]] == [step["to"] for step in place.steps("lamp")][-2:]

    pid, after = place.pid("alarm"), run.now
    kill(pid)
    place("send", "door", "shut")
    assert place.ready_pid("alarm", other_than=pid)
    run.step("alarm", to="quiet", after=after)
    run.stop()

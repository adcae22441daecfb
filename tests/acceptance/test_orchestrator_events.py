"""What becomes of events of linked machines, told to who sent them; kill -9."""

import importlib.util

import pytest

from tests.support.acceptance import Place
from tests.support.acceptance_processes import kill

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(
        importlib.util.find_spec("statemachine") is None,
        reason="python-statemachine is not installed",
    ),
]

HOUSE = """
import os
from statemachine import HistoryState, State, StateChart
from smtui import Orchestrator
from rooms.door import Door

class Lamp(StateChart):
    off = State(initial=True)
    class on(State.Compound):
        dim = State(initial=True)
        bright = State()
        more = dim.to(bright)
        was = HistoryState()
        _ = was.to(dim)
    press = on.to(off)
    again = off.to(on.was)
    die = off.to.itself(internal=True, on="kill")
    later = off.to.itself(internal=True, on="put_off")
    def kill(self): os.kill(os.getpid(), 9)
    def put_off(self): self.send("again", delay=2000)

class House(Orchestrator):
    lamp: Lamp
    door: Door
"""
DOOR = """
from statemachine import State, StateMachine

class Door(StateMachine):
    shut = State(initial=True)
    wide = State(final=True)
    open = shut.to(wide, cond="is_light")
    def is_light(self, orc): return orc.lamp.on.is_active
"""


def send(place: Place, *words: str) -> tuple[object, object, object]:
    """Send an event; return what became of it: outcome, why, to."""
    document = place("send", *words, "--wait", "--json").document()
    assert isinstance(document, dict)
    return document["outcome"], document["why"], document["to"]


def test_who_sends_an_event_is_told_what_its_library_made_of_it(place: Place) -> None:
    (place.machines / "rooms").mkdir()
    place.define("rooms/door.py", DOOR)
    place.define("house.py", HOUSE)
    run = place.headless()
    run.child("lamp", "ready")
    pid = place.ready_pid("lamp")

    refused = "Can't Open when in Shut. (guard is_light)"
    assert ("rejected", refused, ["shut"]) == send(place, "door", "open")
    assert ("taken", "", ["on", "dim"]) == send(place, "lamp", "again")
    assert ("taken", "", ["on", "bright"]) == send(place, "lamp", "more")
    assert ("taken", "", ["off"]) == send(place, "lamp", "press")
    assert "taken" == send(place, "lamp", "later")[0]
    kill(pid)
    # its time and its history outlived the process
    run.until(lambda line: "again" in str(line) and "bright" in str(line))

    assert ("taken", "", ["wide"]) == send(place, "door", "open")
    assert ("taken", "", ["off"]) == send(place, "lamp", "press")
    died = ("rejected", "crashed the process 3 times", ["off"])
    assert died == send(place, "lamp", "die")
    run.stop()

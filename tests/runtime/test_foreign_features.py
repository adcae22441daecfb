"""What python-statemachine 3 has, under supervision, and after a crash."""

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

if importlib.util.find_spec("statemachine") is None:
    pytest.skip("python-statemachine is not installed", allow_module_level=True)

from smtui.chart.values import Ignored, Rejected, Taken
from tests.support.linked import House

HEAD = """
import asyncio
from dataclasses import dataclass, field
from statemachine import HistoryState, State, StateChart, StateMachine
from smtui import Orchestrator
"""


Write: TypeAlias = Callable[[str], House]
"""Writes a file with machines, and begins them."""


@pytest.fixture
def write(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Write]:
    file = tmp_path / f"house_{abs(hash(request.node.name))}.py"
    houses: list[House] = []

    def begin(text: str) -> House:
        file.write_text(HEAD + text)
        houses.append(House(file))
        return houses[-1]

    yield begin
    for house in houses:
        house.close()


PLAYER = """
class Player(StateChart):
    off = State(initial=True)
    class on(State.Compound):
        quiet = State(initial=True)
        class loud(State.Compound):
            bass = State(initial=True)
            drums = State()
            beat = bass.to(drums)
        louder = quiet.to(loud)
        was = HistoryState(type="deep")
    class both(State.Parallel):
        class left(State.Compound):
            l1 = State(initial=True)
            l2 = State(final=True)
            go_l = l1.to(l2)
        class right(State.Compound):
            r1 = State(initial=True)
            r2 = State(final=True)
            go_r = r1.to(r2)
    end = State(final=True)
    press = off.to(on) | on.to(off)
    again = off.to(on.was)
    split = off.to(both)
    done_state_both = both.to(end)
    refuse = off.to(on, cond="never")
    break_guard = off.to(on, cond="broken")
    break_entry = off.to(on, on="broken")
    def never(self): return False
    def broken(self): raise RuntimeError("it broke")

class House(Orchestrator):
    player: Player
"""


def test_a_deep_history_outlives_the_process(write: Write) -> None:
    house = write(PLAYER)
    for event in ("press", "louder", "beat", "press"):
        house.send("player", event)

    house = house.again()
    done = house.send("player", "again")

    assert Taken() == done.outcome
    assert ("on", "loud", "drums") == house.where("player")


def test_regions_go_on_where_they_were_and_end_the_run_together(write: Write) -> None:
    house = write(PLAYER)
    house.send("player", "split")
    house.send("player", "go_l")

    house = house.again()
    assert ("both", "left", "l2", "right", "r1") == house.where("player")
    done = house.send("player", "go_r")

    assert ("end",) == house.where("player")
    assert "final" == done.snapshot.status.value


def test_a_chart_that_takes_no_transition_has_ignored_the_event(write: Write) -> None:
    done = write(PLAYER).send("player", "refuse")

    assert Ignored("no transition in off took it (guard never)") == done.outcome


@pytest.mark.parametrize("event", ["break_guard", "break_entry"])
def test_what_a_chart_makes_an_error_event_of_is_told(
    event: str, write: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    done = write(PLAYER).send("player", event)

    why = "RuntimeError: it broke"
    wanted = Rejected("raised", why) if event == "break_guard" else Taken(why)
    assert wanted == done.outcome
    assert why == done.snapshot.data["last_error"]
    said = capfd.readouterr().err
    assert why in said
    assert 1 == said.count("  File ")  # the author's own line, no library's


LATER = """
class Bell(StateMachine):
    idle = State(initial=True)
    rung = State()
    ask = idle.to.itself(internal=True)
    stop = idle.to.itself(internal=True)
    ring = idle.to(rung) | rung.to.itself()
    slow = idle.to.itself(internal=True, on="put_off_object")
    def on_ask(self): self.send("ring", 7, delay=60_000, send_id="b", word="ding")
    def on_stop(self): self.cancel_event("b")
    def on_ring(self, number=0, word="", model=None): model.said = [number, word]
    def put_off_object(self): self.send("ring", delay=60_000, word=object())

class House(Orchestrator):
    bell: Bell
"""


def test_a_delayed_event_waits_in_the_store_and_holds_up_nobody(write: Write) -> None:
    house = write(LATER)
    house.send("bell", "ask")

    house = house.again()
    assert ["ring"] == list(house.delays("bell").values())
    done = house.fire("bell")

    assert Taken() == done.outcome
    assert "ring" == done.event
    assert ("rung",) == house.where("bell")
    assert {"said": [7, "ding"]} == house.model("bell")
    assert {} == house.delays("bell")


def test_a_delayed_event_is_cancelled_before_and_after_a_crash(write: Write) -> None:
    house = write(LATER)
    house.send("bell", "ask")
    house.send("bell", "stop")
    before = house.delays("bell")
    house.send("bell", "ask")

    house = house.again()
    house.send("bell", "stop")

    assert ({}, {}) == (before, house.delays("bell"))


def test_a_delayed_event_that_brings_no_json_is_refused(write: Write) -> None:
    done = write(LATER).send("bell", "slow")

    assert isinstance(done.outcome, Rejected)
    assert "the delayed event 'ring' brings what is no JSON" in done.outcome.why


MODELS = """
@dataclass(slots=True)
class Till:
    state: str | None = None
    sums: list = field(default_factory=list)
    file: object = None

class Shop(StateMachine):
    shut = State(initial=True)
    wide = State(final=True)
    earn = shut.to.itself(internal=True)
    open = shut.to(wide)
    def __init__(self):
        super().__init__(model=Till())
        self.model.sums.append(0)
    def on_enter_shut(self, model): model.sums.append(-1)
    def on_earn(self, model, sum=1):
        model.sums.append(sum)
        model.file = object()
    def before_open(self, orc): assert orc.other.is_terminated

class Other(StateMachine):
    a = State(initial=True)
    b = State(final=True)
    go = a.to(b)

class House(Orchestrator):
    shop: Shop
    other: Other
"""


def test_a_model_of_the_machines_own_making_is_as_it_was(write: Write) -> None:
    house = write(MODELS)
    house.send("shop", "earn", sum=5)
    house.send("other", "go")

    house = house.again()
    assert {"sums": [-1, 0, 5]} == house.model("shop")
    done = house.send("shop", "open")

    assert Taken() == done.outcome  # the other one has ended here, too
    assert {"sums": [-1, 0, 5], "file": None} == house.model("shop")


def test_what_a_model_holds_that_is_no_json_is_said_once(
    write: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    house = write(MODELS)

    house.send("shop", "earn")
    house.send("shop", "earn")

    said = capfd.readouterr().err
    assert 1 == said.count("warning: shop: `file` of its model is a object, no JSON")


HOPS = """
class Hop(StateMachine):
    here = State(initial=True)
    gone = State()
    go = here.to(gone)
    back = gone.to(here)

class First(Hop):
    def after_go(self, orc): orc.second.go()

class Second(Hop):
    async def after_go(self, orc):
        await asyncio.sleep(0)
        orc.third.go()

class Third(StateMachine):
    here = State(initial=True)
    gone = State(final=True)
    go = here.to(gone)
    say = here.to.itself(validators="validate")
    def validate(self, word=None):
        if word == "bad":
            raise ValueError("no such word")
    def after_go(self, orc):
        if orc.first.here.is_active:
            raise RuntimeError("the first is not gone")

class House(Orchestrator):
    first: First
    second: Second
    third: Third
"""


def test_one_event_moves_machines_over_several_hops(write: Write) -> None:
    house = write(HOPS)

    done = house.send("first", "go")

    assert Taken() == done.outcome
    assert [("gone",)] * 3 == [house.where(name) for name in house.charts]
    assert ["go"] == [micro.event for micro in done.micro]


def test_async_callbacks_are_awaited_also_after_a_crash(write: Write) -> None:
    house = write(HOPS).again()

    done = house.send("second", "go")

    assert [("here",), ("gone",)] == [house.where("first"), house.where("second")]
    assert isinstance(done.outcome, Taken)
    assert "RuntimeError: the first is not gone" == done.outcome.why


def test_what_a_validator_raises_is_why_an_event_was_rejected(write: Write) -> None:
    house = write(HOPS)

    bad = house.send("third", "say", word="bad")
    good = house.send("third", "say", word="good")

    assert Rejected("raised", "ValueError: no such word") == bad.outcome
    assert Taken() == good.outcome


INVOKES = """
class Cook(StateMachine):
    idle = State(initial=True)
    busy = State(invoke="cook")
    done = State(final=True)
    begin = idle.to(busy)
    done_invoke_busy = busy.to(done)
    def cook(self): return "soup"
    def on_enter_done(self, orc): orc.waiter.call()

class Waiter(StateMachine):
    idle = State(initial=True)
    called = State(final=True)
    call = idle.to(called)

class House(Orchestrator):
    cook: Cook
    waiter: Waiter
"""


def test_what_a_state_invokes_tells_of_its_end_also_after_a_crash(write: Write) -> None:
    house = write(INVOKES)
    house.send("cook", "begin")
    house.posts.get(timeout=5)  # is lost with the process

    house = house.again()
    news = house.posts.get(timeout=5)

    cook, waiter = news["cook"], news["waiter"]
    assert isinstance(cook, dict)
    assert isinstance(waiter, dict)
    assert ["done"] == cook["configuration"]
    assert ["called"] == waiter["configuration"]


OPENS = """
from pathlib import Path

class Gate(StateChart):
    shut = State(initial=True)
    wide = State(final=True)
    look = shut.to.itself(internal=True)
    shut.to(wide, cond="is_open")
    def is_open(self): return Path(__file__).with_suffix(".open").exists()

class House(Orchestrator):
    gate: Gate
"""


def test_what_is_open_when_a_machine_goes_on_is_told(
    write: Write, tmp_path: Path
) -> None:
    house = write(OPENS)
    house.send("gate", "look")
    (file,) = tmp_path.glob("*.py")
    file.with_suffix(".open").touch()

    news = house.again().posts.get(timeout=5)

    gate = news["gate"]
    assert isinstance(gate, dict)
    assert (["wide"], True) == (gate["configuration"], gate["ended"])
    assert [["", "shut", "wide"]] == gate["moves"]


HIDDEN = """
class Walk(StateMachine):
    a = State(initial=True)
    b = State(final=True)
    go = a.to(b)
    for _name in ("hop", "skip"):
        a.to(b, event=_name)
    del _name

class House(Orchestrator):
    walk: Walk
"""


def test_what_a_class_has_and_its_text_does_not_show_is_told(
    write: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    write(HIDDEN)

    said = capfd.readouterr().err
    assert "warning: walk: Walk has more than its text shows" in said
    assert "neither draws nor sends: a --hop-->, a --skip-->" in said

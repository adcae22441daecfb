"""What a preview, the reasons and the event log say of other machines."""

from dataclasses import replace

import pytest

from smtui.chart import ListChart, compile_chart
from smtui.chart.values import At, Given, Snapshot
from smtui.definition import Definition, Json
from smtui.dialects import load_text
from smtui.stepper import start
from smtui.view.entries import entry_line, journal_entry
from smtui.view.facts import Facts
from smtui.view.foresight import look_ahead
from smtui.view.inject import Verdict
from smtui.view.machines import standing_of
from smtui.view.pages import step_card
from smtui.view.peers import Sighting, known_by, seen_in, sighting_of
from smtui.view.text import plain
from smtui.view.usual import NO_STAYS
from smtui.view.why import why
from tests.support.view_app import CET
from tests.support.view_fleet import NOW, frame, machine
from tests.support.view_rows import entry

AT = At(NOW, 1000.0, "boot")
LAMP = """\
initial_state: dark
transitions:
  - {from: dark, to: lit, event: switch, when: {peer: door, in: open}}
"""


def lamp() -> tuple[ListChart, Snapshot]:
    definition = load_text(LAMP, "lamp.yaml").definition
    assert isinstance(definition, Definition)
    chart = compile_chart(definition)
    return chart, start(chart, {}, Given("lamp", "main", 1, "birth", AT)).snapshot


@pytest.mark.parametrize(
    ("where", "verdict", "text"),
    [
        (Sighting(("open",)), Verdict.TAKEN, "dark ─▶ lit  (door is in open)"),
        (
            Sighting(("shut",)),
            Verdict.IGNORED,
            '"switch" in dark: no by door in open (door is in shut)',
        ),
        (
            Sighting(None),
            Verdict.IGNORED,
            '"switch" in dark: no by door in open (door has not begun)',
        ),
        (None, Verdict.DEPENDS, "on door"),
    ],
)
def test_a_preview_says_what_it_saw(
    where: Sighting | None, verdict: Verdict, text: str
) -> None:
    chart, here = lamp()

    seen = look_ahead(chart, here, "switch", {}, known=known_by(lambda *_: where))

    assert (verdict, text) == (seen.verdict, seen.text)


def test_machines_on_the_screen_are_seen_where_their_frames_say() -> None:
    door = machine("door", now_in=frame("door", "open"))
    many = machine("till", now_in=frame("till", "", instance="", configuration=()))

    assert Sighting(("open",)) == sighting_of(door, "")
    assert Sighting(("open",)) == sighting_of(door, "main")
    assert None is sighting_of(door, "left")
    assert None is sighting_of(many, "")
    assert Sighting(None) == sighting_of(replace(door, frame=None), "")
    assert Sighting(None, is_known=False) == sighting_of(None, "")


@pytest.mark.parametrize(
    ("topic", "said"),
    [("state/door/main", "door to move"), ("state/till/o-7", "till/o-7 to move")],
)
def test_who_waits_for_a_machine_says_so_beside_its_events(
    topic: str, said: str
) -> None:
    here = machine("lamp", now_in=frame("lamp", "dark", watching=(topic,)))
    standing = standing_of(here, Facts(), NO_STAYS, NOW)

    lines = [plain(each) for each in why(here, standing, Facts(), NO_STAYS, NOW)]

    assert f"waits for {said}" in lines


def test_a_step_no_event_led_to_is_told_where_it_moved() -> None:
    found = journal_entry(entry(1, "lamp", "lit", "", "dark", at=NOW))

    assert found is not None
    assert "● lit ─→ dark" in plain(entry_line(found, CET))


def test_a_step_tells_what_its_guards_saw_once_each() -> None:
    saw = entry(1, "lamp", "dark", "switch", "lit", at=NOW)
    guards: list[Json] = [{"id": str(n), "said": "door is in open"} for n in range(2)]
    told = saw.row
    told = replace(told, answers={"guards": [*guards, {"id": "3", "holds": True}]})

    assert ("door is in open",) == seen_in(told)
    assert () == seen_in(saw.row)
    card = [plain(each) for each in step_card(saw._replace(row=told))]
    assert [each for each in card if "door is in open" in each]

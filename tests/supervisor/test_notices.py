"""What is worth telling a human, and how often."""

from dataclasses import replace

from smtui.supervisor.notices import Bulletin, Kind, Wanted
from smtui.wire import ChildState, Frame, MachineView, Notice

FRAME = Frame("m", "main", ("waiting",), "running", 100.0, 1, 1)
ROW = MachineView("m", "m", "engine", "h", "m.yaml", ChildState.READY, frame=FRAME)
FAILED = replace(ROW, state=ChildState.FAILED, state_since=120.0, reason="exit 1")


def a_bulletin(**keys: object) -> Bulletin:
    """Return one that tells of everything, unless said otherwise."""
    bulletin = Bulletin()
    bulletin.wanted = replace(Wanted(on=frozenset(Kind)), **keys)  # type: ignore[arg-type] # the test's keys
    return bulletin


def told(notices: list[Notice]) -> list[tuple[str, str]]:
    """Return what was told, without when and of whom."""
    return [(each.event, each.text) for each in notices]


def test_a_machine_that_was_given_up_is_told_once() -> None:
    bulletin = a_bulletin()

    assert told(bulletin.of_machines([ROW], 119)) == []
    assert told(bulletin.of_machines([FAILED], 120)) == [("failed", "exit 1")]
    assert told(bulletin.of_machines([FAILED], 500)) == []


def test_a_second_fall_is_told_when_the_first_is_long_ago() -> None:
    bulletin = a_bulletin(every_s=60.0)
    again, late = replace(FAILED, state_since=150.0), replace(FAILED, state_since=200.0)

    bulletin.of_machines([FAILED], 120)

    assert told(bulletin.of_machines([again], 150)) == []
    assert told(bulletin.of_machines([late], 200)) == [("failed", "exit 1")]


def test_a_question_is_told_and_no_long_stay_beside_it() -> None:
    row = replace(ROW, asks="publish?", stuck_after_s=5.0)

    assert told(a_bulletin().of_machines([row], 1000)) == [("asks", "publish?")]


def test_a_stay_is_too_long_when_its_limit_is_over() -> None:
    bulletin, row = a_bulletin(), replace(ROW, stuck_after_s=5.0)

    assert told(bulletin.of_machines([row], 105)) == []
    assert told(bulletin.of_machines([row], 106)) == [
        ("stuck", "in waiting for more than 5 s")
    ]


def test_what_is_not_wanted_is_not_told() -> None:
    bulletin = a_bulletin(on=frozenset({Kind.ASKS}))

    assert told(bulletin.of_machines([FAILED], 120)) == []


def test_what_the_project_file_says_is_read_with_its_defaults() -> None:
    usual = Wanted.of({"cwd": "/m"})
    said = Wanted.of({"on": ["asks"], "bell": False, "command": ["x"], "cwd": "/m"})

    assert Wanted.of({}) == Wanted()
    assert (usual.on, usual.bell, usual.every_s) == (frozenset(Kind), True, 60.0)
    assert (said.on, said.bell, said.command) == (frozenset({Kind.ASKS}), False, ("x",))

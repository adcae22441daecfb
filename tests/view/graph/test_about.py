"""What is told of a state or an arrow that was picked."""

from smtui.definition import Action, Position
from smtui.view.graph import (
    ANY,
    Chosen,
    Doings,
    Edge,
    Graph,
    Kind,
    Moment,
    Node,
    Subject,
    Traffic,
    about,
    arrows_of,
    title_of,
    ways_out,
)
from smtui.view.text import plain
from tests.support.view_rows import entry

GRAPH = Graph(
    nodes=(Node("idle", group="WORK"), Node("busy"), Node("end", kind=Kind.FINAL)),
    edges=(
        Edge("0", "idle", "busy", "job", guard="size > 0"),
        Edge("1", "busy", "idle", "timeout(5)", delay_s=5.0),
        Edge("2", ANY, "end", "stop"),
        Edge("3", ANY, "idle", "job"),
    ),
)
DOINGS = Doings(
    {"busy": [Action("bash", {"command": "make it", "timeout": 9}, Position("f"))]},
    {"0": [Action("log", {"message": "token=abc", "password": "x"}, Position("f"))]},
)


def told(chosen: Chosen, moment: Moment, traffic: Traffic | None = None) -> str:
    subject = Subject(GRAPH, DOINGS, chosen, moment, traffic)
    return "\n".join(plain(one) for one in about(subject))


def counted() -> Traffic:
    traffic = Traffic(arrows_of(GRAPH))
    traffic.add_older([entry(1, "m", "idle", "job", "busy", at=90.0)])
    return traffic


def test_a_state_tells_its_stay_its_visits_its_ways_and_what_it_does() -> None:
    moment = Moment(100.0, ("busy",), 90.0, last=("0",), delays={"1": 104.0})

    text = told(Chosen("busy"), moment, counted())

    assert "active for 10s  1 visit  10 s in all  10 s each" in text
    assert "in the last 1 steps" in text
    assert "after 5s ─▶ idle  in 4s  never taken" in text
    assert "stop ─▶ end  from any state" in text
    assert "does  bash make it timeout=9" in text


def test_an_arrow_tells_its_guard_what_it_does_and_when_it_was_taken() -> None:
    text = told(Chosen(edges=("0",)), Moment(100.0), counted())

    assert "idle ─job [size > 0]→ busy" in text
    assert "guard size > 0" in text
    assert "1\N{MULTIPLICATION SIGN}, last 10s ago" in text


def test_secrets_in_what_is_done_are_masked() -> None:
    text = told(Chosen(edges=("0",)), Moment(100.0), counted())

    assert "does  log token=*** password=***" in text


def test_until_the_journal_is_read_that_is_said() -> None:
    assert "reading the journal" in told(Chosen("idle"), Moment(100.0))
    assert "reading the journal" in told(Chosen(edges=("1",)), Moment(100.0))


def test_nothing_leads_out_of_a_final_state() -> None:
    assert [] == ways_out(GRAPH, "end")
    assert "nothing leads out of it" in told(Chosen("end"), Moment(), counted())


def test_the_first_arrow_of_an_event_hides_the_others() -> None:
    assert ["1", "2", "3"] == [edge.id for edge in ways_out(GRAPH, "busy")]
    assert ["0", "2", "3"] == [edge.id for edge in ways_out(GRAPH, "idle")]


def test_instances_in_a_state_are_counted() -> None:
    text = told(Chosen("idle"), Moment(counts={"idle": 7}), counted())

    assert "\N{MULTIPLICATION SIGN}7 here" in text
    assert "part  WORK" in text


def test_a_title_names_what_was_picked() -> None:
    assert "state idle" == title_of(GRAPH, Chosen("idle"))
    assert "final end" == title_of(GRAPH, Chosen("end"))
    assert "transition" == title_of(GRAPH, Chosen(edges=("2",)))
    assert "2 transitions" == title_of(GRAPH, Chosen(edges=("2", "3")))
    assert "" == title_of(GRAPH, Chosen())

"""A folder as one graph: who sends what to whom."""

from dataclasses import replace

import pytest

from smtui.chart.foreign_news import MOVED
from smtui.definition import Definition, Json
from smtui.dialects import load_text
from smtui.store.rows import ChildRow, JobState
from smtui.view.graph import (
    UNKNOWN,
    BoxNote,
    FleetGraph,
    Member,
    Presence,
    Sighting,
    Way,
    check,
    draw,
    fleet_graph,
    fleet_shine,
    note_of,
    of_children,
    of_events,
    of_jobs,
    sketch_of,
    summed,
    to_text,
    waiting_note,
    with_notes,
)
from smtui.view.words import Standing
from tests.support.view_rows import job, mail


def member(
    name: str,
    actions: str = "",
    *,
    count: int = 1,
    is_template: bool = False,
    custom: tuple[str, ...] = (),
) -> Member:
    text = (
        "initial_state: idle\n"
        "transitions: [{from: idle, to: busy, event: go}]\n"
        f"actions:\n  busy: [{actions}]\n"
    )
    definition = load_text(text, f"{name}.yaml").definition
    assert isinstance(definition, Definition)
    return Member(
        name,
        definition,
        f"/machines/{name}.yaml",
        count,
        is_template=is_template,
        custom=frozenset(custom),
    )


def arrows(fleet: FleetGraph) -> set[tuple[str, str, str]]:
    """Return source, target and label; a dashed one has `?` behind it."""
    return {
        (edge.source, edge.target, edge.label + ("?" if edge.is_dashed else ""))
        for edge in fleet.graph.edges
    }


def event(source: str, target: str, name: str, at: float = 1.0) -> Sighting:
    return Sighting(Way.EVENT, source, target, name, 1, at)


SENDS = "{type: send_event, target_machine: b, event_type: ping}"
REPLIES = '{type: send_event, target_machine: "{who}", event_type: pong}'
B = member("b")


def test_an_event_sent_is_an_arrow_once() -> None:
    fleet = fleet_graph([member("a", f"{SENDS}, {SENDS}"), B])

    assert {("a", "b", "ping")} == arrows(fleet)


def test_what_is_said_to_an_invoker_names_no_machine() -> None:
    says = '{type: send_event, target_machine: "#_parent", event_type: half}'

    assert set() == arrows(fleet_graph([member("a", says), B]))


def test_jobs_go_through_a_queue() -> None:
    adds = member("a", "{type: add_job, job_type: count}")
    takes = member("b", "{type: check_database_queue, job_type: count}")

    fleet = fleet_graph([adds, takes])

    assert {("a", "queue/count", ""), ("queue/count", "b", "")} == arrows(fleet)
    assert "≡ count" in to_text(draw(fleet.graph))


def test_who_takes_any_job_takes_of_every_queue() -> None:
    adds = member("a", "{type: add_job, job_type: x}, {type: add_job, job_type: y}")
    takes = member("b", "{type: get_pending_jobs}")

    found = arrows(fleet_graph([adds, takes]))

    assert {("queue/x", "b", ""), ("queue/y", "b", "")} <= found


def test_a_computed_target_is_dashed_until_it_was_seen() -> None:
    members = [member("a", REPLIES), B]

    assert {("a", UNKNOWN, "pong?")} == arrows(fleet_graph(members))
    seen = fleet_graph(members, [event("a", "b", "pong")])
    assert {("a", "b", "pong")} == arrows(seen)
    assert UNKNOWN not in seen.graph.by_id


def test_an_event_that_is_told_elsewhere_explains_no_computed_target() -> None:
    members = [member("a", f"{SENDS}, {REPLIES.replace('pong', 'ping')}"), B]

    found = arrows(fleet_graph(members, [event("a", "b", "ping")]))

    assert {("a", "b", "ping"), ("a", UNKNOWN, "ping?")} == found


def test_a_computed_event_is_dashed_to_its_target() -> None:
    sends = '{type: send_event, target_machine: b, event_type: "{kind}_done"}'
    members = [member("a", sends), B]

    assert {("a", "b", "{kind}_done?")} == arrows(fleet_graph(members))
    seen = [event("a", "b", "job_done")]
    assert {("a", "b", "job_done")} == arrows(fleet_graph(members, seen))


def test_what_only_the_store_knows_is_an_arrow_too() -> None:
    fleet = fleet_graph([member("a"), B], [event("a#2", "b", "hi", 7.0)] * 2)

    arrow = fleet.arrows["event a > b hi"]
    assert (2, 7.0) == (arrow.count, arrow.last_at)


def test_operators_and_strangers_send_nothing_in_the_picture() -> None:
    seen = [event("me@pts/0", "b", "hi"), event("gone", "b", "hi")]

    assert set() == arrows(fleet_graph([member("a", REPLIES), B], seen)) - {
        ("a", UNKNOWN, "pong?")
    }


def test_a_machine_that_is_not_here_says_so() -> None:
    fleet = fleet_graph([member("a", SENDS)])

    assert "not here" == fleet.graph.by_id["b"].note


def test_a_template_stands_for_all_that_was_started_of_it() -> None:
    starts = '{type: start_fsm, yaml_path: w.yaml, machine_name: "w-{n}"}'
    worker = member("w", SENDS, is_template=True)
    seen = [event("w-17", "b", "ping"), Sighting(Way.START, "a", "w-17", "", 1, 3.0)]

    fleet = fleet_graph([member("a", starts), worker, B], seen)

    assert {("a", "w", "starts"), ("w", "b", "ping")} == arrows(fleet)
    assert "w" == fleet.home("w-17")
    assert fleet.home("b#3") == "b"
    assert fleet.home("x") is None
    assert 3.0 == fleet.arrows["start a > w"].last_at


def test_a_computed_file_is_dashed() -> None:
    starts = '{type: start_fsm, yaml_path: "{file}", machine_name: late}'

    assert {("a", UNKNOWN, "starts?")} == arrows(fleet_graph([member("a", starts)]))


def test_a_machine_that_cannot_be_read_has_a_box() -> None:
    fleet = fleet_graph([Member("a", None)], [event("a", "a", "again")])

    assert {("a", "a", "again")} == arrows(fleet)


def test_an_authors_own_action_of_a_known_name_says_nothing() -> None:
    own = member("a", SENDS, custom=("send_event",))

    assert set() == arrows(fleet_graph([own, B]))


def test_notes_stay_in_the_cells_kept_for_them() -> None:
    fleet = fleet_graph([member("a", SENDS), member("b", count=3)])
    plain = draw(fleet.graph)

    noted = draw(with_notes(fleet.graph, {"a": "● busy", "b": "● " + "x" * 90}))

    assert plain.boxes == noted.boxes
    assert check(noted) == ()
    assert "● busy" in to_text(noted)
    assert "…" in to_text(noted)


def test_what_is_shown_live_moves_nothing() -> None:
    fleet = fleet_graph([member("a", SENDS), B], [event("a", "b", "ping", 100.0)])
    sketch = sketch_of(draw(fleet.graph))
    notes = {
        "a": note_of([Presence(Standing.READY, ("busy",))]),
        "b": note_of([Presence(Standing.FAILED, ("idle",))]),
    }

    def shown(now: float) -> str:
        return to_text(sketch.drawing, fleet_shine(sketch, fleet, notes, now))

    assert "● busy" in shown(100.5)
    assert "┃ ✖ idle ┃" in shown(100.5)
    assert "┰" in shown(105.0)
    assert "┰" not in shown(200.0)
    assert [len(line) for line in shown(105.0)] == [len(line) for line in shown(1e9)]


@pytest.mark.parametrize(
    ("here", "text"),
    [
        ([(Standing.READY, ("idle",))] * 3, "● idle"),
        ([(Standing.READY, ("a", "b")), (Standing.STUCK, ("c",))], "⧗ a+b, c"),
        ([(Standing.READY, ())], "● -"),
    ],
)
def test_a_note_has_the_worst_mark(
    here: list[tuple[Standing, tuple[str, ...]]], text: str
) -> None:
    assert text == note_of([Presence(*each) for each in here]).text


def test_a_queue_says_how_many_wait() -> None:
    assert BoxNote("0 wait", "row") == waiting_note(0)
    assert "7 wait" == waiting_note(7).text


def test_rows_of_the_store_become_sightings() -> None:
    added = replace(
        job(1, "count", JobState.RUNNING), source="a", machine="b", claimed_at=9.0
    )

    found = summed(
        [
            *of_events([mail(1, "b", "hi", source="a"), mail(2, "b", "hi")]),
            *of_events([mail(3, "b", "hi", source="a", at=5.0)]),
            *of_jobs([added]),
            *of_children([ChildRow("w-1", {}, who="a", desired_at=4.0)]),
        ]
    )

    assert [each[:5] for each in found] == [
        (Way.EVENT, "a", "b", "hi", 2),
        (Way.ADD, "a", "count", "", 1),
        (Way.TAKE, "count", "b", "", 1),
        (Way.START, "a", "w-1", "", 1),
    ]


def test_news_of_a_linked_machine_are_sightings_of_the_event_that_moved_it() -> None:
    moved: Json = {"moves": [["take", "full", "low"]]}
    rows = [
        mail(1, "tray", MOVED, source="press", payload=moved),
        mail(2, "tray", MOVED, source="press", payload={"moves": []}),
        mail(3, "tray", MOVED, source="tray", payload=moved),
    ]

    found = [each[:4] for each in of_events(rows)]

    assert [(Way.EVENT, "press", "tray", "take")] == found


def test_a_machine_that_is_looked_at_has_a_dashed_arrow() -> None:
    text = (
        "initial_state: a\n"
        "transitions:\n"
        "  - {from: a, to: b, event: go, when: {peer: b, in: idle}}\n"
        "  - {from: b, to: a, event: go, when: {peer: b, in: busy}}\n"
        "  - {from: b, to: a, event: up, when: {peer: gone, in: x}}\n"
    )
    definition = load_text(text, "a.yaml").definition

    fleet = fleet_graph([Member("a", definition), B])

    assert {("a", "b", "reads?"), ("a", "gone", "reads?")} == arrows(fleet)
    assert {Way.READ} == {arrow.way for arrow in fleet.arrows.values()}
    assert not check(draw(fleet.graph))

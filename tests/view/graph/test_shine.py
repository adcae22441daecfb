"""A drawing lit by a moment: readable without colour, never laid out anew."""

from hypothesis import given
from hypothesis import strategies as st

from smtui.view.graph import (
    Chosen,
    Direction,
    Moment,
    Options,
    Sketch,
    draw,
    neighbourhood,
    shine,
    sketch_of,
    to_text,
)
from smtui.view.graph.light import Overlay
from tests.support.view_graphs import REFERENCE, graph_of

GRAPH = graph_of("idle resizing job\nresizing idle done", initial="idle")


def styles(overlay: Overlay) -> set[str]:
    return {patch.style for row in overlay.values() for patch in row.values()}


def test_the_active_state_is_heavy_and_says_for_how_long() -> None:
    sketch = sketch_of(draw(GRAPH))

    text = to_text(sketch.drawing, shine(sketch, Moment(100.0, ("resizing",), 59.0)))

    assert "┃" in text
    assert "41s" in text


def test_what_is_wrong_is_marked_with_a_sign() -> None:
    sketch = sketch_of(draw(GRAPH))
    failed = Moment(100.0, ("resizing",), 59.0, style="failed", mark="✖")

    assert "✖ 41s" in to_text(sketch.drawing, shine(sketch, failed))


def test_where_a_frame_has_little_room_the_sign_is_kept_and_the_time_left_out() -> None:
    graph = graph_of("idle busy job\nbusy idle done")
    sketch = sketch_of(draw(graph))
    failed = Moment(100.0, ("busy",), 59.0, style="failed", mark="✖")

    text = to_text(sketch.drawing, shine(sketch, failed))

    assert "✖" in text
    assert "41s" not in text
    assert "…" not in text


def test_in_a_drawing_of_names_the_sign_takes_the_place_of_a_bracket() -> None:
    sketch = sketch_of(draw(GRAPH, Options(names_only=True)))
    failed = Moment(100.0, ("resizing",), 59.0, style="failed", mark="✖")

    assert "✖ resizing ]" in to_text(sketch.drawing, shine(sketch, failed))


def test_the_last_step_fades_and_stays_heavy() -> None:
    sketch = sketch_of(draw(GRAPH))
    looks = [
        shine(sketch, Moment(100.0 + passed, ("resizing",), last=("0",), last_at=100.0))
        for passed in (0.1, 2.0, 60.0)
    ]

    assert [{"lit"}, {"lit-warm"}, {"lit-last"}] == [
        styles(o) - {"ready"} for o in looks
    ]
    assert 1 == len({to_text(sketch.drawing, overlay) for overlay in looks})


def test_a_delay_under_way_counts_down_in_the_place_of_its_label() -> None:
    graph = graph_of("waiting queued timeout(15)\nqueued waiting go")
    for direction in Direction:
        sketch = sketch_of(draw(graph, Options(direction=direction)))
        moment = Moment(100.0, ("waiting",), delays={"0": 112.0})

        text = to_text(sketch.drawing, shine(sketch, moment))

        assert "in 12s" in text
        assert "timeout(15)" not in text


def test_many_instances_are_counted_at_their_states() -> None:
    sketch = sketch_of(draw(graph_of("a_long_name another_one go")))
    moment = Moment(100.0, counts={"a_long_name": 12, "another_one": 0})

    text = to_text(sketch.drawing, shine(sketch, moment), is_ascii=True)

    assert "x12" in text
    assert "x0" in text


def test_a_picked_name_is_marked_and_the_active_frame_stays() -> None:
    sketch = sketch_of(draw(GRAPH))
    moment = Moment(100.0, ("resizing",))

    lit = shine(sketch, moment, Chosen("resizing"))

    assert {"ready", "chosen"} == styles(lit)
    assert to_text(sketch.drawing, lit) == to_text(
        sketch.drawing, shine(sketch, moment)
    )


def test_a_state_that_is_cut_off_lights_the_frame_around_it() -> None:
    graph = REFERENCE["nested"]
    part = sketch_of(draw(neighbourhood(graph, "off", 1)), graph)

    lit = shine(part, Moment(configuration=("parse",)))

    assert lit == shine(part, Moment(configuration=("on",)))
    assert lit
    assert shine(part, Moment(configuration=("nowhere",))) == {}


@given(st.sampled_from(sorted(REFERENCE)), st.data())
def test_no_moment_changes_where_things_are(name: str, data: st.DataObject) -> None:
    sketch = _sketch(name)
    nodes = [node.id for node in sketch.drawing.graph.nodes]
    edges = [edge.id for edge in sketch.drawing.graph.edges]
    some = st.lists(st.sampled_from(nodes), max_size=2).map(tuple)
    moment = Moment(
        100.0,
        data.draw(some),
        since=data.draw(st.none() | st.floats(0, 100)),
        last=data.draw(st.lists(st.sampled_from(edges), max_size=2).map(tuple)),
        last_at=99.0,
        counts=data.draw(st.dictionaries(st.sampled_from(nodes), st.integers(0, 99))),
    )

    overlay = shine(sketch, moment, Chosen(data.draw(st.sampled_from(nodes))))

    for y, row in overlay.items():
        for x, patch in row.items():
            before = sketch.drawing.cells[y][x]
            assert bool(patch.sign) == bool(before) or before in "─═┄"
    assert shine(sketch, Moment()) == {}


_SKETCHES: dict[str, Sketch] = {}


def _sketch(name: str) -> Sketch:
    if name not in _SKETCHES:
        _SKETCHES[name] = sketch_of(draw(REFERENCE[name]))
    return _SKETCHES[name]

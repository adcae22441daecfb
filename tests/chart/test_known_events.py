"""Which events a chart knows: what nobody names is refused before it is sent."""

from smtui.chart import StateChart, compile_chart
from smtui.dialects import load_text
from tests.support.scxml_texts import NAMESPACE, read


def scxml(body: str) -> StateChart:
    return compile_chart(read(body))


def child(flags: str) -> StateChart:
    return scxml(
        f"<state id='s'><invoke {flags}><content><scxml {NAMESPACE} version='1.0'>"
        "<state id='c'><transition event='add'/></state></scxml></content></invoke>"
        "<transition event='stop' target='f'/></state><final id='f'/>"
    )


def test_a_prefix_and_a_star_name_events() -> None:
    prefix = scxml("<state id='s'><transition event='job.*' target='s'/></state>")
    star = scxml("<state id='s'><transition event='*' target='s'/></state>")

    assert [prefix.knows(name) for name in ("job", "job.new", "jobs")] == [1, 1, 0]
    assert star.knows("anything")


def test_an_event_is_known_by_a_child_it_is_forwarded_to() -> None:
    assert child("autoforward='true'").knows("add")
    assert not child("autoforward='true'").knows("sub")
    assert not child("").knows("add")


def test_a_child_in_a_file_may_know_any_event_it_is_forwarded() -> None:
    chart = scxml("<state id='s'><invoke src='c.scxml' autoforward='true'/></state>")

    assert chart.knows("anything")


def test_a_folded_name_and_no_delay_is_known() -> None:
    loaded = load_text(
        "meta: {event_normalizer: lower}\n"
        "states: [{name: a, type: initial}, {name: b}]\n"
        "transitions:\n"
        "  - {trigger: go, source: a, dest: b}\n"
        "  - {after: 1s, source: b, dest: a}\n",
        "m.yaml",
    )
    assert loaded.definition is not None
    chart = compile_chart(loaded.definition)
    assert isinstance(chart, StateChart)
    delay = next(iter(chart.transitions[-1].arrow.events))

    assert [chart.knows(name) for name in ("Go", "gone", delay)] == [1, 0, 0]

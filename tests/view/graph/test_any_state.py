"""What leads out of any state is drawn once."""

from smtui.chart import compile_chart
from smtui.dialects import load_text
from smtui.view.graph import ANY, draw, from_chart, to_text

TEXT = """\
states:
  - {name: a, type: initial}
  - {name: b}
  - {name: err, type: error}
transitions:
  - {source: a, dest: b, trigger: go}
  - {source: "*", dest: err, trigger: fail}
  - {source: "*", internal: true, trigger: ping}
"""


def test_one_stub_stands_for_all_sources() -> None:
    definition = load_text(TEXT, "m.yaml").definition
    assert definition is not None
    graph = from_chart(compile_chart(definition))

    assert [e.target for e in graph.edges if e.source == ANY] == ["err"]
    assert to_text(draw(graph)).count("fail") == 1


def test_what_stays_inside_is_in_each_state() -> None:
    definition = load_text(TEXT, "m.yaml").definition
    assert definition is not None
    graph = from_chart(compile_chart(definition))

    inside = [e.source for e in graph.edges if e.event == "ping"]
    assert inside == ["a", "b", "err"]

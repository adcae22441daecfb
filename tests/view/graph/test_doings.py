"""What a definition does where, in the words of its file."""

from smtui.chart import compile_chart
from smtui.dialects import load_text
from smtui.view.graph import doings_of, from_chart

LISTS = """\
initial_state: idle
states: [idle, busy]
transitions:
  - {from: idle, to: busy, event: go, actions: [{type: log, message: off}]}
actions:
  busy:
    - {type: bash, command: make it, timeout: 9}
    - {type: set_context, key: a, value: [1, 2]}
"""


def test_what_is_done_is_told_as_it_is_written() -> None:
    definition = load_text(LISTS, "m.yaml").definition
    assert definition is not None
    chart = compile_chart(definition)

    doings = doings_of(chart, from_chart(chart))

    assert ["bash", "set_context"] == [one.type for one in doings.states["busy"]]
    assert {"command": "make it", "timeout": 9} == doings.states["busy"][0].args
    assert ["log"] == [one.type for one in doings.edges["0"]]
    assert [] == list(doings.states["idle"])


TREE = """\
states: [{name: a, type: initial}, {name: b}]
transitions:
  - trigger: go
    source: a
    dest: b
    actions:
      - {name: tell, params: {to: me}, timeout: 2, retry: 3}
      - {http: {url: "http://x.test/{{ id }}", headers: {Authorization: x}}}
      - {code: "ctx['x'] = 1"}
"""


def test_requests_and_python_say_first_what_they_do() -> None:
    definition = load_text(TREE, "m.yaml").definition
    assert definition is not None
    chart = compile_chart(definition)

    doings = doings_of(chart, from_chart(chart))

    tell, http, code = doings.edges["0"]
    assert ("tell", {"to": "me", "timeout": 2.0, "retry": 3}) == (tell.type, tell.args)
    assert "http" == http.type
    assert "POST http://x.test/{{ id }}" == http.args["message"]
    assert ("code", {"message": "ctx['x'] = 1"}) == (code.type, code.args)

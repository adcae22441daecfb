"""`http:`, `code:` and the terms of actions, as PyStator 0.0.47 writes them."""

import pytest

from smtui.definition import CODE, HTTP, OnError, Severity, Terms, TreeDefinition
from smtui.definition.content import Call, If
from smtui.dialects import load_text
from smtui.dialects.bindings import wanted_by

HEAD = """\
states: [{name: a, type: initial}, {name: b}]
transitions:
  - trigger: go
    source: a
    dest: b
    actions:
"""


def definition(action: str) -> TreeDefinition:
    found = load_text(f"{HEAD}      - {action}\n", "m.yaml")
    assert not found.problems, found.problems
    assert isinstance(found.definition, TreeDefinition)
    return found.definition


def call(action: str) -> Call:
    (content,) = definition(action).arrows[0].content
    assert isinstance(content, Call)
    return content


def problems(action: str) -> list[tuple[str, int, int]]:
    found = load_text(f"{HEAD}      - {action}\n", "m.yaml")
    return [(one.code, one.at.line, one.at.column) for one in found.problems]


def test_a_request_has_the_usual_terms_and_method() -> None:
    found = call('http: {url: "https://x.test/{{ id }}"}')

    params = {"url": "https://x.test/{{ id }}", "method": "POST", "timeout": 10.0}
    assert (HTTP, params) == (found.name, found.params)
    assert Terms(10.0, None, None, OnError.LOG) == found.terms


def test_a_request_says_what_to_send_and_what_to_keep() -> None:
    found = call(
        'http: {url: "{{ base }}/o", method: put, headers: {X-Id: 7, A: "{{ t }}"}, '
        'body: {id: "{{ id }}", n: [1, "{{ n }}"]}, on_error: fail, '
        "on_success: {status_key: s, body_key: b}, timeout: 2, retry: 3, "
        "retry_backoff: 0.5}"
    )

    assert "PUT" == found.params["method"]
    assert {"X-Id": "7", "A": "{{ t }}"} == found.params["headers"]
    assert {"id": "{{ id }}", "n": [1, "{{ n }}"]} == found.params["body"]
    assert {"status_key": "s", "body_key": "b"} == found.params["on_success"]
    assert Terms(2.0, 3, 0.5, OnError.FAIL) == found.terms


@pytest.mark.parametrize(
    ("inner", "outer", "terms"),
    [
        ("timeout: 2", "timeout: 9", Terms(2.0, on_error=OnError.LOG)),
        ("retry: 2", "retry: 5", Terms(10.0, 5, on_error=OnError.LOG)),
        ("retry_backoff: 2", "retry: 0", Terms(10.0, 0, 2.0, OnError.LOG)),
    ],
)
def test_of_terms_inside_and_beside_the_same_win_as_in_pystator(
    inner: str, outer: str, terms: Terms
) -> None:
    found = call(f'{{http: {{url: "http://x.test", {inner}}}, {outer}}}')

    assert terms == found.terms


@pytest.mark.parametrize(
    "action", ["{name: f, %s}", "{custom: {name: f}, %s}", "{code: pass, %s}"]
)
def test_every_action_that_can_fail_has_terms(action: str) -> None:
    found = call(action % "timeout: 1.5, retry: 2, retry_backoff: 0")

    assert Terms(1.5, 2, 0.0) == found.terms


def test_python_is_text_or_has_terms_inside() -> None:
    text = call("code: \"ctx['x'] = 1\"")
    table = call("code: {source: \"ctx['x'] = 1\", retry: 2, timeout: 3}")

    assert (CODE, {"source": "ctx['x'] = 1"}) == (text.name, text.params)
    assert (table.params, table.terms) == (text.params, Terms(3.0, 2))


def test_indented_python_is_python() -> None:
    assert "def" in str(call('code: "  def f():\\n    pass\\n  f()"').params["source"])


def test_an_action_with_terms_may_have_a_condition_and_stand_in_a_branch() -> None:
    action = (
        "branch: {when: x, then: [{name: f, retry: 1, when: y}, "
        '{http: {url: "http://x.test"}, when: {field: z, op: is_set}}]}'
    )
    found = definition(action)

    (branch,) = found.arrows[0].content
    assert isinstance(branch, If)
    assert [If, If] == [type(each) for each in branch.branches[0].block]
    assert ["f"] == [*wanted_by(found).actions]


@pytest.mark.parametrize(
    ("action", "code", "column"),
    [
        ("http: {method: GET}", "missing-key", 15),
        ('http: {url: "ftp://x.test"}', "bad-url", 21),
        ('http: {url: "file:///etc/passwd"}', "bad-url", 21),
        ('http: {url: "http://x.test/{{ id + }}"}', "bad-expression", 39),
        ("http: {url: {{ id }}}", "bad-yaml", 0),
        ('http: {url: "http://x", method: "G T"}', "wrong-type", 41),
        ('http: {url: "http://x", headers: {"a b": x}}', "bad-name", 43),
        ('http: {url: "http://x", headers: {a: [1]}}', "wrong-type", 46),
        ('http: {url: "http://x", headers: {a: "{{ 1 1 }}"}}', "bad-expression", 52),
        ('http: {url: "http://x", body: {a: ["{{ ) }}"]}}', "bad-expression", 48),
        ('http: {url: "http://x", on_error: ignor}', "wrong-type", 43),
        ('http: {url: "http://x", retry: -1}', "wrong-type", 40),
        ('http: {url: "http://x", retries: 1}', "unknown-key", 33),
        ("{name: f, timeout: 0}", "wrong-type", 28),
        ("{name: f, retry_backoff: -1}", "wrong-type", 34),
        ("{name: f, retry: true}", "wrong-type", 26),
        ('code: "x ="', "bad-code", 15),
        ('code: "return 1"', "bad-code", 15),
        ('code: ""', "wrong-type", 15),
        ("code: {retry: 1}", "missing-key", 15),
        ("_http", "bad-name", 9),
        ("{name: _code}", "bad-name", 16),
        ("{name: f, http: {url: 'http://x'}}", "bad-action", 9),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(
    action: str, code: str, column: int
) -> None:
    found = problems(action)

    if code == "bad-yaml":  # a mapping as a key: YAML itself says no
        assert found
    else:
        assert [(code, 7, column)] == found


def test_terms_of_what_is_done_at_once_are_a_warning() -> None:
    found = load_text(f"{HEAD}      - {{set: {{x: 1}}, retry: 2}}\n", "m.yaml")

    assert [Severity.WARNING] == [one.severity for one in found.problems]
    assert found.definition is not None

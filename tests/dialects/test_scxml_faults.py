"""All faults of an SCXML document come at once, each at its place."""

import pytest

from smtui.definition import (
    Json,
    NodeKind,
    Severity,
    TreeDefinition,
)
from smtui.dialects import load_child, load_text
from tests.support.scxml_texts import NAMESPACE, problems, read

FAULTS = """<?xml version="1.0"?>
<scxml xmlns="http://www.w3.org/2005/07/scxml" initail="a" version="1.0">
  <state id="a">
    <transition event="go" target="bb"/>
    <transiton event="go" target="b"/>
    <onentry>
      <send delay="soon"/>
      <log expr="1 +"/>
    </onentry>
    text
  </state>
  <state id="b"/>
  <state id="b"/>
</scxml>
"""


def test_all_faults_of_a_document_come_at_once_with_their_places() -> None:
    found = [
        (p.at.line, p.at.column, p.code, p.hint)
        for p in load_text(FAULTS, "m.scxml").problems
    ]

    assert found == [
        (2, 48, "unknown-key", "did you mean 'initial'?"),
        (4, 36, "unknown-state", "did you mean 'b'?"),
        (5, 5, "unknown-element", "did you mean <transition>?"),
        (7, 7, "missing-key", ""),
        (7, 20, "bad-delay", "write '1s', '500ms' or '.5s'"),
        (8, 21, "bad-expression", ""),
        (10, 5, "wrong-type", ""),
        (13, 3, "duplicate", ""),
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "missing-key"),
        ('<state id="a b"/>', "bad-name"),
        ('<state id="a" initial="b"><state id="c"/></state><state id="b"/>',
         "bad-target"),
        ('<state id="a"><transition target="a b"/></state><state id="b"/>',
         "bad-target"),
        ('<state id="a"><state id="c"/><history id="h"/></state>', "missing-key"),
        ('<state id="a"><transition type="outer" target="a"/></state>', "bad-value"),
        ('<state id="a"><onentry><raise/></onentry></state>', "missing-key"),
        ('<state id="a"><onentry><cancel/></onentry></state>', "missing-key"),
        ('<state id="a"><onentry><send event="a" eventexpr="b"/></onentry></state>',
         "conflict"),
        ('<state id="a"><invoke src="x" srcexpr="y"/></state>', "conflict"),
        ('<state id="a"><invoke autoforward="yes"/></state>', "bad-value"),
        ('<datamodel><data id="d" src="none.json"/></datamodel><state id="a"/>',
         "missing-file"),
        ('<script src="http://x/y.js"/><state id="a"/>', "missing-file"),
        ('<datamodel><data id="d"/><data id="d"/></datamodel><state id="a"/>',
         "duplicate"),
        ('<state id="a"><onexit><if cond="1"><else/><else/></if></onexit></state>',
         "after-else"),
        ('<state id="a"><donedata/></state>', "unknown-element"),
    ],
)  # fmt: skip
def test_what_cannot_run_is_an_error(body: str, code: str) -> None:
    found = [p.code for p in problems(body) if p.severity is Severity.ERROR]

    assert [code] == found


def test_a_bad_expression_is_a_warning_at_its_own_character() -> None:
    body = '<state id="s"><transition\n  cond="1 + + * 2" target="s"/></state>'
    (problem,) = problems(body)

    assert (2, 15, Severity.WARNING) == (
        problem.at.line,
        problem.at.column,
        problem.severity,
    )
    assert "found '*', expected a value" in problem.message


def test_a_transition_of_the_document_is_one_of_every_outermost_state() -> None:
    body = '<transition event="*"/><state id="a"><state id="b"/></state><state id="c"/>'

    assert ["not-standard"] == [p.code for p in problems(body)]
    assert ["a", "c"] == [arrow.source for arrow in read(body).arrows]


def test_elements_of_others_are_left_out_with_a_warning() -> None:
    body = '<x:layout xmlns:x="urn:x" x="1"/><state id="s" y:at="3" xmlns:y="urn:y"/>'

    assert ["not-read"] == [p.code for p in problems(body)]
    assert ["s"] == [n.id for n in read(body).nodes]


@pytest.mark.parametrize(
    ("model", "codes"),
    [
        ("null", []),
        ("ecmascript", []),
        ("xpath", ["bad-value"]),
        ("nul", ["bad-value"]),
    ],
)
def test_the_data_model_is_ecmascript_or_null(model: str, codes: list[str]) -> None:
    body = '<state id="s"><transition cond="In(\'s\')" target="s"/></state>'

    assert codes == [p.code for p in problems(body, f'datamodel="{model}"')]


def test_the_null_data_model_has_no_data_and_no_scripts() -> None:
    body = (
        '<datamodel><data id="d"/></datamodel><script>x</script>'
        '<state id="s"><transition cond="d == 1" target="s"/></state>'
    )

    found = [p.code for p in problems(body, 'datamodel="null"')]

    assert ["no-data", "no-script", "bad-expression"] == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE s [<!ENTITY a "b">]><scxml/>', "the declaration of an entity"),
        ('<!DOCTYPE s [<!ENTITY a SYSTEM "/etc/passwd">]><scxml>&a;</scxml>',
         "the declaration of an entity"),
        ("<scxml><state></scxml>", "not well formed: mismatched tag"),
        ("<scxml", "not well formed"),
        ("", "not well formed"),
        ("<scxml>" + "<state>" * 200, "nested deeper than 100"),
        ("<html/>", "found <html>, expected <scxml>"),
        ('<scxml xmlns="urn:other"/>', "found <scxml>, expected <scxml> of http"),
    ],
)  # fmt: skip
def test_what_is_no_document_says_so_in_one_problem(text: str, words: str) -> None:
    (problem,) = load_text(text, "m.scxml").problems

    assert words in problem.message


def test_a_place_counts_characters_and_not_bytes() -> None:
    text = '<scxml>\n<!-- äöü --><state id="é" intial="x"/></scxml>'

    (problem,) = load_text(text, "m.scxml").problems

    assert (2, 27) == (problem.at.line, problem.at.column)


def test_a_document_with_a_prefix_and_a_byte_order_mark_is_read() -> None:
    head = NAMESPACE.replace("xmlns", "xmlns:s")
    text = f'\ufeff<s:scxml {head}><s:state id="a"/></s:scxml>'

    loaded = load_text(text, "m.scxml")

    assert isinstance(loaded.definition, TreeDefinition)
    assert NodeKind.ATOMIC is loaded.definition.nodes[0].kind


@pytest.mark.parametrize(
    ("src", "content"),
    [("gone.scxml", None), ("http://x/y", None), ("", {"k": 1}), ("", 7), ("", "no")],
)
def test_what_is_no_child_is_a_problem(src: str, content: Json) -> None:
    loaded = load_child("parent.scxml", src, content)

    assert loaded.definition is None
    assert 1 == len(loaded.errors)


def test_a_variable_that_nothing_declares_is_a_warning_at_its_place() -> None:
    body = (
        '<datamodel><data id="qty" expr="1"/></datamodel>'
        "<script>var made = 1; function twice(n) { return n * 2 }</script>"
        '<state id="s"><onentry><foreach array="[1]" item="one" index="at">'
        '<log expr="one + at + made + twice(qty)"/></foreach></onentry>'
        "<transition cond=\"typeof gone === 'undefined' &amp;&amp; _event.name\"/>"
        '<transition cond="1 &lt;\n  qtty" target="s"/></state>'
    )

    (problem,) = problems(body)

    assert ("unknown-variable", "did you mean 'qty'?") == (problem.code, problem.hint)
    assert (2, 3) == (problem.at.line, problem.at.column)


def test_an_expression_that_assigns_is_a_warning() -> None:
    body = (
        '<datamodel><data id="n" expr="0"/></datamodel><state id="s">'
        '<transition cond="n++ &lt; 3" target="s"/>'
        '<transition cond="(() =&gt; { let t = 0; t += n; return t })()" target="s"/>'
        "</state>"
    )

    assert ["no-effect"] == [problem.code for problem in problems(body)]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ('<script>\n  var a = 1;\n  a = = 2;\n</script><state id="s"/>', (3, 7)),
        ('<state id="s"><transition cond="1\n  &lt; &lt; 2"/></state>', (2, 8)),
        ('<state id="s"><transition cond="1 &lt; &lt; 2"/></state>', (1, 88)),
    ],
)
def test_a_fault_in_a_text_has_its_place_in_the_file(
    body: str, place: tuple[int, int]
) -> None:
    (problem,) = problems(body)

    assert place == (problem.at.line, problem.at.column)


@pytest.mark.parametrize(
    ("invoke", "codes"),
    [
        ('<invoke src="gone.scxml"/>', ["missing-file"]),
        ('<invoke type="scxml" src="http://x/y"/>', ["missing-file"]),
        ('<invoke type="machine" src="worker"/>', []),
        ("<invoke srcexpr=\"'gone.scxml'\"/>", []),
    ],
)
def test_a_child_whose_file_is_not_there_is_a_warning(
    invoke: str, codes: list[str]
) -> None:
    found = problems(f'<state id="s">{invoke}</state>')

    assert codes == [problem.code for problem in found]

"""SCXML documents become tree definitions."""

from pathlib import Path

import pytest

from smtui.definition import (
    Expression,
    Invoke,
    Language,
    TreeDefinition,
)
from smtui.definition.content import Assign, ForEach, If, Log, Raise, Script, Send
from smtui.dialects import load_child
from tests.support.scxml_texts import NAMESPACE, node, read

ORDER = """
<datamodel><data id="qty" expr="1"/></datamodel>
<state id="open">
  <initial><transition target="cart"><raise event="begun"/></transition></initial>
  <onentry><log label="in" expr="qty"/></onentry>
  <onentry><assign location="qty" expr="2"/></onentry>
  <onexit><script>qty++</script></onexit>
  <history id="back" type="deep"><transition target="cart"/></history>
  <state id="cart"/>
  <parallel id="paying"><state id="card"/><state/></parallel>
  <transition event="pay.* retry" cond="qty &gt; 0" target="paying"/>
  <transition event="note" type="internal"><if cond="qty"><raise event="a"/>
    <elseif cond="1"/><raise event="b"/><else/><raise event="c"/></if></transition>
</state>
<final id="done"><donedata><param name="qty" location="qty"/></donedata></final>
"""


def test_states_and_transitions_stand_in_document_order() -> None:
    tree = read(ORDER, 'name="Order" initial="open"')

    names = ["open", "back", "cart", "paying", "card", "state_1", "done"]
    kinds = ["compound", "deep-history", "atomic", "parallel", "atomic", "atomic"]
    assert names == [node.id for node in tree.nodes]
    assert [*kinds, "final"] == [node.kind.value for node in tree.nodes]
    assert ["open", "open", "open"] == [n.parent for n in tree.nodes[1:4]]
    assert [False] == [n.has_own_id for n in tree.nodes if n.id == "state_1"]
    assert [("pay", "retry"), ("note",)] == [arrow.events for arrow in tree.arrows]
    assert [("paying",), ()] == [arrow.targets for arrow in tree.arrows]
    assert ("Order", "m", ("open",)) == (tree.title, tree.name, tree.initial.targets)


def test_content_is_read_into_blocks() -> None:
    tree = read(ORDER)
    open_ = node(tree, "open")

    assert open_.initial is not None
    assert [Raise] == [type(content) for content in open_.initial.content]
    assert [[Log], [Assign]] == [[type(c) for c in block] for block in open_.entry]
    assert [[Script]] == [[type(c) for c in block] for block in open_.exit]
    branching = tree.arrows[1].content[0]
    assert isinstance(branching, If)
    assert [True, True, False] == [b.guard is not None for b in branching.branches]
    done = node(tree, "done").done
    assert done is not None
    assert ["qty"] == [param.name for param in done.params]


def test_sends_and_loops_are_read_whole() -> None:
    tree = read(
        '<state id="s"><onentry>'
        '<send event="e" targetexpr="t" delay="1.5s" id="i" namelist="a b">'
        '<param name="p" expr="1"/></send>'
        '<foreach array="l" item="x" index="i"><send event="f">'
        "<content>two\n words</content></send></foreach></onentry></state>"
    )
    (send, loop) = node(tree, "s").entry[0]

    assert isinstance(send, Send)
    assert send.event is not None
    assert send.target is not None
    assert (Language.LITERAL, "e") == (send.event.language, send.event.literal)
    assert (Language.ECMASCRIPT, "t") == (send.target.language, send.target.text)
    assert ["a", "b", "p"] == [param.name for param in send.params]
    assert isinstance(loop, ForEach)
    assert ("x", "i") == (loop.item, loop.index)
    inner = loop.block[0]
    assert isinstance(inner, Send)
    assert inner.content is not None
    assert inner.content.literal == "two words"


def test_a_document_inside_an_invoke_is_a_definition_of_its_own() -> None:
    tree = read(
        '<state id="s"><invoke id="kid" autoforward="true" type="scxml"><content>'
        '<scxml name="child"><state id="c"/></scxml></content>'
        '<finalize><log label="x"/></finalize></invoke></state>'
    )
    invoke: Invoke = node(tree, "s").invokes[0]

    assert isinstance(invoke.content, TreeDefinition)
    assert ("child", ["c"]) == (
        invoke.content.name,
        [node.id for node in invoke.content.nodes],
    )
    assert '<scxml name="child"><state id="c"/></scxml>' == invoke.content.text
    assert invoke.autoforward
    assert 1 == len(invoke.finalize)


@pytest.mark.parametrize(
    ("inline", "expected"),
    [
        ("[1, 2]", [1, 2]),
        ('{"k": null}', {"k": None}),
        ("  some\n text ", "some text"),
        ("{not json}", "{not json}"),
        ("<b x='1'/>", {"$js": "xml", "text": "<b x='1'/>"}),
        ("<![CDATA[ 7 ]]>", 7),
    ],
)
def test_inline_data_is_json_or_xml_or_a_normalised_text(
    inline: str, expected: object
) -> None:
    tree = read(f'<datamodel><data id="d">{inline}</data></datamodel><state id="s"/>')

    value = tree.data[0].value
    assert isinstance(value, Expression)
    assert expected == value.literal


def test_files_are_read_from_the_folder_of_the_document(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text("[1]")
    (tmp_path / "more.js").write_text("var x = 1")
    body = (
        '<datamodel><data id="d" src="file:list.json"/></datamodel>'
        '<script src="more.js"/><state id="s"/>'
    )

    tree = read(body, file=str(tmp_path / "m.scxml"))

    assert tree.data[0].value is not None
    assert tree.data[0].value.literal == [1]
    assert isinstance(tree.script[0], Script)
    assert tree.script[0].code.text == "var x = 1"


def test_a_child_is_a_file_beside_its_parent_or_a_text(tmp_path: Path) -> None:
    text = f'<scxml {NAMESPACE}><state id="c"/></scxml>'
    (tmp_path / "child.scxml").write_text(text)
    parent = str(tmp_path / "parent.scxml")

    found = [
        load_child(parent, "file:child.scxml", None),
        load_child(parent, "", text),
        load_child(parent, "", {"$js": "xml", "text": text}),
    ]

    assert [[], [], []] == [[*loaded.errors] for loaded in found]
    assert ["child", "parent", "parent"] == [loaded.name for loaded in found]

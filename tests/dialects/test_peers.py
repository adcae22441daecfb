"""`peers:` and the guards that look at them, as they are written."""

import pytest

from smtui.definition import AnyDefinition, Definition, Peer, guards_on_peers
from smtui.dialects import load_text
from tests.support.definitions import problems

ENGINE = """\
initial_state: a
peers: {peers}
transitions:
  - {{from: a, to: b, event: go, when: {when}}}
"""
PYSTATOR = """\
peers: {peers}
states: [{{name: a, type: initial}}, {{name: b}}]
transitions:
  - {{source: a, dest: b, trigger: go, guards: {when}}}
"""
SCXML = """\
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="a">
  {data}
  <state id="a">{entry}<transition event="go" cond="{cond}" target="b"/></state>
  <state id="b"/>
</scxml>
"""


def loaded(text: str, file: str = "m.yaml") -> AnyDefinition:
    found = load_text(text, file)
    assert found.definition is not None, found.problems
    return found.definition


def looks(text: str, file: str = "m.yaml") -> list[tuple[str, tuple[str, ...], str]]:
    """Return machine, states and instance of every question."""
    found = [use.guard for use in guards_on_peers(loaded(text, file))]
    return [(each.machine, each.states, each.instance) for each in found]


@pytest.mark.parametrize("form", [ENGINE, PYSTATOR])
@pytest.mark.parametrize(
    ("peers", "when", "asked"),
    [
        ("[door]", "{peer: door, in: open}", ("door", ("open",), "")),
        (
            "[door]",
            "{peer: door, not_in: [open, ajar]}",
            ("door", ("open", "ajar"), ""),
        ),
        ("{entry: door}", "{peer: entry, in: open}", ("door", ("open",), "")),
        ("{door: }", "[{peer: door, in: open}]", ("door", ("open",), "")),
        (
            "{pay: {machine: till, instance: '{order}'}}",
            "{peer: pay, in: paid}",
            ("till", ("paid",), "{order}"),
        ),
        (
            "{pay: {machine: till, instance: one}}",
            "{peer: pay, in: paid, instance: two}",
            ("till", ("paid",), "two"),
        ),
    ],
)
def test_a_guard_names_a_peer_and_its_states(
    form: str, peers: str, when: str, asked: tuple[str, tuple[str, ...], str]
) -> None:
    assert [asked] == looks(form.format(peers=peers, when=when))


@pytest.mark.parametrize("form", [ENGINE, PYSTATOR])
def test_without_peers_a_guard_names_the_machine_itself(form: str) -> None:
    text = form.format(peers="X", when="{peer: door, in: open}")
    bare = "\n".join(line for line in text.splitlines() if "peers: X" not in line)

    assert [("door", ("open",), "")] == looks(bare)


@pytest.mark.parametrize("form", [ENGINE, PYSTATOR])
@pytest.mark.parametrize(
    ("peers", "when", "code"),
    [
        ("[door]", "{peer: dor, in: open}", "unknown-peer"),
        ("[door]", "{peer: door}", "missing-key"),
        ("[door]", "{peer: door, in: open, not_in: shut}", "missing-key"),
        ("[door]", "{peer: door, in: []}", "wrong-type"),
        ("door", "{peer: door, in: open}", "wrong-type"),
        ("{d: {machin: door}}", "{peer: d, in: open}", "unknown-key"),
        ("[door]", "{peer: door, in: open, inn: x}", "unknown-key"),
    ],
)
def test_what_is_wrong_with_a_look_is_said_where_it_is(
    form: str, peers: str, when: str, code: str
) -> None:
    found = problems(form.format(peers=peers, when=when))

    assert code in [problem.code for problem in found]
    assert all(problem.at.line > 0 for problem in found)


@pytest.mark.parametrize("when", ["open", "{in: open}", "[[]]"])
def test_an_action_list_knows_no_other_guards(when: str) -> None:
    assert problems(ENGINE.format(peers="[door]", when=when))


def test_all_looks_of_a_list_must_hold() -> None:
    when = "[{peer: door, in: open}, {peer: lift, not_in: up}]"
    definition = loaded(ENGINE.format(peers="[door, lift]", when=when))

    assert isinstance(definition, Definition)
    assert ["door", "lift"] == [
        use.guard.machine for use in guards_on_peers(definition)
    ]
    assert ["door", "lift"] == [peer.name for peer in definition.peers]
    assert all(isinstance(peer, Peer) for peer in definition.peers)


def test_a_condition_of_a_document_is_found_when_it_is_read() -> None:
    cond = "InPeer('door', 'open') || !InPeer(&quot;till&quot;, 'paid', 'o-1')"
    text = SCXML.format(data="", entry="", cond=cond)

    assert [("door", ("open",), ""), ("till", ("paid",), "o-1")] == looks(
        text, "m.scxml"
    )


@pytest.mark.parametrize(
    ("entry", "cond"),
    [
        ("", "InPeer('door')"),
        ("", "InPeer('door', where)"),
        ("", "InPeer"),
        ("", "InPeer('a', 'b', 'c', 'd')"),
        ("<onentry><log expr=\"InPeer('door', 'open')\"/></onentry>", "true"),
        ("<onentry><script>InPeer('door', 'open')</script></onentry>", "true"),
    ],
)
def test_an_in_peer_that_cannot_be_checked_is_an_error(entry: str, cond: str) -> None:
    found = problems(SCXML.format(data="", entry=entry, cond=cond), "m.scxml")

    assert "bad-peer" in [problem.code for problem in found]


def test_a_document_with_an_in_peer_of_its_own_keeps_it() -> None:
    data = '<datamodel><data id="InPeer" expr="function (a) { return a }"/></datamodel>'
    text = SCXML.format(data=data, entry="", cond="InPeer(1)")

    assert [] == looks(text, "m.scxml")

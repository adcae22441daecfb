"""What a chart asks of a machine it invokes, and says to who invoked it."""

import pytest

from smtui.chart import StateChart, compile_chart, decode, encode
from smtui.chart.messages import (
    Address,
    AddressKind,
    Lineage,
    Message,
    Send,
)
from smtui.chart.values import CancelChild, Event, Given, StartChild, Step
from smtui.definition import PYSTATOR, Invoke, Node
from smtui.dialects.pystator.reading import literal
from smtui.stepper import start, step
from tests.support.scxml_texts import read
from tests.support.trees import AT, HERE, begin, chart, take

BODY = """
<datamodel>
  <data id="n" expr="2"/><data id="seen" expr="0"/><data id="box" expr="{a: 1, b: 2}"/>
</datamodel>
<state id="busy">
  <invoke type="machine" src="worker" id="w" autoforward="true">
    <param name="a" expr="n"/>
    CONTENT
    <finalize><assign location="seen" expr="seen + 1"/></finalize>
  </invoke>
  <transition event="say"><send event="work" target="#_w"/></transition>
  <transition event="up"><send event="news" target="#_parent"/></transition>
  <transition event="done.invoke.w" target="rest"/>
  <transition event="error.execution" target="rest"/>
  <transition event="leave" target="rest"/>
</state>
<state id="rest"/>
"""


def boss(content: str = "") -> StateChart:
    body = BODY.replace("CONTENT", content)
    if content:
        body = body.replace('<param name="a" expr="n"/>', "")
    return compile_chart(read(body, 'datamodel="ecmascript"'))


def asked(taken: Step) -> StartChild:
    (effect,) = [e for e in taken.effects if isinstance(e, StartChild)]
    return effect


def sent(taken: Step) -> list[Send]:
    return [effect for effect in taken.effects if isinstance(effect, Send)]


def from_child(name: str) -> Event:
    message = Message(name, None, invoke_id="w")
    return Event(name, None, "e1", AT, message=message)


def test_a_machine_is_asked_for_with_its_params() -> None:
    entry = asked(begin(boss())).entry

    assert ("machine", "worker", {"a": 2}) == (entry.type, entry.src, entry.data)


def test_an_object_as_content_is_what_it_begins_with() -> None:
    entry = asked(begin(boss('<content expr="box"/>'))).entry

    assert {"a": 1, "b": 2} == entry.data
    assert entry.content is None


def test_content_that_is_no_object_is_an_error_and_asks_for_nothing() -> None:
    begun = begin(boss('<content expr="n"/>'))

    assert ("rest",) == begun.snapshot.configuration
    assert not any(isinstance(effect, StartChild) for effect in begun.effects)


def test_a_machine_may_begin_with_all_data_that_is_no_ones_own() -> None:
    invoke = Invoke(
        HERE,
        id="w",
        type=literal("machine", HERE),
        src=literal("worker", HERE),
        gives_data=True,
    )
    made = chart(Node("busy", HERE, invokes=(invoke,)), semantics=PYSTATOR)

    assert {"x": 1} == asked(begin(made, x=1, _y=2)).entry.data


def test_leaving_the_state_ends_the_invocation() -> None:
    made = boss()
    begun = begin(made)

    left = take(made, begun.snapshot, "leave")

    cancels = [e for e in left.effects if isinstance(e, CancelChild)]
    instance = asked(begun).entry.instance
    assert [CancelChild("1.1", instance, is_machine=True)] == cancels
    assert {} == left.snapshot.pending


def test_its_events_are_finalized_and_its_end_is_the_end() -> None:
    made = boss()
    begun = begin(made)

    news = step(made, begun.snapshot, from_child("news"))
    assert isinstance(news, Step)
    done = step(made, news.snapshot, from_child("done.invoke.w"))

    assert isinstance(done, Step)
    assert (1, 2) == (news.snapshot.data["seen"], done.snapshot.data["seen"])
    assert ("rest",) == done.snapshot.configuration
    assert ["news"] == [effect.message.name for effect in sent(news)]
    assert [] == sent(done)  # there is nobody left to forward to


def test_what_is_said_to_it_goes_to_this_invocation() -> None:
    made = boss()
    begun = begin(made)

    said = sent(take(made, begun.snapshot, "say"))

    to = Address(AddressKind.INVOKED, asked(begun).entry.instance)
    assert [("say", to), ("work", to)] == [(s.message.name, s.to) for s in said]


@pytest.mark.parametrize(
    ("lineage", "address"),
    [
        (Lineage("main", "w"), Address(AddressKind.PARENT, "main")),
        (Lineage("main", "w", "boss/1"), Address(AddressKind.INVOKER, "boss/1")),
    ],
)
def test_a_chart_speaks_to_who_invoked_it(lineage: Lineage, address: Address) -> None:
    made = boss()
    given = Given("m", "main", 1, "start-1", AT, lineage=lineage)
    begun = start(made, {}, given)
    kept = decode(encode(begun.snapshot))

    (_, up) = sent(take(made, kept, "up"))

    assert ("news", "w", address) == (up.message.name, up.message.invoke_id, up.to)
    assert lineage == kept.lineage


def test_the_last_word_of_one_that_was_left_is_not_that_of_the_next() -> None:
    made = boss()
    begun = begin(made)
    instance = asked(begun).entry.instance
    old = Message("done.invoke.w", None, origin="#_scxml_older", invoke_id="w")
    own = old._replace(origin=f"#_scxml_{instance}")

    late = step(made, begun.snapshot, Event(old.name, None, "e1", AT, message=old))
    now = step(made, begun.snapshot, Event(own.name, None, "e2", AT, message=own))

    assert isinstance(late, Step)
    assert isinstance(now, Step)
    assert "what 'w' invoked then was left" == late.outcome.why
    assert begun.snapshot.pending == late.snapshot.pending
    assert ("rest",) == now.snapshot.configuration

"""What a machine and who invoked it say to each other, by the store."""

from dataclasses import replace

import pytest

from smtui.chart.messages import (
    Address,
    AddressKind,
    Message,
    Send,
)
from smtui.chart.values import (
    Finish,
    Raised,
    Result,
    Status,
)
from smtui.store import (
    InvocationStatus,
    Owner,
    Writer,
)
from tests.support.invocations import begin, errors, invoke, leave, status, told
from tests.support.store import ask, query, snapshot, step

END = Finish(Status.FINAL, "over")
FINAL = snapshot(status=Status.FINAL)


def test_its_end_is_told_to_the_instance_that_invoked_it(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss)
    owner = begin(writer)
    done = Message("done.invoke.w", {"n": 1}, invoke_id="w")
    to = Address(AddressKind.INVOKER, "boss/main.1.w.2.1")

    write = step(FINAL, finish=END)
    bells = writer.commit(
        owner, [replace(write, sends=(Send("main/1/2.done", to, done),))]
    ).bells

    (row,) = writer.read_inbox("boss")
    assert ("done.invoke.w", {"n": 1}, "main") == (row.event, row.payload, row.instance)
    assert ("w", "#_scxml_main.1.w.2.1") == (told(row).invoke_id, told(row).origin)
    assert "boss" in bells
    assert InvocationStatus.OVER is status(writer)


def test_an_end_nobody_waits_for_is_told_to_nobody(writer: Writer, boss: Owner) -> None:
    invoke(writer, boss)
    owner = begin(writer)
    writer.set_child_state("boss.w", "ready")
    leave(writer, boss)
    done = Message("done.invoke.w", None, invoke_id="w")
    to = Address(AddressKind.INVOKER, "boss/main.1.w.2.1")

    writer.commit(
        owner,
        [replace(step(FINAL, finish=END), sends=(Send("main/1/2.done", to, done),))],
    )

    assert [] == writer.read_inbox("boss")
    assert [] == writer.read_inbox("boss.w")


def test_what_is_too_large_to_leave_behind_is_an_error(
    writer: Writer, boss: Owner
) -> None:
    invoke(writer, boss)
    owner = begin(writer)
    done = Message("done.invoke.w", "x" * (2 << 20), invoke_id="w")
    to = Address(AddressKind.INVOKER, "boss/main.1.w.2.1")

    writer.commit(owner, [replace(step(), sends=(Send("main/1/2.done", to, done),))])

    assert "the limit is" in str(errors(writer)[0].payload)


def test_invoker_and_invoked_speak_to_each_other(writer: Writer, boss: Owner) -> None:
    invoke(writer, boss)
    owner = begin(writer)
    down = Address(AddressKind.INVOKED, "main.1.w.2.1")
    up = Address(AddressKind.INVOKER, "boss/main.1.w.2.1")

    writer.commit(boss, [replace(step(), sends=(Send("a", down, Message("work")),))])
    writer.commit(
        owner, [replace(step(), sends=(Send("b", up, Message("news", invoke_id="w")),))]
    )

    (work,), (news,) = writer.read_inbox("boss.w"), writer.read_inbox("boss")
    assert ("work", "#_parent") == (work.event, told(work).origin)
    assert ("news", "w") == (news.event, told(news).invoke_id)


@pytest.mark.parametrize("kind", [AddressKind.INVOKED, AddressKind.INVOKER])
def test_who_speaks_to_one_that_is_not_there_any_more_hears_it(
    writer: Writer, boss: Owner, kind: AddressKind
) -> None:
    send = Send("a", Address(kind, "gone"), Message("work"))

    writer.commit(boss, [replace(step(), sends=(send,))])

    assert 1 == len(errors(writer))


def test_an_action_list_sends_to_its_invoker_too(writer: Writer, boss: Owner) -> None:
    invoke(writer, boss)
    owner = begin(writer)
    asked = query("send_event", target_machine="#_parent", event_type="half")

    answer = ask(writer, owner, asked)

    (row,) = writer.read_inbox("boss")
    assert isinstance(answer, Result)
    assert ("half", "w") == (row.event, told(row).invoke_id)


def test_an_action_list_nobody_has_invoked_has_no_parent(
    writer: Writer, boss: Owner
) -> None:
    asked = query("send_event", target_machine="#_parent", event_type="half")

    answer = ask(writer, boss, asked)

    assert isinstance(answer, Raised)
    assert "nobody has invoked 'boss'" in answer.message

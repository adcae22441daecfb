"""What statecharts send is accepted by the step that sends it, once."""

from dataclasses import replace

import pytest

from smtui.chart import decode_message
from smtui.chart.messages import Address, AddressKind, Message, MessageKind, Send
from smtui.store import MachineRow, Writer, inbox
from tests.support.store import own, step

HELLO = Message("hello", {"n": 1}, send_id="one", origin="#_scxml_main")


def sending(kind: AddressKind, to: str, message: Message = HELLO) -> Send:
    return Send("main/1/2.1", Address(kind, to), message)


def test_a_message_to_oneself_keeps_all_its_fields(writer: Writer) -> None:
    owner = own(writer, "m")

    committed = writer.commit(
        owner, [replace(step(), sends=(sending(AddressKind.SELF, "main"),))]
    )

    (row,) = writer.read_inbox("m")
    assert ("hello", {"n": 1}, "m", "main") == (
        row.event,
        row.payload,
        row.source,
        row.instance,
    )
    assert decode_message(row.message) == HELLO
    assert "m" in committed.bells


def test_a_message_to_a_machine_can_be_answered_by_its_origin(writer: Writer) -> None:
    owner = own(writer, "m")

    writer.commit(
        owner, [replace(step(), sends=(sending(AddressKind.MACHINE, "other"),))]
    )

    (row,) = writer.read_inbox("other")
    message = decode_message(row.message)
    assert message is not None
    assert ("m", "one") == (message.origin, message.send_id)


def test_a_step_written_twice_sends_once(writer: Writer) -> None:
    owner = own(writer, "m")
    write = replace(step(), sends=(sending(AddressKind.MACHINE, "other"),))

    writer.commit(owner, [write])
    writer.commit(owner, [write])

    assert len(writer.read_inbox("other")) == 1


def test_a_message_a_full_inbox_refuses_comes_back_as_an_error(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MAX_WAITING", 1)
    owner = own(writer, "m")
    writer.accept("other", "busy", None, source="t")

    writer.commit(
        owner, [replace(step(), sends=(sending(AddressKind.MACHINE, "other"),))]
    )

    (row,) = writer.read_inbox("m")
    message = decode_message(row.message)
    assert message is not None
    assert ("error.communication", MessageKind.PLATFORM, "one") == (
        row.event,
        message.kind,
        message.send_id,
    )


def test_a_message_may_name_an_instance_of_a_machine(writer: Writer) -> None:
    me = own(writer, "m")
    said = sending(AddressKind.MACHINE, "orders/o-1", Message("pay"))
    writer.commit(me, [replace(step(), sends=(said,))])

    (row,) = writer.read_inbox("orders")

    assert (row.instance, row.event) == ("o-1", "pay")


def test_a_message_for_none_of_many_instances_comes_back(writer: Writer) -> None:
    owner = own(writer, "m")
    writer.put_machine(MachineRow("orders", "orders", "pystator", "h", "f", "d"))

    lost = sending(AddressKind.MACHINE, "orders")
    kept = sending(AddressKind.MACHINE, "orders/o-1")._replace(id="main/1/2.2")
    writer.commit(owner, [replace(step(), sends=(lost, kept))])

    assert ["error.communication"] == [row.event for row in writer.read_inbox("m")]
    assert ["o-1"] == [row.instance for row in writer.read_inbox("orders")]


def test_what_an_instance_sends_is_answered_to_that_instance(writer: Writer) -> None:
    owner = own(writer, "m")
    sent = sending(AddressKind.MACHINE, "other")

    writer.commit(owner, [replace(step(instance="o-1"), sends=(sent,))])

    (row,) = writer.read_inbox("other")
    message = decode_message(row.message)
    assert message is not None
    assert "m/o-1" == message.origin

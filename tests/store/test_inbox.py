"""The inbox: accepting, reading, handling, and an operator's hand in it."""

import pytest

from smtui.errors import StoreError, UsageError
from smtui.store import (
    GoneError,
    Handled,
    InboxKind,
    InboxRow,
    InboxStatus,
    MachineRow,
    Writer,
    inbox,
)
from tests.support.store import BEGAN, HandClock, own, row, step


def send(writer: Writer, event: str, machine: str = "m") -> str:
    return writer.accept(machine, event, {"n": 1}, source="test").id


def waiting(writer: Writer, machine: str = "m") -> list[str]:
    return [found.event for found in writer.read_inbox(machine)]


def find(writer: Writer, id_: str) -> InboxRow:
    with writer._db.reading() as tx:
        return inbox._find(tx, id_)


def test_an_accepted_event_waits_as_it_was_sent(writer: Writer) -> None:
    accepted = writer.accept(
        "m", "go", {"x": [1, None]}, source="me@tty1", job_id="J9", if_state="idle"
    )

    (found,) = writer.read_inbox("m")
    assert (found.id, found.seq, found.at) == (accepted.id, accepted.seq, BEGAN)
    assert (found.machine, found.instance, found.event) == ("m", "main", "go")
    assert (found.payload, found.source) == ({"x": [1, None]}, "me@tty1")
    assert (found.job_id, found.if_state) == ("J9", "idle")
    assert (found.kind, found.status) == (InboxKind.EVENT, InboxStatus.PENDING)


def test_text_from_a_terminal_that_is_no_utf8_is_kept_with_escapes(
    writer: Writer,
) -> None:
    writer.accept("m", "gö\udcff", "\udcff", source="t")

    (found,) = writer.read_inbox("m")
    assert (found.event, found.payload) == ("gö\\udcff", "\udcff")


def test_events_are_read_in_order_after_a_seq(writer: Writer) -> None:
    for event in ("one", "two", "three"):
        send(writer, event)
        send(writer, "other", "n")

    first = writer.read_inbox("m", limit=1)
    rest = writer.read_inbox("m", after_seq=first[0].seq)
    assert [found.event for found in first + rest] == ["one", "two", "three"]


def test_a_key_is_accepted_once_a_machine(writer: Writer) -> None:
    first = writer.accept("m", "go", 1, source="t", key="k")
    again = writer.accept("m", "go", 2, source="t", key="k")
    other = writer.accept("n", "go", 3, source="t", key="k")

    assert (again.is_new, again.id, again.seq) == (False, first.id, first.seq)
    assert other.is_new
    assert len(writer.read_inbox("m")) == 1


def test_a_key_counts_after_the_event_was_handled(writer: Writer) -> None:
    owner = own(writer, "m")
    first = writer.accept("m", "go", None, source="t", key="k")
    handled = Handled(first.seq, InboxStatus.TAKEN)
    writer.commit(owner, [step(inbox=(handled,))])

    assert not writer.accept("m", "go", None, source="t", key="k").is_new


def test_a_full_inbox_refuses_and_says_so(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MAX_WAITING", 2)
    ids = [send(writer, "go") for _ in range(2)]

    with pytest.raises(StoreError, match="inbox of 'm' is full: 2 events wait"):
        send(writer, "go")

    writer.drop_event(ids[0], "me")
    send(writer, "go")


def test_a_handled_row_knows_its_step_and_why(writer: Writer, clock: HandClock) -> None:
    owner = own(writer, "m")
    id_ = send(writer, "go")
    clock.pass_s(2.5)
    handled = Handled(1, InboxStatus.IGNORED, 'no "go" in idle')
    writer.commit(owner, [step(journal=row(), inbox=(handled,))])

    found = find(writer, id_)
    assert (found.status, found.why) == (InboxStatus.IGNORED, 'no "go" in idle')
    assert (found.handled_at, found.journal_id) == (BEGAN + 2.5, 1)
    assert waiting(writer) == []


def test_a_row_that_is_gone_fails_the_whole_commit(writer: Writer) -> None:
    owner = own(writer, "m")
    gone, kept = send(writer, "gone"), send(writer, "kept")
    writer.drop_event(gone, "me@tty1")
    handled = tuple(Handled(seq, InboxStatus.TAKEN) for seq in (2, 1))

    with pytest.raises(GoneError) as caught:
        writer.commit(owner, [step(journal=row(), inbox=handled)])

    assert caught.value.seq == 1
    assert find(writer, kept).status is InboxStatus.PENDING


def test_a_row_whose_outcome_is_open_still_waits_and_must(writer: Writer) -> None:
    owner = own(writer, "m")
    id_ = send(writer, "go")
    open_ = Handled(1, InboxStatus.PENDING)

    writer.commit(owner, [step(inbox=(open_,))])

    found = find(writer, id_)
    assert (found.status, found.handled_at) == (InboxStatus.PENDING, None)
    assert waiting(writer) == ["go"]
    writer.drop_event(id_, "me@tty1")
    with pytest.raises(GoneError):
        writer.commit(owner, [step(inbox=(open_,))])


def test_a_row_of_another_machine_is_never_handled(writer: Writer) -> None:
    owner = own(writer, "m")
    send(writer, "go", "n")

    with pytest.raises(GoneError):
        writer.commit(owner, [step(inbox=(Handled(1, InboxStatus.TAKEN),))])


def test_a_dropped_event_says_who_dropped_it(writer: Writer) -> None:
    id_ = send(writer, "go")

    assert writer.drop_event(id_, "me@tty1").status is InboxStatus.PENDING

    found = find(writer, id_)
    assert (found.status, found.why) == (InboxStatus.DROPPED, "dropped by me@tty1")
    with pytest.raises(StoreError, match="is dropped, it no longer waits"):
        writer.drop_event(id_, "me@tty1")


def test_a_requeued_event_goes_to_the_end(writer: Writer) -> None:
    id_ = send(writer, "first")
    send(writer, "second")

    again = writer.requeue_event(id_, "me")

    assert waiting(writer) == ["second", "first"]
    found = find(writer, id_)
    assert found.status is InboxStatus.REQUEUED
    assert found.why == f"requeued as {again.id} by me"


def test_an_edited_event_waits_with_its_new_payload(writer: Writer) -> None:
    id_ = send(writer, "go")

    writer.edit_event(id_, {"n": 2}, "me")

    assert [found.payload for found in writer.read_inbox("m")] == [{"n": 2}]


def test_an_ignored_event_can_be_requeued_and_keeps_its_outcome(writer: Writer) -> None:
    owner = own(writer, "m")
    id_ = send(writer, "go")
    handled = Handled(1, InboxStatus.IGNORED, "not now")
    writer.commit(owner, [step(inbox=(handled,))])

    writer.requeue_event(id_, "me")

    assert waiting(writer) == ["go"]
    found = find(writer, id_)
    assert found.status is InboxStatus.IGNORED
    assert found.why.startswith("not now; requeued as")


def test_a_taken_event_is_not_done_twice(writer: Writer) -> None:
    owner = own(writer, "m")
    id_ = send(writer, "go")
    writer.commit(owner, [step(inbox=(Handled(1, InboxStatus.TAKEN),))])

    with pytest.raises(StoreError, match="is taken, it cannot be requeued"):
        writer.requeue_event(id_, "me")


def test_an_unknown_event_is_a_mistake_of_the_command_line(writer: Writer) -> None:
    with pytest.raises(UsageError, match="no event 'x'"):
        writer.drop_event("x", "me")


def test_an_event_needs_a_machine_and_a_name(writer: Writer) -> None:
    with pytest.raises(StoreError, match="found 'm' and ''"):
        writer.accept("m", "", None, source="t")


def test_an_audit_row_never_waits(writer: Writer) -> None:
    writer.audit("m", "restart", {"fresh": True}, "me@tty1")

    assert waiting(writer) == []
    with writer._db.reading() as tx:
        (found,) = tx.every("SELECT * FROM inbox")
    assert (found["status"], found["kind"]) == ("logged", "audit")
    assert (found["event"], found["source"]) == ("restart", "me@tty1")


def test_an_event_for_none_of_many_instances_is_refused(writer: Writer) -> None:
    writer.put_machine(MachineRow("orders", "orders", "pystator", "h", "f", "d"))

    with pytest.raises(StoreError, match="does not say for which"):
        writer.accept("orders", "pay", None, source="t")
    writer.accept("orders", "pay", None, source="t", instance="o-1")

    assert ["pay"] == waiting(writer, "orders")

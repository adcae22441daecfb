"""Machines of an orchestrator's file: made once, moved by their own library."""

import asyncio
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

if importlib.util.find_spec("statemachine") is None:
    pytest.skip("python-statemachine is not installed", allow_module_level=True)

from smtui.chart import foreign
from smtui.chart.values import (
    At,
    Done,
    Given,
    Kind,
    Raised,
    Result,
    RunEntry,
    Snapshot,
)
from smtui.clock import SystemClock
from smtui.definition import Json, TreeDefinition
from smtui.dialects import load_all
from smtui.errors import DefinitionError
from smtui.runtime.actions import Outlet
from smtui.runtime.foreign import Ensemble
from smtui.store import InboxKind, InboxRow, InboxStatus

FILE = """
from statemachine import State, StateMachine
from smtui import Orchestrator


class Order(StateMachine):
    pending = State(initial=True)
    processing = State()
    shipped = State(final=True)
    process = pending.to(processing)
    ship = processing.to(shipped, cond="is_paid")

    def on_enter_pending(self, model):
        model.entered = getattr(model, "entered", 0) + 1

    def on_process(self, model, item="nothing"):
        model.item = item
        model.secret = object()

    def after_process(self, orc: "Shop"):
        orc.payment.authorize()

    def is_paid(self, orc: "Shop"):
        return orc.payment.captured.is_active


class Payment(StateMachine):
    unpaid = State(initial=True)
    authorized = State()
    captured = State(final=True)
    authorize = unpaid.to(authorized)
    capture = authorized.to(captured)

    def after_capture(self):
        raise ValueError("the till is jammed")


class Shop(Orchestrator):
    order: Order
    payment: Payment
"""
AT = At(1.0, 1.0, "boot")


@pytest.fixture
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Write the file, under a name no other test imports."""
    path = tmp_path / f"shop_{abs(hash(request.node.name))}.py"
    path.write_text(FILE)
    return path


def an_ensemble(file: Path, **kept: Snapshot) -> Ensemble:
    ensemble = Ensemble(file, Outlet(), SystemClock())
    for name, snapshot in kept.items():
        ensemble.restore(name, snapshot)
    asyncio.run(ensemble.load())
    return ensemble


def a_fleet_of(file: Path) -> Ensemble:
    """Return the ensemble of a file with every machine it has."""
    ensemble = Ensemble(file, Outlet(), SystemClock())
    for each in load_all(file.read_text(), str(file)):
        assert isinstance(each.definition, TreeDefinition)
        ensemble.member(each.name, each.definition)
    asyncio.run(ensemble.load())
    return ensemble


def perform(
    ensemble: Ensemble, name: str, event: str = "", **data: Json
) -> dict[str, Json]:
    """Perform one action; return its news."""
    args: Mapping[str, Json] = {"event": event, "data": data}
    action = foreign.SEND if event else foreign.BEGIN
    entry = RunEntry(Kind.WORLD, action, args, "key", "")
    ended = asyncio.run(ensemble.take_up(name, entry).perform())
    assert isinstance(ended.answer, Result), ended
    return dict(ended.answer.value)


def kept_from(file: Path, name: str, news: Mapping[str, Json]) -> Snapshot:
    """Return the snapshot a machine has after news."""
    from smtui.chart import StateChart, compile_chart

    loaded = next(each for each in load_all(FILE, str(file)) if each.name == name)
    assert loaded.definition is not None
    chart = cast("StateChart", compile_chart(loaded.definition))
    first = foreign.start(chart, {}, Given(name, "main", 1, "c", AT)).snapshot
    (id_,) = first.pending
    return foreign.step(chart, first, Done(id_, Result(dict(news)), AT)).snapshot


def an_inbox_row(event: str, payload: Json) -> InboxRow:
    return InboxRow(
        seq=1,
        id="r1",
        machine="payment",
        instance="main",
        kind=InboxKind.EVENT,
        event=event,
        payload=payload,
        source="order",
        job_id=None,
        key=None,
        if_state=None,
        status=InboxStatus.PENDING,
        why="",
        at=1.0,
        handled_at=None,
        crashes=0,
        journal_id=None,
    )


def test_an_event_tells_where_its_machine_and_its_peers_are(file: Path) -> None:
    ensemble = an_ensemble(file)
    perform(ensemble, "order")
    perform(ensemble, "payment")

    news = perform(ensemble, "order", "process", item="tea")

    assert ["processing"] == news["configuration"]
    assert [["process", "pending", "processing"]] == news["moves"]
    assert {"model": {"entered": 1, "item": "tea"}} == news["model"]
    peers = news["peers"]
    assert isinstance(peers, dict)
    told = peers["payment"]
    assert isinstance(told, dict)
    assert ["authorized"] == told["configuration"]
    assert [["authorize", "unpaid", "authorized"]] == told["moves"]


def test_what_a_guard_refuses_is_told_in_the_librarys_words(file: Path) -> None:
    ensemble = an_ensemble(file)
    perform(ensemble, "order", "process")

    news = perform(ensemble, "order", "ship")

    assert str(news["error"]).endswith("when in Processing.")
    assert ["processing"] == news["configuration"]


def test_what_had_moved_before_a_callback_raised_has_moved(
    file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ensemble = an_ensemble(file)
    perform(ensemble, "order", "process")

    news = perform(ensemble, "payment", "capture")

    assert ["captured"] == news["configuration"]
    assert [["capture", "authorized", "captured"]] == news["moves"]
    assert "ValueError: the till is jammed" == news["error"]
    assert "ValueError: the till is jammed" in capfd.readouterr().err


def test_machines_go_on_where_they_were_and_are_not_begun_again(file: Path) -> None:
    before = an_ensemble(file)
    perform(before, "order")
    order = kept_from(file, "order", perform(before, "order", "process", item="tea"))
    payment = kept_from(file, "payment", perform(before, "payment"))

    after = an_ensemble(file, order=order, payment=payment)
    refused = perform(after, "order", "ship")
    paid = perform(after, "payment", "capture")
    shipped = perform(after, "order", "ship")

    assert ["processing"] == refused["configuration"]
    assert {"model": {"entered": 1, "item": "tea"}} == refused["model"]
    assert ["captured"] == paid["configuration"]
    assert ["shipped"] == shipped["configuration"]
    assert True is shipped["ended"]


def test_news_nobody_has_stepped_yet_are_where_a_machine_is(file: Path) -> None:
    before = an_ensemble(file)
    payment = kept_from(file, "payment", perform(before, "payment"))
    news = perform(before, "order", "process")
    peers = news["peers"]
    assert isinstance(peers, dict)
    row = an_inbox_row(foreign.MOVED, peers["payment"])

    after = Ensemble(file, Outlet(), SystemClock())
    after.restore("payment", payment, [row])
    asyncio.run(after.load())

    assert ["captured"] == perform(after, "payment", "capture")["configuration"]


def test_an_event_in_hand_that_was_dropped_is_not_begun_again(file: Path) -> None:
    order = kept_from(file, "order", perform(an_ensemble(file), "order"))
    args: Mapping[str, Json] = {"event": "process", "data": {}, "id": "r2"}
    entry = RunEntry(Kind.WORLD, foreign.SEND, args, "key", "")
    in_hand = order._replace(pending={"1.send": entry})

    after = Ensemble(file, Outlet(), SystemClock())
    after.restore("order", in_hand, [an_inbox_row("ship", None)])
    asyncio.run(after.load())
    ended = asyncio.run(after.take_up("order", entry).perform())

    assert isinstance(ended.answer, Result)
    assert ["pending"] == ended.answer.value["configuration"]
    why = "it was taken out of the inbox before its turn"
    assert why == ended.answer.value["idle"]


def test_numbers_of_news_go_on_after_a_restart(file: Path) -> None:
    before = an_ensemble(file)
    news = perform(before, "order", "process")

    after = an_ensemble(file, order=kept_from(file, "order", news))

    assert perform(after, "order", "ship")["number"] > news["number"]  # type: ignore[operator]


def test_a_file_that_cannot_be_imported_is_told_before_anything_runs(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken_shop.py"
    file.write_text("import nobody_has_this\n")

    with pytest.raises(DefinitionError, match="ModuleNotFoundError"):
        an_ensemble(file)

    assert "nobody_has_this" in capfd.readouterr().err


def test_a_file_whose_orchestrator_is_not_ours_is_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "other_shop.py"
    file.write_text("class Shop: ...\n")

    with pytest.raises(DefinitionError, match="found 0 orchestrators, expected one"):
        an_ensemble(file)


def test_a_machine_that_cannot_begin_says_why(tmp_path: Path) -> None:
    file = tmp_path / "sad_shop.py"
    file.write_text(
        FILE.replace('model.entered = getattr(model, "entered", 0) + 1', "1 / 0")
    )
    ensemble = an_ensemble(file)
    entry = RunEntry(Kind.WORLD, foreign.BEGIN, {}, "key", "")

    ended = asyncio.run(ensemble.take_up("order", entry).perform())

    wanted = "ZeroDivisionError: division by zero"
    assert Raised(wanted, "ZeroDivisionError") == ended.answer


def test_a_name_nothing_binds_is_told_before_anything_is_made(tmp_path: Path) -> None:
    file = tmp_path / "misspelt_shop.py"
    file.write_text(FILE.replace('cond="is_paid"', 'cond="is_payed"'))

    with pytest.raises(DefinitionError, match=r"order \(Order\).*'is_payed'"):
        a_fleet_of(file)


def test_a_name_may_be_bound_by_the_model_of_an_own_beginning(tmp_path: Path) -> None:
    file = tmp_path / "model_shop.py"
    text = FILE.replace('cond="is_paid"', 'cond="has_money"').replace(
        "    def on_enter_pending",
        "    def __init__(self):\n"
        "        super().__init__(model=Purse())\n\n"
        "    def on_enter_pending",
    )
    file.write_text(
        text.replace("class Order", "class Purse:\n    has_money = 1\n\n\nclass Order")
    )

    news = perform(a_fleet_of(file), "order")

    assert news["configuration"] == ["pending"]

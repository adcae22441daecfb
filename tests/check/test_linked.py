"""Files with an Orchestrator: several machines, one process."""

import sys
from pathlib import Path

import pytest

from smtui.check import fleet
from smtui.supervisor.plan import read_report

SHOP = """
class Order(StateMachine):
    a = State(initial=True)
    b = State(final=True)
    go = a.to(b, cond="may")

    def may(self): ...

class Shop(Orchestrator):
    order: Order
    other: Order
"""


def test_machines_of_an_orchestrator_share_the_process_of_their_file(
    tmp_path: Path,
) -> None:
    (tmp_path / "shop.py").write_text(SHOP)

    report = fleet([tmp_path / "shop.py"])
    (child,) = read_report(report.to_json()).children

    assert () == report.problems
    assert "shop.py" == child.spec.name
    assert ["order", "other"] == [row.name for row in child.machines]
    assert ["shop.py", "shop.py"] == [row.child for row in child.machines]
    assert 2 == len({each.hash for each in child.definitions})


def test_a_folder_is_read_with_its_orchestrators_and_without_other_python(
    tmp_path: Path,
) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "helpers.py").write_text("x = 1\n")

    report = fleet([tmp_path])

    assert ["order", "other"] == [each.name for each in report.machines]


def test_replicas_of_a_linked_machine_are_refused_and_none_runs_without_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "smtui.yaml").write_text("machines: {order: {replicas: 2}}\n")

    report = fleet([tmp_path])

    assert ["replicas-of-linked"] == [each.code for each in report.errors]
    assert () == report.machines


def test_without_their_library_linked_machines_are_named_and_all_others_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "door.yaml").write_text(
        "initial_state: shut\ntransitions: [{from: shut, to: wide, event: push}]\n"
    )
    monkeypatch.setitem(sys.modules, "statemachine", None)

    report = fleet([tmp_path])
    (problem,) = (p for p in report.problems if p.code == "needs-python-statemachine")

    assert ["door"] == [each.name for each in report.machines]
    assert () == report.errors
    assert problem.message.startswith("order, other: not run, python-statemachine is")
    assert problem.message.endswith("pip install 'smtui[python-statemachine]'")


def test_modules_beside_an_orchestrator_are_part_of_it(tmp_path: Path) -> None:
    order, _, shop = SHOP.partition("\nclass Shop")
    (tmp_path / "base.py").write_text(
        f"{order}\nclass Base(Orchestrator):\n  one: Order"
    )
    shop = shop.replace("Orchestrator", "Base")
    (tmp_path / "shop.py").write_text(f"from base import Base, Order\nclass Shop{shop}")

    report = fleet([tmp_path])

    assert ["one", "order", "other"] == [each.name for each in report.machines]
    assert {"shop.py"} == {Path(each.file).name for each in report.machines}
    assert () == report.not_read

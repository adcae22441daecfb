"""Classes of an orchestrator may be in other modules: found, read, never run."""

from pathlib import Path

import pytest

from smtui.definition import TreeDefinition
from smtui.dialects import Loaded, load_all, load_text

BASE = """
from statemachine import State, StateMachine

raise SystemExit("this module must not run")

class Base(StateMachine):
    a = State(initial=True)
    b = State(final=True)
"""
ORDER = """
from enum import Enum
from statemachine import States, StateMachine
from .base import Base

class Order(Base):
    go = Base.a.to(Base.b, cond="may")

class Status(Enum):
    _ignored = 0
    new = 1
    old = 2

class Parcel(StateMachine):
    states = States.from_enum(Status, initial=Status.new, final={Status.old})
    age = states.new.to(states.old)
"""
SHOP = """
import parts.order as wares
from parts import Order
from smtui import Orchestrator

class Shop(Orchestrator):
    order: Order
    parcel: "wares.Parcel"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "__init__.py").write_text("from .order import *\n")
    (tmp_path / "parts" / "order.py").write_text(ORDER)
    (tmp_path / "parts" / "base.py").write_text(BASE)
    (tmp_path / "shop.py").write_text(SHOP)
    return tmp_path / "shop.py"


def read(file: Path) -> tuple[Loaded, ...]:
    return load_all(file.read_text(), str(file))


def definition(loaded: Loaded) -> TreeDefinition:
    assert isinstance(loaded.definition, TreeDefinition), loaded.problems
    return loaded.definition


def test_a_class_is_found_where_it_is_imported_from_with_its_bases(shop: Path) -> None:
    order, _ = map(definition, read(shop))

    assert ["a", "b"] == [node.id for node in order.nodes]
    assert [("a", ("go",))] == [(each.source, each.events) for each in order.arrows]
    assert str(shop.parent / "parts" / "order.py") == order.arrows[0].at.file
    assert 7 == order.arrows[0].at.line
    assert str(shop.parent / "parts" / "base.py") == order.nodes[0].at.file


def test_states_of_an_enumeration_are_its_names(shop: Path) -> None:
    _, parcel = map(definition, read(shop))

    assert ["new", "old"] == [node.id for node in parcel.nodes]
    assert ("new",) == parcel.initial.targets
    assert [("new", ("old",))] == [(a.source, a.targets) for a in parcel.arrows]


def test_the_text_of_a_machine_holds_the_modules_it_needs(shop: Path) -> None:
    order, parcel = map(definition, read(shop))
    for each in (shop.parent / "parts").iterdir():
        each.unlink()

    assert definition(load_text(order.text, str(shop))) == order
    assert definition(load_text(parcel.text, str(shop))) == parcel


def test_another_text_of_a_module_is_another_version_of_its_machines(
    shop: Path,
) -> None:
    before = definition(read(shop)[0]).hash
    (shop.parent / "parts" / "base.py").write_text(f"{BASE}# more\n")

    assert before != definition(read(shop)[0]).hash


def test_an_orchestrator_may_inherit_one_of_another_module(shop: Path) -> None:
    file = shop.with_name("corner.py")
    file.write_text(
        "import shop\nfrom parts.order import Order\n"
        "class Corner(shop.Shop):\n    second: Order\n"
    )

    found = read(file)

    assert ["order", "parcel", "second"] == [each.name for each in found]
    assert str(shop) in found[0].parts


@pytest.mark.parametrize(
    ("text", "code", "says", "line"),
    [
        (
            "from nowhere import M\nclass S(Orchestrator):\n  m: M",
            "class-not-found",
            "'m' of the class 'M', of a module that is neither beside the file",
            3,
        ),
        (
            "from parts import M\nclass S(Orchestrator):\n  m: M",
            "class-not-found",
            "'m' of the class 'M', which is written neither in this file nor",
            3,
        ),
        (
            (
                "from nowhere import B\nclass M(B):\n  a = State(initial=True)\n"
                "class S(Orchestrator):\n  m: M"
            ),
            "class-not-found",
            "the base 'B' of M, of a module that is neither",
            2,
        ),
        (
            "from .parts import Order\nclass S(Orchestrator):\n  m: Order",
            "no-package",
            "`from .parts import Order`, but the folder is no package",
            1,
        ),
    ],
)
def test_what_cannot_be_found_is_an_error_with_its_place(
    text: str, code: str, says: str, line: int, shop: Path
) -> None:
    shop.write_text(text)

    (problem,) = read(shop)[0].errors

    assert code == problem.code
    assert says in problem.message
    assert (str(shop), line) == (problem.at.file, problem.at.line)

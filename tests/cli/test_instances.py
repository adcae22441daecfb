"""Machines with many instances, and with invoked ones, on the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli import Program

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("instances")]

ORDERS = """\
meta: {machine_name: orders, version: "1", strict_mode: true}
states:
  - {name: open, type: initial, initial_child: new}
  - {name: new, parent: open}
  - {name: paid, parent: open, timeout: {seconds: 3600, destination: gone}}
  - {name: gone, type: terminal}
transitions:
  - {trigger: pay, source: new, dest: paid}
  - {trigger: close, source: open, dest: gone}
"""

LINE = """<scxml xmlns="http://www.w3.org/2005/07/scxml">
  <state id="off"><transition event="look" target="on"/></state>
  <state id="on">
    <invoke id="eye"><content><scxml>
      <state id="open"><transition event="seen" target="shut"/></state>
      <final id="shut"/>
    </scxml></content></invoke>
  </state>
</scxml>"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Run orders, two of which are paid, and a line that looks."""
    folder: Path = tmp_path_factory.mktemp("instances")
    with Program(folder) as program:
        program.write("m/orders.yaml", ORDERS)
        program.write("m/line.scxml", LINE)
        started = program("run", "m", "--detach")
        assert started.code == 0, started.err
        for words in (("orders/o-1", "pay"), ("orders/o-2", "pay"), ("line", "look")):
            assert program("send", *words, "--wait").code == 0
        yield program


def test_an_instance_is_named_behind_its_machine(program: Program) -> None:
    history = program("history", "orders/o-1")
    events = program("events", "orders")

    assert [line.split(maxsplit=2)[2] for line in history.out.splitlines()] == [
        "o-1  begins in new",
        "o-1  new -> paid  pay",
    ]
    assert "orders/o-2" in events.out
    assert program("history", "orders/o-1", "--instance", "o-2").code == 2


def test_an_instance_is_told_by_its_innermost_states(program: Program) -> None:
    listed = program("instances", "orders", "--name", "o-2")
    then = program("history", "orders/o-2", "--at", "2")

    assert listed.out.splitlines()[1].split()[:3] == ["o-2", "running", "paid"]
    assert then.out.startswith("orders, instance o-2  run 1, step 2")
    assert "waits   after 3600s at" in then.out


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("send", "orders", "pay"), "say which one"),
        (("send", "orders", "pay", "--force"), "say which one"),
        (("send", "orders", "pay", "--instance", ""), "needs an id"),
        (("send", "orders", "pay", "--instance", "a\nb"), "is printable"),
        (("send", "orders/" + "x" * 201, "pay"), "200 characters"),
        (("send", "orders/o-1", "pay", "--instance", "o-2"), "an instance each"),
        (("instances", "orders", "--create", ""), "needs an id"),
        (("instances", "orders", "--create", "o-1"), "has an instance 'o-1'"),
        (("history", "orders", "--at", "1"), "say which one"),
    ],
)
def test_an_instance_that_cannot_be_meant_is_refused(
    program: Program, words: tuple[str, ...], found: str
) -> None:
    told = program(*words)

    assert (2, True) == (told.code, found in told.err), told.err


def test_what_is_foreseen_for_one_that_has_ended_is_what_comes(
    program: Program,
) -> None:
    assert program("send", "orders/o-9", "close", "--wait").code == 0

    foreseen = program("send", "orders/o-9", "pay", "--dry-run", "--json").document()
    done = program("send", "orders/o-9", "pay", "--wait", "--json").document()

    assert (foreseen["outcome"], foreseen["why"]) == (done["outcome"], done["why"])
    assert done["why"] == "'o-9' has ended in gone"


def test_an_invoked_instance_knows_its_own_events(program: Program) -> None:
    rows = program("instances", "line", "--json").rows()
    eye = next(str(row["id"]) for row in rows if row["id"] != "main")

    foreseen = program("send", f"line/{eye}", "seen", "--dry-run")
    assert "seen taken  open ─▶ shut" in foreseen.out
    assert program("send", f"line/{eye}", "look", "--dry-run").code == 2
    nobody = program("send", "line/nobody", "look", "--dry-run")
    assert "rejected  this machine has no instance 'nobody'" in nobody.out


def test_a_key_says_for_which_instance_it_was(program: Program) -> None:
    program("send", "orders/o-3", "pay", "--id", "k", "--wait")

    again = program("send", "orders/o-4", "pay", "--id", "k")
    assert "under the key 'k' for instance o-3" in again.out

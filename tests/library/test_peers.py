"""Sessions whose guards look at other machines, given by the caller."""

import asyncio
from collections.abc import Callable

import pytest

from smtui import ConfigurationError, Machine

DOOR = """\
states: [{name: shut, type: initial}, {name: open}]
transitions:
  - {source: shut, dest: open, trigger: open}
  - {source: open, dest: shut, trigger: shut}
"""
HEATER = """\
peers: {entry: door}
states: [{name: "off", type: initial}, {name: heating}]
transitions:
  - {source: "off", dest: heating, trigger: warm, guards: [{peer: entry, not_in: open}]}
  - {source: heating, dest: "off", auto: true, guards: [{peer: entry, in: open}]}
"""


def heater() -> Machine:
    return Machine.loads(HEATER, file="heater.yaml")


def test_a_session_looks_at_another_session() -> None:
    door = Machine.loads(DOOR, file="door.yaml").create()
    session = heater().create(peers={"entry": door})

    assert session.send("warm").success
    door.send("open")
    session.apply_data()

    assert "off" == session.current_state
    result = session.send("warm")
    assert not result.success
    assert result.error is not None
    assert "door is in open" in str(result.error)


@pytest.mark.parametrize("name", ["entry", "door"])
def test_a_peer_goes_by_either_name(name: str) -> None:
    assert heater().create(peers={name: lambda: "shut"}).send("warm").success


@pytest.mark.parametrize(
    ("gives", "is_taken"),
    [
        (lambda: "shut", True),
        (lambda: ["open", "wide"], False),
        (lambda _: None, True),
        (lambda instance: "open" if instance == "" else "shut", False),
    ],
)
def test_a_function_tells_where_a_machine_is(
    gives: Callable[..., object], *, is_taken: bool
) -> None:
    assert is_taken == heater().create(peers={"entry": gives}).send("warm").success


def test_a_peer_nobody_gives_is_an_error_that_names_it() -> None:
    with pytest.raises(ConfigurationError, match="where the peer 'entry' is") as raised:
        heater().create().send("warm")

    assert "peers={'entry': SESSION}" in raised.value.hint


def test_a_machine_knows_the_peers_that_are_bound_to_it() -> None:
    machine = heater()
    machine.bind_peers({"entry": lambda: "open"})

    assert not machine.process("off", "warm", {}).success
    assert machine.create(peers={"entry": lambda: "shut"}).send("warm").success


def test_an_async_function_is_awaited_where_that_is_possible() -> None:
    async def where() -> str:
        await asyncio.sleep(0)
        return "shut"

    async def sent() -> bool:
        return (await heater().create(peers={"entry": where}).asend("warm")).success

    assert asyncio.run(sent())
    with pytest.raises(ConfigurationError, match="async function"):
        heater().create(peers={"entry": where}).send("warm")

"""Eight machines in a ring, each sending to the next, as fast as they can."""

import pytest

from smtui.definition import Json
from smtui.store import InboxRow
from tests.support.acceptance import Place
from tests.support.acceptance_processes import kill

pytestmark = pytest.mark.acceptance

N_MACHINES = 8
N_BALLS = 125
"""Each goes round once: 1,000 events from machine to machine."""

N_EVENTS = N_BALLS * (N_MACHINES + 1)

VICTIMS = ("player2", "player6")

PLAYER = """
initial_state: playing
events:
  ball: {context_map: {n: payload.n, route: payload.route}}
transitions:
  - from: "*"
    to: playing
    event: ball
    actions:
      - {type: pop_from_list, list_key: route, store_as: next, empty: home}
      - type: send_event
        target_machine: "{next}"
        event_type: ball
        payload: {n: "{n}", route: "{route}"}
  - {from: playing, to: resting, event: home}
  - {from: "*", to: stopped, event: stop}
"""


def player(n: int) -> str:
    """Return the name of a machine of the ring."""
    return f"player{n % N_MACHINES}"


def route_of(row: InboxRow) -> list[Json]:
    """Return where a ball still had to go when it came in."""
    assert isinstance(row.payload, dict)
    route = row.payload["route"]
    assert isinstance(route, list)
    return route


def balls(rows: list[InboxRow]) -> list[Json]:
    """Return which balls came in, in order."""
    found = [row.payload for row in rows]
    return [payload["n"] for payload in found if isinstance(payload, dict)]


def test_eight_in_a_ring_get_every_event_once_and_in_order_though_some_are_killed(
    place: Place,
) -> None:
    for n in range(N_MACHINES):
        place.define(player(n), PLAYER)
    run = place.headless()
    for n in range(N_MACHINES):
        run.child(player(n), "ready")

    for n in range(N_BALLS):
        route: list[Json] = [player(n + hop) for hop in range(1, N_MACHINES + 1)]
        place.send(player(n), "ball", {"n": n, "route": route})
    for name in VICTIMS:
        kill(place.ready_pid(name))
    run.until(lambda line: line.event == "ball", count=N_EVENTS)

    everything = place.read(lambda reader: reader.events_page(limit=2 * N_EVENTS))
    everything.sort(key=lambda row: row.seq)
    rows = {
        player(n): [row for row in everything if row.machine == player(n)]
        for n in range(N_MACHINES)
    }
    assert len(everything) == N_EVENTS
    assert {row.status.value for row in everything} == {"taken"}
    for n in range(N_MACHINES):
        steps = [
            li.told["cause"]
            for li in run.lines
            if li.event == "ball" and li.machine == player(n)
        ]
        assert steps == [row.id for row in rows[player(n)]], "in order of acceptance"
        passed_on = balls([row for row in rows[player(n)] if route_of(row)])
        came_in = [row for row in rows[player(n + 1)] if row.source == player(n)]
        assert balls(came_in) == passed_on, "each once, in the order it was sent"
    assert run.stop() == 0

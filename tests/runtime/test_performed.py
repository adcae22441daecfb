"""Requests, Python and terms of actions in a machine's own process."""

from pathlib import Path

import pytest

from smtui.definition import Json
from smtui.store import InboxStatus
from smtui.world import GATE
from tests.support.runtime_crowd import at_last, code_in, tell
from tests.support.runtime_harness import Harness, harness, running
from tests.support.web import serving

HEAD = """
meta: {machine_name: m, version: "1"}
states: [{name: a, type: initial}, {name: b}, {name: broken}]
error_policy: {default_fallback: broken}
transitions:
  - {trigger: back, source: [b, broken], dest: a}
  - trigger: go
    source: a
    dest: b
    actions:
"""


async def at_rest(machine: Harness, instance: str) -> dict[str, Json]:
    """Wait until nothing of an instance is in hand; return its data."""
    found = await at_last(machine, instance, lambda one: one.pause is None)
    return {**found.data, "in": found.configuration[-1]}


async def test_a_request_is_made_for_each_entity_and_its_answer_kept(
    tmp_path: Path,
) -> None:
    with serving(*[(201, b'{"ok": true}')] * 3) as server:
        text = f"""{HEAD}
      - http:
          url: "{server.url}/{{{{ _entity_id }}}}/{{{{ new_status }}}}"
          body: {{n: "{{{{ n + 1 }}}}", why: "{{{{ _event.name }}}}"}}
          on_success: {{status_key: status, body_key: answer}}
      - {{increment: n}}
"""
        async with running(tmp_path, text) as machine:
            for id_ in ("o-1", "o-2"):
                row = await tell(machine, "go", id_, {"n": 1})
                assert row.status is InboxStatus.TAKEN
            data = [await at_rest(machine, id_) for id_ in ("o-1", "o-2")]
            rows = [entry.row for entry in await machine.journal()]

    after: Json = {"n": 2, "status": 201, "answer": {"ok": True}, "in": "b"}
    assert [after, after] == data
    assert {"/o-1/b", "/o-2/b"} == {one.path for one in server.heard}
    assert {b'{"n": "2", "why": "go"}'} == {one.body for one in server.heard}
    assert len({*server.keys}) == 2
    gave = [row.answers for row in rows if row.answers]
    assert "status_code" in str(gave)


async def test_a_request_is_tried_again_and_then_the_policy_decides(
    tmp_path: Path,
) -> None:
    with serving((-1, b""), (500, b"no"), (200, b""), (404, b"")) as server:
        text = f"""{HEAD}
      - http: {{url: "{server.url}", on_error: fail}}
        retry: 2
        retry_backoff: 0.01
        when: n < 3
      - {{set: {{done: true}}}}
"""
        async with running(tmp_path, text) as machine:
            await tell(machine, "go", "o-1", {"n": 1})
            assert {"n": 1, "done": True, "in": "b"} == await at_rest(machine, "o-1")
            await tell(machine, "back", "o-1")
            server.answers = [(404, b"")] * 3
            await tell(machine, "go", "o-1")
            data = await at_rest(machine, "o-1")
            rows = [entry.row for entry in await machine.journal()]

    first, second, third, *_ = server.keys
    # nobody knows what the first did, so the second was the same request
    assert first == second != third
    assert ("broken", 6) == (data["in"], len(server.heard))
    assert "retry of _http" in [row.event for row in rows]


async def test_a_request_that_fails_may_be_passed_over(tmp_path: Path) -> None:
    with serving((500, b"no")) as server:
        text = f"""{HEAD}
      - {{http: {{url: "{server.url}"}}}}
      - {{set: {{done: true}}}}
"""
        async with running(tmp_path, text) as machine:
            await tell(machine, "go", "o-1")
            data = await at_rest(machine, "o-1")

    assert {"done": True, "in": "b"} == data


HANG = """
import asyncio, threading

async def hangs(ctx):
    ctx["began"] = True
    await asyncio.sleep(60)

def blocks(ctx):
    threading.Event().wait(60)
"""


@pytest.mark.parametrize("name", ["hangs", "blocks"])
async def test_an_action_has_no_more_time_than_its_timeout(
    tmp_path: Path, name: str
) -> None:
    code_in(tmp_path, HANG)
    text = f"{HEAD}      - {{name: {name}, timeout: 0.02}}\n"
    async with running(tmp_path, text) as machine:
        await tell(machine, "go", "o-1")
        data = await at_rest(machine, "o-1")
        rows = [entry.row for entry in await machine.journal()]

    assert {"in": "broken"} == data
    assert any("took longer than 0.02 s" in str(row.answers) for row in rows)


FLAKY = """
from pathlib import Path

def flaky(ctx):
    with (Path(__file__).parent / "tries").open("a") as file:
        file.write(ctx["_action_key"] + "\\n")
    raise ConnectionError("no luck")

def wrong(ctx):
    flaky({**ctx}) if ctx.get("x") else None
    with (Path(__file__).parent / "tries").open("a") as file:
        file.write("wrong\\n")
    raise KeyError("x")
"""


async def test_a_pause_between_attempts_outlives_the_process(tmp_path: Path) -> None:
    code_in(tmp_path, FLAKY)
    text = f"{HEAD}      - {{name: flaky, retry: 1, retry_backoff: 0.2}}\n"
    async with harness(tmp_path, text) as machine:
        await machine.begin()
        await machine.until(lambda _: True)
        await tell(machine, "go", "o-1")
        await at_last(machine, "o-1", lambda one: one.turn > 2)
        await machine.crash()

        await machine.begin()
        data = await at_rest(machine, "o-1")
        await machine.end()

    tries = machine.text("tries").split()
    assert ("broken", 2, 2) == (data["in"], len(tries), len({*tries}))


async def test_a_mistake_is_made_once(tmp_path: Path) -> None:
    code_in(tmp_path, FLAKY)
    text = f"{HEAD}      - {{name: wrong, retry: 3, retry_backoff: 0}}\n"
    async with running(tmp_path, text) as machine:
        await tell(machine, "go", "o-1")
        data = await at_rest(machine, "o-1")

    assert ("broken", "wrong\n") == (data["in"], machine.text("tries"))


@pytest.mark.parametrize("gate", ["1", "0"])
async def test_python_of_a_definition_runs_behind_its_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gate: str
) -> None:
    monkeypatch.setenv(GATE, gate)
    text = f"""{HEAD}
      - code: |
          ctx["n"] = ctx["n"] + 1
          ctx["of"] = ctx["_entity_id"]
"""
    async with running(tmp_path, text) as machine:
        await tell(machine, "go", "o-1", {"n": 1})
        data = await at_rest(machine, "o-1")

    done: Json = {"n": 2, "of": "o-1", "in": "b"}
    assert (done if gate == "1" else {"n": 1, "in": "broken"}) == data

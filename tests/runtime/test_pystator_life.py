"""A machine of PyStator with many entities, in a process that is killed -9."""

import asyncio
from pathlib import Path

import pytest

from tests.support.runtime_crowd import at_last, code_in, create, life, tell
from tests.support.runtime_harness import harness
from tests.support.runtime_process import MachineProcess
from tests.support.web import serving

pytestmark = pytest.mark.acceptance

TEXT = """
meta: {machine_name: m, version: "1"}
groups: {open: {description: under way}}
state_variables:
  - {key: n, type: number, default: 1}
  - {key: region, default: "${NOT_SET:-eu}"}
  - {key: base, default: "${BASE:?where the server is}"}
error_policy: {retry_attempts: 1, default_fallback: broken}
states:
  - {name: new, type: initial, group: open}
  - {name: slow, timeout: {seconds: 0.4, destination: late}}
  - {name: later}
  - {name: asked}
  - {name: counted}
  - {name: late}
  - {name: over}
  - {name: broken, type: error}
transitions:
  - {trigger: wait, source: new, dest: slow, guards: [is_big]}
  - {trigger: rest, source: new, dest: later}
  - {after: 400ms, source: later, dest: over}
  - {trigger: fail, source: new, dest: over, actions: [never]}
  - trigger: ask
    source: new
    dest: asked
    actions:
      - http:
          url: "{{ base }}/{{ _entity_id }}"
          on_success: {status_key: status}
      - {set: {answered: true}}
  - trigger: count
    source: new
    dest: counted
    actions:
      - {name: flaky, retry: 2, retry_backoff: 0.3, timeout: 5}
      - branch: {when: n > 0, then: [count, {set: {sign: plus}}], else: [never]}
"""

CODE = """
import asyncio
from smtui import ActionRegistry, action, guard

more = ActionRegistry()

@guard("is_big")
async def big(ctx):
    await asyncio.sleep(0)
    return ctx["amount"] > 1

@action()
async def flaky(ctx):
    ctx["tries"] = ctx.get("tries", 0) + 1
    if ctx["tries"] < 3:
        raise ConnectionError("no luck")

@more.decorator()
def never(ctx):
    ctx["failed"] = ctx.get("failed", 0) + 1
    raise ValueError(ctx["_event"]["name"])

more.register("count", lambda ctx: ctx.update(counted=ctx["new_status"]))
"""


async def test_entities_keep_their_delays_retries_and_requests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code_in(tmp_path, CODE)
    with serving((0, b"")) as server:
        monkeypatch.setenv("BASE", server.url)
        async with harness(tmp_path, TEXT) as machine:
            first = MachineProcess(machine)
            await machine.until(lambda _: True)
            refused = await tell(machine, "wait", "e-0", {"amount": 1})
            await create(machine, "e-0b", {"n": 5})
            await tell(machine, "fail", "e-1")
            await tell(machine, "ask", "e-2")
            await tell(machine, "count", "e-3")
            await tell(machine, "rest", "e-4")
            await tell(machine, "wait", "e-5", {"amount": 2})
            await asyncio.to_thread(server.began.wait, 10)
            await at_last(machine, "e-3", lambda one: one.turn > 2)
            first.kill()
            machine.supervisor.frame = None

            second = MachineProcess(machine)
            ends = {
                "e-1": await at_last(machine, "e-1", lambda one: one.pause is None),
                "e-2": await at_last(machine, "e-2", lambda one: one.pause is None),
                "e-3": await at_last(machine, "e-3", lambda one: one.pause is None),
                "e-4": await at_last(machine, "e-4", lambda one: not one.pending),
                "e-5": await at_last(machine, "e-5", lambda one: not one.pending),
            }
            new = await life(machine, "e-0b")
            second.kill()

    usual = {"n": 1, "region": "eu", "base": server.url}
    assert "is_big" in refused.why
    assert {**usual, "n": 5} == new.data
    states = {id_: end.configuration[-1] for id_, end in ends.items()}
    assert states == {
        "e-1": "broken",
        "e-2": "asked",
        "e-3": "counted",
        "e-4": "over",
        "e-5": "late",
    }
    assert {**usual, "failed": 2} == ends["e-1"].data
    # cut off without an answer, and made again as the same request
    assert {**usual, "status": 200, "answered": True} == ends["e-2"].data
    assert ["/e-2", "/e-2"] == [one.path for one in server.heard]
    assert len({*server.keys}) == 1
    done = {"tries": 3, "counted": "counted", "sign": "plus"}
    assert {**usual, **done} == ends["e-3"].data

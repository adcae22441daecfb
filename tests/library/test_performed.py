"""Requests, Python, terms and conditions of actions at every door of the library."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from smtui.definition import Json, Terms
from smtui.library import (
    ActionExecutor,
    ActionRegistry,
    ActionTimeoutError,
    ConfigurationError,
    Context,
    InMemoryStateStore,
    Machine,
    PlannedAction,
    Runner,
)
from smtui.testing import ManualClock
from smtui.world import GATE
from tests.support.orders import failures
from tests.support.web import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


def machine(
    *actions: Json, policy: Json = None, clock: ManualClock | None = None
) -> Machine:
    config: dict[str, Json] = {
        "states": [
            {"name": "a", "type": "initial"},
            {"name": "b"},
            {"name": "broken"},
        ],
        "transitions": [
            {"trigger": "go", "source": "a", "dest": "b", "actions": [*actions]}
        ],
    }
    if policy:
        config["error_policy"] = policy
    return Machine.from_dict(config, clock=clock)


def asks(server: Server, **more: Json) -> Json:
    keeps: Json = {"status_key": "status"}
    return {"http": {"url": server.url + "/{{ id }}", "on_success": keeps, **more}}


def test_what_is_planned_says_all_that_was_written(server: Server) -> None:
    result = machine(
        asks(server, timeout=2),
        {"name": "f", "retry": 2, "when": {"field": "n", "op": "gt", "value": 1}},
    ).process("a", "go")

    http, named = result.planned
    assert ("_http", "f") == result.all_actions
    assert "/{{ id }}" in str(http.params["url"])
    assert (2.0, Terms(retries=2)) == (http.terms.timeout_s, named.terms)
    assert isinstance(named, PlannedAction)
    assert 1 == len(named.when)
    assert [] == server.heard


def test_the_executor_makes_the_request_and_tries_again(server: Server) -> None:
    server.answers = [(500, b""), (201, b"")]
    result = machine(asks(server, on_error="fail", retry=1, retry_backoff=0)).process(
        "a", "go"
    )
    context: Context = {"id": 7}

    report = ActionExecutor(ActionRegistry()).execute(result, context)

    assert report.all_succeeded
    assert {"id": 7, "status": 201} == context
    assert ["/7", "/7"] == [one.path for one in server.heard]


async def test_the_async_executor_does_not_block_its_loop(server: Server) -> None:
    server.answers = [(0, b"")]
    result = machine(asks(server, timeout=30)).process("a", "go")
    work = asyncio.create_task(
        ActionExecutor(ActionRegistry()).async_execute(result, {"id": 1})
    )

    await asyncio.to_thread(server.began.wait, 10)
    server.over.set()
    report = await work

    assert report.all_succeeded  # `on_error: log`


@pytest.mark.parametrize("on_error", ["fail", "log", "ignore"])
def test_what_a_failure_is_to_the_executor(server: Server, on_error: str) -> None:
    server.answers = [(500, b"")]
    result = machine(asks(server, on_error=on_error)).process("a", "go")

    report = ActionExecutor(ActionRegistry()).execute(result, {"id": 1})

    assert (on_error != "fail") is report.all_succeeded


def test_conditions_and_branches_are_decided_when_their_turn_comes() -> None:
    said: list[str] = []
    actions = ActionRegistry()

    def first(ctx: Context) -> None:
        ctx["n"] = 9

    actions.register("first", first)
    for name in ("big", "small", "never"):
        actions.register(name, lambda _, name=name: said.append(name))  # type: ignore[misc]
    result = machine(
        "first",
        {
            "branch": {
                "when": "n > 5",
                "then": ["big", {"set": {"is_big": True}}],
                "else": ["small", {"set": {"is_big": False}}],
            }
        },
        {"name": "never", "when": "n < 5"},
        {"increment": "k", "when": "n > 5"},
    ).process("a", "go", {"n": 1, "k": 1})
    context: Context = {"n": 1, "k": 1}

    report = ActionExecutor(actions).execute(result, context)

    assert ["big"] == said
    assert ["ok", "ok", "skipped", "ok"] == [one.status for one in report.results]
    assert 9 == context["n"]


INNER: Json = {
    "branch": {
        "when": {"field": "m", "op": "gt", "value": 3},
        "then": [{"custom": {"name": "g", "params": {"k": 5}}}, {"increment": "n"}],
        "else": ["f"],
    }
}
OUTER: Json = {
    "branch": {
        "when": "n > 1",
        "then": [{"compute": {"m": "n * 2"}}, INNER],
        "else": [{"set": {"small": True}}],
    }
}
WITHOUT_ELSE: Json = {"branch": {"when": "n > 1", "then": ["f"]}, "when": "n > 2"}


@pytest.mark.parametrize(
    ("action", "n", "data"),
    [
        (OUTER, 0, {"n": 0, "small": True}),
        (OUTER, 1.5, {"n": 1.5, "m": 3.0, "f": 1}),
        (OUTER, 2, {"n": 3, "m": 4, "g": 5}),
        (WITHOUT_ELSE, 2, {"n": 2}),
        (WITHOUT_ELSE, 3, {"n": 3, "f": 1}),
    ],
)
def test_nested_actions_do_the_same_at_every_door(
    action: Json, n: float, data: dict[str, Json]
) -> None:
    made = machine(action)
    made.actions.register("f", lambda ctx: ctx.update(f=1))
    made.actions.register("g", lambda ctx: ctx.update(g=ctx["_action_params"]["k"]))
    runner = Runner(made, InMemoryStateStore())
    session = made.create({"n": n}, execute_actions=True)
    context: Context = {"n": n}

    result = made.process("a", "go", {"n": n})
    ActionExecutor(made.actions).execute(result, context)
    session.send("go")
    runner.process_event("e", "go", {"n": n})

    assert ("_branch",) == result.all_actions
    assert [data] * 3 == [context, session.context, runner.context_of("e")]


@pytest.mark.parametrize("gate", ["1", ""])
def test_python_of_a_definition_needs_the_gate_from_the_start(
    monkeypatch: pytest.MonkeyPatch, gate: str
) -> None:
    monkeypatch.setenv(GATE, gate)
    code: Json = {"code": "ctx['n'] = ctx['n'] * 2"}

    if not gate:
        with pytest.raises(ConfigurationError, match="code"):
            machine(code)
        return
    session = machine(code).create({"n": 4}, execute_actions=True)
    session.send("go")

    assert {"n": 8} == session.context


def test_a_session_tries_again_and_then_follows_the_policy(server: Server) -> None:
    server.answers = [(500, b"")] * 3
    asked = asks(server, on_error="fail", retry=2, retry_backoff=0.001)
    session = machine(asked, policy={"default_fallback": "broken"}).create(
        {"id": 1}, execute_actions=True
    )

    result = session.send("go")

    assert ("broken", 3) == (session.current_state, len(server.heard))
    assert 3 == len(failures(result))


async def test_a_session_awaits_its_request(server: Server) -> None:
    session = machine(asks(server), {"set": {"x": 1}}).create(
        {"id": 1}, execute_actions=True
    )

    await session.asend("go")

    assert {"id": 1, "status": 200, "x": 1} == session.context
    assert server.keys[0]


def hangs(ctx: Context) -> None:
    del ctx
    threading.Event().wait(30)


@pytest.mark.parametrize("door", ["send", "asend"])
async def test_an_action_that_is_not_async_has_its_time_too(door: str) -> None:
    made = machine({"name": "hangs", "timeout": 0.01})
    made.actions.register("hangs", hangs)
    session = made.create(execute_actions=True)

    result = session.send("go") if door == "send" else await session.asend("go")

    assert [ActionTimeoutError] == [type(error) for error in failures(result)]


class Stopped(BaseException):
    """The end of a process, as a test can have it."""


def test_a_runner_goes_on_with_a_retry_another_process_began(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries: list[str] = []
    store, clock = InMemoryStateStore(), ManualClock()

    def made() -> Runner:
        asked: Json = {"name": "flaky", "retry": 1, "retry_backoff": 60}
        found = machine(asked, clock=clock)
        found.actions.register("flaky", flaky)
        return Runner(found, store)

    def flaky(ctx: Context) -> None:
        tries.append(ctx["_action_key"])
        if len(tries) == 1:
            raise ConnectionError("no luck")
        ctx["done"] = True

    def ends(_: float) -> None:
        raise Stopped

    first, again = made(), made()
    with monkeypatch.context() as patched:
        patched.setattr("smtui.library.performing.time.sleep", ends)
        with pytest.raises(Stopped):
            first.process_event("e", "go")
    assert 0 == again.run_due()
    clock.advance(60)
    assert 1 == again.run_due()

    assert {"done": True} == again.context_of("e")
    assert 2 == len({*tries})

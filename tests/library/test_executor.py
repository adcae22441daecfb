"""The executor: planned actions done for those who save the state themselves."""

import asyncio

import pytest

from smtui.library import (
    ActionExecutor,
    ActionFailedError,
    ActionNotFoundError,
    ActionRegistry,
    ConfigurationError,
    Context,
)
from tests.support.orders import machine_of

CONFIG = {
    "states": [
        {"name": "a", "type": "initial", "on_exit": [{"set": {"left": True}}]},
        {"name": "b", "on_enter": ["third"]},
    ],
    "transitions": [
        {
            "trigger": "go",
            "source": "a",
            "dest": "b",
            "actions": [
                {"name": "first", "params": {"i": 1}},
                {"name": "second", "params": {"i": 2}},
                {"clear": "old"},
            ],
        }
    ],
}


def given(**functions: object) -> ActionRegistry:
    actions = ActionRegistry()
    for name, function in functions.items():
        actions.register(name, function)  # type: ignore[arg-type]  # as readers may
    return actions


def seen(into: list[object]) -> object:
    return lambda ctx: into.append(ctx.get("_action_params"))


def test_actions_are_done_in_order_with_parameters_of_their_own() -> None:
    said: list[object] = []
    context: Context = {"old": 1}
    result = machine_of(CONFIG).process("a", "go", context)
    executor = ActionExecutor(given(first=seen(said), second=seen(said)))

    report = executor.execute(result, context)

    assert [{"i": 1}, {"i": 2}] == said
    assert {"left": True} == context
    assert report.all_succeeded
    assert ["ok", "ok", "ok", "ok", "skipped"] == [o.status for o in report.results]


async def test_actions_that_run_at_once_do_not_share_parameters() -> None:
    said: list[object] = []

    async def slow(ctx: Context) -> None:
        await asyncio.sleep(0)
        said.append(ctx["_action_params"])
        ctx[f"done{len(said)}"] = True

    result = machine_of(CONFIG).process("a", "go")
    executor = ActionExecutor(given(first=slow, second=slow))

    for execute in (executor.async_execute_parallel, executor.async_execute_phased):
        context: Context = {}
        said.clear()
        await execute(result, context)
        assert [{"i": 1}, {"i": 2}] == said
        assert {"left": True, "done1": True, "done2": True} == context


@pytest.mark.parametrize("stops", [True, False])
async def test_a_failure_is_told_and_stops_the_rest_if_asked(*, stops: bool) -> None:
    result = machine_of(CONFIG).process("a", "go")
    actions = given(first=lambda ctx: ctx["missing"], second=lambda _: None)
    executor = ActionExecutor(actions, stop_on_error=stops)

    reports = [
        executor.execute(result, {}),
        await executor.async_execute(result, {}),
    ]

    assert reports[0].results[:2] != reports[0].results[2:]
    assert [2, 2] if stops else [5, 5] == [len(r.results) for r in reports]
    assert isinstance(reports[1].results[1].error, ActionFailedError)
    assert not reports[1].all_succeeded


def test_strict_refuses_what_is_not_bound_before_anything_is_done() -> None:
    said: list[object] = []
    result = machine_of(CONFIG).process("a", "go")

    with pytest.raises(ActionNotFoundError, match="second"):
        ActionExecutor(given(first=seen(said)), strict=True).execute(result, {})
    assert [] == said


def test_an_async_action_is_refused_where_nobody_waits() -> None:
    async def first(ctx: Context) -> None:
        del ctx

    result = machine_of(CONFIG).process("a", "go")

    with pytest.raises(ConfigurationError, match="async"):
        ActionExecutor(given(first=first)).execute(result, {})

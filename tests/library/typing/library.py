"""What type checkers infer of the library; nobody runs this file.

Both checkers read it with the rest, strictly: a type that became Any, or one an
author's program cannot be written with, is an error of theirs.
"""

from collections.abc import Mapping
from typing import Any, assert_type

import smtui
from smtui import (
    ActionExecutor,
    ActionRegistry,
    Context,
    ErrorCode,
    ExecutionReport,
    FSMError,
    GuardRegistry,
    GuardRejectedError,
    HoldingStore,
    InMemoryStateStore,
    Json,
    Machine,
    MetricsCollector,
    Runner,
    Scheduler,
    Session,
    SQLiteStateStore,
    StateStore,
    StoreScheduler,
    Timer,
    TransitionHook,
    TransitionObserver,
    TransitionResult,
)

guards, actions = GuardRegistry(), ActionRegistry()
machine = Machine.from_yaml("order.yaml")


@guards.decorator("is_full_fill")
def is_full_fill(ctx: dict[str, Any], least: int = 1) -> bool:
    return bool(ctx["fill_qty"] >= least)


@actions.decorator()
async def notify(ctx: Context) -> str:
    return str(ctx["order_id"])


@machine.guard()
def is_open(ctx: Context) -> bool:
    return bool(ctx["open"])


@smtui.action("book")
def book(ctx: Context) -> int:
    return len(ctx)


async def keep_signatures(ctx: Context) -> None:
    """Ask for what decorators leave of a function: all of it."""
    assert_type(is_full_fill(ctx, least=3), bool)
    assert_type(await notify(ctx), str)
    assert_type(is_open(ctx), bool)
    assert_type(book(ctx), int)
    guards.register("few", lambda ctx: ctx.get("fill_qty", 0) < ctx["order_qty"])
    actions.register("tell", lambda ctx: ctx.clear())


def infer(result: TransitionResult) -> None:
    """Ask for the fields of a result."""
    assert_type(result.success, bool)
    assert_type(result.target_state, str | None)
    assert_type(result.all_actions, tuple[str, ...])
    assert_type(result.error, FSMError | None)
    assert_type(result.metadata, Mapping[str, object])
    assert_type(result.context, Mapping[str, Json])
    if result.error is not None:
        assert_type(result.error.code, ErrorCode)
    if isinstance(result.error, GuardRejectedError):
        assert_type(result.error.guard_name, str)


async def stateless() -> None:
    """Ask for the doors of a machine."""
    assert_type(Machine.from_dict({"states": [], "transitions": []}), Machine)
    assert_type(machine.process("A", "go", {"qty": 1}), TransitionResult)
    assert_type(await machine.aprocess("A", "go"), TransitionResult)
    assert_type(machine.get_initial_state().name, str)
    assert_type(machine.enter_parallel_state("LIVE"), str)
    executor = ActionExecutor(actions)
    result = machine.process("A", "go")
    assert_type(executor.execute(result, {"qty": 1}), ExecutionReport)
    assert_type(await executor.async_execute_parallel(result, {}), ExecutionReport)


async def session() -> None:
    """Ask for an entity in memory."""
    order = machine.create(context={"order_id": "123"}, initial_state=None)
    assert_type(order, Session)
    assert_type(order.send("go", qty=1), TransitionResult)
    assert_type(await order.asend("go"), TransitionResult)
    assert_type(order.current_state, str)
    assert_type(order.allowed_triggers, list[str])
    assert_type(order.is_final, bool)
    assert_type(order.snapshot(), dict[str, Json])
    assert_type(Session.from_snapshot(machine, order.snapshot()), Session)


class Hook:
    """A hook of an author's."""

    def on_before_process(
        self, state: str, trigger: str, context: Mapping[str, Json]
    ) -> None: ...
    def on_transition_start(self, result: TransitionResult) -> None: ...
    def on_transition_complete(
        self, result: TransitionResult, duration_ms: float
    ) -> None: ...
    def on_transition_error(
        self, state: str, trigger: str, error: BaseException
    ) -> None: ...


class Listed:
    """A scheduler of an author's."""

    def schedule(self, timer: Timer) -> None:
        assert_type(timer.delay_s, float)

    def cancel(self, machine: str, entity_id: str, timer_id: str) -> None: ...
    async def close(self) -> None: ...


def valid(
    entity_id: str, state: str, trigger: str, ctx: dict[str, Any]
) -> tuple[bool, list[str]]:
    return bool(ctx), [entity_id, state, trigger]


async def valid_later(
    entity_id: str, state: str, trigger: str, ctx: Context
) -> tuple[bool, list[str]]:
    return valid(entity_id, state, trigger, ctx)


def too_short(entity_id: str, state: str, ctx: Context) -> tuple[bool, list[str]]:
    return bool(ctx), [entity_id, state]


def says_little(entity_id: str, state: str, trigger: str, ctx: Context) -> bool:
    return bool(ctx) or entity_id + state == trigger


async def stored() -> None:
    """Ask for entities in a store."""
    store: StateStore = SQLiteStateStore("orders.db")
    holding: HoldingStore = InMemoryStateStore()
    scheduler: Scheduler = Listed()
    hook: TransitionHook = Hook()
    Runner(machine, store, scheduler=StoreScheduler(), context_validator=valid_later)
    runner = Runner(
        machine=machine,
        state_store=InMemoryStateStore(),
        guards=guards,
        actions=actions,
        context_validator=valid,
        scheduler=scheduler,
        use_initial_state_when_missing=True,
        hooks=[hook, MetricsCollector()],
    )
    assert_type(runner.process_event("1", "go", {}), TransitionResult)
    assert_type(await runner.async_process_event("1", "go"), TransitionResult)
    assert_type(runner.state_of("1"), str | None)
    assert_type(runner.context_of("1"), Mapping[str, Json])
    del holding


def measured() -> None:
    """Ask for what a collector knows."""
    metrics = MetricsCollector()
    TransitionObserver().add_hook(metrics)
    summary = metrics.get_summary()
    assert_type(summary["total_transitions"], int)
    assert_type(summary["success_rate"], float)
    assert_type(summary["duration"]["p95_ms"], float)
    assert_type(summary["by_trigger"], dict[str, int])


async def elsewhere() -> None:
    """Ask for fleets."""
    assert_type(smtui.send("janitor", "sweep", {"by": "cron", "n": 3}), smtui.Sent)
    ended = await smtui.run_machine("w.yaml", name="w", context={"jobs": 3})
    assert_type(ended.configuration, tuple[str, ...])
    assert_type(ended.data, Mapping[str, Json])


def refuse() -> None:
    """Be refused: to mypy an ignore that nothing needs is an error as well."""
    store = InMemoryStateStore()
    Runner(machine, store, context_validator=too_short)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Runner(machine, store, context_validator=says_little)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Runner(machine, store, scheduler=store)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    machine.process("A", "go", {"when": object()})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]

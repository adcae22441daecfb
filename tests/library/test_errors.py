"""Every code of an error comes from something a program can do."""

from collections.abc import Awaitable, Callable

import pytest

from smtui.library import (
    ActionExecutor,
    ActionRegistry,
    Context,
    ErrorCode,
    FSMError,
    InMemoryStateStore,
    Machine,
    Runner,
    StoredEntity,
)
from tests.support.orders import failures, machine_of, order

_GO = {
    "states": [{"name": "a", "type": "initial"}, {"name": "b"}],
    "transitions": [{"trigger": "go", "source": "a", "dest": "b", "actions": ["act"]}],
}


def refused(state: str, trigger: str) -> FSMError:
    error = order().process(state, trigger, {"order_qty": 1}).error
    assert error is not None
    return error


async def guard_rejected() -> FSMError:
    return refused("OPEN", "fill")


async def invalid_trigger() -> FSMError:
    return refused("OPEN", "ack")


async def terminal_state() -> FSMError:
    return refused("FILLED", "fill")


async def undefined_state() -> None:
    order().process("NOWHERE", "ack")


async def invalid_state() -> None:
    order().process("OPEN:r=x", "ack")


async def guard_not_found() -> None:
    machine_of({**_GO, "transitions": [_GUARDED]}).process("a", "go")


_GUARDED = {"trigger": "go", "source": "a", "dest": "b", "guards": ["nobody"]}


async def config() -> None:
    Machine.loads("states: []")


async def validation_failed() -> FSMError | None:
    runner = Runner(
        machine_of(_GO),
        InMemoryStateStore(),
        context_validator=lambda *_: (False, ["no"]),
    )
    return runner.process_event("1", "go").error


async def action_failed() -> object:
    machine = machine_of(_GO)
    machine.action("act")(lambda ctx: ctx["missing"])
    result = Runner(machine, InMemoryStateStore()).process_event("1", "go")
    return failures(result)[0]


async def timeout() -> object:
    import asyncio

    machine = machine_of(_GO)

    async def act(ctx: Context) -> None:
        await asyncio.get_running_loop().create_future()
        del ctx

    machine.action("act")(act)
    runner = Runner(machine, InMemoryStateStore(), action_timeout_s=0.001)
    result = await runner.async_process_event("1", "go")
    return failures(result)[0]


async def action_not_found() -> None:
    result = machine_of(_GO).process("a", "go")
    ActionExecutor(ActionRegistry(), strict=True).execute(result, {})


async def stale_version() -> None:
    store = InMemoryStateStore()
    store.save("m", "1", StoredEntity("a", {}, None))
    store.save("m", "1", StoredEntity("b", {}, None))


MAKERS: dict[ErrorCode, Callable[[], Awaitable[object]]] = {
    ErrorCode.ACTION_FAILED: action_failed,
    ErrorCode.ACTION_NOT_FOUND: action_not_found,
    ErrorCode.CONFIG: config,
    ErrorCode.GUARD_NOT_FOUND: guard_not_found,
    ErrorCode.GUARD_REJECTED: guard_rejected,
    ErrorCode.INVALID_STATE: invalid_state,
    ErrorCode.INVALID_TRIGGER: invalid_trigger,
    ErrorCode.STALE_VERSION: stale_version,
    ErrorCode.TERMINAL_STATE: terminal_state,
    ErrorCode.TIMEOUT: timeout,
    ErrorCode.UNDEFINED_STATE: undefined_state,
    ErrorCode.VALIDATION_FAILED: validation_failed,
}


@pytest.mark.parametrize("code", ErrorCode)
async def test_every_code_is_produced(code: ErrorCode) -> None:
    try:
        found = await MAKERS[code]()
    except FSMError as error:
        found = error

    assert isinstance(found, FSMError)
    assert code is found.code


def test_an_error_says_what_it_is_about() -> None:
    error = refused("OPEN", "fill")

    assert {
        "guard_name": "is_full_fill",
        "current_state": "OPEN",
        "trigger": "fill",
    } == error.context

"""What every case of PyStator is given: guards, actions, a scheduler."""

import asyncio
from collections.abc import Callable, Collection
from typing import Any

from smtui.dialects import wanted_by
from smtui.library import Context, Machine, Timer
from smtui.testing import ManualClock

__all__ = ["GUARDS", "Timers", "bind", "validator"]


class Timers:
    """A scheduler that waits to be told of the time."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._timers: dict[str, tuple[float, Timer]] = {}

    def schedule(self, timer: Timer) -> None:
        """Keep a timer."""
        self._timers[timer.id] = (self._clock.elapsed() + timer.delay_s, timer)

    def cancel(self, machine: str, entity_id: str, timer_id: str) -> None:
        """Forget a timer."""
        del machine, entity_id
        self._timers.pop(timer_id, None)

    async def close(self) -> None:
        """Forget all timers."""
        self._timers.clear()

    async def advance(self, seconds: float) -> None:
        """Let time pass, and fire what is due on the way."""
        end = self._clock.elapsed() + seconds
        while due := [each for each in self._timers.values() if each[0] <= end]:
            at, timer = min(due, key=lambda each: each[0])
            self._clock.advance(max(0.0, at - self._clock.elapsed()))
            self._timers.pop(timer.id, None)
            await timer.fire()
        self._clock.advance(end - self._clock.elapsed())

    def pending(self) -> list[list[Any]]:
        """Return event and delay in milliseconds of each timer."""
        now = self._clock.elapsed()
        return [
            [timer.event, round((due - now) * 1000)]
            for due, timer in self._timers.values()
        ]


def _boom(_: Context) -> bool:
    raise ValueError("boom")


def _os_error(_: Context) -> bool:
    raise OSError("oserr")


async def _yes_later(_: Context) -> bool:
    await asyncio.sleep(0)
    return True


async def _no_later(_: Context) -> bool:
    await asyncio.sleep(0)
    return False


def _is_full_fill(ctx: Context) -> bool:
    return bool(ctx.get("fill_qty", 0) >= ctx.get("order_qty", 1))


def _param_ge(ctx: Context) -> bool:
    params = ctx["_guard_params"]
    return bool(ctx.get(params["field"], 0) >= params["min"])


GUARDS: dict[str, Callable[[Context], Any]] = {
    "yes": lambda _: True,
    "no": lambda _: False,
    "boom": _boom,
    "oserr": _os_error,
    "ayes": _yes_later,
    "ano": _no_later,
    "is_full_fill": _is_full_fill,
    "param_ge": _param_ge,
    "truthy": lambda _: "non-empty",
    "none_guard": lambda _: None,
}


def bind(machine: Machine, calls: list[list[Any]], unbound: Collection[str]) -> None:
    """Bind the standard guards, and every action to a note in `calls`."""
    for name, guard in GUARDS.items():
        machine.guard(name)(guard)
    for name in wanted_by(machine.definition).actions:
        if name not in unbound:
            machine.action(name)(_noting(name, calls))


def _noting(name: str, calls: list[list[Any]]) -> Callable[[Context], Any]:
    def note(ctx: Context) -> None:
        if name == "fail_act":
            calls.append([name, "raises"])
            raise RuntimeError(name)
        calls.append([name, ctx.get("_action_params"), ctx.get("new_status")])

    async def note_later(ctx: Context) -> None:
        await asyncio.sleep(0)
        note(ctx)

    return note_later if name.startswith(("aact", "aslow")) else note


def validator(key: str) -> Callable[[str, str, str, Context], tuple[bool, list[str]]]:
    """Return the context validator of a case: `key` must be there."""

    def check(
        entity_id: str, state: str, trigger: str, ctx: Context
    ) -> tuple[bool, list[str]]:
        del entity_id, state, trigger
        return key in ctx, [] if key in ctx else [f"missing {key}"]

    return check

"""What subscribers.yaml asks and does: bound by name, run by its process only."""

from typing import Any

from smtui import action, guard

PRICE = 10
"""For a month."""


@guard()
def is_enough(ctx: dict[str, Any]) -> bool:
    """Say whether what was paid is enough for the months asked for."""
    return bool(ctx.get("amount", 0) >= PRICE * ctx.get("months", 1))


@action()
def greet(ctx: dict[str, Any]) -> None:
    """Write a line to the log, and keep how often."""
    ctx["greeted"] = ctx.get("greeted", 0) + 1
    print(f"welcome, {ctx['greeted']} time(s)")

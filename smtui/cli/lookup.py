"""Which module has which command: one command need not import all of them."""

from collections.abc import Mapping
from importlib import import_module

from smtui.cli.command import Command

__all__ = ["MODULES", "find"]

MODULES: Mapping[str, str] = {
    "run": "run",
    "attach": "attach",
    "ps": "fleet",
    "health": "fleet",
    "send": "send",
    "start": "fleet",
    "stop": "fleet",
    "restart": "fleet",
    "down": "fleet",
    "events": "events",
    "history": "history",
    "replay": "replay",
    "instances": "instances",
    "logs": "logs",
    "jobs": "jobs",
    "inbox": "events",
    "check": "checking",
    "graph": "graph",
    "paths": "paths",
    "test": "test",
    "schema": "schema",
    "new": "new",
    "config": "config",
    "help": "help",
    "_check": "hidden",
    "_supervise": "hidden",
    "_nursery": "hidden",
    "_machine": "hidden",
}
"""A test holds it to the table of commands."""


def find(name: str) -> Command | None:
    """Return a command, None when there is none of that name."""
    if name not in MODULES:
        return None
    module = import_module(f"smtui.cli.{MODULES[name]}")
    for each in vars(module).values():
        if isinstance(each, Command) and each.name == name:
            return each
    return None

"""What leads out of a machine, read from its definition: events, jobs, starts.

A `{placeholder}` or an expression makes a name computed: only the running
machine knows it. What an author's own code sends is not in the definition; the
store tells it afterwards.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from smtui.definition import (
    Action,
    AnyDefinition,
    Definition,
    Expression,
    Json,
    TreeDefinition,
    blocks_in,
    contents_in,
    guards_on_peers,
)
from smtui.definition.content import Send
from smtui.definition.expression import Language

__all__ = ["Outlet", "Way", "is_computed", "outlets_of", "pattern_of"]

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


class Way(StrEnum):
    """How one thing of a fleet reaches another."""

    EVENT = "event"
    START = "start"
    """start_fsm: one machine brings another up."""
    ADD = "add"
    """A machine puts a job into a queue."""
    TAKE = "take"
    """A machine takes jobs out of a queue."""
    READ = "read"
    """A machine's guards look at where another is."""


class Outlet(NamedTuple):
    """One thing a definition does to something beyond its machine."""

    way: Way
    target: str
    """A machine, or a type of job; '' is any type of job. May be a template."""
    event: str = ""
    file: str = ""
    """Of a START: the file as written."""


def is_computed(text: str) -> bool:
    """Return whether a name is known only while the machine runs."""
    return _PLACEHOLDER.search(text) is not None


def pattern_of(text: str) -> re.Pattern[str]:
    """Return what the names look like that a template can give."""
    parts = [re.escape(part) for part in _PLACEHOLDER.split(text)]
    return re.compile(".+".join(parts))


def outlets_of(
    definition: AnyDefinition, custom: frozenset[str] = frozenset()
) -> tuple[Outlet, ...]:
    """Return every outlet once, in the order of the file.

    `custom` are the types of action that an author's files define.
    """
    found = (
        _of_actions(definition, custom)
        if isinstance(definition, Definition)
        else _of_tree(definition)
    )
    looks = (Outlet(Way.READ, use.guard.machine) for use in guards_on_peers(definition))
    return tuple(dict.fromkeys((*found, *looks)))


# ------------------------------------------------------------ action lists


def _of_actions(definition: Definition, custom: frozenset[str]) -> Iterator[Outlet]:
    lists = [state.actions for state in definition.states]
    lists += [transition.actions for transition in definition.transitions]
    for action in (action for actions in lists for action in actions):
        if action.type is not None and action.type not in custom:
            yield from _of_action(action)


def _of_action(action: Action) -> Iterator[Outlet]:
    match action.type:
        case "send_event":
            target, event = _text(action, "target_machine"), _text(action, "event_type")
            if target and not target.startswith("#_"):  # whoever has invoked it
                yield Outlet(Way.EVENT, target.partition("/")[0], event)
        case "start_fsm":
            name, file = _text(action, "machine_name"), _text(action, "yaml_path")
            yield Outlet(Way.START, name, file=file)
        case "add_job":
            yield Outlet(Way.ADD, _text(action, "job_type"))
        case "check_database_queue" | "get_pending_jobs":
            yield Outlet(Way.TAKE, _text(action, "job_type"))
        case _:
            pass


def _text(action: Action, key: str) -> str:
    value: Json = action.args.get(key)
    return "" if value is None else str(value)


# ------------------------------------------------------------ trees


def _of_tree(definition: TreeDefinition) -> Iterator[Outlet]:
    for node in definition.nodes:
        for invoke in node.invokes:
            if invoke.type is not None and invoke.type.literal == "machine":
                yield Outlet(Way.START, _said(invoke.src))
    for block in blocks_in(definition):
        for content in contents_in(block):
            if isinstance(content, Send):
                target = _said(content.target)
                if target and not target.startswith("#_"):
                    yield Outlet(Way.EVENT, target, _said(content.event))


def _said(expression: Expression | None) -> str:
    """Return a literal as it is, and what is computed in braces."""
    if expression is None:
        return ""
    is_literal = expression.language is Language.LITERAL
    return str(expression.literal) if is_literal else f"{{{expression.text}}}"

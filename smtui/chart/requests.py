"""What an action asks for when its turn comes: kind, arguments, pure effects.

Kinds (laws of the core):
Pure   log, set_context, add_to_list, pop_from_list, raise: done here
Store  one transaction does it and keeps its result
World  bash, sleep and every author's file: after the commit, at least once

The kind is found from the *interpolated* type when the action runs.
"""

import math
from collections.abc import Callable, Mapping

from smtui.chart.queries import STORE, query
from smtui.chart.scene import Asked, Did, Request, Scene, needs
from smtui.chart.values import Kind, Log
from smtui.chart.verdicts import Verdict, error, event_name
from smtui.definition import Action, Json
from smtui.errors import StepError
from smtui.expr import MISSING, Lookup, fill, lookup_in, render

__all__ = ["BUILT_IN", "PURE", "STORE", "WORLD", "ask"]

PURE = frozenset({"log", "set_context", "add_to_list", "pop_from_list", "raise"})
WORLD = frozenset({"bash", "sleep"})
BUILT_IN = PURE | STORE | WORLD


def ask(action: Action, scene: Scene) -> Request:
    """Return what the action asks for, or what it did if it is Pure."""
    look = scene.look()
    type_ = str(fill(action.type, look))
    if type_ in scene.custom:
        return Asked(Kind.WORLD, type_, _filled(action.args, look))
    if type_ not in BUILT_IN:
        text = f"Could not load action '{type_}' - not found in actions directory"
        return Did(error(type_, text))
    try:
        return _built_in(type_, action, scene)
    except StepError as problem:
        text = f"Error executing action {type_}: {problem}"
        event = "error" if type_ == "fail_job" else _error_name(action.args)
        return Did(error(type_, text, event=event))


def _error_name(args: Mapping[str, Json]) -> str | None:
    return event_name(args, "error", "error")


def _built_in(type_: str, action: Action, scene: Scene) -> Request:
    if type_ == "bash":
        return _bash(action, scene)
    args = _filled(action.args, scene.look())
    if type_ in PURE:
        return _PURE[type_](args, scene)
    if type_ == "sleep":
        return _sleep(args, scene)
    return query(type_, action, args, scene)


def _filled(args: Mapping[str, Json], look: Lookup) -> dict[str, Json]:
    return {key: fill(value, look) for key, value in args.items()}


# ------------------------------------------------------------------------ Pure


def _log(args: Mapping[str, Json], _: Scene) -> Did:
    message = args.get("message", "No message")
    level = str(args.get("level") or "info").lower()
    return Did(Verdict(), (Log(level, str(message)),))


def _set_context(args: Mapping[str, Json], _: Scene) -> Did:
    needs("set_context", args, "key", "value")
    event = event_name(args, "success", "success")
    return Did(Verdict(event=event, sets={str(args["key"]): args["value"]}))


def _add_to_list(args: Mapping[str, Json], scene: Scene) -> Did:
    needs("add_to_list", args, "value")
    key = str(args.get("list_key") or "items")
    present = scene.data.get(key)
    items = present if isinstance(present, list) else []
    event = event_name(args, "success", "success")
    return Did(Verdict(event=event, sets={key: [*items, args["value"]]}))


def _pop_from_list(args: Mapping[str, Json], scene: Scene) -> Did:
    key = str(args.get("list_key") or "items")
    topics = (f"data/{key}",)
    present = scene.data.get(key)
    if not isinstance(present, list) or not present:
        event = event_name(args, "empty", "list_empty")
        return Did(Verdict(event=event, is_negative=True), topics=topics)
    sets: dict[str, Json] = {key: present[1:]}
    store_as = args.get("store_as")
    if isinstance(store_as, str):
        sets[store_as] = present[0]
    event = event_name(args, "success", "item_popped")
    return Did(Verdict(event=event, sets=sets, took=True), topics=topics)


def _raise(args: Mapping[str, Json], _: Scene) -> Did:
    needs("raise", args, "event")
    event = str(args["event"])
    message: Mapping[str, Json] | None = None
    if "payload" in args:
        message = {"type": event, "payload": args["payload"], "job_id": None}
    return Did(Verdict(event=event, message=message, failed=event == "error"))


_PURE: Mapping[str, Callable[[Mapping[str, Json], Scene], Did]] = {
    "add_to_list": _add_to_list,
    "log": _log,
    "pop_from_list": _pop_from_list,
    "raise": _raise,
    "set_context": _set_context,
}


# ----------------------------------------------------------------------- World


def _bash(action: Action, scene: Scene) -> Request:
    args = dict(action.args)
    template = args.pop("command", None)
    job = scene.data.get("current_job")
    job_data = job.get("data") if isinstance(job, dict) else None
    look = scene.look()
    if isinstance(job_data, dict):
        own = job_data.get("command")
        if args.get("allow_job_command") is True and isinstance(own, str):
            template = own
        look = _with_job(look, scene, job_data)
    if template is None:
        raise StepError("No command specified")
    command = render(str(template), look, choose=isinstance(job_data, dict))
    filled = _filled(args, scene.look())
    filled["command"] = command.text
    if command.environment:
        filled["environment"] = dict(command.environment)
    return Asked(Kind.WORLD, "bash", filled)


def _with_job(look: Lookup, scene: Scene, job_data: dict[str, Json]) -> Lookup:
    """Look in the data first, then in the event's payload and the job's data."""
    event = scene.data.get("event_data")
    payload = event.get("payload") if isinstance(event, dict) else None
    more = lookup_in({**(payload if isinstance(payload, dict) else {}), **job_data})

    def both(name: str) -> object:
        found = look(name)
        return more(name) if found is MISSING or found is None else found

    return both  # type: ignore[return-value]  # object covers MISSING


def _sleep(args: dict[str, Json], scene: Scene) -> Request:
    duration = args.get("duration", 1)
    try:
        seconds = float(str(duration))
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise StepError(f"duration {duration!r} is no number of seconds")
    due = scene.at.plus(max(0.0, seconds))
    args["duration"] = seconds
    args["due"] = [due.wall, due.boot, due.boot_id]
    return Asked(Kind.WORLD, "sleep", args)

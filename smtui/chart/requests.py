"""What an action asks for when its turn comes: kind, arguments, pure effects.

Kinds (laws of the core):
Pure   log, set_context, add_to_list, pop_from_list, raise: done here
Store  one transaction does it and keeps its result
World  bash, sleep and every author's file: after the commit, at least once

The kind is found from the *interpolated* type when the action runs.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from smtui.chart.values import At, Kind, Log
from smtui.chart.verdicts import Verdict, error
from smtui.definition import Action, Json
from smtui.errors import StepError
from smtui.expr import MISSING, Lookup, fill, lookup_in, render

__all__ = [
    "BUILT_IN",
    "PURE",
    "STORE",
    "WATCHABLE",
    "WORLD",
    "Asked",
    "Scene",
    "ask",
    "topics",
]

PURE = frozenset({"log", "set_context", "add_to_list", "pop_from_list", "raise"})
STORE = frozenset(
    {
        "activity_log",
        "add_job",
        "check_database_queue",
        "check_events",
        "check_machine_state",
        "claim_job",
        "clear_events",
        "complete_job",
        "fail_job",
        "get_pending_jobs",
        "send_event",
        "start_fsm",
        "wait_for_jobs",
    }
)
WORLD = frozenset({"bash", "sleep"})
BUILT_IN = PURE | STORE | WORLD
WATCHABLE = frozenset(
    {
        "check_database_queue",
        "check_events",
        "get_pending_jobs",
        "pop_from_list",
        "wait_for_jobs",
    }
)
"""Actions that look for something: their list runs again when it changes."""

DEFAULT_JOB_TYPE = "face_processing"
"""What the original takes when a queue check names no job_type."""


class Scene(NamedTuple):
    """What an action can see when its turn comes."""

    data: Mapping[str, Json]
    machine: str
    state: str
    at: At
    held: Mapping[str, str]
    custom: frozenset[str]

    def look(self) -> Lookup:
        """Return the lookup of names in templates."""
        return lookup_in({**self.data, "current_state": self.state})


class Asked(NamedTuple):
    """A Store or World action to perform."""

    kind: Kind
    action: str
    args: Mapping[str, Json]
    topics: tuple[str, ...] = ()


class Did(NamedTuple):
    """A Pure action, done."""

    action: str
    verdict: Verdict
    logs: tuple[Log, ...] = ()
    topics: tuple[str, ...] = ()


Request: TypeAlias = Asked | Did


def ask(action: Action, scene: Scene) -> Request:
    """Return what the action asks for, or what it did if it is Pure."""
    look = scene.look()
    type_ = str(fill(action.type or "", look))
    if type_ in scene.custom:
        return Asked(Kind.WORLD, type_, _filled(action.args, look))
    if type_ not in BUILT_IN:
        text = f"Could not load action '{type_}' - not found in actions directory"
        return Did(type_, error(type_, text))
    try:
        return _built_in(type_, action, scene)
    except StepError as problem:
        text = f"Error executing action {type_}: {problem.message}"
        event = str(action.args.get("error") or "error")
        return Did(type_, error(type_, text, event=event))


def _built_in(type_: str, action: Action, scene: Scene) -> Request:
    if type_ == "bash":
        return _bash(action, scene)
    args = _filled(action.args, scene.look())
    if type_ in PURE:
        return _PURE[type_](args, scene)
    if type_ == "sleep":
        return _sleep(args, scene)
    return _store(type_, action, args, scene)


def topics(type_: str, args: Mapping[str, Json]) -> tuple[str, ...]:
    """Return what a watchable action's answer depends on."""
    match type_:
        case "check_database_queue" | "get_pending_jobs":
            return (f"jobs/{args.get('job_type') or DEFAULT_JOB_TYPE}",)
        case "wait_for_jobs":
            return ("jobs_ended",)
        case "check_events":
            return tuple(f"inbox/{name}" for name in names(args.get("event_types")))
        case "pop_from_list":
            return (f"data/{args.get('list_key') or 'items'}",)
        case _:
            return ()


def names(value: Json) -> tuple[str, ...]:
    """Return a text or a list of texts as a tuple."""
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return () if value is None else (str(value),)


def _filled(args: Mapping[str, Json], look: Lookup) -> dict[str, Json]:
    return {key: fill(value, look) for key, value in args.items()}


# ------------------------------------------------------------------------ Pure


def _log(args: Mapping[str, Json], _: Scene) -> Did:
    message = args.get("message", "No message")
    level = str(args.get("level") or "info").lower()
    return Did("log", Verdict(), (Log(level, str(message)),))


def _needs(type_: str, args: Mapping[str, Json], *keys: str) -> None:
    label = "".join(part.capitalize() for part in type_.split("_")) + "Action"
    for key in keys:
        if key not in args:
            raise StepError(f"{label} requires {key!r} parameter")


def _set_context(args: Mapping[str, Json], _: Scene) -> Did:
    _needs("set_context", args, "key", "value")
    return Did(
        "set_context",
        Verdict(
            event=str(args.get("success") or "success"),
            sets={str(args["key"]): args["value"]},
        ),
    )


def _add_to_list(args: Mapping[str, Json], scene: Scene) -> Did:
    _needs("add_to_list", args, "value")
    key = str(args.get("list_key") or "items")
    present = scene.data.get(key)
    items = present if isinstance(present, list) else []
    return Did(
        "add_to_list",
        Verdict(
            event=str(args.get("success") or "success"),
            sets={key: [*items, args["value"]]},
        ),
    )


def _pop_from_list(args: Mapping[str, Json], scene: Scene) -> Did:
    key = str(args.get("list_key") or "items")
    present = scene.data.get(key)
    if not isinstance(present, list) or not present:
        event = str(args.get("empty") or "list_empty")
        verdict = Verdict(event=event, is_negative=True)
    else:
        sets: dict[str, Json] = {key: present[1:]}
        store_as = args.get("store_as")
        if isinstance(store_as, str):
            sets[store_as] = present[0]
        event = str(args.get("success") or "item_popped")
        verdict = Verdict(event=event, sets=sets, took=True)
    return Did("pop_from_list", verdict, topics=topics("pop_from_list", args))


def _raise(args: Mapping[str, Json], _: Scene) -> Did:
    _needs("raise", args, "event")
    return Did("raise", Verdict(event=str(args["event"])))


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
    has_job = isinstance(job_data, dict)
    command = render(str(template), look, choose=has_job)
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
        raise StepError(f"duration {duration!r} is no number") from None
    due = scene.at.plus(max(0.0, seconds))
    args["duration"] = seconds
    args["due"] = [due.wall, due.boot, due.boot_id]
    return Asked(Kind.WORLD, "sleep", args)


# ----------------------------------------------------------------------- Store


def _store(type_: str, action: Action, args: dict[str, Json], scene: Scene) -> Request:
    match type_:
        case "check_database_queue" | "get_pending_jobs":
            args.setdefault("job_type", DEFAULT_JOB_TYPE)
        case "complete_job" | "fail_job" | "claim_job":
            args["job_id"] = _job_id(type_, args, scene)
            args.setdefault("error", "error")
            if type_ == "fail_job":
                args["reason"] = args.get("reason") or scene.data.get("last_error")
        case "wait_for_jobs":
            tracked = scene.data.get(
                str(args.get("tracked_jobs_key") or "spawned_jobs")
            )
            if not isinstance(tracked, list) or not tracked:
                return Did(type_, Verdict(event="no_jobs_tracked"))
            args["ids"] = [str(item) for item in tracked]
        case "send_event":
            args["payload"] = _payload(action, args)
            args["target_machine"] = str(args.get("target_machine") or "unknown")
            args["event_type"] = str(args.get("event_type") or "generic_event")
        case "start_fsm":
            args.update(_start_fsm(args, scene))
        case "activity_log":
            args["message"] = _activity(action, scene)
        case "add_job":
            _needs("add_job", args, "job_type")
        case _:
            pass
    return Asked(Kind.STORE, type_, args, topics(type_, args))


def _job_id(type_: str, args: Mapping[str, Json], scene: Scene) -> str:
    """Return the job meant: as written, else {job_id}, else the one in hand."""
    written = args.get("job_id")
    if written is None and type_ != "claim_job":
        job = scene.data.get("current_job")
        in_hand = job.get("id") or job.get("job_id") if isinstance(job, dict) else None
        written = scene.data.get("job_id") or in_hand
    if written is None or (isinstance(written, str) and _is_open(written)):
        raise StepError(f"no job_id: {written or '{job_id}'} has no value")
    return str(written)


def _is_open(text: str) -> bool:
    return text.startswith("{") and text.endswith("}")


def _payload(action: Action, args: Mapping[str, Json]) -> Json:
    """Return the payload to send; a value that found no name becomes null."""
    written = action.args.get("payload")
    if written is None:
        return {}
    filled = args.get("payload")
    if isinstance(filled, dict) and isinstance(written, dict):
        return {
            key: None if value == written.get(key) and _is_open(str(value)) else value
            for key, value in filled.items()
        }
    if isinstance(filled, str) and _is_open(filled) and filled == written:
        return {}
    return filled


def _start_fsm(args: Mapping[str, Json], scene: Scene) -> dict[str, Json]:
    _needs("start_fsm", args, "yaml_path", "machine_name")
    look = lookup_in(scene.data)
    context: dict[str, Json] = {}
    for item in names(args.get("context_vars")):
        path, _, alias = item.partition(" as ")
        found = look(path.strip())
        key = alias.strip() or path.strip().split(".")[-1]
        if found is not MISSING and found is not None:
            context[key] = found  # type: ignore[assignment]  # MISSING is ruled out
    jobs: list[Json] = [
        job for job in scene.held if any(value == job for value in context.values())
    ]
    return {"context": context, "jobs": jobs}


def _activity(action: Action, scene: Scene) -> Json:
    """Fill an activity_log message: {id} and {job_id} are `unknown` when unset."""
    base = {"id": "unknown", "job_id": "unknown"}
    present = {k: v for k, v in scene.data.items() if v is not None}
    names_ = {**base, **present, "current_state": scene.state}
    return fill(action.args.get("message", "Log message"), lookup_in(names_))

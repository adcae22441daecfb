"""What a Store action asks the store for: its arguments and its topics.

Names of events (`success:`, `empty:`) stay in the arguments; the store does
not look at them, the verdict does.
"""

import re
from collections.abc import Mapping

from smtui.chart.scene import Asked, Did, Request, Scene, names, needs
from smtui.chart.values import Kind
from smtui.chart.verdicts import Verdict
from smtui.definition import Action, Json
from smtui.errors import StepError
from smtui.expr import MISSING, fill, find, lookup_in

__all__ = ["DEFAULT_JOB_TYPE", "STORE", "query"]

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

DEFAULT_JOB_TYPE = "face_processing"
"""What the original takes when a queue check names no job_type."""

_ALIAS = re.compile(r"\s+as\s+")


def query(type_: str, action: Action, args: dict[str, Json], scene: Scene) -> Request:
    """Return the query of a Store action whose arguments are filled in.

    Raises StepError when an argument it cannot do without has no value.
    """
    match type_:
        case "check_database_queue":
            args["job_type"] = args.get("job_type") or DEFAULT_JOB_TYPE
        case "complete_job" | "claim_job":
            args["job_id"] = _job_id(type_, args, scene)
        case "fail_job":
            args["job_id"] = _job_id(type_, args, scene)
            # here `error` is the text kept with the job, not an event
            said = args.pop("error", None)
            args["reason"] = args.get("reason") or said or scene.data.get("last_error")
        case "wait_for_jobs":
            tracked = scene.data.get(
                str(args.get("tracked_jobs_key") or "spawned_jobs")
            )
            if not isinstance(tracked, list) or not tracked:
                return Did(Verdict(event="no_jobs_tracked"))
            args["ids"] = [str(item) for item in tracked]
        case "send_event":
            args["payload"] = _payload(action, args)
            args["target_machine"] = str(args.get("target_machine") or "unknown")
            args["event_type"] = str(args.get("event_type") or "generic_event")
        case "start_fsm":
            needs("start_fsm", args, "yaml_path", "machine_name")
            args.update(_child(args, scene))
        case "activity_log":
            args["message"] = _activity(action, scene)
        case "add_job":
            needs("add_job", args, "job_type")
        case _:
            pass
    return Asked(Kind.STORE, type_, args, _topics(type_, args))


def _topics(type_: str, args: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the counters that tell when the answer may be another one."""
    match type_:
        case "check_database_queue" | "get_pending_jobs":
            job_type = args.get("job_type")
            return (f"jobs/{job_type}" if job_type else "jobs",)
        case "wait_for_jobs":
            return ("jobs_ended",)
        case _:
            return ()


def _job_id(type_: str, args: Mapping[str, Json], scene: Scene) -> str:
    """Return the job meant: as written, else {job_id}, else the one in hand."""
    written = args.get("job_id")
    if written is None and type_ != "claim_job":
        written = scene.data.get("job_id") or scene.job_in_hand()
    if written is None or _is_open(written):
        raise StepError(f"no job_id: {written or '{job_id}'} has no value")
    return str(written)


def _is_open(value: Json) -> bool:
    """Say whether a filled value is still one placeholder: it found no name."""
    if not isinstance(value, str):
        return False
    places = find(value)
    return len(places) == 1 and places[0].text == value


def _payload(action: Action, args: Mapping[str, Json]) -> Json:
    """Return the payload to send; a value that found no name becomes null."""
    written = action.args.get("payload")
    filled = args.get("payload")
    if isinstance(filled, dict) and isinstance(written, dict):
        return {
            key: None if _is_open(value) and value == written.get(key) else value
            for key, value in filled.items()
        }
    if filled is None or (_is_open(filled) and filled == written):
        return {}
    return filled


def _child(args: Mapping[str, Json], scene: Scene) -> dict[str, Json]:
    """Return the data a child begins with, and the held jobs that go with it."""
    look = lookup_in(scene.data)
    context: dict[str, Json] = {}
    for item in names(args.get("context_vars")):
        path, *alias = _ALIAS.split(item.strip(), maxsplit=1)
        found = look(path)
        if found is not MISSING and found is not None:
            key = alias[0] if alias else path.split(".")[-1]
            context[key] = found  # type: ignore[assignment]  # MISSING is ruled out
    jobs: list[Json] = [job for job in scene.held if _carries(context, job)]
    return {"context": context, "jobs": jobs}


def _carries(value: Json, job: str) -> bool:
    """Say whether a job's id stands anywhere in a value."""
    if isinstance(value, dict):
        return any(_carries(child, job) for child in value.values())
    if isinstance(value, list):
        return any(_carries(child, job) for child in value)
    return value == job


def _activity(action: Action, scene: Scene) -> Json:
    """Fill an activity_log message: {id} and {job_id} are `unknown` when unset."""
    base = {"id": "unknown", "job_id": "unknown"}
    present = {k: v for k, v in scene.data.items() if v is not None}
    look = lookup_in({**base, **present, "current_state": scene.state})
    return str(fill(action.args.get("message", "Log message"), look))

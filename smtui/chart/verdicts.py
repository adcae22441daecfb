"""What the result of an action means: an event, changed data, a job's fate.

Performers hand back bare facts (an exit code, a claimed job); which event that
is (`success:`, `empty:`, `error_mappings:`) and what it does to the data is
decided here, in one place, without doing anything. Semantics: the engine
dialect, with the improvements documented in `smtui help from-statemachine-engine`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from smtui.chart.values import At, Kind, Raised, Result, RunEntry
from smtui.definition import Json
from smtui.expr import parse_json

__all__ = ["Verdict", "error", "event_name", "judge", "message_data"]


class Verdict(NamedTuple):
    """The meaning of one action's end."""

    event: str | None = None
    sets: Mapping[str, Json] = MappingProxyType({})
    unset: tuple[str, ...] = ()
    is_negative: bool = False
    """A Store action found nothing: on a self-loop it ends the pass."""
    took: bool = False
    """It took something: the list has reason to look again at once."""
    failed: bool = False
    """A held job's attempt has failed."""
    holds: tuple[str, str] | None = None
    """A job now held: id, and `queue` or `claim`."""
    lets_go: tuple[str, ...] = ()
    """Ids of jobs no longer held."""
    message: Mapping[str, Json] | None = None
    """An event message whose context_map applies."""


class _Case(NamedTuple):
    args: Mapping[str, Json]
    value: Mapping[str, Json]
    is_late: bool
    """The deadline of wait_for_jobs has passed."""

    def name(self, key: str, default: str | None) -> str | None:
        """Return the event the author named for an outcome."""
        return event_name(self.args, key, default)


def event_name(args: Mapping[str, Json], key: str, default: str | None) -> str | None:
    """Return the event an author named for an outcome.

    None, no event at all, when the name is written as null or as nothing.
    """
    given = args.get(key, default)
    return None if given in (None, "") else str(given)


def error(action: str, message: str, *, event: str | None = "error") -> Verdict:
    """Return the verdict of a failed action: `error`, and why in the data."""
    return Verdict(
        event=event,
        sets={"last_error": message, "last_error_action": action},
        failed=True,
    )


def judge(
    entry: RunEntry, answer: Result | Raised, *, by: At | None, at: At
) -> Verdict:
    """Return what an answer means for the action that asked."""
    if isinstance(answer, Raised):
        return _raised(entry, answer)
    is_late = by is not None and by.is_due(at)
    rule = _RULES.get(entry.action, _custom)
    if entry.kind is Kind.WORLD and "event" in answer.value:
        rule = _custom  # an author's file may replace a built-in action
    return rule(_Case(entry.args, answer.value, is_late))


def _raised(entry: RunEntry, answer: Raised) -> Verdict:
    event = event_name(entry.args, "error", "error")
    if answer.kind == "NotFound":
        return error(entry.action, answer.message, event=event)
    text = f"Error executing action {entry.action}: {answer.message}"
    return error(entry.action, text, event=event)


def _custom(case: _Case) -> Verdict:
    event = case.value.get("event")
    return Verdict(event=str(event) if event else None, failed=event == "error")


def _bash(case: _Case) -> Verdict:
    args, value = case.args, case.value
    command = str(args.get("command", ""))
    if value.get("timed_out"):
        limit = args.get("timeout", 30)
        text = f"Command timed out after {limit} seconds\nCommand: {command}"
        return Verdict(
            event="error",
            sets={
                "last_error": text,
                "last_error_action": "bash",
                "last_error_command": command,
            },
            unset=("current_job",),
            failed=True,
        )
    stored = _stored(case)
    code = value.get("exit")
    if code == 0:
        return Verdict(event=case.name("success", "job_done"), sets=stored)
    mappings = args.get("error_mappings")
    mapped = mappings.get(str(code)) if isinstance(mappings, dict) else None
    stderr = str(value.get("stderr") or "").strip()
    text = f"Command failed (exit {code}): {stderr}\nCommand: {command}"
    event = str(mapped or "error")
    return Verdict(
        event=event,
        sets={
            **stored,
            "last_error": text,
            "last_error_action": "bash",
            "last_error_command": command,
            "last_error_exit_code": code,
        },
        unset=("current_job",),
        failed=event == "error",
    )


def _stored(case: _Case) -> dict[str, Json]:
    key, line = case.args.get("store_as"), case.value.get("last_line")
    if not isinstance(key, str) or not isinstance(line, str):
        return {}
    try:
        return {key: parse_json(line)}
    except ValueError:
        return {key: line}


def _sleep(case: _Case) -> Verdict:
    return Verdict(event=case.name("success", "wake_up"))


def _send_event(case: _Case) -> Verdict:
    quiet = case.args.get("fire_and_forget")
    if quiet is True or str(quiet).lower() in {"true", "1", "yes", "on"}:
        return Verdict()
    return Verdict(event=case.name("success", "event_sent"))


def message_data(message: Mapping[str, Json]) -> dict[str, Json]:
    """Return an event message as the data knows it: type, payload, job_id.

    A payload that is text is read as JSON; text that is no JSON becomes {}.
    """
    payload = message.get("payload")
    if isinstance(payload, str):
        try:
            payload = parse_json(payload)
        except ValueError:
            payload = {}
    return {
        "type": message.get("type"),
        "payload": {} if payload is None else payload,
        "job_id": message.get("job_id"),
    }


def _check_events(case: _Case) -> Verdict:
    found = case.value.get("event")
    if not isinstance(found, dict):
        return Verdict(event=case.name("empty", "no_events"), is_negative=True)
    message = message_data(found)
    return Verdict(
        event=str(found.get("type")),
        sets={"payload": message["payload"]},
        took=True,
        message=message,
    )


def _check_database_queue(case: _Case) -> Verdict:
    job = case.value.get("job")
    if not isinstance(job, dict):
        return Verdict(event="no_jobs", is_negative=True)
    return Verdict(
        event="new_job",
        sets={"current_job": job},
        took=True,
        holds=(str(job.get("id")), "queue"),
    )


def _get_pending_jobs(case: _Case) -> Verdict:
    jobs = case.value.get("jobs")
    key = str(case.args.get("store_as") or "pending_jobs")
    if jobs:
        return Verdict(event=case.name("success", "jobs_found"), sets={key: jobs})
    return Verdict(
        event=case.name("empty", "no_jobs"), sets={key: []}, is_negative=True
    )


def _claim_job(case: _Case) -> Verdict:
    if not case.value.get("claimed"):
        event = case.name("already_claimed", "already_claimed")
        return Verdict(event=event, is_negative=True)
    job_id = str(case.args.get("job_id"))
    return Verdict(
        event=case.name("success", "claimed"), took=True, holds=(job_id, "claim")
    )


def _complete_job(case: _Case) -> Verdict:
    return Verdict(
        event=case.name("success", "success"),
        lets_go=(str(case.args.get("job_id")),),
    )


def _fail_job(case: _Case) -> Verdict:
    return Verdict(
        event=case.name("success", "job_failed"),
        unset=("current_job",),
        lets_go=(str(case.args.get("job_id")),),
    )


def _add_job(case: _Case) -> Verdict:
    key = case.args.get("store_as")
    sets = {key: case.value.get("id")} if isinstance(key, str) else {}
    return Verdict(event=case.name("success", "job_added"), sets=sets)


def _wait_for_jobs(case: _Case) -> Verdict:
    value = case.value
    sets: dict[str, Json] = {
        "completed_jobs": value.get("completed"),
        "failed_jobs": value.get("failed"),
        "pending_jobs": value.get("pending"),
    }
    if not value.get("pending"):
        return Verdict(event=case.name("success", "all_jobs_complete"), sets=sets)
    if case.is_late:
        return Verdict(event=case.name("timeout_event", "check_timeout"), sets=sets)
    return Verdict(event=case.name("pending", None), sets=sets, is_negative=True)


def _clear_events(case: _Case) -> Verdict:
    default = "events_cleared" if case.value.get("cleared") else "no_events_to_clear"
    return Verdict(event=case.name("success", default))


def _activity_log(case: _Case) -> Verdict:
    return Verdict(event=case.name("success", "continue"))


def _check_machine_state(case: _Case) -> Verdict:
    status = str(case.value.get("status"))
    expected = case.args.get("expected_states")
    wanted = [expected] if isinstance(expected, str) else expected
    if (
        status == "running"
        and isinstance(wanted, list)
        and wanted
        and case.value.get("state") not in wanted
    ):
        status = "not_running"
    match status:
        case "running":
            event = case.name("success", "is_running")
        case "stale":
            event = case.name("stale", "stale")
        case _:
            event = case.name("failure", "not_running")
    return Verdict(event=event)


def _start_fsm(case: _Case) -> Verdict:
    jobs = case.args.get("jobs")
    lets_go = tuple(str(job) for job in jobs) if isinstance(jobs, list) else ()
    return Verdict(event=case.name("success", "success"), lets_go=lets_go)


_RULES: Mapping[str, Callable[[_Case], Verdict]] = {
    "activity_log": _activity_log,
    "add_job": _add_job,
    "bash": _bash,
    "check_database_queue": _check_database_queue,
    "check_events": _check_events,
    "check_machine_state": _check_machine_state,
    "claim_job": _claim_job,
    "clear_events": _clear_events,
    "complete_job": _complete_job,
    "fail_job": _fail_job,
    "get_pending_jobs": _get_pending_jobs,
    "send_event": _send_event,
    "sleep": _sleep,
    "start_fsm": _start_fsm,
    "wait_for_jobs": _wait_for_jobs,
}

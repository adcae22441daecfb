"""Every key of the `engine` dialect, in tables.

One place for the loader, the documentation and its test. The dialect is that
of statemachine-engine 1.0.91; what is ours says so. `name` and `description`
may stand anywhere and are listed nowhere.
"""

from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "ACTION_KEYS",
    "ACTION_TYPES",
    "ANYWHERE",
    "COMMON_KEYS",
    "CURES",
    "EVENT_KEYS",
    "FINAL_STATES",
    "LOG_LEVELS",
    "OURS",
    "SYNONYMS",
    "TARGETED",
    "TOP_KEYS",
    "TRANSITION_KEYS",
    "Key",
    "Kind",
]


class Kind(StrEnum):
    """What may stand at a key; text with a {placeholder} may stand at any."""

    TEXT = "text"
    NAME = "a name"
    EVENT = "the name of an event"
    EVENTS = "the name of an event, or a list of them"
    NAMES = "a name, or a list of them"
    SECONDS = "a number of seconds"
    COUNT = "a whole number"
    FLAG = "true or false"
    SWITCH = "true or false, not as text"
    JSON = "any value"
    CODES = "a mapping from exit codes to events"
    VARIABLES = "a list of `path` or `path as name`"
    TEXTS = "a list of texts"
    LEVEL = "a log level"
    ON_CRASH = "rerun or error"


class Key(NamedTuple):
    """One key of an action."""

    kind: Kind
    required: bool = False


FINAL_STATES = ("stopped", "shutdown", "completed")
"""Known without being declared: they end the machine."""

ANYWHERE = ("name", "description")
"""Labels, allowed in every mapping."""

TOP_KEYS = (
    "initial_state",
    "transitions",
    "actions",
    "events",
    "metadata",
    "states",
    "template",
    "actions_root",
    "asks",  # ours
    "stuck_after",  # ours
    "peers",  # ours
)

TRANSITION_KEYS = ("from", "to", "event", "actions", "when")

EVENT_KEYS = ("context_map",)

COMMON_KEYS: dict[str, Key] = {
    "repeatable": Key(Kind.FLAG),
    "run_policy": Key(Kind.NAME),
    "poll_interval": Key(Kind.SECONDS),  # ours, but for wait_for_jobs
}
"""Keys of every built-in action, beside `type` and `params`."""

_EVENT = Key(Kind.EVENT)
_TARGET = Key(Kind.NAME, required=True)

ACTION_KEYS: dict[str, dict[str, Key]] = {
    "log": {"message": Key(Kind.TEXT), "level": Key(Kind.LEVEL)},
    "activity_log": {
        "message": Key(Kind.TEXT),
        "level": Key(Kind.LEVEL),
        "success": _EVENT,
        "error": _EVENT,
    },
    "sleep": {"duration": Key(Kind.SECONDS), "success": _EVENT},
    "bash": {
        "command": Key(Kind.TEXT, required=True),
        "timeout": Key(Kind.SECONDS),
        "success": _EVENT,
        "error_mappings": Key(Kind.CODES),
        "store_as": Key(Kind.NAME),  # ours
        "on_crash": Key(Kind.ON_CRASH),  # ours
        "allow_job_command": Key(Kind.SWITCH),  # ours
    },
    "send_event": {
        "target_machine": _TARGET,
        "event_type": Key(Kind.EVENT),
        "payload": Key(Kind.JSON),
        "success": _EVENT,
        "error": _EVENT,
        "fire_and_forget": Key(Kind.FLAG),
    },
    "check_events": {
        "event_types": Key(Kind.EVENTS, required=True),
        "target_machine": Key(Kind.NAME),
        "empty": _EVENT,  # ours
        "error": _EVENT,
    },
    "check_database_queue": {
        "job_type": Key(Kind.NAME, required=True),
        "machine_type": Key(Kind.NAME),
        "error": _EVENT,
    },
    "get_pending_jobs": {
        "job_type": Key(Kind.NAME),
        "machine_type": Key(Kind.NAME),
        "limit": Key(Kind.COUNT),
        "store_as": Key(Kind.NAME),
        "success": _EVENT,
        "empty": _EVENT,
        "error": _EVENT,
    },
    "claim_job": {
        "job_id": Key(Kind.NAME, required=True),
        "success": _EVENT,
        "already_claimed": _EVENT,
        "error": _EVENT,
    },
    "complete_job": {"job_id": Key(Kind.NAME), "success": _EVENT, "error": _EVENT},
    "fail_job": {  # ours; `error` and `reason`: what is kept with the job
        "job_id": Key(Kind.NAME),
        "error": Key(Kind.TEXT),
        "reason": Key(Kind.TEXT),
        "success": _EVENT,
    },
    "add_job": {  # ours
        "job_type": Key(Kind.NAME, required=True),
        "data": Key(Kind.JSON),
        "priority": Key(Kind.COUNT),
        "machine_type": Key(Kind.NAME),
        "key": Key(Kind.NAME),
        "delay_s": Key(Kind.SECONDS),
        "max_attempts": Key(Kind.COUNT),
        "job_id": Key(Kind.NAME),
        "source_job_id": Key(Kind.NAME),
        "store_as": Key(Kind.NAME),
        "success": _EVENT,
        "error": _EVENT,
    },
    "wait_for_jobs": {
        "tracked_jobs_key": Key(Kind.NAME),
        "timeout": Key(Kind.SECONDS),
        "timeout_event": _EVENT,
        "success": _EVENT,
        "pending": _EVENT,
        "error": _EVENT,
    },
    "add_to_list": {
        "list_key": Key(Kind.NAME),
        "value": Key(Kind.JSON, required=True),
        "success": _EVENT,
        "error": _EVENT,
    },
    "pop_from_list": {
        "list_key": Key(Kind.NAME),
        "store_as": Key(Kind.NAME),
        "success": _EVENT,
        "empty": _EVENT,
    },
    "set_context": {
        "key": Key(Kind.NAME, required=True),
        "value": Key(Kind.JSON, required=True),
        "success": _EVENT,
        "error": _EVENT,
    },
    "raise": {  # ours
        "event": Key(Kind.EVENT, required=True),
        "payload": Key(Kind.JSON),
    },
    "clear_events": {
        "event_types": Key(Kind.EVENTS),
        "target_machine": Key(Kind.NAME),
        "success": _EVENT,
        "error": _EVENT,
    },
    "check_machine_state": {
        "target_machine": _TARGET,
        "expected_states": Key(Kind.NAMES),
        "timeout_seconds": Key(Kind.SECONDS),
        "success": _EVENT,
        "failure": _EVENT,
        "stale": _EVENT,  # ours: it does not answer
        "error": _EVENT,
    },
    "start_fsm": {
        "yaml_path": Key(Kind.TEXT, required=True),
        "machine_name": Key(Kind.NAME, required=True),
        "context_vars": Key(Kind.VARIABLES),
        "additional_args": Key(Kind.TEXTS),
        "store_pid": Key(Kind.FLAG),
        "success": _EVENT,
        "error": _EVENT,
    },
}

ACTION_TYPES = tuple(ACTION_KEYS)

OURS = frozenset({"add_job", "fail_job", "raise", "check_events"})
"""Types no file of 1.0.91 can use with success."""

TARGETED = frozenset(
    {"send_event", "check_events", "clear_events", "check_machine_state"}
)
"""Types in which `target` is another spelling of `target_machine`."""

LOG_LEVELS = ("debug", "info", "success", "warning", "warn", "error", "critical")

CURES: dict[str, str] = {
    "guard": "guards of this dialect look at other machines, `when: {peer: MACHINE, "
    "in: STATE}`; else use two events, or a bash action and error_mappings",
    "condition": "this dialect has no conditions: use two events",
    "on_error": "an action that fails gives the event 'error': add a transition",
    "error": "this action gives the event 'error' itself: add a transition",
    "failure": "this action gives the event 'error' itself: add a transition",
    "on_entry": "actions of a state stand under `actions:`, by its name",
    "version": "below `metadata:` any key may stand",
    "job_type": "below `metadata:` any key may stand",
    "machine_name": "it belongs below `metadata:`",
}
"""What to do about keys people write that are no slip of a known one."""

SYNONYMS: dict[str, str] = {
    "initial": "initial_state",
    "trigger": "event",
    "source": "from",
    "dest": "to",
    "target": "to",
    "script": "command",
    "cmd": "command",
}
"""Other systems' words for keys of this dialect: read as these, with an error."""

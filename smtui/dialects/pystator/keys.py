"""Every key of the `pystator` dialect, in tables.

One place for the loader, the JSON Schema, the documentation and its test. The
dialect is that of PyStator 0.0.10 with what 0.0.47 added; a key that is only
in 0.0.47 and not done here is refused with what to write instead, and what is
ours says so.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "CURES",
    "EFFECTS",
    "REFUSED",
    "SYNONYMS",
    "TABLES",
    "TYPES",
    "VARIABLE_TYPES",
    "Key",
    "Kind",
    "Place",
]


class Kind(StrEnum):
    """What stands at a key."""

    TEXT = "text"
    STATE = "the name of a state"
    STATES = "the name of a state, a list of them, or *"
    TARGET = "the name of a state, H(STATE) or H*(STATE)"
    STATE_LIST = "a list of names of states"
    EVENT = "the name of an event"
    FLAG = "true or false"
    COUNT = "a whole number, 0 or more"
    WHOLE = "a whole number"
    SECONDS = "a number of seconds above 0"
    DELAY = "milliseconds, or a number with ms, s, m, h or d"
    JSON = "any value"
    TABLE = "a mapping with any keys"
    TEXTS = "a list of texts"
    TYPE = "a kind of state"
    NORMALIZER = "lower or upper"
    FALLBACK = "off or hint"
    ACTIONS = "an action, or a list of them"
    GUARDS = "a guard, or a list of them"
    CONDITION = "an expression, a check, or a list of checks"
    EXPRESSION = "an inline expression"
    EXPRESSIONS = "a mapping from fields to inline expressions"
    FIELD = "the name of a field of the data"
    OP = "a comparison"
    VARIABLE_TYPE = "a type of a variable"
    META = "the mapping `meta`"
    STATE_TABLES = "a list of states"
    TRANSITION_TABLES = "a list of transitions"
    REGION_TABLES = "a list of regions"
    INVOKE_TABLES = "a list of invokes"
    TIMEOUT = "{seconds, destination}"
    CHECK = "{field, op, value}"
    APPEND = "{field, value}"
    BRANCH = "{when, then, else}"
    CUSTOM = "{name, params}"
    POLICY = "{retry_attempts, default_fallback}"
    GROUPS = "a mapping from groups to their descriptions"
    VARIABLES = "a list of keys, or of mappings with a key"
    EVENTS = "a list of names, or of mappings with a name"
    ASKS = "a mapping from states to {text, answers}"
    STUCK = "seconds, or a mapping from states to seconds"


class Key(NamedTuple):
    """One key of a mapping."""

    kind: Kind
    says: str
    required: bool = False


class Place(StrEnum):
    """The mappings of a definition."""

    TOP = "top level"
    META = "meta"
    STATE = "state"
    TRANSITION = "transition"
    REGION = "region"
    INVOKE = "invoke"
    TIMEOUT = "timeout"
    GUARD = "guard"
    CHECK = "check"
    ACTION = "action"
    APPEND = "append"
    BRANCH = "branch"
    CUSTOM = "custom"
    POLICY = "error_policy"
    VARIABLE = "state variable"
    EVENT = "event"


TYPES = ("initial", "stable", "terminal", "error", "parallel", "choice")
VARIABLE_TYPES = ("string", "number", "boolean", "object")
EFFECTS = ("set", "timestamp", "increment", "decrement", "append", "clear")

TABLES: Mapping[Place, Mapping[str, Key]] = {
    Place.TOP: {
        "meta": Key(Kind.META, "name, version and rules of the machine"),
        "states": Key(Kind.STATE_TABLES, "at least one, one of them initial", True),
        "transitions": Key(Kind.TRANSITION_TABLES, "the ways between them"),
        "groups": Key(Kind.GROUPS, "what the groups of states are for; shown only"),
        "error_policy": Key(Kind.POLICY, "what happens when an action fails"),
        "state_variables": Key(Kind.VARIABLES, "fields the data is expected to have"),
        "events": Key(Kind.EVENTS, "events, for the reader; others are taken too"),
        "code": Key(Kind.TEXT, "ours: the Python file with guards and actions"),
        "asks": Key(Kind.ASKS, "ours: questions that states put to a person"),
        "stuck_after": Key(Kind.STUCK, "ours: when a state counts as stuck"),
    },
    Place.META: {
        "machine_name": Key(Kind.TEXT, "the machine's name; default: the file's"),
        "version": Key(Kind.TEXT, "any text"),
        "strict_mode": Key(Kind.FLAG, "reject events no transition takes (true)"),
        "event_normalizer": Key(Kind.NORMALIZER, "how names of events are folded"),
        "validate_context": Key(Kind.FLAG, "check state_variables before guards"),
        "description": Key(Kind.TEXT, "for the reader"),
        "reject_invalid_events": Key(Kind.FLAG, "stronger than strict_mode"),
        "strict_guard_registry": Key(Kind.FLAG, "an unbound guard is an error always"),
        "orchestrator_default_fallback": Key(Kind.FALLBACK, "name it in results"),
    },
    Place.STATE: {
        "name": Key(Kind.STATE, "letters, digits, _ and .", True),
        "type": Key(Kind.TYPE, "default: stable"),
        "description": Key(Kind.TEXT, "for the reader"),
        "group": Key(Kind.TEXT, "one of `groups`; shown only"),
        "parent": Key(Kind.STATE, "the state it is inside of"),
        "initial_child": Key(Kind.STATE, "the child that is entered with it"),
        "regions": Key(Kind.REGION_TABLES, "of a parallel state"),
        "on_enter": Key(Kind.ACTIONS, "done when it is entered"),
        "on_exit": Key(Kind.ACTIONS, "done when it is left"),
        "invoke": Key(Kind.INVOKE_TABLES, "actions that run while it is active"),
        "timeout": Key(Kind.TIMEOUT, "where to go when it lasts too long"),
        "metadata": Key(Kind.TABLE, "anything"),
        "entry_points": Key(Kind.STATE_LIST, "children `dest: this:child` may name"),
        "exit_points": Key(Kind.STATE_LIST, "children `source: this:child` may name"),
    },
    Place.TRANSITION: {
        "trigger": Key(Kind.EVENT, "needed without `after` and `auto`"),
        "source": Key(Kind.STATES, "where it leads from", True),
        "dest": Key(Kind.TARGET, "where it leads to", True),
        "region": Key(Kind.TEXT, "the region its source is in"),
        "guards": Key(Kind.GUARDS, "all must hold, in order"),
        "actions": Key(Kind.ACTIONS, "done between leaving and entering"),
        "after": Key(Kind.DELAY, "taken by itself after this time in the source"),
        "internal": Key(Kind.FLAG, "nothing is left or entered"),
        "auto": Key(Kind.FLAG, "taken by itself at once"),
        "priority": Key(Kind.WHOLE, "lower first; default 0"),
        "description": Key(Kind.TEXT, "in the results as transition_description"),
        "ref": Key(Kind.TEXT, "where it is asked for"),
        "refs": Key(Kind.TEXTS, "several of them"),
        "metadata": Key(Kind.TABLE, "anything"),
    },
    Place.REGION: {
        "name": Key(Kind.TEXT, "its name in its parallel state", True),
        "initial": Key(Kind.STATE, "where it begins", True),
        "states": Key(Kind.STATE_LIST, "its states; default: found by transitions"),
        "description": Key(Kind.TEXT, "for the reader"),
        "final": Key(Kind.STATE, "where it is done, beside its terminal states"),
    },
    Place.INVOKE: {
        "id": Key(Kind.TEXT, "its name", True),
        "src": Key(Kind.TEXT, "the action", True),
        "on_done": Key(Kind.EVENT, "the event its end gives"),
    },
    Place.TIMEOUT: {
        "seconds": Key(Kind.SECONDS, "time in the state", True),
        "destination": Key(Kind.TARGET, "where to go then", True),
    },
    Place.GUARD: {
        "name": Key(Kind.TEXT, "a function of the Python file"),
        "params": Key(Kind.TABLE, "handed to it"),
        "expr": Key(Kind.EXPRESSION, "an inline expression"),
        "check": Key(Kind.CHECK, "a field compared with a value"),
        "allOf": Key(Kind.GUARDS, "all of them"),
        "anyOf": Key(Kind.GUARDS, "one of them"),
        "not": Key(Kind.GUARDS, "the opposite"),
        "peer": Key(Kind.TEXT, "ours: another machine, with `in`"),
        "in": Key(Kind.TEXT, "ours: the state the peer is in"),
    },
    Place.CHECK: {
        "field": Key(Kind.FIELD, "a missing one counts as null", True),
        "op": Key(Kind.OP, "how", True),
        "value": Key(Kind.JSON, "with what"),
        "values": Key(Kind.JSON, "a list, for in and not_in"),
    },
    Place.ACTION: {
        "name": Key(Kind.TEXT, "a function of the Python file"),
        "params": Key(Kind.TABLE, "handed to it"),
        "set": Key(Kind.TABLE, "give fields values"),
        "timestamp": Key(Kind.FIELD, "give a field the time"),
        "increment": Key(Kind.FIELD, "add 1"),
        "decrement": Key(Kind.FIELD, "take 1 away"),
        "append": Key(Kind.APPEND, "add to a list"),
        "clear": Key(Kind.FIELD, "take a field away"),
        "compute": Key(Kind.EXPRESSIONS, "give fields what expressions give"),
        "branch": Key(Kind.BRANCH, "do one thing or the other"),
        "custom": Key(Kind.CUSTOM, "a function of the Python file"),
        "when": Key(Kind.CONDITION, "only if it holds"),
    },
    Place.APPEND: {
        "field": Key(Kind.FIELD, "the list", True),
        "value": Key(Kind.JSON, "what to add", True),
    },
    Place.BRANCH: {
        "when": Key(Kind.CONDITION, "the condition", True),
        "then": Key(Kind.ACTIONS, "if it holds"),
        "else": Key(Kind.ACTIONS, "if not"),
    },
    Place.CUSTOM: {
        "name": Key(Kind.TEXT, "a function of the Python file", True),
        "params": Key(Kind.TABLE, "handed to it"),
    },
    Place.POLICY: {
        "default_fallback": Key(Kind.STATE, "where a machine goes that cannot go on"),
        "retry_attempts": Key(Kind.COUNT, "how often a failed action is tried again"),
    },
    Place.VARIABLE: {
        "key": Key(Kind.FIELD, "the field", True),
        "type": Key(Kind.VARIABLE_TYPE, "default: any"),
        "required": Key(Kind.FLAG, "must be there and not null"),
        "default": Key(Kind.JSON, "its value when the machine begins without it"),
        "description": Key(Kind.TEXT, "for the reader"),
    },
    Place.EVENT: {
        "name": Key(Kind.EVENT, "the event", True),
        "description": Key(Kind.TEXT, "for the reader"),
        "payload": Key(Kind.JSON, "for the reader"),
        "metadata": Key(Kind.TABLE, "anything"),
    },
}
"""What may stand in each mapping; `x-...` may stand at the top level too."""

_BY_HAND = "write a named action that does it"

REFUSED: Mapping[Place, Mapping[str, str]] = {
    Place.TOP: {
        "context_invariants": "guard the transitions that must not break them",
    },
    Place.META: {
        "classification": "write guarded transitions with `auto: true`",
    },
    Place.STATE: {
        "when": "write guarded transitions with `auto: true`",
        "submachine": "write its states with `parent:` this state",
    },
    Place.ACTION: {
        "http": _BY_HAND,
        "code": _BY_HAND,
        "timeout": _BY_HAND,
        "retry": "write `retry_attempts` in `error_policy`",
        "retry_backoff": "write `retry_attempts` in `error_policy`",
    },
}
"""Keys of PyStator 0.0.47 that are not done here -> what to do instead."""

SYNONYMS: Mapping[str, str] = {
    "action": "actions",
    "conditions": "guards",
    "delay": "after",
    "entry": "on_enter",
    "event": "trigger",
    "exit": "on_exit",
    "from": "source",
    "guard": "guards",
    "on_entry": "on_enter",
    "target": "dest",
    "to": "dest",
}
"""Other systems' words for keys of this dialect: read as these, with an error."""

CURES: Mapping[str, str] = {
    "initial": "the state that is entered first has `type: initial`, "
    "a compound state has `initial_child`",
    "initial_state": "the state that is entered first has `type: initial`",
    "final": "write `type: terminal`",
    "children": "write `parent:` in each of them",
    "states": "states stand in one list; write `parent:` in the inner ones",
    "history": "write `dest: H(STATE)` or `dest: H*(STATE)`",
}
"""What to do about keys people write that are no slip of a known one."""

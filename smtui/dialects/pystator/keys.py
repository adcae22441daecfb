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
    "INVOKE_TYPES",
    "ON_ERROR",
    "SYNONYMS",
    "TABLES",
    "TERMS",
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
    FALLBACK = "off, hint or persist"
    ACTIONS = "an action, or a list of them"
    GUARDS = "a guard, or a list of them"
    CONDITION = "an expression, a check, or a list of checks"
    EXPRESSION = "an inline expression"
    EXPRESSIONS = "a mapping from fields to inline expressions"
    FIELD = "the name of a field of the data"
    OP = "a comparison"
    VARIABLE_TYPE = "a type of a variable"
    INVOKE_TYPE = "action or machine"
    META = "the mapping `meta`"
    STATE_TABLES = "a list of states"
    TRANSITION_TABLES = "a list of transitions"
    REGION_TABLES = "a list of regions"
    INVOKE_TABLES = "a list of invokes"
    TIMEOUT = "{seconds, destination}"
    CHECK = "{field, op, value}"
    WHEN = "a check, or one of any_of, all_of, negate"
    WHENS = "a list of checks, any_of, all_of or negate"
    INVARIANTS = "a list of checks with a name"
    CLASSIFICATION = "{auto_route, entity_id_field, default_state, ...}"
    SUBMACHINE = "a file, or a definition"
    APPEND = "{field, value}"
    BRANCH = "{when, then, else}"
    CUSTOM = "{name, params}"
    HTTP = "a request: {url, method, headers, body, ...}"
    CODE = "Python, or {source, timeout, retry}"
    KEPT = "{status_key, body_key}"
    PAUSE = "a number of seconds, 0 or more"
    ON_ERROR = "fail, log or ignore"
    POLICY = "{retry_attempts, default_fallback}"
    GROUPS = "a mapping from groups to their descriptions"
    VARIABLES = "a list of keys, or of mappings with a key"
    EVENTS = "a list of names, or of mappings with a name"
    ASKS = "a mapping from states to {text, answers}"
    STUCK = "seconds, or a mapping from states to seconds"
    PEERS = "a list of machines, or a mapping from names to machines"


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
    WHEN = "when"
    INVARIANT = "invariant"
    CLASSIFICATION = "classification"
    SUBMACHINE = "submachine"
    ACTION = "action"
    APPEND = "append"
    BRANCH = "branch"
    CUSTOM = "custom"
    HTTP = "http"
    ON_SUCCESS = "on_success"
    CODE = "code"
    POLICY = "error_policy"
    VARIABLE = "state variable"
    EVENT = "event"


TYPES = ("initial", "stable", "terminal", "error", "parallel", "choice")
INVOKE_TYPES = ("action", "machine")
VARIABLE_TYPES = ("string", "number", "boolean", "object")
ON_ERROR = ("fail", "log", "ignore")
EFFECTS = ("set", "timestamp", "increment", "decrement", "append", "clear")

_TERMS: Mapping[str, Key] = {
    "timeout": Key(Kind.SECONDS, "for one attempt"),
    "retry": Key(Kind.COUNT, "further attempts after failures that may pass"),
    "retry_backoff": Key(Kind.PAUSE, "before the second, then doubled (1)"),
}
TERMS = tuple(_TERMS)

TABLES: Mapping[Place, Mapping[str, Key]] = {
    Place.TOP: {
        "meta": Key(Kind.META, "name, version and rules of the machine"),
        "states": Key(Kind.STATE_TABLES, "at least one, one of them initial", True),
        "transitions": Key(Kind.TRANSITION_TABLES, "the ways between them"),
        "groups": Key(Kind.GROUPS, "what the groups of states are for; shown only"),
        "error_policy": Key(Kind.POLICY, "what happens when an action fails"),
        "state_variables": Key(Kind.VARIABLES, "fields the data is expected to have"),
        "context_invariants": Key(Kind.INVARIANTS, "what always holds of the data"),
        "events": Key(Kind.EVENTS, "events, for the reader; others are taken too"),
        "code": Key(Kind.TEXT, "ours: the Python file with guards and actions"),
        "asks": Key(Kind.ASKS, "ours: questions that states put to a person"),
        "stuck_after": Key(Kind.STUCK, "ours: when a state counts as stuck"),
        "peers": Key(Kind.PEERS, "ours: other machines that guards look at"),
    },
    Place.META: {
        "machine_name": Key(Kind.TEXT, "the machine's name; default: the file's"),
        "version": Key(Kind.TEXT, "any text"),
        "strict_mode": Key(Kind.FLAG, "reject events no transition takes (true)"),
        "event_normalizer": Key(Kind.NORMALIZER, "how names of events are folded"),
        "validate_context": Key(Kind.FLAG, "hold the data to what is declared of it"),
        "description": Key(Kind.TEXT, "for the reader"),
        "reject_invalid_events": Key(Kind.FLAG, "stronger than strict_mode"),
        "strict_guard_registry": Key(Kind.FLAG, "an unbound guard is an error always"),
        "orchestrator_default_fallback": Key(
            Kind.FALLBACK, "where events go that nothing takes"
        ),
        "classification": Key(Kind.CLASSIFICATION, "how data finds its state"),
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
        "invoke": Key(Kind.INVOKE_TABLES, "what runs while it is active"),
        "timeout": Key(Kind.TIMEOUT, "where to go when it lasts too long"),
        "metadata": Key(Kind.TABLE, "anything"),
        "entry_points": Key(Kind.STATE_LIST, "children `dest: this:child` may name"),
        "exit_points": Key(Kind.STATE_LIST, "children `source: this:child` may name"),
        "when": Key(Kind.WHENS, "the data that belongs in it; all must hold"),
        "submachine": Key(Kind.SUBMACHINE, "a machine whose states are inside it"),
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
        "src": Key(Kind.TEXT, "the action, or the machine", True),
        "type": Key(Kind.INVOKE_TYPE, "what src names"),
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
        "peer": Key(Kind.TEXT, "ours: another machine, with `in` or `not_in`"),
        "in": Key(Kind.STATES, "ours: the state the peer is in, or one of several"),
        "not_in": Key(Kind.STATES, "ours: the state the peer is not in, or several"),
        "instance": Key(Kind.TEXT, "ours: which of the peer's; default: its own id"),
    },
    Place.CHECK: {
        "field": Key(Kind.FIELD, "a missing one counts as null", True),
        "op": Key(Kind.OP, "how", True),
        "value": Key(Kind.JSON, "with what"),
        "values": Key(Kind.JSON, "a list, for in and not_in"),
    },
    Place.WHEN: {
        "field": Key(Kind.FIELD, "a missing one counts as null"),
        "op": Key(Kind.OP, "how"),
        "value": Key(Kind.JSON, "with what"),
        "values": Key(Kind.JSON, "a list, for in and not_in"),
        "all_of": Key(Kind.WHENS, "all of them"),
        "any_of": Key(Kind.WHENS, "one of them"),
        "negate": Key(Kind.WHEN, "the opposite"),
    },
    Place.INVARIANT: {
        "name": Key(Kind.TEXT, "what it is called when it is broken"),
        "description": Key(Kind.TEXT, "for the reader"),
        "check": Key(Kind.WHEN, "the condition"),
        "field": Key(Kind.FIELD, "the condition, without `check`"),
        "op": Key(Kind.OP, "how"),
        "value": Key(Kind.JSON, "with what"),
        "values": Key(Kind.JSON, "a list, for in and not_in"),
        "all_of": Key(Kind.WHENS, "all of them"),
        "any_of": Key(Kind.WHENS, "one of them"),
        "negate": Key(Kind.WHEN, "the opposite"),
    },
    Place.CLASSIFICATION: {
        "auto_route": Key(Kind.FLAG, "data moves an entity by itself (false)"),
        "entity_id_field": Key(Kind.FIELD, "who a record is of (entity_id)"),
        "timestamp_field": Key(Kind.FIELD, "when a record was observed"),
        "source": Key(Kind.TEXT, "who observed it (classifier)"),
        "default_state": Key(Kind.STATE, "of a record no `when` holds for"),
    },
    Place.SUBMACHINE: {
        "meta": Key(Kind.TABLE, "of the machine by itself; not used"),
        "states": Key(Kind.STATE_TABLES, "named STATE.NAME outside", True),
        "transitions": Key(Kind.TRANSITION_TABLES, "the ways between them"),
        "groups": Key(Kind.GROUPS, "join those outside"),
        "error_policy": Key(Kind.POLICY, "of the machine by itself; not used"),
        "state_variables": Key(Kind.VARIABLES, "join those outside"),
        "context_invariants": Key(Kind.INVARIANTS, "join those outside"),
        "events": Key(Kind.EVENTS, "join those outside"),
        "code": Key(Kind.TEXT, "of the machine by itself; not used"),
        "peers": Key(Kind.PEERS, "of the machine by itself; not used"),
        "asks": Key(Kind.ASKS, "join those outside"),
        "stuck_after": Key(Kind.STUCK, "join those outside"),
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
        "http": Key(Kind.HTTP, "make a request"),
        "code": Key(Kind.CODE, "Python, where the operator allows it"),
        "when": Key(Kind.CONDITION, "only if it holds"),
        **_TERMS,
    },
    Place.HTTP: {
        "url": Key(Kind.TEXT, "http or https; {{ }} in it are expressions", True),
        "method": Key(Kind.TEXT, "default: POST"),
        "headers": Key(Kind.TABLE, "texts; {{ }} in them are expressions"),
        "body": Key(Kind.JSON, "JSON or text; {{ }} in it are expressions"),
        "on_success": Key(Kind.KEPT, "fields of the data for what came back"),
        "on_error": Key(Kind.ON_ERROR, "after the last attempt; default: log"),
        **_TERMS,
    },
    Place.ON_SUCCESS: {
        "status_key": Key(Kind.FIELD, "the field for the status"),
        "body_key": Key(Kind.FIELD, "the field for the answer"),
    },
    Place.CODE: {
        "source": Key(Kind.TEXT, "the Python; `ctx` is the data", True),
        **_TERMS,
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

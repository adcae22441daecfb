"""JSON Schemas of the YAML dialects, for editors: from the loaders' own tables.

A schema says what may stand where; what only the whole text shows (a state
that is not there, an event nobody takes) is for `smtui check`.
"""

from collections.abc import Mapping

from smtui.definition import Json
from smtui.definition.guards import CheckOp
from smtui.dialects.engine import keys as engine
from smtui.dialects.peers import PEER_KEYS
from smtui.dialects.pystator import keys as pystator
from smtui.dialects.pystator.keys import TABLES, Place

__all__ = ["schema_of", "schema_of_all"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

_Schema = dict[str, Json]

_TEXT: _Schema = {"type": ["string", "number", "boolean"]}
"""Names are read as written: an unquoted `on` or `1` is one."""
_ANY: _Schema = {}
_FLAG: _Schema = {"type": "boolean"}
_OPEN: _Schema = {"type": "object"}
_SECONDS: _Schema = {"type": "number", "exclusiveMinimum": 0}


def _list(item: _Schema) -> _Schema:
    return {"type": "array", "items": item}


def _or_list(item: _Schema) -> _Schema:
    return {"anyOf": [item, _list(item)]}


def _of(place: Place) -> _Schema:
    return {"$ref": f"#/$defs/{place.name.lower()}"}


def _one_of(*words: str) -> _Schema:
    return {"enum": [*words]}


_NAME: _Schema = {
    "type": ["string", "number"],
    "pattern": r"^[A-Za-z0-9_][A-Za-z0-9_.]*$",
}
_GUARDS = _or_list({"anyOf": [_TEXT, _of(Place.GUARD)]})
_ACTIONS = _or_list({"anyOf": [_TEXT, _of(Place.ACTION)]})
_CONDITION = _or_list({"anyOf": [_TEXT, _of(Place.CHECK), _of(Place.GUARD)]})
_ASK: _Schema = {
    "type": "object",
    "properties": {"text": _TEXT, "answers": _list(_TEXT)},
    "required": ["text", "answers"],
}
_ASKS: _Schema = {"type": "object", "additionalProperties": _ASK}
_STUCK: _Schema = {
    "anyOf": [_SECONDS, {"type": "object", "additionalProperties": _SECONDS}]
}

_PEERS: _Schema = {
    "anyOf": [
        _list(_TEXT),
        {
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    _TEXT,
                    {
                        "type": "object",
                        "properties": dict.fromkeys(PEER_KEYS, _TEXT),
                        "additionalProperties": False,
                    },
                    {"type": "null"},
                ]
            },
        },
    ]
}
_LOOK: _Schema = {
    "type": "object",
    "properties": {
        "peer": _TEXT,
        "in": _or_list(_TEXT),
        "not_in": _or_list(_TEXT),
        "instance": _TEXT,
    },
    "required": ["peer"],
    "oneOf": [{"required": ["in"]}, {"required": ["not_in"]}],
    "additionalProperties": False,
}

_K = pystator.Kind
_PYSTATOR: Mapping[pystator.Kind, _Schema] = {
    _K.TEXT: _TEXT,
    _K.STATE: _NAME,
    _K.STATES: _or_list(_TEXT),
    _K.TARGET: _TEXT,
    _K.STATE_LIST: _or_list(_NAME),
    _K.EVENT: _TEXT,
    _K.FLAG: _FLAG,
    _K.COUNT: {"type": "integer", "minimum": 0},
    _K.WHOLE: {"type": "integer"},
    _K.SECONDS: _SECONDS,
    _K.DELAY: {
        "anyOf": [
            {"type": "number", "minimum": 0},
            {
                "type": "string",
                "pattern": r"^\s*(\d+(\.\d*)?|\.\d+)\s*(ms|s|m|h|d)?\s*$",
            },
        ]
    },
    _K.JSON: _ANY,
    _K.TABLE: _OPEN,
    _K.TEXTS: _or_list(_TEXT),
    _K.TYPE: _one_of(*pystator.TYPES),
    _K.NORMALIZER: _one_of("lower", "upper"),
    _K.FALLBACK: {"enum": ["off", "hint", "persist", True, False]},
    _K.ACTIONS: _ACTIONS,
    _K.GUARDS: _GUARDS,
    _K.CONDITION: _CONDITION,
    _K.EXPRESSION: _TEXT,
    _K.EXPRESSIONS: {"type": "object", "additionalProperties": _TEXT},
    _K.FIELD: _TEXT,
    _K.OP: _one_of(*(op.value for op in CheckOp)),
    _K.VARIABLE_TYPE: _one_of(*pystator.VARIABLE_TYPES),
    _K.INVOKE_TYPE: _one_of(*pystator.INVOKE_TYPES),
    _K.META: _of(Place.META),
    _K.STATE_TABLES: _list(_of(Place.STATE)),
    _K.TRANSITION_TABLES: _list(_of(Place.TRANSITION)),
    _K.REGION_TABLES: _list(_of(Place.REGION)),
    _K.INVOKE_TABLES: _list(_of(Place.INVOKE)),
    _K.TIMEOUT: _of(Place.TIMEOUT),
    _K.CHECK: _of(Place.CHECK),
    _K.WHEN: _of(Place.WHEN),
    _K.WHENS: _or_list(_of(Place.WHEN)),
    _K.INVARIANTS: _list(_of(Place.INVARIANT)),
    _K.CLASSIFICATION: _of(Place.CLASSIFICATION),
    _K.SUBMACHINE: {"anyOf": [{"type": "string"}, _of(Place.SUBMACHINE)]},
    _K.APPEND: _of(Place.APPEND),
    _K.BRANCH: _of(Place.BRANCH),
    _K.CUSTOM: _of(Place.CUSTOM),
    _K.HTTP: _of(Place.HTTP),
    _K.CODE: {"anyOf": [_TEXT, _of(Place.CODE)]},
    _K.KEPT: _of(Place.ON_SUCCESS),
    _K.PAUSE: {"type": "number", "minimum": 0},
    _K.ON_ERROR: _one_of(*pystator.ON_ERROR),
    _K.POLICY: _of(Place.POLICY),
    _K.GROUPS: _OPEN,
    _K.VARIABLES: _list({"anyOf": [_TEXT, _of(Place.VARIABLE)]}),
    _K.EVENTS: {"anyOf": [_OPEN, _list({"anyOf": [_TEXT, _of(Place.EVENT)]})]},
    _K.ASKS: _ASKS,
    _K.STUCK: _STUCK,
    _K.PEERS: _PEERS,
}


def _pystator() -> _Schema:
    """Return a definition of PyStator, or a list of them."""
    tables: _Schema = {place.name.lower(): _table(place) for place in Place}
    top: Json = _of(Place.TOP)
    return {
        "title": "smtui: a statechart of PyStator",
        "anyOf": [top, {"type": "array", "items": top, "minItems": 1}],
        "$defs": tables,
    }


def _table(place: Place) -> _Schema:
    keys = TABLES[place]
    properties: _Schema = {
        name: {**_PYSTATOR[key.kind], "description": key.says}
        for name, key in keys.items()
    }
    # An internal transition leads nowhere, and needs no `dest`.
    required: list[Json] = [
        name for name, key in keys.items() if key.required and name != "dest"
    ]
    found: _Schema = {
        "type": "object",
        "properties": properties,
        "required": required,
        # What is in `meta` beside what is known belongs to its author.
        "additionalProperties": place is Place.META,
    }
    if place in {Place.TOP, Place.SUBMACHINE}:
        found["patternProperties"] = {"^x-": _ANY}
    if place is Place.TOP:
        states = properties["states"]
        assert isinstance(states, dict)  # noqa: S101 - made above
        properties["states"] = {**states, "minItems": 1}
    return {**found, **_BETWEEN.get(place, {})}


def _if(condition: _Schema, then: _Schema) -> _Schema:
    return {"if": condition, "then": then}


def _has(*names: str) -> _Schema:
    return {"required": [*names]}


_SOME: _Schema = {"type": "array", "minItems": 1}
_PARALLEL: _Schema = {"properties": {"type": {"const": "parallel"}}, **_has("type")}
_BETWEEN: Mapping[Place, _Schema] = {
    Place.STATE: {
        "allOf": [
            _if(_PARALLEL, {"properties": {"regions": _SOME}, **_has("regions")}),
            _if({"properties": {"regions": _SOME}, **_has("regions")}, _PARALLEL),
        ]
    },
    Place.TRANSITION: {
        "anyOf": [_has("trigger"), _has("after"), _has("auto")],
        "allOf": [
            _if(
                {**_has("after"), "not": _has("trigger")},
                {"properties": {"source": {"not": {**_SOME, "minItems": 2}}}},
            )
        ],
    },
}
"""What the keys of one table say about each other."""


_E = engine.Kind
_TEMPLATE: _Schema = {"type": "string", "pattern": r"\{[^{}]+\}"}
_ENGINE: Mapping[engine.Kind, _Schema] = {
    _E.TEXT: _TEXT,
    _E.NAME: _TEXT,
    _E.EVENT: _TEXT,
    _E.EVENTS: _or_list(_TEXT),
    _E.NAMES: _or_list(_TEXT),
    _E.SECONDS: {"type": "number", "minimum": 0},
    _E.COUNT: {"type": "integer", "minimum": 0},
    _E.FLAG: _TEXT,
    _E.SWITCH: _FLAG,
    _E.JSON: _ANY,
    _E.CODES: {"type": "object", "additionalProperties": _TEXT},
    _E.VARIABLES: _list(_TEXT),
    _E.TEXTS: _list(_TEXT),
    _E.LEVEL: _one_of(*engine.LOG_LEVELS),
    _E.ON_CRASH: _one_of("rerun", "error"),
}
"""Every value may be a placeholder, and null where it is not required."""


_SAYS = {
    "actions": "state -> list of actions that entering it starts",
    "actions_root": "folder of your own actions, relative to this file",
    "asks": "ours: state -> a question to a person, and the events that answer it",
    "description": "for people",
    "event": "its name; `timeout(SECONDS)` comes by itself",
    "events": "names, or name -> {context_map: ...}",
    "from": "the state it leads from; '*' is any",
    "initial_state": "the state a run begins in",
    "metadata": "anything; `machine_name` names the machine",
    "name": "for people",
    "peers": "ours: other machines that a `when` looks at",
    "states": "the names of all states",
    "stuck_after": "ours: seconds for every state, or state -> seconds",
    "template": "true: started by other machines only",
    "to": "the state it leads to",
    "transitions": "the ways between states; the first that fits wins",
    "type": "which action: built in, or a file of yours",
    "when": "ours: where other machines must be",
}
"""What an editor shows of the keys of action lists."""


def _said(properties: Mapping[str, Json]) -> _Schema:
    """Return properties with what an editor shows of them."""
    return {
        name: {**schema, "description": _SAYS[name]}
        if isinstance(schema, dict) and name in _SAYS
        else schema
        for name, schema in properties.items()
    }


def _engine() -> _Schema:
    """Return a definition of statemachine-engine, with our own keys."""
    actions = _list({"$ref": "#/$defs/action"})
    labels: _Schema = dict.fromkeys(engine.ANYWHERE, _ANY)
    transition: _Schema = {
        "type": "object",
        "properties": {
            **_said(
                {
                    **labels,
                    "from": _TEXT,
                    "to": _TEXT,
                    "event": _TEXT,
                    "when": _or_list(_LOOK),
                }
            ),
            "actions": {**actions, "description": "run when it is taken"},
        },
        "required": ["from", "to", "event"],
        "additionalProperties": False,
    }
    top: _Schema = {
        **labels,
        "initial_state": _TEXT,
        "transitions": _list(transition),
        "actions": {
            "type": "object",
            "additionalProperties": {"anyOf": [actions, {"type": "null"}]},
        },
        "events": {"anyOf": [_OPEN, _list(_TEXT), {"type": "null"}]},
        "metadata": _OPEN,
        "states": _list(_TEXT),
        "template": _FLAG,
        "actions_root": _TEXT,
        "asks": _ASKS,
        "stuck_after": _STUCK,
        "peers": _PEERS,
    }
    return {
        "title": "smtui: a machine with action lists",
        "type": "object",
        "properties": _said(top),
        "patternProperties": {"^x-": _ANY},
        "additionalProperties": False,
        "$defs": {"action": _action()},
    }


def _action() -> _Schema:
    """Return an action: the keys of its type where it is built in."""
    known: list[Json] = []
    for type_, keys in engine.ACTION_KEYS.items():
        properties: _Schema = {
            name: {"anyOf": [_ENGINE[key.kind], _TEMPLATE, {"type": "null"}]}
            for name, key in {**engine.COMMON_KEYS, **keys}.items()
        }
        known.append(
            {
                "if": {"properties": {"type": {"const": type_}}, "required": ["type"]},
                "then": {"properties": properties},
            }
        )
    return {"type": "object", "properties": _said({"type": _TEXT}), "allOf": known}


SCHEMAS = {"engine": _engine, "pystator": _pystator}
"""By dialect; SCXML is XML and has a schema of the W3C's."""


def schema_of(dialect: str) -> _Schema:
    """Return the JSON Schema of a dialect. Raises KeyError for another one."""
    id_ = f"urn:smtui:schema:{dialect}"
    return {"$schema": _DRAFT, "$id": id_, **SCHEMAS[dialect]()}


def schema_of_all() -> _Schema:
    """Return one JSON Schema for files of either dialect: each is inside, whole."""
    found: _Schema = {dialect: schema_of(dialect) for dialect in SCHEMAS}
    return {
        "$schema": _DRAFT,
        "$id": "urn:smtui:schema",
        "title": "smtui: a machine in YAML",
        "anyOf": [{"$ref": f"urn:smtui:schema:{dialect}"} for dialect in SCHEMAS],
        "$defs": found,
    }

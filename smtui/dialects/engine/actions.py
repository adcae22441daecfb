"""One entry of an action list -> Action.

`params:` and flat keys are the same thing, `target` is `target_machine`; both
given and different is an error. Keys of a type that is not built in belong to
its author and are passed on unseen. What fails in files that run today (a
missing parameter, no type) is a warning and gives `error` at run time.
"""

from collections.abc import Mapping

from smtui.definition import Action, Json, Position
from smtui.dialects.engine.keys import (
    ACTION_KEYS,
    ANYWHERE,
    COMMON_KEYS,
    CURES,
    OURS,
    SYNONYMS,
    TARGETED,
    Key,
    Kind,
)
from smtui.dialects.engine.values import TRUE_WORDS, is_template, value_of
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table, plain, word
from smtui.dialects.notes import Notes
from smtui.dialects.tables import Reader

__all__ = ["read_actions"]

EVENT_NAMES = frozenset({"success", "error", "failure"})
"""Keys of a custom action that hold an event's name by custom."""


def read_actions(
    node: Node, where: str, custom: frozenset[str], notes: Notes
) -> tuple[Action, ...]:
    """Return the actions of a list; `custom` types are their authors' affair."""
    if isinstance(node, Table):
        notes.error(
            node.at,
            "wrong-type",
            f"found a mapping {where}, expected a list of actions",
            "write `- ` before its first key",
        )
        return ()
    items = Reader(notes).items(node, where)
    return tuple(_action(item, custom, notes) for item in items)


def _action(node: Node, custom: frozenset[str], notes: Notes) -> Action:
    if not isinstance(node, Table):
        notes.error(
            node.at,
            "wrong-type",
            f"found {word(node)} in a list of actions, expected a mapping",
            "an action is written `- type: log`",
        )
        return Action(None, {}, node.at)
    type_ = _type(node, notes)
    is_known = type_ in ACTION_KEYS and type_ not in custom
    if type_ is None or not is_known:
        fields = _merged(node, type_ or "", notes, is_custom=True)
        args = _custom_args(node, fields, type_)
    else:
        fields = _merged(node, type_, notes, is_custom=False)
        args = _built_in_args(node.at, fields, type_, notes)
    return Action(type_, args, node.at, repeat=_repeats(fields, notes))


def _type(table: Table, notes: Notes) -> str | None:
    field = table.get("type")
    if field is None or (isinstance(field.value, Scalar) and not field.value.text):
        notes.warning(
            table.at,
            "no-type",
            "found an action without 'type', so it is skipped",
            _slip(table, notes),
        )
        return None
    return Reader(notes).name(field.value, "at 'type'", "the name of an action")


def _slip(table: Table, notes: Notes) -> str:
    for field in table.fields:
        if notes.closest(field.key, ["type"]):
            return f"did you mean 'type' by {field.key!r}?"
    return ""


def _merged(
    table: Table, type_: str, notes: Notes, *, is_custom: bool
) -> dict[str, Field]:
    """Return flat keys and those of `params:` as one, without the type."""
    found: dict[str, Field] = {}
    for field in table.fields:
        if field.key not in {"type", "params"}:
            _put(found, _renamed(field, type_), notes)
    params = table.get("params")
    if params is None or (is_custom and not isinstance(params.value, Table)):
        return found
    inner = Reader(notes).table(params.value, f"at 'params' of {type_}")
    for field in inner.fields if inner is not None else ():
        if field.key == "type":
            if type_ == "add_job":
                _put(found, Field("job_type", field.at, field.value), notes)
            elif not is_custom:
                notes.error(
                    field.at,
                    "unknown-key",
                    f"found 'type' below 'params' of {type_}",
                    "the type of an action stands beside `params:`",
                )
            continue
        _put(found, _renamed(field, type_), notes)
    return found


def _renamed(field: Field, type_: str) -> Field:
    if field.key == "target" and type_ in TARGETED:
        return Field("target_machine", field.at, field.value)
    return field


def _put(found: dict[str, Field], field: Field, notes: Notes) -> None:
    before = found.get(field.key)
    if before is not None and plain(before.value) != plain(field.value):
        notes.error(
            field.at,
            "conflict",
            f"found {field.key!r} as {word(field.value)}, "
            f"and as {word(before.value)} in line {before.at.line}",
            "`params:` and flat keys are the same thing: keep one",
        )
        return
    found[field.key] = field


def _custom_args(
    table: Table, fields: Mapping[str, Field], type_: str | None
) -> dict[str, Json]:
    args: dict[str, Json] = {}
    for key, field in fields.items():
        is_event = key in EVENT_NAMES and isinstance(field.value, Scalar)
        args[key] = _written(field.value) if is_event else plain(field.value)
    params = table.get("params")
    if params is not None and type_ is not None:
        # An author's class may look for them in config["params"].
        args["params"] = plain(params.value)
    return args


def _written(node: Node) -> Json:
    if isinstance(node, Scalar) and node.value is not None:
        return node.text
    return plain(node)


def _built_in_args(
    at: Position, fields: Mapping[str, Field], type_: str, notes: Notes
) -> dict[str, Json]:
    keys: dict[str, Key] = {**ACTION_KEYS[type_], **COMMON_KEYS}
    known = _known(at, fields, type_, keys, notes)
    args: dict[str, Json] = {}
    for key, field in known.items():
        if key in ANYWHERE:
            args[key] = plain(field.value)
            continue
        value = value_of(keys[key].kind, field, type_, notes)
        if value is not None or keys[key].kind in {Kind.JSON, Kind.EVENT}:
            args[key] = value
    for key, spec in keys.items():
        is_given = key in args and (args[key] is not None or spec.kind is Kind.JSON)
        if spec.required and not is_given:
            _missing(at, key, type_, notes)
    if args.get("additional_args"):
        notes.warning(
            fields["additional_args"].at,
            "no-effect",
            "found 'additional_args': no program of the original is started here",
            "leave it out",
        )
    return args


def _known(
    at: Position,
    fields: Mapping[str, Field],
    type_: str,
    keys: Mapping[str, Key],
    notes: Notes,
) -> dict[str, Field]:
    table = Table(at, tuple(fields.values()), 1, 1)
    reader = Reader(notes, CURES, SYNONYMS)
    labels = {key: field for key, field in fields.items() if key in ANYWHERE}
    return {**labels, **reader.fields(table, tuple(keys), f"in {type_}", ANYWHERE)}


_DEFAULTS = {
    ("check_database_queue", "job_type"): "without it only jobs of the type "
    "'face_processing' are taken, as in the original",
    ("send_event", "target_machine"): "without it the event goes to 'unknown'",
}


def _missing(at: Position, key: str, type_: str, notes: Notes) -> None:
    message = f"found no {key!r} in {type_}"
    if type_ in OURS:
        notes.error(at, "missing-key", message)
        return
    fallback = "without it the action gives the event 'error'"
    notes.warning(
        at, "missing-parameter", message, _DEFAULTS.get((type_, key), fallback)
    )


def _repeats(fields: Mapping[str, Field], notes: Notes) -> bool:
    repeatable, policy = fields.get("repeatable"), fields.get("run_policy")
    return (repeatable is not None and _is_repeatable(repeatable, notes)) or (
        policy is not None and _is_policy(policy, notes)
    )


def _is_repeatable(field: Field, notes: Notes) -> bool:
    match field.value:
        case Scalar(value=bool() as value):
            return value
        case Scalar(value=str() as text):
            return text.lower() in TRUE_WORDS
        case Scalar(value=None):
            return False
        case _:
            notes.warning(
                field.value.at,
                "no-effect",
                f"found {word(field.value)} at 'repeatable', expected true or false",
                "as written it does not count",
            )
            return False


def _is_policy(field: Field, notes: Notes) -> bool:
    node = field.value
    known = ("repeat", "repeat_per_tick", "once")
    if isinstance(node, Scalar) and (node.value is None or is_template(node)):
        return False
    if isinstance(node, Items | Table) or node.text.lower() not in known:
        notes.warning(
            node.at,
            "no-effect",
            f"found {word(node)} at 'run_policy', expected repeat or repeat_per_tick",
            notes.hint(node.text, known) if isinstance(node, Scalar) else "",
        )
        return False
    return node.text.lower() != "once"

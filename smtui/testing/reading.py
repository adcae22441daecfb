"""Scenario files: a text -> scenarios and problems, never an exception.

The laws of this file: an unknown key is a problem; every problem has its
place; what is wrong in one scenario keeps the whole file from being played.
Whether the names in it are those of the machine is `subject`'s to say.
"""

from typing import NamedTuple

from smtui.definition import Json, Position, Problem
from smtui.dialects import (
    Field,
    Items,
    Node,
    Notes,
    Reader,
    Scalar,
    Table,
    parse_yaml,
    plain,
    shown,
)
from smtui.testing.reading_expect import read_expect, table_of
from smtui.testing.reading_stubs import read_stubs, seconds
from smtui.testing.scenario import (
    Act,
    AddJob,
    After,
    Elsewhere,
    Move,
    Scenario,
    SendEvent,
    Stubs,
)

__all__ = ["ScenarioFile", "read_scenarios"]

_SHARED = ("definition", "machine", "data", "stubs")
_ONE = (*_SHARED, "name", "steps")
_FILE = (*_ONE, "scenarios")
_ACTS = ("send", "after", "job", "peers")
_STEP = (*_ACTS, "payload", "expect")


class ScenarioFile(NamedTuple):
    """What a text holds."""

    scenarios: tuple[Scenario, ...]
    problems: tuple[Problem, ...]


class _Below(NamedTuple):
    """What a file says for all of its scenarios."""

    definition: str
    definition_at: Position
    machine: str
    data: dict[str, Json]
    stubs: Stubs


def read_scenarios(text: str, file: str) -> ScenarioFile:
    """Read a scenario file."""
    parsed = parse_yaml(text, file)
    notes = Notes()
    notes.extend(parsed.problems)
    if parsed.node is None:
        if not parsed.problems:
            notes.error(Position(file, 1, 1), "empty-file", "found nothing")
        return ScenarioFile((), notes.sorted())
    reader = Reader(notes)
    found = _file(reader, parsed.node)
    problems = notes.sorted()
    return ScenarioFile(() if notes.has_errors() else tuple(found), problems)


def _file(reader: Reader, node: Node) -> list[Scenario]:
    root = reader.table(node, "as a scenario file", "it begins with `definition:`")
    if root is None:
        return []
    if root.get("definition") is None and root.get("transitions") is not None:
        hint = "this is a machine: `smtui paths FILE --as-tests` writes its scenarios"
        reader.notes.error(root.at, "not-a-scenario", "found a machine", hint)
        return []
    fields = reader.fields(root, _FILE, "in a scenario file")
    start = _Below("", root.at, "", {}, Stubs())
    below = _below(reader, fields, start)
    many = fields.get("scenarios")
    if many is None:
        return [_scenario(reader, fields, root.at, below, "")]
    steps = fields.get("steps")
    if steps is not None:
        message = "found `steps` beside `scenarios`"
        reader.notes.error(steps.at, "two-ways", message, "move them into a scenario")
    found: list[Scenario] = []
    for number, item in enumerate(reader.items(many.value, "as `scenarios`"), 1):
        own = reader.table(item, "as a scenario")
        if own is not None:
            inner = reader.fields(own, _ONE, "in a scenario")
            merged = _below(reader, inner, below)
            found.append(_scenario(reader, inner, own.at, merged, f"scenario {number}"))
    return found


def _below(reader: Reader, fields: dict[str, Field], below: _Below) -> _Below:
    """Return what holds with these fields on top."""
    if (one := fields.get("definition")) is not None:
        name = reader.name(one.value, "as `definition`", "the file of a machine")
        below = below._replace(definition=name or "", definition_at=one.value.at)
    if (one := fields.get("machine")) is not None:
        name = reader.name(one.value, "as `machine`", "the name of a machine")
        below = below._replace(machine=name or "")
    if (one := fields.get("data")) is not None:
        data = table_of(reader, one.value, "as `data`")
        below = below._replace(data={**below.data, **data})
    if (one := fields.get("stubs")) is not None:
        stubs = read_stubs(reader, one.value)
        below = below._replace(stubs=stubs.over(below.stubs))
    return below


def _scenario(
    reader: Reader, fields: dict[str, Field], at: Position, below: _Below, name: str
) -> Scenario:
    if (one := fields.get("name")) is not None:
        name = reader.name(one.value, "as `name`", "text") or name
    if not below.definition and "definition" not in fields:
        hint = "name the file of the machine, relative to this one"
        reader.missing(at, "definition", "in a scenario file", hint)
    steps = fields.get("steps")
    if steps is None:
        reader.missing(at, "steps", f"in {name or 'a scenario'}", "a list of steps")
    nodes = () if steps is None else reader.items(steps.value, "as `steps`")
    moves = [move for node in nodes if (move := _move(reader, node)) is not None]
    return Scenario(
        name or "scenario",
        at,
        below.definition,
        below.definition_at,
        below.machine,
        below.data,
        below.stubs,
        tuple(moves),
    )


def _move(reader: Reader, node: Node) -> Move | None:
    table = reader.table(node, "as a step", "`- send: EVENT`, `- after: 5s`")
    if table is None:
        return None
    fields = reader.fields(table, _STEP, "in a step")
    acts = [fields[key] for key in _ACTS if key in fields]
    if len(acts) > 1:
        message = f"found {' and '.join(shown(act.key) for act in acts)} in one step"
        reader.notes.error(acts[1].at, "two-ways", message, "make a step of each")
    if not acts and "expect" not in fields:
        message = "found a step that does nothing and expects nothing"
        hint = "a step has `send`, `after`, `job`, `peers` or `expect`"
        reader.notes.error(table.at, "empty-step", message, hint)
    payload = fields.get("payload")
    if payload is not None and "send" not in fields:
        message = "found `payload` in a step that sends no event"
        reader.notes.error(payload.at, "unknown-key", message, "put `send:` beside it")
    act = _act(reader, acts[0], payload) if acts else None
    expect = fields.get("expect")
    wanted = None if expect is None else read_expect(reader, expect.value)
    return Move(table.at, act, wanted)


def _act(reader: Reader, field: Field, payload: Field | None) -> Act | None:
    match field.key:
        case "send":
            event = reader.name(field.value, "as `send`", "the name of an event")
            data = None if payload is None else plain(payload.value)
            return None if event is None else SendEvent(event, data)
        case "after":
            found = seconds(reader, field.value, "as `after`")
            return None if found is None else After(found)
        case "peers":
            return _elsewhere(reader, field.value)
        case _:
            return _job(reader, field.value)


def _elsewhere(reader: Reader, node: Node) -> Elsewhere | None:
    where, expected = "as a machine's state", "the name of a state"
    if isinstance(node, Items):
        names = [reader.name(one, "as `peers`", "a machine") for one in node.items]
        return Elsewhere(dict.fromkeys(filter(None, names), ""))
    table = reader.table(node, "as `peers`", "{MACHINE: STATE}")
    if table is None:
        return None
    found = {f.key: reader.name(f.value, where, expected) for f in table.fields}
    return Elsewhere({key: name for key, name in found.items() if name is not None})


def _job(reader: Reader, node: Node) -> AddJob | None:
    match node:
        case Scalar():
            type_ = reader.name(node, "as `job`", "the type of a job")
            return None if type_ is None else AddJob(type_)
        case Table():
            fields = reader.fields(node, ("type", "data"), "in a job")
            if (one := fields.get("type")) is None:
                reader.missing(node.at, "type", "in a job")
                return None
            type_ = reader.name(one.value, "as `type`", "the type of a job")
            data = fields.get("data")
            own = {} if data is None else table_of(reader, data.value, "as `data`")
            return None if type_ is None else AddJob(type_, own)
        case Items():
            reader.wrong(node, "as `job`", "a type, or {type, data}")
            return None

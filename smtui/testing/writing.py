"""Paths as a scenario file: each walked once, every step with what it leads to.

A path that another one begins with is not written twice. What was decided on
the way (author's guards, ends of actions) becomes stubs, in the order it was
asked for, so that the same steps lead there again.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from smtui.chart.values import Status
from smtui.definition import Json
from smtui.testing.paths import Edge, Paths
from smtui.testing.scenario import Act, AddJob, After, Elsewhere, SendEvent, Stub

__all__ = ["act_json", "choices_text", "scenario_text", "span"]

_SHOWN = 3
"""Labels in a name; the rest is counted."""


def scenario_text(
    paths: Paths, file: Path, data: Mapping[str, Json], machine: str = ""
) -> str:
    """Return the text of a scenario file that is to stand at `file`."""
    subject = paths.subject
    target = os.path.relpath(subject.path.absolute(), file.absolute().parent)
    head: dict[str, Json] = {"definition": Path(target).as_posix()}
    if machine:
        head["machine"] = machine
    if data:
        head["data"] = dict(data)
    scenarios: list[Json] = [
        _scenario(name, path) for name, path in _named(paths).items()
    ]
    missed = [*paths.missed_states, *paths.missed_transitions]
    lines = [f"# Not reached: {one.place.label} ({one.why})" for one in missed]
    comment = f"# Written by `smtui paths {subject.path.name} --as-tests`.\n"
    return (
        comment
        + "".join(f"{line}\n" for line in lines)
        + "\n"
        + _yaml(head, is_open=True)
        + "\nscenarios:\n"
        + "\n".join(_indented(_yaml([one])) for one in scenarios)
    )


def _yaml(value: Json, *, is_open: bool = False) -> str:
    """Return a value as YAML; what holds no more than plain values on one line."""
    return yaml.safe_dump(
        value,
        sort_keys=False,
        default_flow_style=False if is_open else None,
        width=88,
        allow_unicode=True,
    )


def _indented(text: str) -> str:
    return "".join(f"  {line}" for line in text.splitlines(keepends=True))


def _named(paths: Paths) -> dict[str, tuple[Edge, ...]]:
    """Return the paths to write by name, without those another begins with."""
    labels: dict[str, list[str]] = {}
    whole: dict[str, tuple[Edge, ...]] = {}
    for found in (*paths.states, *paths.transitions):
        key = repr(found.path)
        whole[key] = found.path
        labels.setdefault(key, []).append(found.place.label)
    begun = {
        repr(path[:length]) for path in whole.values() for length in range(len(path))
    }
    named: dict[str, tuple[Edge, ...]] = {}
    for key, path in whole.items():
        if key not in begun:
            named[_unique(_name(labels[key]), named)] = path
    return named


def _name(labels: Sequence[str]) -> str:
    more = len(labels) - _SHOWN
    shown = ", ".join(labels[:_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def _unique(name: str, known: Mapping[str, object]) -> str:
    number, unique = 2, name
    while unique in known:
        number, unique = number + 1, f"{name} ({number})"
    return unique


def _scenario(name: str, path: tuple[Edge, ...]) -> Json:
    stubs = _stubs(path)
    steps: list[Json] = [_step(edge) for edge in path]
    scenario: dict[str, Json] = {"name": name}
    if stubs:
        scenario["stubs"] = stubs
    return {**scenario, "steps": steps}


def _step(edge: Edge) -> Json:
    leaves: Json = [*edge.leaves]
    expected: Json = edge.leaves[0] if len(edge.leaves) == 1 else leaves
    if edge.status is not Status.RUNNING:
        expected = {"state": expected, "status": edge.status.value}
    act = {} if edge.act is None else act_json(edge.act)
    return {**act, "expect": expected}


def act_json(act: Act) -> dict[str, Json]:
    """Return what is done as a scenario's step says it."""
    match act:
        case SendEvent(event, None):
            return {"send": event}
        case SendEvent(event, payload):
            return {"send": event, "payload": payload}
        case After(seconds):
            return {"after": span(seconds)}
        case AddJob(type_, data):
            return {"job": {"type": type_, "data": dict(data)} if data else type_}
        case Elsewhere(peers):
            return {"peers": dict(peers) if any(peers.values()) else [*peers]}


def span(seconds: float) -> str:
    """Return a span of time as it is read: `600s`, `1.5s`, `50ms`."""
    if seconds < 1:
        return f"{seconds * 1000:.3f}".rstrip("0").rstrip(".") + "ms"
    return f"{seconds:.3f}".rstrip("0").rstrip(".") + "s"


def _stubs(path: tuple[Edge, ...]) -> dict[str, Json]:
    """Return what was decided, by kind and name, in order."""
    found: dict[str, dict[str, list[Json]]] = {}
    for edge in path:
        for choice in edge.choices:
            of_kind = found.setdefault(choice.kind, {})
            value = choice.value
            plain = _stub(value) if isinstance(value, Stub) else value
            of_kind.setdefault(choice.name, []).append(plain)
    stubs: dict[str, Json] = {}
    for kind, by_name in found.items():
        shown: dict[str, Json] = {}
        for name, values in by_name.items():
            if any(value not in (None, {}) for value in values):
                is_one = all(value == values[0] for value in values)
                shown[name] = values[0] if is_one else [*values]
        if shown:
            stubs[kind] = shown
    return stubs


def _stub(stub: Stub) -> dict[str, Json]:
    said: dict[str, Json] = {}
    if stub.exit is not None:
        said["exit"] = stub.exit
    if stub.event:
        said["event"] = stub.event
    if stub.result is not None:
        said["result"] = dict(stub.result)
    if stub.error:
        said["error"] = stub.error
    if stub.takes_s:
        said["takes"] = span(stub.takes_s)
    return said


def choices_text(edge: Edge) -> str:
    """Return what was decided in a step: `covered: yes, bash: exit 3`."""
    said = [(choice.name, _choice(choice.value)) for choice in edge.choices]
    words = dict.fromkeys(f"{name}: {text}" for name, text in said if text)
    return ", ".join(words)


def _choice(value: object) -> str:  # noqa: PLR0911 - one for each kind
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return f"in {value}"
        case Stub(error=error) if error:
            return "fails"
        case Stub(event=event) if event:
            return f"gives {event}"
        case Stub(result=result) if result:
            return " ".join(f"{key} {one}" for key, one in result.items() if one)
        case Stub(exit=code) if code is not None:
            return f"exit {code}"
        case _:
            return ""

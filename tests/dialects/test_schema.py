"""The JSON Schemas allow what loads, and forbid slips."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from smtui.dialects import schema_of, schema_of_all
from tests.conformance.found import conformance_dir
from tests.support.json_schema import faults

ROOT = conformance_dir()
OWN = Path(__file__).parents[2] / "machines"


def _files(dialect: str) -> list[Path]:
    folder = None if ROOT is None else ROOT / dialect / "examples"
    shared = [] if folder is None else sorted(folder.rglob("*.yaml"))
    return [path for path in shared if "actions" not in path.parts]


def _read(path: Path) -> Any:  # noqa: ANN401 - YAML
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


@pytest.mark.parametrize("dialect", ["engine", "pystator"])
def test_the_shipped_examples_are_allowed(dialect: str) -> None:
    schema = schema_of(dialect)
    found = {str(path): [*faults(schema, _read(path))] for path in _files(dialect)}

    assert {path: told for path, told in found.items() if told} == {}


def test_the_demo_is_allowed() -> None:
    schema = schema_of("engine")
    found = [
        fault
        for path in sorted(OWN.glob("*.yaml"))
        if "initial_state" in (document := _read(path))
        for fault in faults(schema, document)
    ]

    assert found == []


def test_what_later_versions_added_is_allowed() -> None:
    document = yaml.safe_load("""
meta: {classification: {auto_route: true, default_state: a}, validate_context: true}
context_invariants:
  - {name: x, check: {field: n, op: gt, value: 0}}
  - {field: n, op: is_set}
  - {any_of: [{field: n, op: eq, value: 1}, {negate: {field: n, op: is_set}}]}
states:
  - {name: a, type: initial, when: [{all_of: [{field: n, op: is_set}]}]}
  - {name: b, submachine: b.yaml, entry_points: [x]}
  - {name: c, submachine: {states: [{name: x, type: initial}], x-own: 1}}
transitions: [{trigger: go, source: a, dest: "b:x"}]
""")

    assert [*faults(schema_of("pystator"), document)] == []


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        "{states: [{name: a, when: {feld: n}}]}",
        "{states: [{name: a, submachine: {wrong: 1}}]}",
        "{states: [{name: a}], context_invariants: {field: n, op: is_set}}",
        "states: [{type: stable}]",
        "states: [{name: a, type: final}]",
        "states: [{name: a-b}]",
        "states: [{name: a, on_entry: x}]",
        "{states: [{name: a}], transitions: [{dest: a, trigger: x}]}",
        "{states: [{name: a}], transitions: [{source: a, dest: a, after: soon}]}",
        "{states: [{name: a, on_enter: {sett: {x: 1}}}]}",
        "{states: [{name: a}], wrong: 1}",
        "{states: [], transitions: []}",
        "{states: [{name: a, type: parallel}]}",
        "{states: [{name: a, regions: [{name: r, initial: b}]}]}",
        "{states: [{name: a}], transitions: [{source: a, dest: a}]}",
        "{states: [{name: a}], transitions: [{source: [a, b], dest: a, after: 5s}]}",
    ],
)
def test_slips_are_forbidden(written: str) -> None:
    document = yaml.safe_load(written)

    assert [*faults(schema_of("pystator"), document)]


@pytest.mark.parametrize(
    "written",
    [
        "{transitions: [{from: a, to: b}]}",
        "{initial_state: a, actions: {a: [{type: bash, timeout: soon}]}}",
        "{initial_state: a, trnsitions: []}",
    ],
)
def test_slips_of_the_engine_are_forbidden(written: str) -> None:
    assert [*faults(schema_of("engine"), yaml.safe_load(written))]


@pytest.mark.parametrize("dialect", ["engine", "pystator"])
def test_an_editor_is_told_what_the_keys_are_for(dialect: str) -> None:
    schema: Any = schema_of(dialect)
    top = schema["$defs"]["top"] if dialect == "pystator" else schema

    assert schema["$id"] == f"urn:smtui:schema:{dialect}"
    assert [
        key for key, one in top["properties"].items() if "description" not in one
    ] == []


def test_one_schema_holds_every_dialect_whole() -> None:
    schema: Any = schema_of_all()

    inside = {one["$id"]: one for one in schema["$defs"].values()}
    assert inside == {
        schema_of(dialect)["$id"]: schema_of(dialect)
        for dialect in ("engine", "pystator")
    }
    assert [one["$ref"] for one in schema["anyOf"]] == [*inside]

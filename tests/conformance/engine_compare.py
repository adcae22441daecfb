"""What differs between how a case of the engine went and what was observed."""

import json
from pathlib import Path
from typing import Any

from tests.conformance.engine_case import Case
from tests.conformance.engine_fleet import EngineFleet

__all__ = ["differences", "invalid_differences"]

OLD_WORDS = {
    "available": "pending",
    "scheduled": "pending",
    "retryable": "pending",
    "running": "processing",
    "completed": "completed",
    "discarded": "failed",
    "cancelled": "failed",
}

OLD_ENDS: dict[str, object] = {"done": 0, "stopped": 0, "ready": "running"}

REFUSED = 4
"""The exit code of a run whose definition has an error."""

IDLE = frozenset({"wake_up", "no_events", "no_jobs"})
"""Self-loops by these are passes over a list, which ours counts and not keeps."""


def differences(case: Case, fleet: EngineFleet, folder: Path) -> list[str]:
    """Return what is not as expected now, one line each."""
    expected = case.expected
    found = [
        *_transitions(fleet, expected),
        *_ends(fleet, expected),
        *_files(folder, expected),
    ]
    if "jobs" in expected:
        rows = fleet.sql("select id, status from jobs")
        jobs = {id_: OLD_WORDS[status] for id_, status in rows}
        if jobs != expected["jobs"]:
            found.append(f"jobs: expected {expected['jobs']}, got {jobs}")
    if "context" in expected:
        dump = _text(folder, "dump.txt")
        if _read(dump) != expected["context"]:
            found.append(f"context: expected {expected['context']}, got {dump!r}")
    return found


def invalid_differences(case: Case, code: int, errors: str) -> list[str]:
    """Return what is not as expected of a definition that is refused."""
    wanted = case.expected["invalid"]
    found: list[str] = []
    if code != REFUSED:
        found.append(f"exit: expected {REFUSED}, got {code}")
    place = f".yaml:{wanted['line']}" if wanted["line"] else ".yaml"
    if place not in errors or wanted["message"] not in errors:
        found.append(f"message: expected {wanted}, got {errors!r}")
    if "Traceback" in errors:
        found.append("a traceback")
    return found


def _transitions(fleet: EngineFleet, expected: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for name, wanted in expected["transitions"].items():
        got = _moves(fleet, name)
        seen = got[: len(wanted)] if expected.get("transitions_is_prefix") else got
        if seen != wanted:
            found.append(f"transitions of {name}: expected {wanted}, got {got}")
    for name, state in expected.get("final_state", {}).items():
        rows = fleet.sql(
            "select configuration_json from instances where machine = ?", name
        )
        is_in = json.loads(rows[-1][0])[0] if rows else None
        if state is not None and is_in != state:
            found.append(f"final state of {name}: expected {state}, got {is_in}")
    return found


def _moves(fleet: EngineFleet, name: str) -> list[list[str]]:
    rows = fleet.sql(
        "select micro_json from journal where machine = ? order by run, seq", name
    )
    return [
        [micro["from"], micro["event"], micro["to"]]
        for (text,) in rows
        for micro in json.loads(text)
        if micro["from"]
        and not (micro["from"] == micro["to"] and micro["event"] in IDLE)
    ]


def _ends(fleet: EngineFleet, expected: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for name, wanted in expected["exit"].items():
        life = fleet.life(name)
        got = OLD_ENDS.get(life, life)
        if got != wanted:
            found.append(f"exit of {name}: expected {wanted}, got {got}")
    return found


def _files(folder: Path, expected: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for name, wanted in expected.get("files", {}).items():
        got = _text(folder, name)
        if got != wanted:
            found.append(f"{name}: expected {wanted!r}, got {got!r}")
    for name, wanted in expected.get("files_prefix", {}).items():
        got = _text(folder, name)
        if not got.startswith(wanted):
            found.append(f"{name}: expected {wanted!r} first, got {got!r}")
    for name, lines in expected.get("files_min_lines", {}).items():
        got_lines = len(_text(folder, name).splitlines())
        if got_lines < lines:
            found.append(f"{name}: expected {lines} lines, got {got_lines}")
    return found


def _read(text: str) -> object:
    """Return what JSON text says, None while it is not written to its end."""
    try:
        value: object = json.loads(text)
    except ValueError:
        return None
    return value


def _text(folder: Path, name: str) -> str:
    path = folder / name
    return path.read_text("utf-8") if path.exists() else ""

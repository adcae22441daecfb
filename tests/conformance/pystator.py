"""Run what was observed of PyStator: its cases, and walks through its definitions.

    python -m tests.conformance pystator ../shared/conformance/pystator/cases.yaml

A case is a definition, steps, and what each step gave. Where we do better on
purpose (conformance/README.md), `pystator_better.yaml` beside this says what
we give instead, and why. Never compared: wording of messages, keys of metadata
that begin with `_`, number and description of a store's saves.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import yaml

from tests.conformance.found import case_files
from tests.conformance.pystator_compare import differences
from tests.conformance.pystator_loading import LOADING
from tests.conformance.pystator_play import Player
from tests.conformance.pystator_walk import run_walks
from tests.conformance.result import CaseResult

__all__ = ["better", "read_cases", "run_case", "run_files"]

Case = dict[str, Any]


def run_files(paths: Sequence[Path]) -> Iterator[CaseResult]:
    """Run every case of case files, and every walk of files of walks."""
    for path in case_files(paths, ".yaml"):
        document = _read(path)
        if "files" in document:
            yield from run_walks(document, path.parent / "examples")
        else:
            for case in document["cases"]:
                yield run_case(case)


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file."""
    return list(_read(path)["cases"])


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    return found


def better() -> Mapping[str, dict[str, Any]]:
    """Return what we do better, by case."""
    return _read(Path(__file__).with_name("pystator_better.yaml"))


def run_case(case: Case) -> CaseResult:
    """Run one case: the first step that differs fails it."""
    ours = better().get(case["id"], {})
    if "skip" in ours:
        return CaseResult(case["id"], "skip", ours["skip"])
    steps: dict[int, Any] = ours.get("steps", {})
    fault = ours.get("fault", _has_fault(case))
    player = Player(case)
    is_deferring = any(step.get("defer_unhandled") for step in case["steps"])
    merged: dict[str, Any] = {}
    for number, (step, expected) in enumerate(
        zip(case["steps"], case["expected"], strict=True)
    ):
        wanted = as_meant(step, expected, merged, is_deferring=is_deferring)
        if number in steps:
            wanted = _changed(wanted, steps[number])
        elif step["op"] in {"load", "validate"}:
            wanted = _checked(step["op"], expected, fault=fault)
        load = LOADING.get(step["op"])
        got = player.play(step) if load is None else load(case, step)
        found = differences(wanted, got)
        if found:
            place = f"step {number} ({step['op']})"
            return CaseResult(case["id"], "FAIL", f"{place}: {'; '.join(found)}")
    return CaseResult(case["id"], "ok")


def as_meant(
    step: Case,
    expected: Any,  # noqa: ANN401 - JSON
    merged: dict[str, Any],
    *,
    is_deferring: bool = False,
) -> Any:  # noqa: ANN401 - JSON
    """Return what is expected with what holds in every case (README first).

    A guard that says no has an error of its own; what an event brings becomes
    part of the context, which `merged` collects. What is suspicious is told in
    the order of the file, and has none here.
    """
    if step["op"] in {"session", "store_set"}:
        merged.clear()
    if step["op"] in _QUERIES:
        return _QUERIES[step["op"]](expected)
    if not isinstance(expected, dict):
        return expected
    found = dict(cast("dict[str, Any]", expected))
    if found.get("metadata", {}).get("reason") == "guards_failed":
        found["metadata"] = {**found["metadata"], "reason": "guard_rejected"}
        found["error"] = {"type": "GuardRejectedError", "code": "guard_rejected"}
    if found.get("success"):
        merged |= step.get("payload") or {}
        if step["op"] in {"event", "aevent"}:
            merged |= step.get("ctx") or {}
        _told_together(found, is_deferring=is_deferring)
    if step["op"] != "process":
        for key in ("context_after", "stored_context", "context"):
            if isinstance(found.get(key), dict):
                found[key] = {**found[key], **merged}
    return found


def _told_together(found: dict[str, Any], *, is_deferring: bool) -> None:
    """Let one result tell of the automatic transitions behind it, too."""
    last = found.get("state_after", found.get("stored_state"))
    target = found.get("target")
    if is_deferring or not last or not target or last == target:
        return
    if ":" in f"{last}{target}":
        return
    found["target"] = last
    for key in (*_PARTS, "all_actions", "metadata"):
        found.pop(key, None)
    if "chain" in found:
        found["all_actions"] = [name for part in found["chain"] for name in part[-1]]


def _applied(expected: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what data alone led to; its results are compared one by one."""
    if "results" not in expected:
        return expected
    rest = {key: value for key, value in expected.items() if key != "results"}
    return {"applied": expected["results"], **rest}


def _rejected_by_guard(expected: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what is expected of ways that are there: only a guard refuses one."""
    if "candidates" not in expected:
        return expected
    candidates = [
        one if str(one[0]).startswith("_auto_") else _by_guard(one)
        for one in expected["candidates"]
    ]
    return {**expected, "candidates": candidates}


def _by_guard(candidate: list[Any]) -> list[Any]:
    reasons = {"invalid_trigger": "guard_rejected"}
    return [*candidate[:2], reasons.get(candidate[2], candidate[2])]


_PARTS = ("exit_actions", "transition_actions", "enter_actions")
_QUERIES: Mapping[str, Callable[[Any], Any]] = {
    "lint": sorted,
    "evaluate_destination": _rejected_by_guard,
    "apply_data": _applied,
}


def _has_fault(case: Case) -> bool:
    """Say whether the original finds fault with the definition at either door."""
    checks = [
        expected
        for step, expected in zip(case["steps"], case["expected"], strict=True)
        if step["op"] in {"load", "validate"}
    ]
    return any(each.get("raises") or each.get("errors") for each in checks)


def _checked(op: str, expected: object, *, fault: bool) -> object:
    """Return what one validator on both doors gives."""
    if op == "validate":
        return {"is_wrong": fault}
    if fault:
        return {"raises": {"type": "ConfigurationError", "code": "config"}}
    return expected


def _changed(expected: Any, ours: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what is expected with our keys in place; null takes one away."""
    if not isinstance(expected, dict) or not isinstance(ours, dict):
        return ours
    theirs = cast("dict[str, Any]", expected)
    merged = cast("dict[str, Any]", ours)
    if "raises" not in merged and "raises" not in theirs:
        merged = {**theirs, **merged}
    return {key: value for key, value in merged.items() if value is not None}

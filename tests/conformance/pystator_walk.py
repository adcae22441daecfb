"""Walks through PyStator's own definitions, step by recorded step."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from smtui.check import fleet
from smtui.definition import NodeKind, TreeDefinition
from smtui.dialects import load_all, wanted_by
from smtui.library import Machine, TransitionResult
from tests.conformance.pystator_compare import is_within
from tests.conformance.result import CaseResult

__all__ = ["run_walks"]


_NAME = re.compile(r"(?:seed/)?(?P<file>[^#]+)(?:#(?P<index>\d+):.*)?")


def run_walks(document: Mapping[str, Any], folder: Path) -> Iterator[CaseResult]:
    """Run every walk of the document through the definitions of a folder."""
    for name, recorded in document["files"].items():
        found = _NAME.fullmatch(name)
        path = folder / (found["file"] if found else name)
        if not path.is_file():
            yield CaseResult(name, "skip", f"{path.name} is not there")
            continue
        index = int(found["index"] or 0) if found else 0
        yield CaseResult(name, *_told(_walk(path, index, recorded)))


def _told(found: list[str]) -> tuple[Any, str]:
    return ("FAIL", "; ".join(found)) if found else ("ok", "")


def _walk(path: Path, index: int, recorded: Mapping[str, Any]) -> list[str]:
    loaded = load_all(path.read_text("utf-8"), str(path))[index]
    definition = loaded.definition
    if not isinstance(definition, TreeDefinition):
        return [str(problem) for problem in loaded.problems]
    found = _shape(definition, recorded)
    warnings = [
        problem
        for problem in fleet([path]).problems
        if problem.code in {"unreachable", "dead-end", "never-taken", "same-twice"}
    ]
    found += [f"false alarm: {each.at}: {each.message}" for each in warnings]
    machine = Machine(definition)
    for name in wanted_by(definition).guards:
        machine.guards.register(name, lambda _: True)
    for step in recorded.get("walk", ()):
        found += _step(machine, step)
    walks: dict[str, list[dict[str, Any]]] = recorded.get("parallel_walk") or {}
    for walk in walks.values():
        found += _regions(machine, walk)
    return found


def _shape(definition: TreeDefinition, recorded: Mapping[str, Any]) -> list[str]:
    states = [node for node in definition.nodes if node.has_own_id]
    finals = {node.id for node in states if node.kind is NodeKind.FINAL}
    parallels = {node.id for node in states if node.kind is NodeKind.PARALLEL}
    written = {arrow.origin for arrow in definition.arrows if arrow.origin >= 0}
    pairs = {
        "states": (recorded["states"], len(states)),
        "transitions": (recorded["transitions"], len(written)),
        "terminal": (set(recorded["terminal"]), finals),
        "parallel": (set(recorded["parallel"]), parallels),
    }
    return [
        f"{what}: expected {wanted}, got {got}"
        for what, (wanted, got) in pairs.items()
        if wanted != got
    ]


def _step(machine: Machine, step: Mapping[str, Any]) -> list[str]:
    state = str(step["state"])
    if state in _parallels(machine):
        state = machine.enter_parallel_state(state)
    result = machine.process(state, step["trigger"], {})
    target = str(result.target_state).partition(":")[0]
    where = f"{step['state']} {step['trigger']}"
    if (result.success, target) != (step["success"], str(step["target"])):
        return [f"{where}: expected {step['target']}, got {result.target_state}"]
    wanted = list(step["actions"])
    is_parallel = ":" in f"{state}{result.target_state}"
    got = [*result.all_actions]
    if wanted == got or (is_parallel and is_within(wanted, got)):
        return []
    return [f"{where}: expected {wanted}, got {got}"]


def _parallels(machine: Machine) -> set[str]:
    nodes = machine.definition.nodes
    return {node.id for node in nodes if node.kind is NodeKind.PARALLEL}


def _regions(machine: Machine, walk: Sequence[Mapping[str, Any]]) -> list[str]:
    config = str(walk[0]["config"])
    name = config.partition(":")[0]
    entered = machine.enter_parallel_state(name)
    found: list[str] = []
    if _sorted(entered) != _sorted(config):
        found.append(f"{name}: expected {config}, got {entered}")
    here = entered
    for step in walk[1:]:
        result = machine.process(here, step["trigger"], {})
        here = result.target_state if result.target_state is not None else here
        if _sorted(here) != _sorted(str(step["config"])):
            wanted = step["config"]
            found.append(f"{step['trigger']}: expected {wanted}, got {here}")
            break
        found += _moved(step, result)
    return found


def _moved(step: Mapping[str, Any], result: TransitionResult) -> list[str]:
    wanted = sorted(str(name) for moved in step["moved"] for name in moved[3])
    got = sorted(result.all_actions)
    if not result.success:
        got = []
    if wanted == got:
        return []
    return [f"{step['trigger']}: expected {wanted}, got {got}"]


def _sorted(config: str) -> tuple[str, list[str]]:
    name, _, regions = config.partition(":")
    return name, sorted(regions.split(","))

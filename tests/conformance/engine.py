"""Run the observed engine cases through the whole program, from outside.

A case that asks for nothing but its definitions runs beside others in one
fleet, each in a folder of its own; one that brings jobs, data or examples has
a fleet of its own. Events and jobs come in through the store's own door, as
`smtui send` and `smtui jobs add` do it; what happened is read from the stream
and from the store.
"""

import asyncio
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.conformance.engine_case import Case, load_cases
from tests.conformance.engine_compare import invalid_differences
from tests.conformance.engine_fleet import END_S, EngineFleet, a_run
from tests.conformance.engine_run import CaseRun
from tests.conformance.found import case_files
from tests.conformance.result import CaseResult

__all__ = ["run_cases", "run_files"]

AT_ONCE = 5
"""Fleets under way at a time: most of a case is waiting."""

TOGETHER = 9
"""Cases in one fleet."""

TRIES = 5
"""How often a case is observed whose stimuli came late, on a busy computer."""

NEEDS_A_FLEET = frozenset(
    {"initial_context", "jobs_before", "machine_events_before", "repo_files"}
)


class Seen(NamedTuple):
    """What was seen of a case."""

    case: Case
    differences: Sequence[str]
    is_void: bool = False
    """What differs may come from what was done too late: look again."""


def run_files(paths: Sequence[Path]) -> list[CaseResult]:
    """Run every case of the files; a pattern after `::` picks cases by id."""
    cases: list[Case] = []
    for path in case_files(paths, ".yaml"):
        name, _, wanted = str(path).partition("::")
        found = load_cases(Path(name))
        cases += [c for c in found if not wanted or re.fullmatch(wanted, c.id)]
    return run_cases(cases)


def run_cases(cases: Sequence[Case]) -> list[CaseResult]:
    """Run the cases side by side; results come in the order of the cases."""
    results = asyncio.run(_run_all(cases))
    return [results[case.id] for case in cases]


async def _run_all(cases: Sequence[Case]) -> dict[str, CaseResult]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(group: Sequence[Case]) -> list[Seen]:
        async with turn:
            return await _run_group(group)

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one(group)) for group in _groups(cases)]
    seen = {each.case.id: each for task in running for each in task.result()}
    for _ in range(TRIES - 1):
        for id_, each in seen.items():
            if each.is_void:
                (seen[id_],) = await _run_group([each.case])
    return {id_: _verdict(each) for id_, each in seen.items()}


def _groups(cases: Sequence[Case]) -> list[Sequence[Case]]:
    """Return the cases by fleet, those that take longest first."""
    slow_first = sorted(cases, key=_seconds, reverse=True)
    shared = [case for case in slow_first if not _wants_a_fleet(case)]
    groups: list[Sequence[Case]] = [
        shared[n : n + TOGETHER] for n in range(0, len(shared), TOGETHER)
    ]
    groups += [[case] for case in slow_first if _wants_a_fleet(case)]
    return sorted(groups, key=lambda group: _seconds(group[0]), reverse=True)


def _seconds(case: Case) -> float:
    """Return about how long a case takes."""
    goes_on = "running" in case.expected["exit"].values()
    waits = case.raw.get("observe_full_time") or goes_on
    delays = sum(float(stimulus.get("delay", 0)) for stimulus in case.stimuli)
    return delays + (case.observe_s if waits else 0.0)


def _wants_a_fleet(case: Case) -> bool:
    return (
        "invalid" in case.expected
        or not NEEDS_A_FLEET.isdisjoint(case.raw)
        or any("add_job" in stimulus for stimulus in case.stimuli)
    )


async def _run_group(cases: Sequence[Case]) -> list[Seen]:
    with tempfile.TemporaryDirectory(
        prefix="case-", ignore_cleanup_errors=True
    ) as folder:
        if len(cases) == 1:
            return [await _run_alone(cases[0], Path(folder))]
        return await _run_together(cases, Path(folder))


async def _run_alone(case: Case, folder: Path) -> Seen:
    run = CaseRun(case, folder, EngineFleet(folder))
    run.prepare_store()
    arguments = [*map(str, run.definitions), *_options(run)]
    if "invalid" in case.expected:
        return await _refused(run, arguments)
    async with a_run(run.fleet, arguments):
        return await _seen(run)


async def _run_together(cases: Sequence[Case], folder: Path) -> list[Seen]:
    fleet = EngineFleet(folder)
    runs = [CaseRun(case, folder / case.id, fleet) for case in cases]
    arguments = [str(Path(r.case.id, file)) for r in runs for file in r.definitions]
    async with a_run(fleet, arguments), asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_seen(run)) for run in runs]
    return [each.result() for each in running]


def _options(run: CaseRun) -> list[str]:
    """Return the options of a case that has a run for itself."""
    raw = run.case.raw
    options: list[str] = []
    if len(run.names) == 1 and not run.case.machines[0].get("no_machine_name_flag"):
        options += ["--name", run.names[0]]
    if "initial_context" in raw:
        options += ["--context", json.dumps(raw["initial_context"])]
    if "actions_dir" in raw:
        options += ["--actions-dir", raw["actions_dir"]]
    return options


async def _seen(run: CaseRun) -> Seen:
    try:
        found = await run.differences()
        await run.end()
    except TimeoutError as problem:
        found = [f"timed out: {problem}"]
    return Seen(run.case, found, is_void=bool(found) and run.is_late)


async def _refused(run: CaseRun, arguments: Sequence[str]) -> Seen:
    async with a_run(run.fleet, arguments) as process, asyncio.timeout(END_S):
        code = await process.wait()
    return Seen(run.case, invalid_differences(run.case, code, run.fleet.errors))


def _verdict(seen: Seen) -> CaseResult:
    if seen.differences:
        return CaseResult(seen.case.id, "FAIL", "; ".join(seen.differences))
    return CaseResult(seen.case.id, "ok")

"""`smtui test`: scenario files, run in virtual time."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from smtui.cli.command import Command
from smtui.cli.console import Console, counted
from smtui.definition import Json, Position
from smtui.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smtui.testing import Covered, Place, Played

__all__ = ["TEST", "place_json", "where"]

FAILED = 1


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="scenario files")
    parser.add_argument(
        "--strict",
        action="store_true",
        help="a state never entered or a transition never taken fails too",
    )


def _run(console: Console, found: Namespace) -> int:
    from smtui.check import describe_all, problem_to_json  # late: YAML
    from smtui.testing import load_suite, run_suite  # late: the core

    suite = load_suite(Path(file) for file in found.files)
    if suite.problems:
        if console.json:
            problems: list[Json] = [problem_to_json(one) for one in suite.problems]
            console.document({"problems": problems})
        else:
            console.text(describe_all(suite.problems))
            console.note(f"{counted(len(suite.problems), 'problem')}, nothing was run")
        return DefinitionError.exit_code
    played, covered = run_suite(suite)
    if console.json:
        console.document(_document(played, covered))
    else:
        _show(console, played)
        for one in covered:
            _show_coverage(console, one)
    is_bad = any(not one.is_ok for one in played)
    is_bad |= found.strict and any(map(_open_places, covered))
    return FAILED if is_bad else 0


def _show(console: Console, played: "Sequence[Played]") -> None:
    file = ""
    for one in played:
        if one.scenario.at.file != file:
            file = one.scenario.at.file
            console.line(file)
        console.line(f"  {'ok  ' if one.is_ok else 'FAIL'}  {one.scenario.name}")
        for difference in one.differences:
            console.line(f"        {difference.at}: {difference.what}")
            console.line(f"          expected  {difference.expected}")
            console.line(f"          got       {difference.got}")
            if difference.why:
                console.line(f"          because   {difference.why}")
    passed = sum(one.is_ok for one in played)
    console.line(f"{passed} passed, {len(played) - passed} failed")


def _show_coverage(console: Console, covered: "Covered") -> None:
    coverage = covered.coverage
    console.line()
    console.line(
        f"{covered.subject.definition.name}: "
        f"{_of(coverage.states(), coverage.never_entered(), 'states')} entered, "
        f"{_of(coverage.transitions(), coverage.never_taken(), 'transitions')} taken"
    )
    for place in coverage.never_entered():
        console.line(f"  never entered: {place.label}  {where(place.at)}")
    for place in coverage.never_taken():
        console.line(f"  never taken: {place.label}  {where(place.at)}")


def _of(every: "Sequence[Place]", missing: "Sequence[Place]", what: str) -> str:
    return f"{len(every) - len(missing)} of {len(every)} {what}"


def where(at: Position) -> str:
    """Return `file:line`, without a line that is unknown."""
    return f"{at.file}:{at.line}" if at.line else at.file


def _open_places(covered: "Covered") -> bool:
    coverage = covered.coverage
    return bool(coverage.never_entered() or coverage.never_taken())


def _document(
    played: "Sequence[Played]", covered: "Sequence[Covered]"
) -> dict[str, Json]:
    succeeded = sum(one.is_ok for one in played)
    scenarios: list[Json] = [_played_json(one) for one in played]
    coverage: list[Json] = [_covered_json(one) for one in covered]
    return {
        "succeeded": succeeded,
        "failed": len(played) - succeeded,
        "scenarios": scenarios,
        "coverage": coverage,
    }


def _played_json(played: "Played") -> Json:
    scenario = played.scenario
    differences: list[Json] = [
        {
            "file": one.at.file,
            "line": one.at.line,
            "column": one.at.column,
            "what": one.what,
            "expected": one.expected,
            "got": one.got,
            "why": one.why,
        }
        for one in played.differences
    ]
    return {
        "name": scenario.name,
        "file": scenario.at.file,
        "line": scenario.at.line,
        "ok": played.is_ok,
        "differences": differences,
    }


def _covered_json(covered: "Covered") -> Json:
    coverage = covered.coverage
    entered: list[Json] = [place_json(one) for one in coverage.never_entered()]
    taken: list[Json] = [place_json(one) for one in coverage.never_taken()]
    return {
        "machine": covered.subject.definition.name,
        "file": str(covered.subject.path),
        "states": len(coverage.states()),
        "transitions": len(coverage.transitions()),
        "never_entered": entered,
        "never_taken": taken,
    }


def place_json(place: "Place") -> dict[str, Json]:
    """Return a state or a transition with its place."""
    return {"name": place.label, "file": place.at.file, "line": place.at.line}


TEST = Command(
    name="test",
    summary="Run scenario files: events, virtual time, what is expected.",
    run=_run,
    arguments=_arguments,
    examples=(
        "smtui test machines/tests/herald.yaml",
        "smtui test machines/tests/herald.yaml --json",
    ),
    details="Nothing of a machine's author is run: stubs say what its actions give.\n"
    "Exit code 1 when a scenario fails, 4 when a file is not right.",
)

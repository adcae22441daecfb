"""Run SCXML documents in virtual time: the W3C's tests, and SCION's scripts.

A W3C test passes when it ends in its state `pass`. A SCION test is a document
with a JSON script beside it: events, and the configuration after each. Nothing
here starts a process; snapshots go through JSON at every step.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from smtui.chart import StateChart, compile_chart
from smtui.chart.values import ChildEntry
from smtui.definition import Json, TreeDefinition
from smtui.dialects import decode, load_child, load_text
from smtui.errors import DefinitionError, SmtuiError
from smtui.testing import Sessions
from tests.conformance.result import CaseResult

__all__ = ["Case", "find_cases", "run_case", "run_files"]

MANUAL = frozenset({"178", "230", "250", "301", "307", "313", "314", "415"})
"""A person reads their log; INDEX.md says which. They run, and end somewhere."""

BASIC_HTTP = "http://www.w3.org/TR/scxml/#BasicHTTPEventProcessor"

LONGEST_S = 600.0
"""Virtual seconds a test may wait; the longest time-out seen is a minute."""


@dataclass(frozen=True, slots=True)
class Case:
    """A document, and the script that drives it if there is one."""

    id: str
    document: Path
    script: Path | None = None


def find_cases(paths: Sequence[Path]) -> list[Case]:
    """Return the cases in files and folders, in the order of their names."""
    return [case for path in paths for case in _cases_in(path)]


def run_files(paths: Sequence[Path]) -> Iterator[CaseResult]:
    """Run every case there."""
    for case in find_cases(paths):
        yield run_case(case)


def run_case(case: Case) -> CaseResult:
    """Run one case to its end."""
    reason = _skip_reason(case)
    if reason:
        return CaseResult(case.id, "skip", reason)
    try:
        chart = _chart(case.document)
        detail = _ends(case, chart) if case.script is None else _follows(case, chart)
    except SmtuiError as error:
        detail = str(error)
    return CaseResult(case.id, "FAIL" if detail else "ok", detail)


def _cases_in(path: Path) -> Iterator[Case]:
    root = path if path.is_dir() else path.parent
    files = sorted(path.rglob("*.scxml")) if path.is_dir() else [path]
    for file in files:
        if re.search(r"sub\d+$", file.stem):
            continue  # a part of another test, which invokes it
        script = file.with_suffix(".json")
        name = file.relative_to(root).with_suffix("").as_posix()
        yield Case(name, file, script if script.is_file() else None)


def _skip_reason(case: Case) -> str:
    """Return why a case cannot be run here, '' when it can."""
    text = case.document.read_text("utf-8-sig")
    if BASIC_HTTP in text or "'basichttp'" in text:
        return "needs the BasicHTTP event I/O processor, which is optional"
    missing = [
        src
        for src in re.findall(r"<script[^>]*\ssrc=[\"']([^\"']+)", text)
        if not (case.document.parent / src.removeprefix("file:")).is_file()
    ]
    return f"needs the script file {missing[0]}, which is not here" if missing else ""


def _chart(path: Path) -> StateChart:
    loaded = load_text(decoded(path), str(path))
    return _compiled(loaded.definition, "; ".join(p.message for p in loaded.errors))


def decoded(path: Path) -> str:
    """Return a file's text. Raises DefinitionError when it is none."""
    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise DefinitionError(f"{path}: {error.strerror}") from None
    if not isinstance(text, str):
        raise DefinitionError(text.message)
    return text


def _compiled(definition: object, problems: str) -> StateChart:
    if not isinstance(definition, TreeDefinition):
        raise DefinitionError(problems or "found no statechart")
    return compile_chart(definition)


def _child(entry: ChildEntry, parent: StateChart) -> StateChart:
    """Return the chart of a child that is not written inside its invoke."""
    loaded = load_child(parent.definition.file, entry.src, entry.content)
    return _compiled(loaded.definition, "; ".join(p.message for p in loaded.errors))


# ------------------------------------------------------------------ W3C's tests


def _ends(case: Case, chart: StateChart) -> str:
    """Return what went wrong with a document that tests itself, or ''."""
    sessions = Sessions(load=_child)
    sessions.begin(chart)
    sessions.settle(LONGEST_S)
    leaves = sessions.leaves()
    is_manual = case.document.stem.removeprefix("test") in MANUAL
    if leaves == ("pass",) or (is_manual and leaves == ("final",)):
        return ""
    logged = "; ".join(log.message for _, log in sessions.logs[-3:])
    return f"expected the state pass, got {', '.join(leaves) or 'none'} ({logged})"


# -------------------------------------------------------------- SCION's scripts


def _follows(case: Case, chart: StateChart) -> str:
    """Return where a chart left its script, or ''."""
    script = json.loads(decoded(case.script or case.document))
    sessions = Sessions(load=_child)
    sessions.begin(chart)
    wrong = _compared("at the start", script["initialConfiguration"], sessions)
    for number, turn in enumerate(script["events"], 1):
        if wrong:
            break
        sessions.advance(float(turn.get("after", 0)) / 1000)
        event: dict[str, Json] = turn["event"]
        sessions.send("main", str(event["name"]), event.get("data"))
        where = f"after event {number}, {event['name']}"
        wrong = _compared(where, turn["nextConfiguration"], sessions)
    return wrong


def _compared(where: str, expected: list[str], sessions: Sessions) -> str:
    found = sorted(sessions.leaves())
    if found == sorted(expected):
        return ""
    return f"{where}: expected {', '.join(sorted(expected))}, got {', '.join(found)}"

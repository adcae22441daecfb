"""The lines of a headless run: lives, steps, problems, output."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from smtui.cli.console import Console
from smtui.cli.goals import Goals
from smtui.cli.history import step_line
from smtui.cli.known import known_by
from smtui.cli.logfiles import Follower, LogLine
from smtui.clock import rfc3339
from smtui.definition import Json
from smtui.store import SOLE_INSTANCE, Reader
from smtui.store.documents import step_document
from smtui.store.rows import JournalEntry
from smtui.view.facts import Facts
from smtui.view.fleet import FleetView
from smtui.view.masks import mask_text
from smtui.wire import MachineView, ProblemView
from smtui.wire.paths import encode_name

__all__ = ["Begin", "Reporter"]

PAGE_ROWS = 500


class Begin(NamedTuple):
    """Where the report begins: after all that was there before the start."""

    journal_id: int = 0
    log_sizes: Mapping[str, int] | None = None
    """By file name; None: with what comes from now on."""


class Reporter:
    """Prints what is new since it last looked."""

    def __init__(
        self,
        console: Console,
        data: Path,
        reader: Reader,
        goals: Goals,
        begin: Begin,
    ) -> None:
        self.last_step = begin.journal_id
        self._begin = begin
        self._console = console
        self._data = data
        self.reader = reader
        self._goals = goals
        self._followers: dict[str, Follower] = {}
        self._known: dict[str, Facts | None] = {}
        self._told: frozenset[ProblemView] = frozenset()

    # -------------------------------------------------------------- processes

    def lives(self, before: FleetView, after: FleetView) -> None:
        """Print each machine whose process has come to another state."""
        for view in after.machines.values():
            known = before.machines.get(view.name)
            is_idle_template = view.template and view.pid is None
            if known is not None and _is_same(known, view):
                continue
            if known is None and is_idle_template:
                continue
            self._follow(view)
            self._life(view)
        told = frozenset(after.problems)
        for problem in after.problems:
            if problem not in self._told:
                self._problem(problem, after.at)
        self._told = told

    def _life(self, view: MachineView) -> None:
        at = view.state_since or self._console.clock.now()
        if self._console.json:
            self._put(
                "child",
                at,
                view.name,
                {"status": view.state.value, "pid": view.pid, "why": view.reason},
            )
            return
        pid = f"  pid {view.pid}" if view.pid else ""
        why = f"  {view.reason}" if view.reason else ""
        self._line(at, view.name, f"{view.state.value}{pid}{why}")

    def _problem(self, problem: ProblemView, at: float) -> None:
        where = f"{problem.file}:{problem.line}:{problem.column}"
        if self._console.json:
            detail: dict[str, Json] = {
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "code": problem.code,
                "severity": problem.severity,
                "message": problem.message,
                "hint": problem.hint,
            }
            self._put("problem", at, None, detail)
            return
        hint = f" ({problem.hint})" if problem.hint else ""
        self._console.note(f"{where}: {problem.severity}: {problem.message}{hint}")

    # ------------------------------------------------------------------ steps

    async def steps(self) -> None:
        """Print the steps that were committed since."""
        while True:
            rows = await self.reader.journal_page(after=self.last_step, limit=PAGE_ROWS)
            for entry in rows:
                self.last_step = entry.id
                self._goals.see_step(entry.machine, entry.row.to)
                if self._console.json:
                    document = step_document(entry)
                    self._put("step", entry.row.at, entry.machine, document)
                else:
                    is_sole = entry.instance == SOLE_INSTANCE
                    life = "" if is_sole else f"{entry.instance}  "
                    line = f"{life}{step_line(entry, await self._facts(entry))}"
                    self._line(entry.row.at, entry.machine, line)
            if len(rows) < PAGE_ROWS:
                return

    async def _facts(self, entry: JournalEntry) -> Facts | None:
        hash_ = entry.row.definition_hash
        if hash_ not in self._known:
            known = await known_by(self.reader, [hash_])
            self._known[hash_] = known.get(hash_)
        return self._known[hash_]

    # ----------------------------------------------------------------- output

    def logs(self) -> None:
        """Print what machines and their actions have printed since."""
        lines = [line for one in self._followers.values() for line in one.new_lines()]
        for line in sorted(lines, key=lambda line: line.at):
            self._log(line)

    def _follow(self, view: MachineView) -> None:
        name = view.child
        if name not in self._followers:
            file = self._data / "logs" / f"{encode_name(name)}.log"
            sizes = self._begin.log_sizes
            offset = None if sizes is None else sizes.get(file.name, 0)
            self._followers[name] = Follower(name, file, offset)

    def _log(self, line: LogLine) -> None:
        text = mask_text(line.text, reveal=self._console.reveal)
        at = line.at or self._console.clock.now()
        if self._console.json:
            self._put("log", at, line.machine, {"stream": line.stream, "text": text})
        elif line.stream != "---":
            self._line(at, line.machine, f"| {text}")

    # -------------------------------------------------------------------- end

    def stop(self, why: str) -> None:
        """Print that the command ends, and why."""
        now = self._console.clock.now()
        if self._console.json:
            self._put("stop", now, None, {"why": why})
        else:
            self._line(now, "smtui", f"stop: {why}")

    def _line(self, at: float, machine: str, text: str) -> None:
        self._console.line(f"{self._console.moment(at)}  {machine:<12} {text}")

    def _put(
        self, kind: str, at: float, machine: str | None, detail: Mapping[str, Json]
    ) -> None:
        first: dict[str, Json] = {"kind": kind, "at": rfc3339(at), "machine": machine}
        self._console.document(
            {**first, **{k: v for k, v in detail.items() if k != "at"}}
        )


def _is_same(known: MachineView, view: MachineView) -> bool:
    """Say whether a process still is what it was; a new one is news.

    News are coalesced: it may have ended and begun again between two of them.
    """
    is_replaced = known.pid is not None and known.pid != view.pid
    return known.state is view.state and not is_replaced

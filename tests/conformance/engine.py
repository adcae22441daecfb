"""Run the observed engine cases through the whole program, from outside.

Each case gets a folder, a data directory and a fleet of its own: `smtui run
--headless --json`. Events and jobs come in through the store's own door, as
`smtui send` and `smtui jobs add` do it; what happened is read from the stream
and from the store.
"""

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smtui.clock import SystemClock
from smtui.store import Writer
from smtui.wire.doorbell import ring
from smtui.wire.paths import bell_path, run_dir
from tests.conformance.engine_case import Case, load_cases
from tests.conformance.found import conformance_dir
from tests.conformance.result import CaseResult

__all__ = ["run_cases", "run_files"]

AT_ONCE = 8
"""Cases under way at a time: most of a case is waiting."""

START_S = 20.0
"""How long a machine may take until it is ready, on a busy computer."""

OLD_WORDS = {
    "available": "pending",
    "scheduled": "pending",
    "retryable": "pending",
    "running": "processing",
    "completed": "completed",
    "discarded": "failed",
    "cancelled": "failed",
}

DUMP = """
import json
from statemachine_engine.actions.base import BaseAction

def look(context, key):
    if "." in key:
        name, field = key.split(".")
        return [item[field] for item in context[name]]
    return context.get(key, "<absent>")

class DumpAction(BaseAction):
    async def execute(self, context):
        found = {key: look(context, key) for key in self.config["keys"]}
        with open("dump.txt", "w") as file:
            json.dump(found, file, sort_keys=True)
        return self.config["success"]
"""

GREET = """
from statemachine_engine.actions import BaseAction

class GreetAction(BaseAction):
    async def execute(self, context):
        context["greeting"] = "hello"
        return "greeted"
"""

CALCULATE = """
from statemachine_engine.actions import BaseAction

class CalculateAction(BaseAction):
    async def execute(self, context):
        payload = context.get("event_data", {}).get("payload", {})
        context["calculation_result"] = payload.get("a", 0) + payload.get("b", 0)
        return "calculated"
"""


def run_files(paths: Sequence[Path]) -> list[CaseResult]:
    """Run every case of the files; a word after `:` picks cases by id."""
    cases: list[Case] = []
    for path in paths:
        name, _, wanted = str(path).partition("::")
        found = load_cases(Path(name))
        cases += [c for c in found if not wanted or re.fullmatch(wanted, c.id)]
    return run_cases(cases)


def run_cases(cases: Sequence[Case]) -> list[CaseResult]:
    """Run the cases side by side; results come in the order of the cases."""
    return asyncio.run(_run_all(cases))


async def _run_all(cases: Sequence[Case]) -> list[CaseResult]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case) -> CaseResult:
        async with turn:
            return await _run_case(case)

    return await asyncio.gather(*(one(case) for case in cases))


async def _run_case(case: Case) -> CaseResult:
    folder = Path(tempfile.mkdtemp(prefix=f"{case.id[:20]}-"))
    try:
        run = CaseRun(case, folder)
        differences = await run.differences()
    except TimeoutError as problem:
        differences = [f"timed out: {problem}"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if differences:
        return CaseResult(case.id, "FAIL", "; ".join(differences))
    return CaseResult(case.id, "ok")


class CaseRun:
    """One case under way."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case = case
        self.folder = folder
        self.data = folder / ".smtui"
        self.states: dict[str, str] = {}
        self.children: dict[str, dict[str, Any]] = {}
        self.changed = asyncio.Condition()
        self.errors = ""

    # ------------------------------------------------------------------ set up

    def _write_files(self) -> list[Path]:
        raw = self.case.raw
        examples = _examples()
        for name in raw.get("repo_files", ()):
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if name.endswith("_action.py"):
                target.write_text(GREET if "greet" in name else CALCULATE)
            else:
                shutil.copy(
                    examples / name.removeprefix("examples/").replace("/config/", "/"),
                    target,
                )
        for name, text in raw.get("files", {}).items():
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        if raw.get("dump_action"):
            (self.folder / "actions").mkdir(exist_ok=True)
            (self.folder / "actions" / "dump_action.py").write_text(DUMP)
        paths: list[Path] = []
        for machine in self.case.machines:
            if "config_file" in machine:
                paths.append(Path(machine["config_file"]))
            else:
                path = Path(f"{machine['name']}.yaml")
                (self.folder / path).write_text(machine["config"])
                paths.append(path)
        return paths

    def _arguments(self, paths: Sequence[Path]) -> list[str]:
        raw = self.case.raw
        arguments = [*map(str, paths), "--headless", "--json", "--data", str(self.data)]
        if len(paths) == 1 and not self.case.machines[0].get("no_machine_name_flag"):
            arguments += ["--name", self.case.machines[0]["name"]]
        if "initial_context" in raw:
            arguments += ["--context", json.dumps(raw["initial_context"])]
        if "actions_dir" in raw:
            arguments += ["--actions-dir", raw["actions_dir"]]
        return arguments

    def _writer(self) -> Writer:
        return Writer(self.data / "smtui.db", "normal", SystemClock())

    def _prepare_store(self) -> None:
        raw = self.case.raw
        self.data.mkdir(exist_ok=True)
        with self._writer() as writer:
            for job in raw.get("jobs_before", ()):
                self._add_job(writer, job)
            for event in raw.get("machine_events_before", ()):
                writer.accept(
                    event["target_machine"], event["event_type"], {}, source="case"
                )
        for job in raw.get("jobs_before", ()):
            status = job.get("status")
            if status:
                word = {"processing": "running", "failed": "discarded"}.get(
                    status, status
                )
                self._sql(
                    "update jobs set status = ? where id = ?", word, job["job_id"]
                )

    def _add_job(self, writer: Writer, job: dict[str, Any]) -> frozenset[str]:
        return writer.add_job(
            job["job_type"],
            job.get("data") or {},
            source="case",
            priority=job.get("priority", 5),
            machine_type=job.get("machine_type"),
            job_id=job["job_id"],
            source_job_id=job.get("source_job_id"),
        ).bells

    def _sql(self, statement: str, *arguments: object) -> list[Any]:
        with contextlib.closing(sqlite3.connect(self.data / "smtui.db")) as db:
            db.execute("pragma busy_timeout = 5000")
            rows = db.execute(statement, arguments).fetchall()
            db.commit()
        return rows

    # --------------------------------------------------------------------- run

    async def differences(self) -> list[str]:
        """Run the case; return what differs from what is expected."""
        paths = self._write_files()
        self._prepare_store()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "smtui",
            "run",
            *self._arguments(paths),
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=4 * 1024 * 1024,
            start_new_session=True,
        )
        follow = asyncio.create_task(self._follow(process))
        try:
            if "invalid" in self.case.expected:
                return await self._check_invalid(process, follow)
            await self._live()
            return self._compare()
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(30):
                    await process.wait()
                    await follow
            except TimeoutError:
                os.killpg(process.pid, signal.SIGKILL)
                raise

    async def _follow(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        errors = asyncio.create_task(process.stderr.read())
        async for line in process.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                continue
            async with self.changed:
                self._note(message)
                self.changed.notify_all()
        self.errors = (await errors).decode(errors="replace")
        async with self.changed:
            self.children = {
                name: {**child, "gone": True} for name, child in self.children.items()
            }
            self.changed.notify_all()

    def _note(self, message: dict[str, Any]) -> None:
        name = message.get("machine") or ""
        if message.get("kind") == "step" and message.get("to"):
            self.states[name] = message["to"][0]
        elif message.get("kind") == "child":
            self.children[name] = {**self.children.get(name, {}), **message}

    async def _until(self, what: str, is_true: Any, seconds: float) -> None:  # noqa: ANN401
        try:
            async with asyncio.timeout(seconds), self.changed:
                await self.changed.wait_for(is_true)
        except TimeoutError as problem:
            seen = f"{self.states} {self.children} {self.errors}"
            raise TimeoutError(f"{what}: {seen}") from problem

    async def _live(self) -> None:
        names = [machine["name"] for machine in self.case.machines]
        await self._until(
            "no machine was ready",
            lambda: all(
                self._status(n) in {"ready", "done", "stopped", "failed"} for n in names
            ),
            START_S,
        )
        for stimulus in self.case.stimuli:
            for name, state in stimulus.get("when", {}).items():
                await self._until(
                    f"{name} never in {state}",
                    lambda name=name, state=state: self.states.get(name) == state,
                    15.0,
                )
            await asyncio.sleep(stimulus.get("delay", 0))
            self._act(stimulus)
        if self.case.raw.get("observe_full_time"):
            await asyncio.sleep(self.case.observe_s)
            return
        with contextlib.suppress(TimeoutError):
            await self._until(
                "still running",
                lambda: all(
                    self._status(n) in {"done", "stopped", "failed"} for n in names
                ),
                self.case.observe_s,
            )

    def _status(self, name: str) -> str:
        return str(self.children.get(name, {}).get("status", ""))

    def _act(self, stimulus: dict[str, Any]) -> None:
        bells: set[str] = set()
        with self._writer() as writer:
            if "send" in stimulus:
                self._send(writer, stimulus["to"], stimulus["send"])
                bells.add(stimulus["to"])
            if "raw" in stimulus:
                with contextlib.suppress(ValueError, AttributeError):
                    self._send(writer, stimulus["to"], json.loads(stimulus["raw"]))
                bells.add(stimulus["to"])
            if "add_job" in stimulus:
                bells |= self._add_job(writer, stimulus["add_job"])
        if "complete_job" in stimulus:
            job = stimulus["complete_job"]
            self._sql("update jobs set status = 'completed' where id = ?", job)
            self._sql(
                "insert into counters values ('jobs_ended', 1)"
                " on conflict (topic) do update set n = n + 1"
            )
            bells |= {machine["name"] for machine in self.case.machines}
        if "signal" in stimulus:
            name = stimulus["to"]
            rows = self._sql("select pid from children where name = ?", name)
            os.kill(rows[0][0], signal.Signals[f"SIG{stimulus['signal']}"])
        for name in bells:
            ring(bell_path(run_dir(self.data), name))

    def _send(self, writer: Writer, to: str, message: dict[str, Any]) -> None:
        payload = (
            {
                key: eval(value[1:-1], {}) if str(value).startswith("<'") else value  # noqa: S307
                for key, value in message["payload"].items()
            }
            if isinstance(message.get("payload"), dict)
            else message.get("payload")
        )
        writer.accept(
            to,
            message.get("type", "unknown"),
            payload,
            source="case",
            job_id=message.get("job_id"),
        )

    # ----------------------------------------------------------------- compare

    async def _check_invalid(
        self, process: asyncio.subprocess.Process, follow: "asyncio.Task[None]"
    ) -> list[str]:
        async with asyncio.timeout(START_S):
            code = await process.wait()
            await follow
        wanted = self.case.expected["invalid"]
        found: list[str] = []
        if code != 4:
            found.append(f"exit: expected 4, got {code}")
        place = f".yaml:{wanted['line']}" if wanted["line"] else ".yaml"
        if place not in self.errors or wanted["message"] not in self.errors:
            found.append(f"message: expected {wanted}, got {self.errors!r}")
        if "Traceback" in self.errors:
            found.append("a traceback")
        return found

    def _compare(self) -> list[str]:
        expected = self.case.expected
        found = [
            *self._compare_transitions(expected),
            *self._compare_ends(expected),
            *self._compare_files(expected),
        ]
        jobs = {
            id_: OLD_WORDS[s] for id_, s in self._sql("select id, status from jobs")
        }
        if "jobs" in expected and jobs != expected["jobs"]:
            found.append(f"jobs: expected {expected['jobs']}, got {jobs}")
        if "context" in expected:
            dump = self.folder / "dump.txt"
            context = json.loads(dump.read_text()) if dump.exists() else None
            if context != expected["context"]:
                found.append(f"context: expected {expected['context']}, got {context}")
        return found

    def _transitions(self, name: str) -> list[list[str]]:
        rows = self._sql(
            "select micro_json from journal where machine = ? order by run, seq", name
        )
        return [
            [micro["from"], micro["event"], micro["to"]]
            for (text,) in rows
            for micro in json.loads(text)
            if micro["from"]
            and not (
                micro["from"] == micro["to"]
                and micro["event"] in {"wake_up", "no_events", "no_jobs"}
            )
        ]

    def _compare_transitions(self, expected: dict[str, Any]) -> list[str]:
        found: list[str] = []
        for name, wanted in expected["transitions"].items():
            got = self._transitions(name)
            seen = got[: len(wanted)] if expected.get("transitions_is_prefix") else got
            if seen != wanted:
                found.append(f"transitions of {name}: expected {wanted}, got {got}")
        for name, state in expected.get("final_state", {}).items():
            rows = self._sql(
                "select configuration_json from instances where machine = ?", name
            )
            got_state = json.loads(rows[-1][0])[0] if rows else None
            if state is not None and got_state != state:
                found.append(
                    f"final state of {name}: expected {state}, got {got_state}"
                )
        return found

    def _compare_ends(self, expected: dict[str, Any]) -> list[str]:
        found: list[str] = []
        for name, wanted in expected["exit"].items():
            status = self._status(name)
            got: object = {"done": 0, "stopped": 0, "ready": "running"}.get(
                status, status
            )
            if got != wanted:
                found.append(f"exit of {name}: expected {wanted}, got {got}")
        return found

    def _compare_files(self, expected: dict[str, Any]) -> list[str]:
        found: list[str] = []
        for name, wanted in expected.get("files", {}).items():
            got = self._text(name)
            if got != wanted:
                found.append(f"{name}: expected {wanted!r}, got {got!r}")
        for name, wanted in expected.get("files_prefix", {}).items():
            if not self._text(name).startswith(wanted):
                found.append(
                    f"{name}: expected {wanted!r} first, got {self._text(name)!r}"
                )
        for name, lines in expected.get("files_min_lines", {}).items():
            got_lines = len(self._text(name).splitlines())
            if got_lines < lines:
                found.append(f"{name}: expected {lines} lines, got {got_lines}")
        return found

    def _text(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""


def _examples() -> Path:
    root = conformance_dir()
    if root is None:
        raise FileNotFoundError("the engine's own examples are not here")
    return root / "engine" / "examples"

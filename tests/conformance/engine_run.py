"""One case of the engine under way in a fleet: what is done to its machines."""

import asyncio
import contextlib
import json
import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

from smtui.clock import SystemClock
from smtui.store import Writer
from tests.conformance.engine_case import Case
from tests.conformance.engine_compare import differences
from tests.conformance.engine_files import write_files
from tests.conformance.engine_fleet import OVER, EngineFleet

__all__ = ["CaseRun"]

START_S = 60.0
"""How long a machine may take until it is ready, on a busy computer."""

WHEN_S = 30.0
"""How long a machine may take to the state a stimulus waits for."""

LATE_S = 20.0
"""How much longer than the original a busy computer may take."""

PUNCTUAL_S = 0.2
"""A stimulus that comes so much later than meant meets another moment."""

LOOK_AGAIN_S = 0.25
"""Files and rows that machines write ring no bell here."""


class CaseRun:
    """A case with its folder and its fleet, alone or among others."""

    def __init__(self, case: Case, folder: Path, fleet: EngineFleet) -> None:
        self.case = case
        self.folder = folder
        self.fleet = fleet
        self.names = [machine["name"] for machine in case.machines]
        self.is_late = False
        """A stimulus came so late that what followed says nothing."""
        self._meant_at = 0.0
        folder.mkdir(parents=True, exist_ok=True)
        self.definitions = write_files(case, folder)
        """Its machines' files, relative to its folder."""

    def prepare_store(self) -> None:
        """Write the jobs and the events that wait for the machines."""
        raw = self.case.raw
        self.fleet.data.mkdir(exist_ok=True)
        with self.fleet.writer() as writer:
            for job in raw.get("jobs_before", ()):
                self._add_job(writer, job)
            for event in raw.get("machine_events_before", ()):
                writer.accept(
                    event["target_machine"], event["event_type"], {}, source="case"
                )
        for job in raw.get("jobs_before", ()):
            status = job.get("status")
            if status:
                words = {"processing": "running", "failed": "discarded"}
                self.fleet.sql(
                    "update jobs set status = ? where id = ?",
                    words.get(status, status),
                    job["job_id"],
                )

    async def differences(self) -> list[str]:
        """Do what is to be done, and return what differs from what is expected.

        What must not happen has the observed time to happen; what must happen
        may come later, unless the case says within which time.
        """
        await self.fleet.until("no machine was ready", self._have_begun, START_S)
        self._meant_at = self._began_at()
        for stimulus in self.case.stimuli:
            await self._stimulate(stimulus)
        await self._observe()
        found = differences(self.case, self.fleet, self.folder)
        if "within_s" in self.case.expected:
            return found
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LATE_S):
                while found:
                    await asyncio.sleep(LOOK_AGAIN_S)
                    found = differences(self.case, self.fleet, self.folder)
        return found

    async def end(self) -> None:
        """Stop what still runs, so that it keeps no other case from anything."""
        running = [name for name in self.names if self.fleet.life(name) not in OVER]
        if running:
            await self.fleet.stop(running)

    def _have_begun(self) -> bool:
        return all(self.fleet.life(name) in {"ready", *OVER} for name in self.names)

    def _began_at(self) -> float:
        """Return when the last of the machines began."""
        rows = self.fleet.sql("select machine, min(at) from journal group by machine")
        return max((at for name, at in rows if name in self.names), default=0.0)

    async def _observe(self) -> None:
        if self.case.raw.get("observe_full_time"):
            await asyncio.sleep(self.case.observe_s)
            return
        with contextlib.suppress(TimeoutError):
            await self.fleet.until(
                "still running",
                lambda: self.fleet.are_over(self.names),
                self.case.observe_s,
            )

    # ---------------------------------------------------------------- stimuli

    async def _stimulate(self, stimulus: dict[str, Any]) -> None:
        for name, state in stimulus.get("when", {}).items():
            is_there = partial(self._is_in, name, state)
            await self.fleet.until(f"{name} never in {state}", is_there, WHEN_S)
            self._meant_at = SystemClock().now()
        delay_s = float(stimulus.get("delay", 0))
        await asyncio.sleep(delay_s)
        self._meant_at += delay_s
        bells: set[str] = set()
        with self.fleet.writer() as writer:
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
            self._complete(stimulus["complete_job"])
            bells |= set(self.names)
        if "signal" in stimulus:
            self._signal(stimulus["to"], signal.Signals[f"SIG{stimulus['signal']}"])
        for name in bells:
            self.fleet.ring(name)
        if SystemClock().now() > self._meant_at + PUNCTUAL_S:
            self.is_late = True

    def _is_in(self, name: str, state: str) -> bool:
        return self.fleet.states.get(name) == state

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

    def _complete(self, job: str) -> None:
        self.fleet.sql("update jobs set status = 'completed' where id = ?", job)
        self.fleet.sql(
            "insert into counters values ('jobs_ended', 1)"
            " on conflict (topic) do update set n = n + 1"
        )

    def _signal(self, name: str, number: signal.Signals) -> None:
        rows = self.fleet.sql("select pid from children where name = ?", name)
        os.kill(rows[0][0], number)

    def _send(self, writer: Writer, to: str, message: dict[str, Any]) -> None:
        payload = message.get("payload")
        if isinstance(payload, dict):
            payload = {key: _value(value) for key, value in payload.items()}
        writer.accept(
            to,
            message.get("type", "unknown"),
            payload,
            source="case",
            job_id=message.get("job_id"),
        )


def _value(written: object) -> object:
    """Return a value of a payload; `<'x' * 9>` stands for a long text."""
    if isinstance(written, str) and written.startswith("<'"):
        return eval(written[1:-1], {})  # noqa: S307 - our own case file
    return written

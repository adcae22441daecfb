"""Machines of an orchestrator's file, as their process holds them."""

import asyncio
import queue
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from smtui.chart import StateChart, compile_chart
from smtui.chart.messages import Send
from smtui.chart.values import (
    At,
    Done,
    Event,
    Fired,
    Given,
    Run,
    Snapshot,
    Step,
    TimerEntry,
)
from smtui.clock import SystemClock
from smtui.definition import Json
from smtui.dialects import load_all
from smtui.runtime.actions import Outlet
from smtui.runtime.foreign import Ensemble
from smtui.stepper import start, step

__all__ = ["AT", "House"]

AT = At(1.0, 1.0, "boot")


class House:
    """The machines of a file and what would be committed of each."""

    def __init__(self, file: Path, kept: Mapping[str, Snapshot] | None = None) -> None:
        """Begin all machines, or go on from their snapshots."""
        found = load_all(file.read_text(), str(file))
        self.charts = {
            each.name: cast("StateChart", compile_chart(each.definition))
            for each in found
            if each.definition is not None
        }
        self.snapshots: dict[str, Snapshot] = dict(kept or {})
        self._file = file
        self._ids = 0
        self._ensemble = Ensemble(file, Outlet(), SystemClock())
        for name, chart in self.charts.items():
            self._ensemble.member(name, chart.definition)
        for name, snapshot in self.snapshots.items():
            self._ensemble.restore(name, snapshot)
        self.posts: queue.SimpleQueue[Mapping[str, Json]] = queue.SimpleQueue()
        """News of what moved outside of any event."""
        self._ensemble.post = self.posts.put
        asyncio.run(self._ensemble.load())
        for name, chart in self.charts.items():
            if name not in self.snapshots:
                given = Given(name, "main", 1, "cause", AT)
                self._perform(name, start(chart, {}, given))
        self._ensemble.resume()

    def again(self) -> "House":
        """Return the machines as a process finds them after the death of this one."""
        again = House(self._file, self.snapshots)
        self.close()
        self._ensemble = again._ensemble  # so that close() ends the newest
        return again

    def close(self) -> None:
        """End the thread of the file."""
        self._ensemble.close()

    def send(self, name: str, event: str, **data: Json) -> Step:
        """Give a machine an event; return the step that is its outcome."""
        self._ids += 1
        given = Event(event, dict(data), f"e{self._ids}", AT)
        return self._perform(name, self._step(name, given))

    def fire(self, name: str) -> Step:
        """Let the time of a machine's only delayed event be over."""
        (id_,) = self.delays(name)
        return self._perform(name, self._step(name, Fired(id_, AT)))

    def delays(self, name: str) -> dict[str, str]:
        """Return what a machine waits for: the events by id."""
        pending = self.snapshots[name].pending.items()
        return {k: e.event for k, e in pending if isinstance(e, TimerEntry)}

    def where(self, name: str) -> tuple[str, ...]:
        """Return a machine's configuration."""
        return self.snapshots[name].configuration

    def model(self, name: str) -> Json:
        """Return what is kept of a machine's model."""
        return self.snapshots[name].data.get("model")

    def _step(self, name: str, given: Event | Fired | Done) -> Step:
        taken = step(self.charts[name], self.snapshots[name], given)
        assert isinstance(taken, Step)
        return taken

    def _perform(self, name: str, asked: Step) -> Step:
        self.snapshots[name] = asked.snapshot
        done = asked
        for run in (each for each in asked.effects if isinstance(each, Run)):
            sending = self._ensemble.take_up(name, run.entry)
            ended = asyncio.run(sending.perform())
            done = self._step(name, Done(run.id, ended.answer, AT))
            self.snapshots[name] = done.snapshot
        self._tell(done)
        return done

    def _tell(self, done: Step) -> None:
        """Bring the peers their news."""
        for send in (e for e in done.effects if isinstance(e, Send)):
            peer = str(send.to.name)
            news = Event(send.message.name, send.message.data, send.id, AT)
            self.snapshots[peer] = self._step(peer, news).snapshot

"""Telling schedulers and invoke adapters what a saved step began and ended."""

from collections.abc import Mapping, Sequence
from functools import partial

from smtui.chart.messages import Message, MessageKind
from smtui.chart.values import (
    At,
    CancelChild,
    ChildEntry,
    Done,
    Effect,
    Event,
    Raised,
    Result,
    Run,
    RunEntry,
    Snapshot,
    StartChild,
    TimerEntry,
)
from smtui.library.calling import action_context
from smtui.library.host import Host
from smtui.library.saving import timers_of
from smtui.library.schedulers import Timer

__all__ = ["Announcer", "end_of"]


class Announcer:
    """Knows what an entity had under way when it was read."""

    def __init__(self, host: Host, entity_id: str, snapshot: Snapshot | None) -> None:
        self._host = host
        self._entity = entity_id
        self._timers: set[str] = set()
        self._invoked: dict[str, str] = {}
        if snapshot is not None:
            self._timers = {*timers_of(snapshot)}
            self._invoked = {
                id_: entry.invoke_id
                for id_, entry in snapshot.pending.items()
                if isinstance(entry, RunEntry | ChildEntry) and entry.invoke_id
            }

    def tell(self, snapshot: Snapshot, effects: Sequence[Effect]) -> None:
        """Tell what is under way now, and what the effects begin and end."""
        self._tell_scheduler(timers_of(snapshot))
        adapter = self._host.invoke_adapter
        if adapter is None:
            return
        for effect in effects:
            match effect:
                case Run(id_, entry) if entry.invoke_id:
                    self._invoked[id_] = entry.invoke_id
                    context = action_context(snapshot.data, entry.args)
                    adapter.start(self._entity, entry.invoke_id, entry.action, context)
                case StartChild(id_, child):
                    self._invoked[id_] = child.invoke_id
                    context = action_context(child.data, {})
                    adapter.start(self._entity, child.invoke_id, child.src, context)
                case CancelChild(id_) if id_ in self._invoked:
                    adapter.stop(self._entity, self._invoked.pop(id_))
                case _:
                    pass

    def _tell_scheduler(self, present: Mapping[str, TimerEntry]) -> None:
        scheduler, machine = self._host.scheduler, self._host.machine
        if scheduler is None:
            return
        for id_ in self._timers - present.keys():
            scheduler.cancel(machine.name, self._entity, id_)
        now = machine.at()
        for id_, entry in present.items():
            if id_ not in self._timers:
                fire = partial(self._host.fire, self._entity, id_)
                delay_s = entry.due.seconds_left(now)
                scheduler.schedule(
                    Timer(machine.name, self._entity, id_, entry.event, delay_s, fire)
                )
        self._timers = {*present}


def end_of(
    snapshot: Snapshot, invoke_id: str, answer: Result | Raised, at: At
) -> Done | Event | None:
    """Return the input that ends what was invoked, None when it was left before."""
    for id_, entry in snapshot.pending.items():
        if isinstance(entry, RunEntry) and entry.invoke_id == invoke_id:
            return Done(id_, answer, at)
        if isinstance(entry, ChildEntry) and entry.invoke_id == invoke_id:
            said = _last_word(invoke_id, answer)
            return Event(said.name, said.data, id_, at, message=said)
    return None


def _last_word(invoke_id: str, answer: Result | Raised) -> Message:
    """Return what a machine says that somebody else runs."""
    if isinstance(answer, Result):
        data = dict(answer.value)
        return Message(f"done.invoke.{invoke_id}", data, invoke_id=invoke_id)
    return Message(
        "error.communication",
        answer.message,
        invoke_id=invoke_id,
        kind=MessageKind.PLATFORM,
    )

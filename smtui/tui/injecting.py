"""What the injection box knows: live snapshots, charts, and the previews.

Plain Python, no Textual. One machine or many: over marked machines a row says
how many would take the event and how many would not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from smtui.chart import Chart, decode
from smtui.chart.values import At, Snapshot
from smtui.definition import Json
from smtui.errors import SmtuiError
from smtui.store.rows import SOLE_INSTANCE
from smtui.tui.context import Context
from smtui.view.entities import has_entities, unborn
from smtui.view.facts import NOTHING_KNOWN, Facts
from smtui.view.foresight import UNREAD, look_ahead
from smtui.view.inject import Candidate, Draft, Foresight, Verdict, candidates, tally
from smtui.view.peers import Sighting, known_by, sighting_of
from smtui.wire.messages import MachineView

__all__ = ["Injection"]

MOST_PREVIEWED = 50
"""More marked machines than this are sent to, but not looked at one by one."""


@dataclass(frozen=True, slots=True)
class Target:
    """A machine as it is in the store now."""

    facts: Facts
    chart: Chart | None
    snapshot: Snapshot | None


class Injection:
    """The machines an event is meant for, as they are now."""

    def __init__(self, context: Context, machines: Sequence[str]) -> None:
        self._context = context
        self.machines = tuple(machines)
        self._targets: dict[str, Target] = {}

    async def load(self, names: Sequence[str] | None = None) -> None:
        """Read the snapshots anew; what cannot be read has no preview."""
        for name in (names or self.machines)[:MOST_PREVIEWED]:
            self._targets[name] = await self._read(name)

    def targets_of(self, draft: Draft) -> tuple[str, ...]:
        """Return the machines a line is for."""
        return self.machines if draft.target is None else (draft.target,)

    def is_known(self, name: str) -> bool:
        """Say whether there is such a machine, or replicas of that name."""
        name = name.partition("/")[0]
        machines = self._context.desk.fleet.machines
        base = name.partition("#")[0]
        return name in machines or any(
            machine.replica_of == base for machine in machines.values()
        )

    def wants_instance(self, name: str) -> bool:
        """Say whether an event must say which instance of the machine it is for."""
        target = self._targets.get(name)
        _, slash, named = name.partition("/")
        if named or target is None or not has_entities(target.chart):
            return False
        # one that was invoked has one instance, and is somewhere
        return bool(slash) or not self._configuration(name)

    def is_loaded(self, name: str) -> bool:
        """Say whether a preview of the machine is possible."""
        return name in self._targets

    def state_of(self, name: str) -> str:
        """Return the active state of a machine, '' when unknown."""
        return "+".join(self._configuration(name))

    def for_s(self, name: str) -> float | None:
        """Return how long the machine has been there."""
        target = self._targets.get(name)
        if "/" in name and target is not None and target.snapshot is not None:
            return self._context.now() - target.snapshot.since.wall
        machine = self._machine(name)
        frame = machine.frame if machine else None
        return self._context.now() - frame.since if frame else None

    def rows(self, draft: Draft) -> tuple[Candidate, ...]:
        """Return the rows of the box for what is typed."""
        names = self.targets_of(draft)
        events: list[str] = []
        answers: list[str] = []
        for name in names:
            facts = self._facts(name)
            events += facts.events
            for state in self._configuration(name):
                asked = facts.asks.get(state)
                answers += asked.answers if asked else ()
        if draft.event and draft.event not in events and draft.is_named:
            events.append(draft.event)
        seen = [
            (event, self._foresight(names, event, self._payload(draft, event)))
            for event in dict.fromkeys(events)
        ]
        facts = self._facts(names[0]) if names else NOTHING_KNOWN
        typed = "" if draft.is_named else draft.event
        return candidates(facts, seen, typed, answers)

    def foresee(self, draft: Draft) -> Foresight:
        """Return what the line would do if it were sent now."""
        return self._foresight(self.targets_of(draft), draft.event, draft.payload.value)

    def _payload(self, draft: Draft, event: str) -> Json:
        return draft.payload.value if event == draft.event else {}

    def _foresight(self, names: Sequence[str], event: str, payload: Json) -> Foresight:
        each = [self._one(name, event, payload) for name in names[:MOST_PREVIEWED]]
        if not each:
            return UNREAD
        if len(each) == 1:
            return each[0]
        verdicts = {foresight.verdict for foresight in each}
        order = list(Verdict)
        best = min(verdicts, key=order.index)
        return Foresight(best, tally(each))

    def _one(self, name: str, event: str, payload: Json) -> Foresight:
        target = self._targets.get(name)
        if target is None or target.chart is None or target.snapshot is None:
            return UNREAD
        machine = self._machine(name)
        return look_ahead(
            target.chart,
            target.snapshot,
            event,
            payload,
            frame=machine.frame if machine and "/" not in name else None,
            now=self._context.now(),
            known=known_by(self._sighting),
        )

    def _sighting(self, machine: str, instance: str) -> Sighting | None:
        return sighting_of(self._context.desk.machine(machine), instance)

    def _facts(self, name: str) -> Facts:
        target = self._targets.get(name)
        if target is not None and target.facts is not NOTHING_KNOWN:
            return target.facts
        machine = self._machine(name)
        if machine is None:
            return NOTHING_KNOWN
        return self._context.desk.known.facts_for(machine)

    def _machine(self, name: str) -> MachineView | None:
        """Return the machine of a name, which may say an instance too."""
        return self._context.desk.machine(name.partition("/")[0])

    def _configuration(self, name: str) -> tuple[str, ...]:
        target = self._targets.get(name)
        if "/" in name and target is not None and target.snapshot is not None:
            return target.snapshot.configuration
        machine = self._machine(name)
        frame = machine.frame if machine else None
        return frame.configuration if frame else ()

    async def _read(self, name: str) -> Target:
        machine = self._machine(name)
        if machine is None:
            return Target(NOTHING_KNOWN, None, None)
        instance = name.partition("/")[2] or SOLE_INSTANCE
        records = self._context.sources.records
        try:
            custom = await records.custom_types(machine.name)
            compiled = await self._context.charts.get(machine.definition, custom)
            row = await records.instance(machine.name, instance)
            if row is None and "/" in name and has_entities(compiled.chart):
                at = At(self._context.now(), 0.0, "")
                first = unborn(compiled.chart, machine.name, instance, at)
                return Target(compiled.facts, compiled.chart, first)
            if row is None or row.snapshot is None:
                return Target(compiled.facts, compiled.chart, None)
            return Target(compiled.facts, compiled.chart, decode(row.snapshot))
        except SmtuiError:
            return Target(NOTHING_KNOWN, None, None)

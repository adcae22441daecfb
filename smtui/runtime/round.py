"""One commit of a machine with many instances: whose steps are in it.

Each instance takes its own turns; what they ask for in their family (children
to begin, children to end) is decided in the same round, so that it is
committed with them or not at all. Nothing is written here: a round that could
not be committed is thrown away.
"""

from dataclasses import dataclass, field, replace

from smtui.chart import StateChart
from smtui.chart.messages import (
    Address,
    AddressKind,
    Lineage,
    Message,
    MessageKind,
    Send,
)
from smtui.chart.values import At, CancelChild, Given, StartChild, Status
from smtui.definition import Json
from smtui.errors import DefinitionError
from smtui.runtime.entity import Entity
from smtui.runtime.family import Charts, file_beside
from smtui.runtime.inbox import Mail
from smtui.runtime.roll import Roll
from smtui.runtime.turns import (
    Asked,
    Batch,
    Hand,
    begin,
    end_early,
    refuse,
    take_turns,
)
from smtui.store import SOLE_INSTANCE, InboxKind, StepWrite

__all__ = ["Round"]

ROOM = 48
"""Steps of a commit, the children of the last one left out."""

_OVER = frozenset({Status.FINAL, Status.FAILED})


@dataclass(slots=True)
class Round:
    """Steps of several instances."""

    machine: str
    context: dict[str, Json]
    """Data every instance begins with."""
    roll: Roll
    mail: Mail
    charts: Charts
    at: At
    is_many: bool = False
    """Events begin instances; else there is one, and what it invokes."""
    ends: bool = False
    """Only results are stepped: the process ends."""
    batches: dict[str, Batch] = field(default_factory=dict[str, Batch])
    born: dict[str, StateChart] = field(default_factory=dict[str, StateChart])
    asked: dict[str, Asked] = field(default_factory=dict[str, Asked])
    stopped: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Invoked actions to stop: instance and pending id."""
    until: At | None = None
    """The first delay of those that had their turn."""

    @property
    def room(self) -> int:
        """Return how many steps more fit."""
        return ROOM - sum(len(batch.writes) for batch in self.batches.values())

    @property
    def writes(self) -> list[StepWrite]:
        """Return all there is to commit."""
        return [write for batch in self.batches.values() for write in batch.writes]

    def turn(self, id_: str) -> bool:
        """Give an instance its turns; return whether it had anything to do."""
        if id_ in self.batches:
            return True  # its parent was quicker
        entity = self.roll.use(id_)
        if entity is None:
            return self._begin(id_)
        if entity.is_asking or entity.why_blocked:
            return False
        if entity.is_over:
            return self._refuse(id_, entity)
        mail = self.mail
        hand = Hand(
            entity.snapshot,
            () if self.ends else [*mail.of.get(id_, {}).values()],
            mail.rows,
            entity.done,
            entity.counters,
            seconds={} if entity.hands is None else entity.hands.seconds,
            answers=entity.answers,
        )
        batch = take_turns(
            entity.chart, hand, self.at, ends=self.ends, most=max(1, self.room)
        )
        if batch.asked is not None:
            self.asked[id_] = batch.asked
            return False
        self._note(batch.until)
        if batch.writes:
            self._add(id_, entity.chart, batch)
        return bool(batch.writes)

    # -------------------------------------------------------------------- births

    def _begin(self, id_: str) -> bool:
        """Begin an instance with its first event, or by order."""
        queue = self.mail.of.get(id_)
        if not queue or self.ends or id_ not in self.roll.unborn:
            return False
        if not (self.is_many or id_ == SOLE_INSTANCE):
            return self._refuse_stranger(id_)
        row = self.mail.rows[next(iter(queue))]
        is_order = row.kind is InboxKind.CREATE
        own = row.payload if is_order and isinstance(row.payload, dict) else {}
        self.begin_own(id_, {**self.context, **own}, row.id if is_order else "")
        return True

    def begin_own(self, id_: str, data: dict[str, Json], order: str = "") -> None:
        """Begin an instance of the machine's own chart."""
        queue = self.mail.of.get(id_) or {}
        cause = order or next(iter(queue), "")
        row = self.mail.rows[order] if order else None
        batch = begin(self.charts.own, data, self.roll.given(id_, cause), row)
        self.born[id_] = self.charts.own
        self._add(id_, self.charts.own, batch)

    def _refuse(self, id_: str, entity: Entity) -> bool:
        queue = self.mail.of.get(id_)
        if not queue or self.ends:
            return False
        batch = Batch(entity.snapshot)
        where = "+".join(entity.snapshot.configuration)
        rows = [self.mail.rows[event] for event in queue]
        refuse(batch, rows[: max(1, self.room)], f"{id_!r} has ended in {where}")
        self.batches[id_] = batch
        return True

    def _refuse_stranger(self, id_: str) -> bool:
        """Refuse what is for an instance that this machine does not have."""
        main = self.roll.entities.get(SOLE_INSTANCE)
        if main is None:
            return False
        batch = self.batches.setdefault(SOLE_INSTANCE, Batch(main.snapshot))
        rows = [self.mail.rows[event] for event in self.mail.of[id_]]
        refuse(
            batch, rows[: max(1, self.room)], f"this machine has no instance {id_!r}"
        )
        return True

    # -------------------------------------------------------------------- family

    def _add(self, id_: str, chart: StateChart, batch: Batch) -> None:
        self.batches[id_] = batch
        family, batch.family = batch.family, []
        for effect in family:
            if isinstance(effect, StartChild):
                self._start(id_, chart, batch, effect)
            else:
                self._cancel(id_, batch, effect)

    def _start(
        self, id_: str, chart: StateChart, batch: Batch, effect: StartChild
    ) -> None:
        entry = effect.entry
        if entry.type:
            src = file_beside(chart.definition.file, entry.src)
            _ask(batch, effect._replace(entry=entry._replace(src=src)))
            return
        try:
            child = self.charts.of_child(chart, entry)
        except DefinitionError as problem:
            self._tell(batch, effect, str(problem))
            return
        given = Given(
            machine=self.machine,
            instance=entry.instance,
            run=1,
            id=f"{id_}/{effect.id}",
            at=self.at,
            lineage=Lineage(id_, entry.invoke_id),
        )
        self.born[entry.instance] = child
        self._add(entry.instance, child, begin(child, entry.data, given))

    def _tell(self, batch: Batch, effect: StartChild, why: str) -> None:
        """Tell an instance that what it invoked cannot begin (SCXML 6.4)."""
        snapshot = batch.snapshot
        message = Message(
            "error.communication",
            why,
            invoke_id=effect.entry.invoke_id,
            kind=MessageKind.PLATFORM,
        )
        to = Address(AddressKind.SELF, snapshot.instance)
        sent = Send(
            f"{snapshot.instance}/{snapshot.run}/{effect.id}.error", to, message
        )
        last = batch.writes[-1]
        batch.writes[-1] = replace(last, sends=(*last.sends, sent))

    def _cancel(self, id_: str, batch: Batch, effect: CancelChild) -> None:
        child = effect.instance
        if effect.is_machine:
            _ask(batch, effect)
            return
        if not child:
            self.stopped.append((id_, effect.id))
            return
        entity = self.roll.entities.get(child)
        chart = self.born.get(child) or (entity.chart if entity else None)
        its = self.batches.get(child)
        if its is None and entity is not None:
            its = Batch(entity.snapshot)
        if chart is None or its is None or its.snapshot.status in _OVER:
            return
        end_early(chart, its, self.at)
        self._add(child, chart, its)

    def _note(self, until: At | None) -> None:
        if until is None or until.is_due(self.at):
            return  # one that is over waits for an action, not for a time
        left = until.seconds_left(self.at)
        if self.until is None or left < self.until.seconds_left(self.at):
            self.until = until


def _ask(batch: Batch, effect: StartChild | CancelChild) -> None:
    """Let the commit begin or end a machine, with the step that asked for it."""
    last = batch.writes[-1]
    batch.writes[-1] = replace(last, machines=(*last.machines, effect))

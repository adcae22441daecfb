"""A statechart at work: one process, one machine, any number of instances.

The laws of this file, beside those of a machine with one instance:

- an instance takes its turns one after the other, instances take them side by
  side; the steps of several are committed together
- an author's guard is asked while no transaction is open; its instance waits,
  the others go on
- what is due and what came in is asked of the store, by an index, never of
  every instance
"""

import asyncio
from dataclasses import replace
from pathlib import Path

from smtui.chart import StateChart
from smtui.chart.values import At
from smtui.dialects.bindings import told_unbound, wanted_by
from smtui.errors import FencedError
from smtui.runtime.alarm import Alarm, at_now
from smtui.runtime.asking import Asking
from smtui.runtime.entity import Entity
from smtui.runtime.family import Charts
from smtui.runtime.frames import Counts, crowd_frame, frame_of
from smtui.runtime.inbox import Mail
from smtui.runtime.loading import resumed
from smtui.runtime.patience import Patience
from smtui.runtime.peers import Watch
from smtui.runtime.roll import Roll
from smtui.runtime.round import Round
from smtui.runtime.setup import Setup, Tools
from smtui.runtime.tally import Tally
from smtui.runtime.trial import Trial, cut_short
from smtui.runtime.turns import Batch
from smtui.runtime.works import Works
from smtui.store import (
    SOLE_INSTANCE,
    GoneError,
    Owner,
    StoreBusyError,
    StoreFullError,
    Writer,
)
from smtui.wire import BLOCKED, Frame

__all__ = ["Crowd"]


class Crowd:
    """The owner of a statechart's instances."""

    def __init__(self, setup: Setup, chart: StateChart, tools: Tools) -> None:
        """Do nothing yet: load(), then run()."""
        self._setup = setup
        self._tools = tools
        self._clock = tools.clock
        self._owner = Owner(setup.name, tools.epoch)
        # one that was invoked has one run, of which its invoker hears
        self._is_many = chart.tree.semantics.is_many and setup.lineage is None
        self._charts = Charts(chart)
        self._store = Patience(tools.store, tools.stop, self._waits_for_store)
        self._roll = Roll(setup, tools, self._store, self._charts)
        self._mail = Mail()
        self._ready: dict[str, None] = {}
        """Instances that may have something to do, the longest waiting first."""
        self._works = Works(setup, tools, self._roll, self._wake_up)
        self._asking = Asking(setup.functions, self._store, self._answered)
        self._trial = Trial(self._owner, tools, self._roll, self._works, self._store)
        self._counts = Counts()
        self._started = tools.clock.now()
        self._tally = Tally(chart.definition)
        self._next: At | None = None
        self._is_due = True
        self._has_more_due = False
        self._watch = Watch(chart, setup.name, self._store, self._roll)
        self._tasks: asyncio.TaskGroup | None = None
        self._wake = asyncio.Event()
        self._alarm = Alarm(tools.clock)
        tools.stop.listen(self._wake.set)

    @property
    def is_blocked(self) -> bool:
        """Say whether it cannot begin to work."""
        return self._counts.problem.startswith(BLOCKED)

    def ring(self) -> None:
        """Look into the store: something may have come in."""
        self._mail.ring()
        self._wake.set()

    async def load(self) -> None:
        """Take up what was left, and bind the author's names.

        Raises StoreError, StepError and DefinitionError.
        """
        await self._bind()
        after = ""
        while page := await self._store.call(Writer.load_busy, self._setup.name, after):
            await self._roll.take({one.instance: one for one in page})
            for one in page:
                entity = self._roll.entities.get(one.instance)
                if entity is None or entity.is_over:
                    continue
                start = resumed(entity.snapshot, one, self._tools)
                entity.done += start.done
                self._works.add(one.instance, self._trial.let_go(one.instance, start))
                self._ready[one.instance] = None
            after = page[-1].instance
        if not self._is_many:
            await self._roll.fetch([SOLE_INSTANCE])
            main = self._roll.entities.get(SOLE_INSTANCE)
            if main is not None and main.why_blocked:
                self._block(main.why_blocked)
        self._tally.load(
            await self._store.call(Writer.instance_sizes, self._setup.name)
        )

    async def _bind(self) -> None:
        functions = self._setup.functions
        if functions is None:
            return
        if why := await functions.load():
            self._block(why)
            return
        wanted = wanted_by(self._charts.own.definition)
        guards = [name for name in wanted.guards if not functions.guard(name)]
        actions = [
            name
            for name in wanted.actions
            if not functions.action(name) and not self._has_action(name)
        ]
        if not (guards or actions):
            return
        file = functions.file
        code = file or Path(self._charts.own.definition.file).with_suffix(".py")
        why = told_unbound(code.name, guards, actions, is_there=file is not None)
        if file is None:
            self._problem(why)
        else:
            self._block(f"{why}, and restart it")

    def _has_action(self, name: str) -> bool:
        return name in self._setup.author.catalogue.types or name in {"bash", "sleep"}

    async def run(self) -> None:
        """Work until the process is told to stop, or the one run has ended.

        Raises FencedError when a newer process owns the machine.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                self._works.begin(tasks)
                await self._work()
        finally:
            self._alarm.close()

    async def _work(self) -> None:
        stop = self._tools.stop
        try:
            while self.is_blocked and not stop.is_told:
                await self._pause(None)
            if not (stop.is_told or self._is_many):
                await self._begin()
            self._asking.is_careful = self._trial.is_called_for
            await self._trial.hold(self._settle)
            self._works.take_up()
            self._show()
            while not (stop.is_told or self._is_over()):
                await self._turn()
            await self._wind_down()
            await self._store.call(Writer.leave, self._owner)
        except FencedError:
            self._works.kill()
            raise
        except (StoreBusyError, StoreFullError):
            self._works.kill()  # told to stop while nothing can be written
        self._show()

    async def _settle(self, until: At) -> None:
        """Step what actions have given, or wait for one, and not for ever."""
        self._ready.update(dict.fromkeys(self._works.gather()))
        round_ = self._decide()
        if round_.batches:
            await self._commit(round_)
        else:
            await self._pause(until)

    def _is_over(self) -> bool:
        main = None if self._is_many else self._roll.entities.get(SOLE_INSTANCE)
        return main is not None and main.is_over

    async def _begin(self) -> None:
        if SOLE_INSTANCE in self._roll.entities:
            self._ready[SOLE_INSTANCE] = None
            return
        round_ = self._round()
        round_.begin_own(SOLE_INSTANCE, dict(self._setup.context))
        await self._commit(round_)

    # --------------------------------------------------------------------- turns

    def _round(self, *, ends: bool = False) -> Round:
        return Round(
            self._setup.name,
            dict(self._setup.context),
            self._roll,
            self._mail,
            self._charts,
            at_now(self._clock),
            is_many=self._is_many,
            ends=ends,
        )

    async def _turn(self) -> None:
        if self._mail.must_look() or self._is_due:
            await self._look()
        self._ready.update(dict.fromkeys(self._works.gather()))
        round_ = self._decide()
        if round_.batches:
            await self._commit(round_)
            self._is_due |= self._has_more_due
            if self._watch.has_more:
                self._mail.ring()
        elif self._mail.must_look(is_stuck=not self._ready):
            await self._look()
        else:
            self._asking.is_careful &= bool(self._mail.rows)
            await self._pause(self._next)

    def _decide(self, *, ends: bool = False) -> Round:
        """Give those that are ready their turns, as many as fit."""
        round_ = self._round(ends=ends)
        for id_ in [*self._ready]:
            if round_.room <= 0:
                break
            if not round_.turn(id_):
                del self._ready[id_]
                self._tell_blocked(id_)
        for id_, asked in round_.asked.items():
            if self._tasks is not None and not ends:
                entity = self._roll.entities[id_]
                self._asking.ask(self._tasks, id_, entity, asked)
        self._expect(round_.until)
        return round_

    def _expect(self, due: At | None) -> None:
        now = at_now(self._clock)
        if due is None or due.is_due(now):
            return  # one that is over and waits for an action wakes nobody
        if self._next is None or due.seconds_left(now) < self._next.seconds_left(now):
            self._next = due

    async def _pause(self, until: At | None) -> None:
        self._show()
        if self._wake.is_set():
            self._wake.clear()
            return
        if until is not None:
            self._alarm.set(until, self._came_due)
        await self._wake.wait()
        self._wake.clear()
        self._alarm.unset()

    def _came_due(self) -> None:
        self._is_due = True
        self._wake.set()

    async def _look(self) -> None:
        """Read what has come in and what is due."""
        mail, is_due = self._mail, self._is_due
        mail.look()
        self._is_due = False
        limit = mail.limit()
        rows, due = await self._roll.look(mail.after, limit, is_due=is_due)
        mail.looked(rows, limit)
        self._ready.update(dict.fromkeys(row.instance for row in rows))
        if due is not None:
            self._next = due.next
            self._has_more_due = due.is_more
            self._ready.update(dict.fromkeys(due.instances))
        self._counts.read = mail.read
        self._counts.waiting = len(mail.rows)
        self._ready.update(dict.fromkeys(await self._watch.look()))

    # ------------------------------------------------------------------- commits

    async def _commit(self, round_: Round) -> None:
        """Commit a round, then do what it asks for."""
        writes = round_.writes
        try:
            committed = await self._store.call(Writer.commit, self._owner, writes)
        except GoneError as gone:
            self._mail.drop_seq(gone.seq)
            return
        for id_, batch in round_.batches.items():
            self._moved(id_, batch, round_)
        for id_, pending in round_.stopped:
            self._works.drop(id_, pending)
        if not self._tools.stop.is_told:
            self._works.take_up()
        self._roll.forget([*self._ready, *self._mail.of])
        self._tools.bells.ring(committed.bells)
        if committed.wake_supervisor:
            self._tools.bells.ring_supervisor()
        self._show()

    def _moved(self, id_: str, batch: Batch, round_: Round) -> None:
        entity = self._roll.entities.get(id_)
        self._tally.moved(entity.snapshot if entity else None, batch.snapshot)
        if entity is None:
            entity = Entity(round_.born[id_], batch.snapshot)
            self._tally.instances += id_ not in self._roll.unborn or (
                self._roll.unborn[id_] is None
            )
            self._roll.begin(id_, entity)
        entity.move_on(batch)
        self._mail.drop_ids(batch.handled)
        self._ready.pop(id_, None)
        self._ready[id_] = None  # behind those that have waited
        self._works.add(id_, batch.runs)
        self._works.forget(entity, batch.used)
        if entity.is_over and entity.hands is not None:
            for pending in entity.hands.pids():
                self._works.drop(id_, pending)
        for log in batch.logs:
            self._tools.outlet.log(log.level, log.message)
        counts = self._counts
        counts.steps += batch.steps
        counts.ignored += batch.ignored
        counts.waiting = len(self._mail.rows)
        if batch.problem:
            named = f"{id_}: {batch.problem}" if self._is_many else batch.problem
            self._problem(named)

    def _problem(self, text: str) -> None:
        self._counts.problem, self._counts.problem_at = text, self._clock.now()

    def _tell_blocked(self, id_: str) -> None:
        """Say why an instance does not go on, when something waits for it."""
        entity = self._roll.entities.get(id_)
        if entity is not None and entity.why_blocked:
            self._problem(f"{id_}: {entity.why_blocked}")

    def _block(self, why: str) -> None:
        self._problem(BLOCKED + why)

    # ------------------------------------------------------------------ the end

    async def _wind_down(self) -> None:
        """Step what actions in hand give until their time is over."""
        self._asking.end()
        await self._works.end()
        for entity in self._roll.entities.values():
            entity.is_asking = False
        cut_off = self._works.cut_off()
        self._ready.update(dict.fromkeys(self._works.gather()))
        while (round_ := self._decide(ends=True)).batches:
            await self._commit(round_)
        await cut_short(self._store, self._owner, cut_off)

    # ------------------------------------------------------------------- frames

    def _wake_up(self) -> None:
        self._wake.set()

    def _answered(self, id_: str) -> None:
        self._ready[id_] = None
        self._wake.set()

    def _show(self) -> None:
        self._tools.link.show(self._setup.name, self._frame)

    def _frame(self) -> Frame:
        name, in_hand = self._setup.name, self._works.entries()
        main = None if self._is_many else self._roll.entities.get(SOLE_INSTANCE)
        if main is None:
            return crowd_frame(
                name,
                self._counts,
                in_hand,
                tally=self._tally,
                since=self._started,
            )
        pids = main.hands.pids() if main.hands is not None else {}
        now = at_now(self._clock)
        frame = frame_of(name, main.snapshot, self._counts, pids, now)
        return replace(
            frame,
            instances=max(1, self._tally.instances),
            leaves=() if main.why_blocked else main.chart.leaves(frame.configuration),
        )

    def _waits_for_store(self, waits: bool) -> None:
        self._counts.waits_store = waits
        self._show()

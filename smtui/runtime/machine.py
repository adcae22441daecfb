"""One machine at work: inbox -> driver -> commit -> perform, without polling.

The laws of this file:

- what was not committed has not happened: nothing is performed, rung or shown
  before its commit, and a batch that was refused is decided again
- the doorbell, a timer and the end of an action each wake it; between them it
  waits for ever
- told to stop it takes no new event, steps what its actions in hand still
  give, and leaves the rest pending for the next process
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from smtui.chart.values import At, Query, Raised, Result, RunEntry
from smtui.errors import FencedError
from smtui.runtime.alarm import Alarm, at_now
from smtui.runtime.frames import frame_of
from smtui.runtime.hands import Hands
from smtui.runtime.life import Life
from smtui.runtime.loading import Start, load
from smtui.runtime.patience import Patience
from smtui.runtime.peers import look
from smtui.runtime.records import write_of
from smtui.runtime.setup import Setup, Tools
from smtui.runtime.start_fsm import is_start, resolved
from smtui.runtime.turns import Answers, Asked, Batch, take_turns
from smtui.stepper import Nothing, accepts
from smtui.store import (
    Committed,
    GoneError,
    InboxRow,
    Owner,
    StoreBusyError,
    StoreFullError,
    Writer,
)
from smtui.wire import Frame

__all__ = ["Machine"]

_WHOLE_INBOX = 100_000
"""Rows an inbox may hold: news of peers are looked for in all of them."""


class Machine:
    """The owner of one machine's one instance."""

    def __init__(self, setup: Setup, tools: Tools) -> None:
        """Do nothing yet: load(), then run()."""
        self._setup = setup
        self._tools = tools
        self._clock = tools.clock
        self._owner = Owner(setup.name, tools.epoch)
        self._life = Life()
        self._start = Start()
        self._hands: Hands | None = None
        self._wake = asyncio.Event()
        self._alarm = Alarm(tools.clock)
        self._store = Patience(tools.store, tools.stop, self._waits_for_store)
        tools.stop.listen(self._wake.set)

    @property
    def is_blocked(self) -> bool:
        """Say whether it waits for a decision about its changed definition."""
        return self._start.is_blocked

    def ring(self) -> None:
        """Look into the store: something may have come in."""
        self._life.window.ring()
        self._wake.set()

    async def load(self) -> None:
        """Take up the run where it was committed, or begin one.

        Raises StoreError and StepError when what is kept cannot be read, and
        DefinitionError when an author's Python cannot be imported.
        """
        self._start = await load(self._setup, self._tools, self._store)
        if self._setup.foreign is not None:
            rows = await self._store.call(
                Writer.read_inbox, self._setup.name, 0, _WHOLE_INBOX
            )
            self._setup.foreign.restore(self._start.snapshot, rows)
            await self._setup.foreign.load()
        if self._start.problem:
            self._life.counts.problem = self._start.problem
            self._life.counts.problem_at = self._clock.now()
        if self._start.snapshot is not None:
            self._life.resume(self._start.snapshot, self._start.done)

    async def run(self) -> None:
        """Work until the run has ended or the process is told to stop.

        Raises FencedError when a newer process owns the machine.
        """
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._work(self._make_hands(tasks))
        finally:
            self._alarm.close()

    async def _work(self, hands: Hands) -> None:
        self._hands = hands
        stop = self._tools.stop
        try:
            await self._begin(hands)
            while not (stop.is_told or self._life.is_over):
                await self._turn(hands)
            await self._wind_down(hands)
            await self._store.call(Writer.leave, self._owner)
        except FencedError:
            hands.kill()
            raise
        except (StoreBusyError, StoreFullError):
            hands.kill()  # told to stop while nothing can be written
        self._show()

    # --------------------------------------------------------------- turns

    async def _begin(self, hands: Hands) -> None:
        """Take up what the last process left, or write the first step."""
        start = self._start
        if start.first is not None:
            await self._commit(start.first, hands)
        for query in start.queries:
            await self._ask_again(query)
        if not self._tools.stop.is_told:
            for run in start.runs:
                hands.take_up(run.id, run.entry, self._life.snapshot)
        self._show()
        while start.is_blocked and not self._tools.stop.is_told:
            await self._pause(None)

    async def _turn(self, hands: Hands) -> None:
        life = self._life
        if life.window.must_look():
            await self._look()
        life.add(hands.gather())
        now = at_now(self._clock)
        batch = take_turns(self._setup.chart, life.hand(hands.seconds), now)
        if batch.writes:
            await self._commit(batch, hands)
        elif batch.asked is not None:
            await self._ask(batch.asked)
        elif life.window.must_look(is_stuck=self._takes_events()):
            await self._look()
        else:
            await self._pause(batch.until)

    async def _ask(self, asked: Asked) -> None:
        """Look where other machines are, so that an input can be stepped."""
        said = Answers(asked.input, ())
        before = self._life.answers
        if before is not None and before.input == asked.input:
            said = before
        own, seen = self._life.snapshot.instance, dict(said.sights)
        given = [
            await look(self._store, question, own, seen) for question in asked.questions
        ]
        self._life.answers = Answers(asked.input, (*said.given, *given), seen)

    def _takes_events(self) -> bool:
        intake = accepts(self._setup.chart, self._life.snapshot)
        return not isinstance(intake, Nothing)

    async def _pause(self, until: At | None) -> None:
        self._show()  # a ring is answered once what it told of was looked at
        if until is not None:
            self._alarm.set(until, self._wake.set)
        await self._wake.wait()
        self._wake.clear()
        self._alarm.unset()

    async def _wind_down(self, hands: Hands) -> None:
        """Step what actions in hand give until their time is over."""
        life = self._life
        await hands.end(self._tools.stop)
        life.forget_results()
        life.add(hands.gather())
        while not life.is_over:
            now = at_now(self._clock)
            hand = life.hand(hands.seconds)
            batch = take_turns(self._setup.chart, hand, now, ends=True)
            if batch.asked is not None:
                await self._ask(batch.asked)
                continue
            if not batch.writes:
                break
            await self._commit(batch, hands)
        await self._note_cut_off(hands)

    async def _note_cut_off(self, hands: Hands) -> None:
        """Count an attempt of what we cut off and must not run twice."""
        snapshot = self._life.snapshot
        pending = dict(snapshot.pending)
        for id_ in hands.cut_off:
            entry = pending.get(id_)
            if isinstance(entry, RunEntry) and entry.on_crash == "error":
                pending[id_] = entry._replace(attempt=entry.attempt + 1)
        if pending != snapshot.pending:
            write = write_of(snapshot._replace(pending=pending))
            await self._store.call(Writer.commit, self._owner, [write])

    # --------------------------------------------------------------- store

    async def _look(self) -> None:
        """Read what has come in, and the counters that are watched."""
        window = self._life.window
        window.look()
        limit = window.limit()
        rows, counters = await self._store.call(
            _look, self._setup.name, window.after, limit, self._life.topics()
        )
        window.looked(rows, limit)
        self._life.saw(counters)
        self._life.counts.read = window.read
        self._life.counts.waiting = len(window.rows)

    async def _commit(self, batch: Batch, hands: Hands) -> None:
        """Commit a batch, then do what it asks for."""
        raised = await self._resolve(batch)
        try:
            committed = await self._store.call(Writer.commit, self._owner, batch.writes)
        except GoneError as gone:
            self._life.window.drop_seq(gone.seq)
            return
        self._moved(batch, committed, raised)
        hands.forget(batch.used)
        for log in batch.logs:
            self._tools.outlet.log(log.level, log.message)
        if not self._tools.stop.is_told:
            for run in batch.runs:
                hands.take_up(run.id, run.entry, batch.snapshot)
        self._ring(committed)
        self._show()

    def _moved(
        self, batch: Batch, committed: Committed, raised: Mapping[str, Raised]
    ) -> None:
        answers: dict[str, Result | Raised] = {
            id_: answer for (_, id_), answer in committed.answers.items()
        }
        now = at_now(self._clock)
        self._life.move_on(batch, {**answers, **raised}, now)
        self._life.saw(committed.counters)

    async def _ask_again(self, query: Query) -> None:
        """Make a query again that never happened."""
        snapshot = self._life.snapshot
        batch = Batch(snapshot, writes=[write_of(snapshot, queries=(query,))])
        raised = await self._resolve(batch)
        committed = await self._store.call(Writer.commit, self._owner, batch.writes)
        self._moved(batch, committed, raised)
        self._ring(committed)

    def _ring(self, committed: Committed) -> None:
        self._tools.bells.ring(committed.bells)
        if committed.wake_supervisor:
            self._tools.bells.ring_supervisor()

    async def _resolve(self, batch: Batch) -> dict[str, Raised]:
        """Find the files of start_fsm; return what failed, by pending id."""
        raised: dict[str, Raised] = {}
        if not batch.writes or not any(map(is_start, batch.writes[-1].queries)):
            return raised
        fleet = await self._tools.library.files()
        queries: list[Query] = []
        for query in batch.writes[-1].queries:
            found = resolved(query, self._setup.folders, fleet)
            if isinstance(found, Raised):
                raised[query.id] = found
            else:
                queries.append(found)
        batch.writes[-1] = replace(batch.writes[-1], queries=tuple(queries))
        return raised

    # --------------------------------------------------------------- frames

    def _show(self) -> None:
        if self._life.has_begun:
            self._tools.link.show(self._setup.name, self._frame)

    def _frame(self) -> Frame:
        life = self._life
        pids = {} if self._hands is None else self._hands.pids()
        now = at_now(self._clock)
        return frame_of(self._setup.name, life.snapshot, life.counts, pids, now)

    def _waits_for_store(self, waits: bool) -> None:
        self._life.counts.waits_store = waits
        self._show()

    def _make_hands(self, tasks: asyncio.TaskGroup) -> Hands:
        return Hands(
            tasks,
            self._setup.place,
            self._setup.author,
            outlet=self._tools.outlet,
            clock=self._clock,
            on_end=self._wake.set,
            foreign=self._setup.foreign,
        )


def _look(
    writer: Writer, machine: str, after: int, limit: int, topics: Sequence[str]
) -> tuple[list[InboxRow], dict[str, int]]:
    rows = writer.read_inbox(machine, after, limit) if limit else []
    return rows, writer.counters(topics) if topics else {}

"""One step under construction: the only mutable thing of the core.

It is made from a snapshot, lives inside one call of `step`, and is frozen into
a Step at the end. Arguments are never changed: mappings are copied on write.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from smtui.chart.asker import Asker
from smtui.chart.data import is_same
from smtui.chart.messages import Answer
from smtui.chart.model import FINAL_NAMES, STOP, ListChart, StateNode, list_of
from smtui.chart.questions import by_id
from smtui.chart.scene import Scene
from smtui.chart.values import (
    At,
    CancelTimer,
    Cursor,
    Data,
    Effect,
    Finish,
    Log,
    Micro,
    Outcome,
    Pending,
    Run,
    RunEntry,
    Settle,
    Settlement,
    Snapshot,
    StartTimer,
    Status,
    Step,
    Taken,
    TimerEntry,
    WatchEntry,
)
from smtui.chart.verdicts import Verdict, message_data
from smtui.definition import Action, Json
from smtui.errors import StepError
from smtui.expr import MISSING, lookup_in

__all__ = ["Work"]

PROTECTED = frozenset(
    {
        "machine_name",
        "current_state",
        "config",
        "job_model",
        "current_job",
        "event_data",
    }
)
"""Keys of the data that a job's own data never overwrites."""

_WORTH_A_ROW = (Finish, Settle, StartTimer, Run)
"""Effects that make even a pass without a find worth a journal row."""


@dataclass(slots=True)
class Work:
    """A snapshot being changed, and what the change asks for."""

    chart: ListChart
    before: Snapshot
    at: At
    cause: str
    """Id of the event, or the key, that led to this step."""
    state: str
    data: Data
    pending: dict[str, Pending]
    cursor: Cursor | None
    held: dict[str, str]
    status: Status
    since: At
    turn: int
    asker: Asker
    """Knows what was answered about other machines."""
    gos: int = 0
    made: int = 0
    effects: list[Effect] = field(default_factory=list[Effect])
    micro: list[Micro] = field(default_factory=list[Micro])
    outcome: Outcome = field(default_factory=Taken)
    found_nothing: bool = False
    """The result stepped was negative: the step may be an idle one."""
    cause_is_own: bool = False
    """A Go, Woken or Query result: nothing from outside."""
    told: bool = False
    """The present event came from the inbox, not from an action."""

    @classmethod
    def on(
        cls,
        chart: ListChart,
        snapshot: Snapshot,
        at: At,
        cause: str,
        answers: Sequence[Answer] = (),
    ) -> "Work":
        """Begin a step."""
        return cls(
            chart=chart,
            before=snapshot,
            at=at,
            cause=cause,
            state=snapshot.configuration[0] if snapshot.configuration else "",
            data=snapshot.data,
            pending=dict(snapshot.pending),
            cursor=snapshot.cursor,
            held=dict(snapshot.held),
            status=snapshot.status,
            since=snapshot.since,
            turn=snapshot.turn + 1,
            asker=Asker(snapshot, by_id(answers)),
        )

    def freeze(self) -> Step:
        """Return what the step did."""
        is_idle = self._is_idle()
        before = self.before
        snapshot = Snapshot(
            chart_hash=self.chart.hash,
            instance=before.instance,
            run=before.run,
            configuration=(self.state,),
            data=self.data,
            history=before.history,
            pending=self.pending,
            cursor=self.cursor,
            held=self.held,
            seq=before.seq if is_idle else before.seq + 1,
            status=self.status,
            since=self.since,
            turn=self.turn,
            stepped=self.at,
            gos=self.gos,
            lineage=before.lineage,
        )
        return Step(
            snapshot,
            tuple(self.effects),
            self.outcome,
            tuple(self.micro),
            is_idle,
            tuple(self.asker.decided),
        )

    def _is_idle(self) -> bool:
        """Say whether a pass looked and found nothing."""
        before = self.before
        return (
            self.cause_is_own
            and isinstance(self.outcome, Taken)
            and all(micro.is_loop for micro in self.micro)
            and (not self.micro or self.found_nothing)
            and not any(isinstance(effect, _WORTH_A_ROW) for effect in self.effects)
            and self.held == before.held
            and self.status is before.status
            and self._has_same_data()
        )

    def _has_same_data(self) -> bool:
        before = self.before.data
        return self.data is before or is_same(dict(self.data), dict(before))

    # ------------------------------------------------------------- small words

    @property
    def node(self) -> StateNode:
        """Return the present state."""
        return self.chart.states[self.state]

    def here(self) -> Cursor:
        """Return the place in the list. Raises StepError when there is none."""
        if self.cursor is None:
            raise StepError(f"run {self.before.run} is in no list, but has not ended")
        return self.cursor

    def change_list(self, entry: str, change: Callable[[Cursor], Cursor]) -> None:
        """Change the cursor of this entry; one that was left stays left."""
        self.cursor = _changed(self.here(), entry, change)

    @property
    def is_busy(self) -> bool:
        """Say whether the instance's one hand holds a Run or Query."""
        return any(isinstance(entry, RunEntry) for entry in self.pending.values())

    def new_id(self) -> str:
        """Return an id made from this step, never used again."""
        self.made += 1
        return f"{self.turn}.{self.made}"

    def scene(self) -> Scene:
        """Return what an action can see now."""
        return Scene(
            data=self.data,
            state=self.state,
            at=self.at,
            held=self.held,
            custom=self.chart.custom,
        )

    def log(self, level: str, message: str) -> None:
        """Ask for a line in the machine's log."""
        self.effects.append(Log(level, message))

    # -------------------------------------------------------------------- data

    def hear(self, message: dict[str, Json]) -> None:
        """Keep an event message: event_data, and what its context_map takes.

        A missing or null value leaves the old one; 0, "" and false are kept.
        """
        data = {**self.data, "event_data": message}
        look = lookup_in(message)
        for key, path in self.chart.context_maps.get(str(message["type"]), {}).items():
            found = look(path)
            if found is not MISSING and found is not None:
                data[key] = found  # type: ignore[assignment]  # MISSING is ruled out
        self.data = data

    def apply(self, verdict: Verdict) -> None:
        """Carry out what an action's end does to the data and the held jobs."""
        if verdict.failed:
            self._fail_held(verdict)
        if verdict.sets or verdict.unset:
            kept = {k: v for k, v in self.data.items() if k not in verdict.unset}
            self.data = {**kept, **verdict.sets}
        if verdict.message is not None:
            self.hear(message_data(verdict.message))
        for job_id in verdict.lets_go:
            self.held.pop(job_id, None)
        if verdict.holds is not None:
            self.held[verdict.holds[0]] = verdict.holds[1]
        self._spread_job()

    def _fail_held(self, verdict: Verdict) -> None:
        """Count a failed attempt of the job in hand."""
        in_hand = self.scene().job_in_hand()
        if in_hand in self.held:
            failed = [in_hand]
        else:
            failed = [id_ for id_, how in self.held.items() if how == "queue"]
        text = str(verdict.sets.get("last_error") or "an action gave 'error'")
        for job_id in failed:
            del self.held[job_id]
            self.effects.append(Settle(job_id, Settlement.FAILED, text))

    def _spread_job(self) -> None:
        """Copy the current job's id, type and data to the top level."""
        job = self.data.get("current_job")
        if not isinstance(job, dict):
            return
        spread: dict[str, Json] = {}
        for key in ("id", "source_job_id", "job_id", "job_type"):
            if job.get(key) is not None:
                spread[key] = job[key]
        own = job.get("data")
        if isinstance(own, dict):
            for key, value in own.items():
                if key in PROTECTED:
                    self._warn_protected(key, job)
                elif value is not None:
                    spread[key] = value
        if any(not is_same(self.data.get(k), v) for k, v in spread.items()):
            self.data = {**self.data, **spread}

    def _warn_protected(self, key: str, job: dict[str, Json]) -> None:
        if self.before.data.get("current_job") == job:
            return
        name = job.get("id") or job.get("job_id")
        line = Log("warning", f"job {name}: its key {key!r} is reserved, ignored")
        if line not in self.effects:
            self.effects.append(line)

    def give_back(self, job_id: str) -> None:
        """Return a held job to the queue."""
        del self.held[job_id]
        self.effects.append(Settle(job_id, Settlement.RELEASED))

    # ------------------------------------------------------------- transitions

    def way(self, event: str) -> int | None:
        """Return the transition the event takes now, by index, or None.

        Raises Unanswered where another machine's state decides and is not known.
        """
        chart, node = self.chart, self.node
        ways = node.ways.get(event)
        if ways is None:  # no guard decides
            return node.row.get(event)
        for index in ways:
            tests = chart.tests.get(index, ())
            if all(self.asker.holds(test, self.data) for test in tests):
                return index
        return None

    def enter(self, index: int | None, target: str, event: str) -> None:
        """Leave the present state and enter another; only the cursor is placed."""
        transition = None if index is None else self.chart.transitions[index]
        self.micro.append(
            Micro(self.state, event, target, -1 if index is None else index)
        )
        self.stop_clocks()
        self.state = target
        self.since = self.at
        has_own = transition is not None and bool(transition.actions)
        self.cursor = self.new_cursor(index if has_own else None)
        if self.node.is_final or self.is_told_to_end(target, event):
            self.end_soon(event)
        else:
            self.start_timers()

    def new_cursor(self, transition: int | None, then: Cursor | None = None) -> Cursor:
        """Return a cursor at the start of a list of the present state."""
        return Cursor(
            transition=transition,
            state=self.state,
            offset=0,
            entry=self.new_id(),
            pass_=0,
            took=False,
            looped=False,
            rearm=False,
            only=None,
            cause=self.cause,
            since={},
            by=None,
            then=then,
        )

    def is_told_to_end(self, target: str, event: str) -> bool:
        """Say whether this is `stop` into a state of a final name."""
        return event == STOP and target in FINAL_NAMES

    def end_soon(self, event: str) -> None:
        """Accept nothing more; the final state's list runs once."""
        self.status = Status.ENDING
        self.stop_clocks()
        if event == STOP and self.told:
            # an operator's stop gives back what an own end would complete
            self.held = dict.fromkeys(self.held, "claim")

    def stop_clocks(self) -> None:
        """Cancel all timers and watches; what runs stays."""
        for id_, entry in list(self.pending.items()):
            if isinstance(entry, TimerEntry):
                del self.pending[id_]
                self.effects.append(CancelTimer(id_))
            elif isinstance(entry, WatchEntry):
                del self.pending[id_]

    def start_timers(self) -> None:
        """Start the present state's delays anew."""
        for id_, entry in list(self.pending.items()):
            if isinstance(entry, TimerEntry):
                del self.pending[id_]
                self.effects.append(CancelTimer(id_))
        for event, seconds in self.node.delays:
            entry = TimerEntry(self.at.plus(seconds), event, self.cause, self.state)
            id_ = self.new_id()
            self.pending[id_] = entry
            self.effects.append(StartTimer(id_, entry))

    def actions_of(self, cursor: Cursor) -> tuple[Action, ...]:
        """Return the list a cursor is in."""
        return list_of(self.chart, cursor)

    def finish(self) -> None:
        """End the run; settle what is still held."""
        for job_id, how in self.held.items():
            done = how == "queue"
            settlement = Settlement.COMPLETED if done else Settlement.RELEASED
            self.effects.append(Settle(job_id, settlement))
        self.held = {}
        self.status = Status.FINAL
        self.cursor = None
        self.effects.append(Finish(Status.FINAL, self.state))


def _changed(cursor: Cursor, entry: str, change: Callable[[Cursor], Cursor]) -> Cursor:
    if cursor.entry == entry:
        return change(cursor)
    if cursor.then is None:
        return cursor
    return cursor._replace(then=_changed(cursor.then, entry, change))

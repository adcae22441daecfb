"""Everything the screen knows, in one plain Python object without Textual.

Workers put news in; panes read values out. Nothing is painted here: a change
calls `on_change` once, and the app flushes all panes together, at most 12
times a second. While paused the desk goes on learning and the panes keep what
they show.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from smtui.clock import Clock
from smtui.store.rows import InboxRow, InstanceSize, JobCount, JobRow, JournalEntry
from smtui.tui.sources import News, Seen
from smtui.view.entries import (
    Act,
    Entry,
    EntryKind,
    add_entries,
    child_changes,
    inbox_entry,
    journal_entry,
)
from smtui.view.facts import Facts
from smtui.view.fleet import EMPTY_FLEET, FleetView, fold
from smtui.view.graph import Sighting, of_events, of_jobs, summed
from smtui.view.header import Link
from smtui.view.machines import (
    Known,
    MachineList,
    Order,
    machine_list,
    standing_of,
)
from smtui.view.selection import NOTHING_SELECTED, Selection
from smtui.view.usual import NO_STAYS, learn
from smtui.wire.messages import Fleet, MachineView, Update

__all__ = ["Desk"]

PAST_PAYLOADS = 50
"""Lines of the injection box that `up` brings back."""


class Desk:
    """The fleet, the queue, the log of events, and what was typed."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.fleet: FleetView = EMPTY_FLEET
        self.link = Link.CONNECTING
        self.stale_since = 0.0
        self.known = Known()
        self.jobs: tuple[JobRow, ...] = ()
        self.job_counts: tuple[JobCount, ...] = ()
        self.parked: tuple[InboxRow, ...] = ()
        """Events that ended their process three times: problems to decide on."""
        self.entries: list[Entry] = []
        self.last_steps: dict[str, JournalEntry] = {}
        """The last step of each machine that an operator would care for."""
        self.last_moves: dict[str, JournalEntry] = {}
        """The last step of each machine that went along an arrow."""
        self.counts: dict[str, dict[str, int]] = {}
        """Machine with many instances -> state -> how many are in it."""
        self.seen = Seen()
        self._events: tuple[Sighting, ...] = ()
        self.sightings: tuple[Sighting, ...] = ()
        """The ways between machines that were used, as far as was read."""
        self.marked: frozenset[str] = frozenset()
        self.past: deque[str] = deque(maxlen=PAST_PAYLOADS)
        self.version = 0
        """Grows with every change, so that a page knows when to look again."""
        self.records_version = 0
        """Grows when the store has something new."""
        self.on_change: Callable[[], None] = _nothing
        self._numbers = 0
        self._listed: tuple[object, MachineList] | None = None

    def now(self) -> float:
        """Return the time of what is shown, in seconds since the epoch.

        It stands still while nobody tells what is new: how long a machine has
        been somewhere is known no further, and nothing gets stuck by silence.
        """
        return self.stale_since if self.link is Link.STALE else self.clock.now()

    # ------------------------------------------------- from the supervisor

    def take(self, message: Fleet | Update) -> bool:
        """Learn what the supervisor says; return whether the store changed."""
        before = self.fleet
        self.fleet = fold(before, message)
        self.link = Link.LIVE
        self._note_changes(before)
        names = self.fleet.machines.keys()
        self.marked = self.marked & names
        self._changed()
        return self.fleet.changes != before.changes or before is EMPTY_FLEET

    def lose(self) -> None:
        """Note that the supervisor is gone: the data stay, with their age."""
        if self.link is not Link.STALE:
            self.stale_since = self.clock.now()
            self.link = Link.STALE
            self._changed()

    # ------------------------------------------------------ from the store

    def take_news(self, news: News) -> None:
        """Learn what the store has that was not seen before."""
        steps = [entry for row in news.steps if (entry := journal_entry(row))]
        mail = [entry for row in news.mail if (entry := inbox_entry(row))]
        self._learn(news.steps)
        self.entries = add_entries(self.entries, [*steps, *mail])
        self._events = summed([*self._events, *of_events(news.mail)])
        self.sightings = summed([*self._events, *of_jobs(news.jobs)])
        self.jobs = tuple(news.jobs)
        self.job_counts = tuple(news.job_counts)
        self.parked = tuple(news.parked)
        self.seen = news.seen
        self.records_version += 1
        self._changed()

    def crowds(self) -> list[str]:
        """Return the machines that have an instance for each entity."""
        machines = self.fleet.machines.values()
        return [m.name for m in machines if m.frame and not m.frame.instance]

    def count(self, machine: str, sizes: Sequence[InstanceSize]) -> None:
        """Learn how many instances of a machine are where."""
        counts: dict[str, int] = {}
        for size in sizes:
            for state in size.configuration:
                counts[state] = counts.get(state, 0) + size.n
        if counts != self.counts.get(machine):
            self.counts[machine] = counts
            self._changed()

    def know(self, hash_: str, facts: Facts) -> None:
        """Keep what a definition says."""
        self.known = replace(self.known, facts={**self.known.facts, hash_: facts})
        self._changed()

    # --------------------------------------------------- from the operator

    def note_act(self, machine: str, text: str, *, is_ok: bool = True) -> None:
        """Put an act of this operator into the log of events."""
        act = Act(machine, text, is_ok)
        entry = Entry(self.clock.now(), self._number(), machine, EntryKind.ACT, act)
        self.entries = add_entries(self.entries, [entry])
        self._changed()

    def toggle_mark(self, names: tuple[str, ...]) -> None:
        """Mark the machines, or unmark them when all of them are marked."""
        chosen = frozenset(names)
        is_marked = chosen <= self.marked
        self.marked = self.marked - chosen if is_marked else self.marked | chosen
        self._changed()

    def remember(self, line: str) -> None:
        """Keep a line of the injection box, newest last, once."""
        if line in self.past:
            self.past.remove(line)
        self.past.append(line)

    def touch(self) -> None:
        """Ask for a flush though nothing was learned."""
        self._changed()

    # --------------------------------------------------------------- inside

    def machine(self, name: str) -> MachineView | None:
        """Return a machine by name."""
        return self.fleet.machines.get(name)

    def listed(
        self,
        order: Order | None = None,
        query: str = "",
        unfolded: frozenset[str] = frozenset(),
    ) -> MachineList:
        """Return the machine list; asked twice for one picture it is made once."""
        now = self.now()
        key = (self.version, int(now), order or Order(), query, unfolded)
        if self._listed is None or self._listed[0] != key:
            found = machine_list(
                self.fleet, self.known, now, order=order, query=query, unfolded=unfolded
            )
            self._listed = (key, found)
        return self._listed[1]

    def _note_changes(self, before: FleetView) -> None:
        is_first = before is EMPTY_FLEET
        new: list[Entry] = []
        for name, machine in self.fleet.machines.items():
            was = before.machines.get(name)
            if machine is was or (is_first and machine.template):
                continue
            entry = child_changes(was, machine, self._number())
            if entry is not None:
                new.append(entry)
        self.entries = add_entries(self.entries, new)

    def _learn(self, rows: Sequence[JournalEntry]) -> None:
        stays = dict(self.known.stays)
        for row in rows:
            known = self.last_steps.get(row.machine)
            if row.row.event and (known is None or known.id < row.id):
                self.last_steps[row.machine] = row
            moved = self.last_moves.get(row.machine)
            if row.row.micro and (moved is None or moved.id < row.id):
                self.last_moves[row.machine] = row
            before = stays.get(row.machine, NO_STAYS)
            stays[row.machine] = learn(before, "+".join(row.row.to), row.row.at)
        if rows:
            self.known = replace(self.known, stays=stays)

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _changed(self) -> None:
        self.version += 1
        self.on_change()

    def selected(self, name: str, marked: tuple[str, ...] = ()) -> Selection:
        """Return a machine as what verbs act on; nothing when it is unknown."""
        machine = self.machine(name)
        if machine is None:
            return NOTHING_SELECTED
        facts = self.known.facts_for(machine)
        frame = machine.frame
        state = frame.configuration[0] if frame and frame.configuration else ""
        return Selection(
            "machine",
            name,
            standing_of(machine, facts, self.known.stays_for(machine), self.now()),
            marked=marked,
            file=machine.file,
            line=facts.lines.get(state, 1),
            is_running_action=bool(frame and frame.running),
            has_instances=bool(frame and (frame.instances > 1 or not frame.instance)),
            is_crowd=bool(frame and not frame.instance),
        )


def _nothing() -> None:
    """Stand in until the app asks to be told."""

"""A walk through the past of an instance: where it is, and what is there.

Nothing here paints. A place is asked for; what is read of it comes together,
so that graph, data and list always tell of one moment.
"""

from collections.abc import Collection, Sequence
from datetime import tzinfo
from typing import NamedTuple

from smtui.errors import SmtuiError, nearest
from smtui.store.past_rows import Place
from smtui.store.rows import SOLE_INSTANCE, JournalEntry
from smtui.tui.sources import PastRecords, Records
from smtui.view.past import Instant, fold
from smtui.view.timeline import Timeline, is_place, wanted

__all__ = ["Scene", "Walk"]


class Scene(NamedTuple):
    """What is at a place."""

    instant: Instant
    steps: Sequence[JournalEntry]
    """The steps around it, oldest first."""


class Walk:
    """A way along the journal of one instance."""

    def __init__(self, records: Records, machine: str, instance: str) -> None:
        self._records = records
        self.machine = machine
        self.instance = instance
        self.timeline = Timeline()
        self.scene: Scene | None = None
        """What was read last."""

    @property
    def place(self) -> Place | None:
        """Return where the scene is."""
        return None if self.scene is None else self.scene.instant.place

    async def measure(self) -> None:
        """Learn how far the journal goes now; raises StoreError.

        Of a machine with many instances it is that of the one that stepped last.
        """
        past = await self._past()
        runs = await past.past_runs(self.machine, self.instance)
        if not runs and self.instance == SOLE_INSTANCE:
            for entry in await self._records.steps(self.machine, limit=1):
                self.instance = entry.instance
                runs = await past.past_runs(self.machine, self.instance)
        self.timeline = Timeline(tuple(runs))

    async def go(self, place: Place, rows: int) -> None:
        """Read what is at a place, with so many steps before and after it.

        A step that is gone, because old history is cut meanwhile, leaves the
        scene as it is. Raises StoreError.
        """
        past = await self._past()
        state = await past.past_state(self.machine, self.instance, place)
        if state is None:
            return
        steps = await past.past_steps(
            self.machine, self.instance, place, before=rows, after=rows
        )
        self.scene = Scene(fold(state), steps)

    async def visit(self, state: str, *, back: bool) -> Place | None:
        """Return where a state is entered next, or was last."""
        here = self.place
        if here is None:
            return None
        past = await self._past()
        return await past.past_visit(
            self.machine, self.instance, here, state, back=back
        )

    async def event(self, name: str, *, back: bool) -> Place | None:
        """Return where an event comes next, or came last."""
        here = self.place
        if here is None:
            return None
        past = await self._past()
        return await past.past_event(self.machine, self.instance, here, name, back=back)

    async def find(
        self,
        text: str,
        states: Collection[str],
        events: Collection[str],
        now: float,
        zone: tzinfo | None,
        *,
        back: bool = False,
    ) -> Place:
        """Return the place that was typed: a step, a time, an event or a state.

        A name wins: events may be called `429`. A part of one will do where only
        one has it. Raises SmtuiError when there is no such thing, or none further
        on.
        """
        if text in events or text in states or not is_place(text):
            return await self._named(text, states, events, back=back)
        meant = wanted(text, now, zone)
        if meant.seq is not None:
            return self.timeline.find(meant.run, meant.seq)
        past = await self._past()
        at = meant.at or 0.0
        found = await past.past_moment(self.machine, self.instance, at)
        if found is None:
            raise SmtuiError(f"no step was taken by {text}")
        return found

    async def _named(
        self,
        text: str,
        states: Collection[str],
        events: Collection[str],
        *,
        back: bool,
    ) -> Place:
        name = _resolve(text, [*events, *states])
        is_event = name in events or name not in states
        look = self.event if is_event else self.visit
        found = await look(name, back=back)
        if found is None and is_event and name not in events:
            raise SmtuiError(
                f"no event and no state {text!r}",
                hint=nearest(text, [*events, *states]) or "nor a step, nor a time",
            )
        if found is None:
            thing = "event" if is_event else "visit of"
            raise SmtuiError(f"no {'earlier' if back else 'later'} {thing} {name}")
        return found

    async def _past(self) -> PastRecords:
        return await self._records.past()


def _resolve(text: str, names: Sequence[str]) -> str:
    """Return the name meant: itself, else the only one it is a part of."""
    if text in names:
        return text
    found = {name for name in names if text.casefold() in name.casefold()}
    return found.pop() if len(found) == 1 else text

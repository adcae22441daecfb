"""The whole fleet as one graph, live: who sends what to whom, and the queues.

The arrows are read from the definitions and drawn once; states and what was
just used are written over the drawing. It is laid out in a thread, anew only
when machines come or go, or the store has seen a way no definition tells.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple, TypeAlias

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from smtui.errors import SmtuiError
from smtui.store.rows import JobState
from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings
from smtui.tui.context import Context
from smtui.tui.messages import OpenPage
from smtui.tui.screens.pages import MachinePage
from smtui.tui.widgets.graph import GraphPane
from smtui.view.graph import (
    NOTHING_CHOSEN,
    BoxNote,
    FleetGraph,
    Graph,
    Member,
    Moment,
    Presence,
    Sighting,
    Sketch,
    draw_for,
    fleet_graph,
    fleet_shine,
    note_of,
    sketch_of,
    waiting_note,
)
from smtui.view.machines import standing_of
from smtui.view.words import attention
from smtui.wire.messages import MachineView

__all__ = ["FleetScreen"]

COLUMNS = 6
"""One press goes as far as on a machine's graph."""

_WAITING = frozenset({JobState.AVAILABLE, JobState.RETRYABLE, JobState.SCHEDULED})


_Woven: TypeAlias = tuple[tuple[Member, ...], tuple[Sighting, ...], FleetGraph]
"""What a graph was made of, and the graph."""


class _Kin(NamedTuple):
    """A machine with its replicas, or a template with what was started of it."""

    name: str
    hash: str
    file: str
    size: int
    is_template: bool
    one: str
    """A machine of it, by its whole name."""


class _Drawn(NamedTuple):
    """What a sketch was made for."""

    graph: Graph
    width: int
    height: int


class FleetScreen(MachinePage, inherit_bindings=False):
    """The fleet's graph; the machine that is picked is what the verbs act on."""

    SCREEN_NAME = ScreenName.FLEET
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.FLEET)]

    def __init__(self, context: Context, name: str = "") -> None:
        super().__init__(context, name)
        self._kin: tuple[_Kin, ...] = ()
        self._homes: dict[str, str] = {}
        """Machine -> the box it is in."""
        self._members: tuple[Member, ...] = ()
        self._woven: _Woven | None = None
        self._sketch: Sketch | None = None
        self._drawn: _Drawn | None = None

    def compose_body(self) -> ComposeResult:
        """Yield the graph."""
        yield GraphPane("f", "Fleet", id="fleet", is_ascii=self.context.is_ascii)

    def on_mount(self) -> None:
        """Begin in the graph."""
        super().on_mount()
        self.query_one(GraphPane).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        del event
        self.call_after_refresh(self.flush)

    # --------------------------------------------------------------- drawing

    def draw(self) -> None:
        """Show the fleet as it is now."""
        if not self.is_whole:
            return
        pane = self.query_one(GraphPane)
        machines = self.context.desk.fleet.machines
        kin, self._homes = _families(machines.values())
        if kin != self._kin:
            self._kin = kin
            self._read_members(kin)
        fleet = self._fleet()
        wanted = _Drawn(fleet.graph, *pane.inner)
        if wanted != self._drawn and self._members:
            self._drawn = wanted
            self._lay_out(wanted)
        count = f"{len(self._members)} machines" if self._members else "reading …"
        pane.set_titles(f"Fleet  {count}", "n next  ↵ its graph  esc back")
        if self._sketch is None or self._sketch.whole != fleet.graph:
            return
        notes = dict(self._notes(fleet))
        now = self.context.now()
        pane.beneath = fleet_shine(self._sketch, fleet, notes, now)
        pane.show_sketch(self._sketch, Moment())

    def _fleet(self) -> FleetGraph:
        """Return the graph; made anew only when something was learned."""
        sightings = self.context.desk.sightings
        woven = self._woven
        if woven is None or woven[0] is not self._members or woven[1] is not sightings:
            fleet = fleet_graph(self._members, sightings)
            woven = self._woven = (self._members, sightings, fleet)
        return woven[2]

    def _notes(self, fleet: FleetGraph) -> Iterator[tuple[str, BoxNote]]:
        desk = self.context.desk
        here: dict[str, list[Presence]] = {}
        for name, machine in desk.fleet.machines.items():
            if name in self._homes:
                here.setdefault(self._homes[name], []).append(self._presence(machine))
        yield from ((node, note_of(each)) for node, each in here.items())
        waiting = Counter[str]()
        for count in desk.job_counts:
            if count.status in _WAITING:
                waiting[count.job_type] += count.n
        for job_type, node in fleet.queues.items():
            yield node, waiting_note(waiting[job_type])

    def _presence(self, machine: MachineView) -> Presence:
        known = self.context.desk.known
        facts, stays = known.facts_for(machine), known.stays_for(machine)
        standing = standing_of(machine, facts, stays, self.context.now())
        frame = machine.frame
        return Presence(standing, frame.configuration if frame else ())

    @work(exclusive=True, group="members", exit_on_error=False)
    async def _read_members(self, kin: tuple[_Kin, ...]) -> None:
        """Read the definitions of all machines, each version once."""
        records, found = self.context.sources.records, list[Member]()
        try:
            for each in kin:
                custom = await records.custom_types(each.one)
                chart = (await self.context.charts.get(each.hash, custom)).chart
                definition = None if chart is None else chart.definition
                found.append(
                    Member(
                        each.name,
                        definition,
                        each.file,
                        each.size,
                        is_template=each.is_template,
                        custom=custom,
                    )
                )
        except SmtuiError as error:
            self._kin = ()  # looked at again with the next picture
            self.say(str(error), is_error=True)
            return
        self._members = tuple(found)
        self.flush()

    @work(exclusive=True, group="layout", exit_on_error=False)
    async def _lay_out(self, wanted: _Drawn) -> None:
        graph, width, height = wanted
        self._sketch = await asyncio.to_thread(
            lambda: sketch_of(draw_for(graph, width, height))
        )
        self.flush()

    # ------------------------------------------------------------- the verbs

    @on(GraphPane.Picked)
    def _picked(self, event: GraphPane.Picked) -> None:
        """Let the verbs act on the machine that was picked."""
        event.stop()
        self.machine_name = self._picked_machine()
        self.flush()

    def _picked_machine(self) -> str:
        """Return the machine in the picked box that needs most attention."""
        box = self.query_one(GraphPane).chosen.state
        machines = self.context.desk.fleet.machines
        inside = [name for name, node in self._homes.items() if node == box]
        return min(
            inside,
            key=lambda name: attention(self._presence(machines[name]).standing),
            default="",
        )

    def action_open(self) -> None:
        """Go to the graph of the machine that is picked."""
        if self.machine_name:
            self.post_message(OpenPage(ScreenName.GRAPH, self.machine_name))

    def action_sideways(self, step: int) -> None:
        """Move the window to the left or right."""
        self.query_one(GraphPane).pan(step * COLUMNS, 0)

    def action_back(self) -> None:
        """Let go of what is picked, then leave the page."""
        pane = self.query_one(GraphPane)
        if pane.chosen != NOTHING_CHOSEN:
            pane.choose(NOTHING_CHOSEN)
        elif pane.query_text:
            pane.query_text = ""
            self.flush()
        else:
            super().action_back()


def _families(
    machines: Iterable[MachineView],
) -> tuple[tuple[_Kin, ...], dict[str, str]]:
    """Return boxes for machines, and which machine is in which box.

    Replicas share one; so do machines that were started from a template.
    """
    views = [view for view in machines if view.kind == "machine"]
    templates = {view.file: view.name for view in views if view.template}
    homes: dict[str, str] = {}
    first: dict[str, MachineView] = {}
    for view in views:
        home = templates.get(view.file, view.name.partition("#")[0])
        first.setdefault(home, view)
        if view.name not in templates.values():
            homes[view.name] = home
    sizes = Counter(homes.values())
    kin = [
        _Kin(
            home,
            view.definition,
            view.file,
            max(1, sizes[home]),
            view.file in templates,
            view.name,
        )
        for home, view in first.items()
    ]
    return tuple(sorted(kin)), homes

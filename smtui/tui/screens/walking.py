"""How a screen goes about in the past of a machine.

The place is asked for at once and read as fast as the store gives it; keys that
come meanwhile move the place on, and what was passed over is not read.
"""

from typing import NamedTuple

from textual import work

from smtui.errors import SmtuiError
from smtui.store.past_rows import Place
from smtui.store.rows import SOLE_INSTANCE
from smtui.tui.context import Context
from smtui.tui.screens.graphed import GraphedScreen
from smtui.tui.screens.pages import MachinePage
from smtui.tui.walk import Scene, Walk
from smtui.view.facts import NOTHING_KNOWN, Facts
from smtui.view.timeline import Timeline

__all__ = ["Shown", "WalkingScreen"]


class Shown(NamedTuple):
    """What is read: the scene, and the version of the definition that ran then."""

    scene: Scene
    facts: Facts = NOTHING_KNOWN


class WalkingScreen(GraphedScreen, MachinePage, inherit_bindings=False):
    """A screen that is somewhere in a journal."""

    def __init__(
        self, context: Context, name: str, instance: str = SOLE_INSTANCE
    ) -> None:
        super().__init__(context, name)
        self.is_live = False
        """It goes on with the machine."""
        self.is_measured = False
        """It is known how far the journal goes."""
        self.shown: Shown | None = None
        self._walk = Walk(context.sources.records, name, instance)
        self._wanted: Place | None = None
        """Where the operator is; what is read follows."""
        self._read: Place | None = None
        self._is_walking = False

    @property
    def life(self) -> str:
        """Return whose past it is: the machine, and its instance of several."""
        instance = self._walk.instance
        is_sole = instance == SOLE_INSTANCE
        return self.machine_name if is_sole else f"{self.machine_name} {instance}"

    @property
    def timeline(self) -> Timeline:
        """Return all steps there are."""
        return self._walk.timeline

    @property
    def facts(self) -> Facts:
        """Return what is known of the version that is shown."""
        return NOTHING_KNOWN if self.shown is None else self.shown.facts

    @property
    def events(self) -> tuple[str, ...]:
        """Return the events of the version that is shown, delays among them."""
        return tuple(dict.fromkeys(way.event for way in self.facts.ways))

    @property
    def is_replay(self) -> bool:
        """Say whether it is an exported journal that is shown."""
        return self.context.args.replay is not None

    def _now(self) -> float:
        """Return the present, as far as what is typed is counted from it."""
        replay = self.context.args.replay
        return self.context.now() if replay is None else replay.exported_at

    def rows_beside(self) -> int:
        """Return how many steps before and after the place are shown."""
        return 1

    # -------------------------------------------------------------- the place

    async def read(self) -> None:
        """Learn how far the journal goes, and go on with it while live."""
        await self._walk.measure()
        self.is_measured = True
        line = self.timeline
        if not line.spans:
            return
        if self._wanted is None:
            before = line.first if self.is_replay else line.beside(line.last, -1)
            self._wanted = line.last if self.is_live else before
        elif self.is_live:
            self._wanted = line.last
        await self._follow()

    def go(self, place: Place, *, is_live: bool = False) -> None:
        """Show a place."""
        self.is_live = is_live and not self.is_replay
        self._wanted = place
        self._said_until = 0.0
        self._seek()

    def go_by(self, steps: int) -> None:
        """Show the place so many steps on, or back."""
        if self._wanted is not None and self.timeline.spans:
            self.go(self.timeline.beside(self._wanted, steps))

    def go_to_end(self, *, is_live: bool = False) -> None:
        """Show the newest step, and with `is_live` each one that comes."""
        if self.timeline.spans:
            self.go(self.timeline.last, is_live=is_live)

    def read_again(self) -> None:
        """Read the present place once more: there is other room for it."""
        self._read = None
        self._seek()

    @work(group="load", exit_on_error=False)
    async def _seek(self) -> None:
        try:
            await self._follow()
        except SmtuiError as error:
            self.say(str(error), is_error=True)
        self.draw()

    async def _follow(self) -> None:
        """Read what is wanted, until nothing else is wanted."""
        if self._is_walking or not self.is_whole:
            return
        self._is_walking = True
        try:
            while self._wanted is not None and self._wanted != self._read:
                place = self._wanted
                await self._walk.go(place, self.rows_beside())
                self._read = place
                await self._learn()
                self.flush()
        finally:
            self._is_walking = False

    async def _learn(self) -> None:
        scene = self._walk.scene
        if scene is not None:
            hash_ = scene.instant.entry.row.definition_hash
            compiled = await self.context.charts.get(hash_)
            self.shown = Shown(scene, compiled.facts)

    # ------------------------------------------------------------- looking for
    # in a group of their own: what is new in the store must not end a search

    @work(exclusive=True, group="find", exit_on_error=False)
    async def find(self, text: str, *, back: bool) -> None:
        """Go to what was typed; without a text, to the step's own event."""
        shown = self.shown
        if shown is None:
            return
        event = shown.scene.instant.entry.row.event
        if not text and not event:
            self.say("this step has no event: / finds one by its name")
            return
        try:
            place = await self._walk.find(
                text or event,
                self.facts.states,
                self.events if text else (*self.events, event),
                self._now(),
                self.context.zone,
                back=back,
            )
        except SmtuiError as error:
            self.say(str(error), is_error=True)
            return
        self.go(place)

    @work(exclusive=True, group="find", exit_on_error=False)
    async def find_visit(self, state: str, *, back: bool) -> None:
        """Go to where a state is entered next, or was last."""
        try:
            place = await self._walk.visit(state, back=back)
        except SmtuiError as error:
            self.say(str(error), is_error=True)
            return
        if place is None:
            self.say(f"no {'earlier' if back else 'later'} visit of {state}")
        else:
            self.go(place)

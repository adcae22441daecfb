"""A machine's past: graph, data and steps of one moment, and a slider over all.

While the past is shown nothing can be done to the machine, and a key that would
says so: `G` is live again. On an exported journal it is never live.
"""

from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message

from smtui.tui.command import Command, ScreenName
from smtui.tui.commands import bindings, command_of
from smtui.tui.host import app_of
from smtui.tui.screens.past_graphing import PastGraphing
from smtui.tui.screens.walking import WalkingScreen
from smtui.tui.widgets.bars import Bar
from smtui.tui.widgets.filterline import FilterLine
from smtui.tui.widgets.graph import GraphPane
from smtui.tui.widgets.lists import Steps
from smtui.tui.widgets.pane import Pane
from smtui.tui.widgets.sheet import Sheet
from smtui.tui.widgets.slider import Slider
from smtui.view.pages import step_line
from smtui.view.palette import Found
from smtui.view.past import Instant
from smtui.view.past_lines import Banner, banner_line, data_lines
from smtui.view.selection import NOTHING_SELECTED, Selection
from smtui.view.text import Span, wrap
from smtui.view.timeline import is_place

__all__ = ["PastScreen"]

_WIDTHS = [(0, "-narrow"), (100, "-wide")]
_HEIGHTS = [(0, "-low"), (30, "-tall")]

_WAYS = [("[ ]", "step"), ("{ }", "visit"), ("/", "find"), ("n N", "next")]
_LIVE = ("G", "live")


class PastSteps(Steps, inherit_bindings=False):
    """The steps around the one that is shown; that one is under the cursor."""

    class Meant(Message):
        """A step was clicked."""

        def __init__(self, steps: int) -> None:
            super().__init__()
            self.steps = steps
            """How many after the one that is shown, or before it."""

    def on_click(self, event: events.Click) -> None:
        """Say which step was clicked."""
        event.prevent_default()
        index = self.index_at(event.y)
        if index is not None:
            self.post_message(self.Meant(index - self.cursor))

    def _thumb(self) -> range:
        """Return nothing: the slider shows where in the journal this is."""
        return range(0)

    def put(self, key: int) -> None:
        """Put the cursor on a step, in the middle of what is visible."""
        self.is_placed = True
        self.cursor = self.index_of(key) or 0
        self.go(self.cursor - self.page_rows // 2)
        self.sync()


class PastScreen(WalkingScreen, inherit_bindings=False):
    """A machine as it was."""

    SCREEN_NAME = ScreenName.PAST
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.PAST)]
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS

    _zoomed: Pane | None = None

    def compose_body(self) -> ComposeResult:
        """Yield graph and data over the slider over the steps."""
        is_ascii = self.context.is_ascii
        with Vertical(id="body"):
            with Horizontal(id="upper"):
                yield GraphPane("g", "Graph", id="graph", is_ascii=is_ascii)
                yield Sheet("v", "Values", id="values", is_ascii=is_ascii)
            yield Slider(id="slider", is_ascii=is_ascii)
            with Horizontal(id="lower"):
                yield PastSteps("t", "Transitions", id="steps", is_ascii=is_ascii)

    def on_mount(self) -> None:
        """Begin in the steps."""
        super().on_mount()
        self._graphing = PastGraphing(self.context, self.query_one(GraphPane))
        self.query_one(PastSteps).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Read as many steps as there is room for."""
        del event
        self.call_after_refresh(self.read_again)

    def rows_beside(self) -> int:
        """Return how many steps before and after the place are shown."""
        return max(1, self.query_one(PastSteps).page_rows)

    # ------------------------------------------------------------ what it shows

    def selection(self) -> Selection:
        """Return the machine; one of a file can be looked at only."""
        if self.is_replay:
            return NOTHING_SELECTED
        return replace(super().selection(), is_crowd=False)  # it is of one instance

    @property
    def off_why(self) -> str:
        """Return why nothing can be done to the machine here."""
        if self.is_replay:
            return "off in a replay: nothing of it runs"
        if not self.is_live:
            return f"off in the past, {self._banner().past}: G is live again"
        return super().off_why

    def draw(self) -> None:
        """Put the moment into the panes."""
        shown = self.shown
        if not self.is_whole:
            return
        if shown is None:
            if self.is_measured:
                nothing = (Span(" no step was taken yet", "quiet"),)
                self.query_one("#values", Sheet).show([nothing])
            return
        instant, zone = shown.scene.instant, self.context.zone
        reveal = self.context.reveal
        graphing = self.graphing
        if isinstance(graphing, PastGraphing):
            now = self.context.now() if self.is_live else None
            graphing.show_instant(instant, shown.facts, now)
        self._show_values(instant)
        self.query_one(Slider).put(self.timeline, instant, is_live=self.is_live)
        steps = self.query_one(PastSteps)
        place = self.timeline.ordinal(instant.place) + 1
        search = f"/{steps.query_text}  n N" if steps.query_text else "newest last"
        steps.set_titles(f"Transitions {place:,} of {self.timeline.total:,}", search)
        facts = shown.facts
        steps.show(
            [  # all of one instance, which the top line says
                replace(step_line(one, zone, reveal=reveal, facts=facts), instance="")
                for one in shown.scene.steps
            ]
        )
        steps.put(instant.entry.id)

    def _show_values(self, instant: Instant) -> None:
        """Show the data then, or what was picked in the graph."""
        values, graphing = self.query_one("#values", Sheet), self.graphing
        width = max(20, values.inner.width)
        picked = None
        if isinstance(graphing, PastGraphing):
            picked = graphing.picked(width - 1)
        if picked is not None:
            values.set_titles(picked[0], "esc values")
            values.show([(Span(" "), *one) for one in picked[1]])
            return
        context = self.context
        lines = data_lines(
            instant, context.zone, reveal=context.reveal, facts=self.facts
        )
        values.set_titles("Values")
        values.show([part for one in lines for part in wrap(one, width, indent="    ")])

    def _show_header(self) -> None:
        bar = self.query_one("#header", Bar)
        bar.show(banner_line(self._banner(), bar.size.width))

    def _banner(self) -> Banner:
        instant = self._instant()
        machine = self.context.desk.machine(self.machine_name)
        replay = self.context.args.replay
        now_runs = machine.definition if machine is not None else ""
        ran = instant.entry.row.definition_hash if instant is not None else ""
        return Banner(
            machine=self.life,
            instant=instant,
            timeline=self.timeline,
            now=self.context.now(),
            zone=self.context.zone,
            is_live=self.is_live,
            is_read=self.is_measured,
            file=replay.file if replay is not None else "",
            is_other_version=bool(now_runs and ran and now_runs != ran),
        )

    def _instant(self) -> Instant | None:
        return self.shown.scene.instant if self.shown is not None else None

    def footer_pairs(
        self,
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Return the ways about in the past before what else can be done."""
        keys, always = super().footer_pairs()
        ways = [*_WAYS] if self.is_replay else [*_WAYS, _LIVE]
        rest = [] if self.is_replay else [pair for pair in keys if pair[0] != "/"]
        return [*ways, *rest], always

    # -------------------------------------------------------------- going about

    def action_step_back(self) -> None:
        """Go one step back."""
        self.go_by(-1)

    def action_step_on(self) -> None:
        """Go one step on."""
        self.go_by(1)

    def action_visit(self, step: int) -> None:
        """Go to the next or the last visit of the picked or the active state."""
        instant = self._instant()
        if instant is None:
            return
        picked = self.graphing.pane.chosen.state
        state = picked or "+".join(instant.configuration[-1:])
        self.find_visit(state, back=step < 0)

    def action_cursor(self, step: int) -> None:
        """Go step by step in the steps, scroll the other panes."""
        if isinstance(self.focused, PastSteps):
            self.go_by(step)
        else:
            super().action_cursor(step)

    def action_page(self, step: int) -> None:
        """Go by what is visible."""
        pane = self.focused
        if isinstance(pane, PastSteps):
            self.go_by(step * max(1, pane.page_rows - 1))
        else:
            super().action_page(step)

    def action_home(self) -> None:
        """Go to the first step."""
        if self.timeline.spans:
            self.go(self.timeline.first)

    def action_end(self) -> None:
        """Go to the newest step, and stay there."""
        self.go_to_end()

    def action_follow(self) -> None:
        """Be live again; in a graph that was moved, centre it first."""
        graph = self.graphing.pane
        if self.has_graph and not graph.is_following:
            graph.follow()
            return
        graph.follow()
        self.go_to_end(is_live=True)
        if self.is_replay:
            self.say("a replay has no live end: this is its newest step")

    @on(Slider.Slid)
    def _slid(self, event: Slider.Slid) -> None:
        event.stop()
        self.go(self.timeline.place(event.ordinal))

    @on(PastSteps.Meant)
    def _meant(self, event: PastSteps.Meant) -> None:
        event.stop()
        self.go_by(event.steps)

    def action_filter(self) -> None:
        """Ask what to go to; in the graph, which states to pick out."""
        line = self.query_one(FilterLine)
        in_graph = self.has_graph
        if not in_graph:
            # at once: `focus` waits a turn, and would take the focus back
            self.set_focus(self.query_one(PastSteps))
        line.placeholder = "" if in_graph else "an event, a state, 57, 2/57, 10m, 08:15"
        super().action_filter()

    def _leave_filter(self) -> None:
        super()._leave_filter()
        steps = self.query_one(PastSteps)
        text = steps.query_text
        if self._filtered is steps and text:
            self.find(text, back=False)
            # there is only one: `n` is for what comes again
            is_name = text in self.events or text in self.facts.states
            steps.query_text = text if is_name or not is_place(text) else ""

    def _to_match(self, step: int) -> None:
        if self.has_graph:
            super()._to_match(step)
        else:
            self.find(self.query_one(PastSteps).query_text, back=step < 0)

    # ------------------------------------------------------------ other verbs

    def may(self, command: Command, selection: Selection) -> bool:
        """Say whether a command can run now; in a replay little can."""
        if self.is_replay and not command.writes:
            self.say(f"{command.shown} {command.title}: not in a replay")
            return False
        return super().may(command, selection)

    def extra_entries(self) -> list[Found]:
        """Return the events that what is picked takes, while it is live."""
        return super().extra_entries() if self.is_live else []

    def action_graph(self) -> None:
        """Go to the graph; in it, show its next view."""
        if self.has_graph:
            super().action_graph()
        else:
            self.query_one(GraphPane).focus()

    def action_values(self) -> None:
        """Go to the data."""
        self.query_one("#values", Sheet).focus()

    def action_history(self) -> None:
        """Go to the steps."""
        self.query_one(PastSteps).focus()

    def action_problems(self) -> None:
        """Show what is wrong with the definitions; a file has no fleet."""
        if self.may(command_of("problems"), self.selection()):
            super().action_problems()

    def action_fleet(self) -> None:
        """Show the whole fleet as one graph; a file has none."""
        if self.may(command_of("fleet"), self.selection()):
            super().action_fleet()

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        pane = self.focused_pane()
        self._zoom(None if self._zoomed is pane else pane)

    def _zoom(self, pane: Pane | None) -> None:
        self._zoomed = pane
        for one in self.query(Pane):
            one.set_class(one is pane, "-zoomed")
        is_upper = pane is not None and not isinstance(pane, PastSteps)
        self.set_class(pane is not None, "-zoom")
        self.set_class(pane is not None and is_upper, "-zoom-upper")
        self.set_class(pane is not None and not is_upper, "-zoom-lower")
        self.call_after_refresh(self.read_again)

    def action_back(self) -> None:
        """Let go of what is picked, leave the zoom, then the past."""
        if self.let_go():
            return
        steps = self.query_one(PastSteps)
        if self._zoomed is not None:
            self._zoom(None)
        elif steps.query_text:
            steps.query_text = ""
            self.draw()
        elif self.is_replay:
            app_of(self).exit()
        else:
            super().action_back()

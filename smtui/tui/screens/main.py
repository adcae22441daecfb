"""The main screen: machines, the card, the queue, the events.

Wide terminals show four panes, narrow ones three: the queue then shares its
place with the events, as two tabs. Under 60x16 only the list is left.
"""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings
from smtui.tui.host import app_of
from smtui.tui.messages import AskQuit, OpenPage
from smtui.tui.screens.graphed import GraphedScreen
from smtui.tui.widgets.bars import Bar
from smtui.tui.widgets.graph import GraphPane
from smtui.tui.widgets.lists import Events, Jobs, Machines
from smtui.tui.widgets.pane import Pane
from smtui.tui.widgets.sheet import Sheet
from smtui.view.card import group_card
from smtui.view.entries import Entry, entry_line
from smtui.view.header import Link
from smtui.view.jobs import job_lines, job_summary
from smtui.view.machines import MachineLine, SortBy
from smtui.view.problems import empty_lines, nobody_lines
from smtui.view.selection import NOTHING_SELECTED, Selection
from smtui.view.text import Span, plain
from smtui.view.times import clock_time
from smtui.view.words import Standing, attention

__all__ = ["MainScreen"]

FILTERED_NEWEST = 5_000
"""A filter looks at so many of the newest events; more would be felt."""


_WIDTHS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide")]
_HEIGHTS = [(0, "-flat"), (16, "-low"), (30, "-tall")]


class MainScreen(GraphedScreen, inherit_bindings=False):
    """What one sees first and most."""

    SCREEN_NAME = ScreenName.MAIN
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.MAIN)]
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS

    _unfolded: frozenset[str] = frozenset()
    _zoomed: Pane | None = None

    def compose_body(self) -> ComposeResult:
        """Yield the panes."""
        is_ascii = self.context.is_ascii
        with Vertical(id="body"):
            with Horizontal(id="upper"):
                yield Machines(id="machines", is_ascii=is_ascii)
                yield GraphPane("2", "Now", id="card", is_ascii=is_ascii)
            with Horizontal(id="lower"):
                yield Jobs("3", "Queue", id="queue", is_ascii=is_ascii)
                yield Events(
                    "4", "Events", id="events", is_ascii=is_ascii, is_following=True
                )
        yield Sheet("", "smtui", id="empty", is_ascii=is_ascii)
        yield Bar(id="small", is_ascii=is_ascii)

    def on_mount(self) -> None:
        """Begin with the cursor in the machine list."""
        super().on_mount()
        events_pane = self.query_one(Events)
        events_pane.zone = self.context.zone
        events_pane.reveal = self.context.reveal
        self.query_one(Machines).focus()
        self.query_one("#small", Bar).show((Span(" 60x16 needed for panes", "quiet"),))

    def on_resize(self, event: events.Resize) -> None:
        """Say whether there is room for more than the list."""
        del event
        width, height = app_of(self).size
        self.set_class(width < 60 or height < 16, "-small")  # noqa: PLR2004 - the least for panes
        self.call_after_refresh(self.flush)

    # ------------------------------------------------------------- the panes

    def show(self) -> None:
        """Put what the desk knows into the panes."""
        desk = self.context.desk
        is_empty = desk.link is not Link.CONNECTING and not desk.fleet.machines
        self.set_class(is_empty, "-empty")
        if is_empty:
            self._show_empty()
            return
        self._show_machines()
        self._show_card()
        self._show_queue()
        self._show_events()

    def _show_machines(self) -> None:
        desk, pane = self.context.desk, self.query_one(Machines)
        listed = desk.listed(pane.order, pane.query_text, self._unfolded)
        count = (
            f"{listed.shown}/{listed.total}" if pane.query_text else f"{listed.total}"
        )
        title = f"Machines {count}"
        if pane.query_text:
            title += f"  /{pane.query_text}"
        if desk.marked:
            title += f"  {len(desk.marked)} marked"
        by = pane.order.by
        order = "attention first" if by is SortBy.ATTENTION else f"by {by.value}"
        arrow = "▴" if pane.order.is_reversed else "▾"
        pane.marked = desk.marked
        info = f"{order} {arrow}"
        if desk.link is Link.STALE:
            info = f"as of {clock_time(desk.stale_since, self.context.zone)}"
        pane.set_titles(title, info)
        pane.show(listed.lines)

    def _show_card(self) -> None:
        pane, row = self.query_one(GraphPane), self.query_one(Machines).current
        if row is None:
            pane.set_titles("Now")
            pane.show_lines([])
        elif row.is_group:
            members = [self._line_of(name) for name in row.members]
            found = [member for member in members if member is not None]
            card = group_card(row, found, pane.inner.height)
            views = [self.context.desk.machine(name) for name in row.members]
            self.graphing.show_group(row.name, [v for v in views if v], card)
        else:
            machine = self.context.desk.machine(row.name)
            if machine is not None:
                self.show_graph(machine)

    def _line_of(self, name: str) -> MachineLine | None:
        everything = self.context.desk.listed(query=name)
        return next((row for row in everything.lines if row.name == name), None)

    def _show_queue(self) -> None:
        desk, pane = self.context.desk, self.query_one(Jobs)
        lines = job_lines(desk.jobs, desk.now(), pane.query_text)
        summary = job_summary(desk.job_counts)
        is_tab = self.has_class("-narrow") or self.has_class("-low")
        title = f"Queue {summary.open}"
        if pane.query_text:
            title += f"  /{pane.query_text} {len(lines)}/{len(desk.jobs)}"
        if is_tab:
            title += " │ 4 Events"
        pane.set_titles(title, summary.text)
        pane.show(lines)

    def _show_events(self) -> None:
        desk, pane = self.context.desk, self.query_one(Events)
        entries = desk.entries
        if pane.query_text:
            entries = self._matching(entries[-FILTERED_NEWEST:], pane.query_text)
        title = "Events"
        if pane.query_text:
            title += f"  /{pane.query_text} {len(entries)}/{len(desk.entries)}"
        if self.has_class("-narrow") or self.has_class("-low"):
            title += f" │ 3 Queue {job_summary(desk.job_counts).open}"
        pane.known = desk.known.facts
        pane.show(entries)
        pane.set_titles(title, pane.following_text())

    def _matching(self, entries: list[Entry], query: str) -> list[Entry]:
        words = query.casefold().split()
        zone, reveal = self.context.zone, self.context.reveal
        known = self.context.desk.known.facts
        found: list[Entry] = []
        for entry in entries:
            text = plain(entry_line(entry, zone, reveal=reveal, known=known)).casefold()
            text = f"{entry.machine.casefold()} {text}"
            if all(word in text for word in words):
                found.append(entry)
        return found

    def _show_empty(self) -> None:
        fleet = self.context.desk.fleet
        pane = self.query_one("#empty", Sheet)
        pane.set_titles("Machines 0")
        if not fleet.at:
            pane.show(nobody_lines(str(self.context.args.data_dir)))
            return
        paths = self.context.args.paths or fleet.paths
        lines = empty_lines(paths, fleet.not_read)
        if fleet.problems:
            count = len(fleet.problems)
            lines.insert(1, (Span(f" {count} problems: ! shows them", "failed"),))
        pane.show(lines)

    # ---------------------------------------------------------- the selection

    def selection(self) -> Selection:
        """Return the job under the cursor, else the machine."""
        focused = self.focused
        if isinstance(focused, Jobs):
            return self._selected_job(focused)
        if isinstance(focused, Events):
            entry = focused.current
            name = entry.machine if entry else ""
            return self._selected_machine(name) if name else NOTHING_SELECTED
        row = self.query_one(Machines).current
        if row is None:
            return NOTHING_SELECTED
        if row.is_group:
            return Selection(
                "machine",
                row.name,
                row.standing,
                marked=tuple(sorted(self.context.desk.marked)),
                members=row.members,
            )
        return self._selected_machine(row.name)

    def _selected_job(self, pane: Jobs) -> Selection:
        job = pane.current
        if job is None:
            return NOTHING_SELECTED
        machine = job.holder
        return Selection("job", machine, job_id=job.id, job_status=job.status)

    def _selected_machine(self, name: str) -> Selection:
        desk = self.context.desk
        return desk.selected(name, tuple(sorted(desk.marked)))

    # ------------------------------------------------------------ the actions

    def action_open(self) -> None:
        """Open the machine or the job; unfold a group."""
        focused = self.focused
        if isinstance(focused, Jobs):
            if focused.current is not None:
                self.post_message(OpenPage(ScreenName.JOB, focused.current.id))
            return
        if self.extra_entries():
            self.action_menu()
            return
        row = self.query_one(Machines).current
        if isinstance(focused, Machines) and row is not None and row.is_group:
            is_open = row.name in self._unfolded
            name = frozenset({row.name})
            self._unfolded = self._unfolded - name if is_open else self._unfolded | name
            self.flush()
            return
        name_of = self.selection().machine
        if name_of:
            self.post_message(OpenPage(ScreenName.MACHINE, name_of))

    def action_pane(self, name: str) -> None:
        """Go to a pane; the queue and the events share a place when it is tight."""
        pane = self.query_one(f"#{name}", Pane)
        if name in ("queue", "events"):
            self.set_class(name == "queue", "-queue")
        if self._zoomed is not None and pane is not self._zoomed:
            self._zoom(pane)
        self.call_after_refresh(pane.focus)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        pane = self.focused_pane()
        if pane is not None:
            self._zoom(None if self._zoomed is pane else pane)

    def action_sort(self, step: int) -> None:
        """Sort by the next column."""
        self.query_one(Machines).sort_by(step)
        self.flush()

    def action_reverse(self) -> None:
        """Turn the order around; in the graph show more of it."""
        if self.has_graph:
            super().action_reverse()
        else:
            self.query_one(Machines).reverse()
            self.flush()

    def action_mark(self) -> None:
        """Mark the machine under the cursor and go on to the next."""
        pane = self.query_one(Machines)
        row = pane.current
        if row is not None:
            self.context.desk.toggle_mark(row.members or (row.name,))
            pane.move_by(1)
            self.flush()

    def action_mark_all(self) -> None:
        """Mark every machine that is shown, or none."""
        names = [
            name
            for row in self.query_one(Machines).items
            for name in (row.members or (row.name,))
        ]
        self.context.desk.toggle_mark(tuple(names))
        self.flush()

    def action_next_match(self) -> None:
        """Go to the next machine in trouble, or the next match of the filter."""
        self._next(1)

    def action_previous_match(self) -> None:
        """Go to the previous one."""
        self._next(-1)

    def action_back(self) -> None:
        """Leave the zoom, then the filter, then the marks."""
        pane = self.listing()
        if self.has_graph and self.let_go():
            return
        if self._zoomed is not None:
            self._zoom(None)
        elif pane is not None and pane.query_text:
            pane.query_text = ""
            self.flush()
        elif self.context.desk.marked:
            self.context.desk.toggle_mark(tuple(self.context.desk.marked))
            self.flush()

    def action_quit(self) -> None:
        """Ask what quitting means."""
        self.post_message(AskQuit())

    def _zoom(self, pane: Pane | None) -> None:
        for one in self.query(Pane):
            one.remove_class("-zoomed")
        self._zoomed = pane
        self.set_class(pane is not None, "-zoom")
        is_upper = pane is not None and pane.id in ("machines", "card")
        self.set_class(pane is not None and is_upper, "-zoom-upper")
        self.set_class(pane is not None and not is_upper, "-zoom-lower")
        if pane is not None:
            pane.add_class("-zoomed")
        self.call_after_refresh(self.flush)

    def _next(self, step: int) -> None:
        if self.has_graph:
            self.query_one(GraphPane).choose_next(step)
            return
        focused = self.listing()
        pane = self.query_one(Machines)
        if focused is not pane or pane.query_text:
            if focused is not None:
                focused.move_by(step)
            return
        count = len(pane.items)
        for distance in range(1, count + 1):
            index = (pane.cursor + step * distance) % count
            standing = pane.items[index].standing
            if attention(standing) < attention(Standing.STARTING):
                pane.move_to(index)
                return
        self.say("no machine needs attention")

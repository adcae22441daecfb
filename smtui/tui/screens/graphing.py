"""What a graph pane shows of a machine: which picture, lit how, with what below.

Screens with such a pane have one of these. Nothing here waits: a drawing that
is not made yet, or a journal that is not read yet, is begun, and the screen is
flushed again when it has come. Until then the card stands in.
"""

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from smtui.tui import counting
from smtui.tui.context import Context
from smtui.tui.graphs import Charted
from smtui.tui.widgets.graph import GraphPane
from smtui.view.card import Card, CardInput, card_titles, machine_card, reasons_card
from smtui.view.graph import (
    BY_SIZE,
    NOTHING_CHOSEN,
    NOW,
    Edge,
    Moment,
    Pane,
    Picture,
    Subject,
    View,
    Wanted,
    about,
    closer,
    keeps_centre,
    moment_of,
    next_view,
    pick,
    title_of,
    ways_out,
)
from smtui.view.machines import standing_of
from smtui.view.palette import Found
from smtui.view.text import Line, Span, wrap
from smtui.view.times import age
from smtui.view.words import Standing, attention
from smtui.wire.messages import MachineView

__all__ = ["Graphing"]

TALL_ROWS = 14
"""From here on reasons stand below the drawing; in less it needs all the room."""

CALM_ROWS, TROUBLE_ROWS, PICKED_ROWS = 4, 6, 7
"""Rows below the drawing, their heading included. As many at every step, so
that the drawing stays where it is."""


class _Shown(NamedTuple):
    """What a picture was picked for."""

    hash: str
    centre: str | None
    pane: Pane
    wanted: Wanted
    version: int


class Graphing:
    """A machine in a graph pane."""

    def __init__(self, context: Context, pane: GraphPane) -> None:
        self.context = context
        self.pane = pane
        self.wanted: Wanted = BY_SIZE
        self._name: str = ""
        self._hash: str = ""
        self._is_group = False
        self._centre: str | None = None
        self._picture: Picture | None = None
        self._shown: _Shown | None = None
        self._is_coming = False
        """What is wanted is being drawn; something else stands in for it."""
        self._counting = counting.Counting(context.sources.records)
        self._read_version = -1

    # --------------------------------------------------------------- showing

    def show(self, machine: MachineView, *, has_foot: bool = True) -> None:
        """Put the machine into the pane."""
        self._be_about(machine)
        charted = self.charted
        picture: Picture | None = NOW
        foot: list[Line] = []
        moment = Moment()
        if charted is not None:
            moment = self.moment(machine, charted)
            foot = self._foot(machine, charted, moment) if has_foot else []
            self._recentre(charted, moment)
            picture = self._pick(charted, has_foot=has_foot)
            if self.wanted.view is None and has_foot and self._hides_trouble(machine):
                picture = NOW
        if picture is None or picture.sketch is None:
            self._show_card(machine, is_coming=self._is_coming)
            return
        self.pane.show_sketch(picture.sketch, moment, foot)
        facts = self.context.desk.known.facts_for(machine)
        title, info = card_titles(machine, facts)
        if moment.since is not None:
            title += f" {age(moment.at - moment.since)}"
        self.pane.set_titles(title, "  ".join(p for p in (info, self.words) if p))

    def show_group(self, name: str, members: Sequence[MachineView], card: Card) -> None:
        """Put replicas into the pane: in which state how many of them are."""
        hashes = {member.definition for member in members}
        one = replace(members[0], name=name, definition="")
        same = replace(one, definition=hashes.pop()) if len(hashes) == 1 else one
        self._be_about(same, is_group=True)
        charted = self.charted
        picture = None if charted is None else self._pick(charted, has_foot=True)
        if charted is None or picture is None or picture.sketch is None:
            self.pane.show_lines(card.lines)
            self.pane.set_titles(card.title, card.info)
            return
        counts = Counter(
            state for one in members if one.frame for state in one.frame.configuration
        )
        moment = Moment(self.context.now(), tuple(counts), counts=counts)
        rows = [row for row in card.lines[1:] if row]
        title = f"{len(members)} replicas: enter unfolds them"
        foot = self._foot_of(charted, moment, title, rows, CALM_ROWS)
        self.pane.show_sketch(picture.sketch, moment, foot)
        self.pane.set_titles(card.title, self.words)

    @property
    def charted(self) -> Charted | None:
        """Return the machine's definition, None while it is not read."""
        return self.context.graphs.known(self._hash)

    @property
    def words(self) -> str:
        """Return what the title says of the view."""
        parts = [self._picture.words] if self._picture is not None else []
        if self._is_coming:
            parts.append("drawing …")
        elif self.wanted.view is not None:
            parts.append("pinned")
        if self.pane.is_cut and not self.pane.is_following:
            parts.append("G centres")
        return " ".join(parts)

    def moment(self, machine: MachineView, charted: Charted) -> Moment:
        """Return what the machine does now."""
        desk = self.context.desk
        now = self.context.now()
        last = desk.last_moves.get(machine.name)
        moment = moment_of(machine, charted.arrows, self._standing(machine), last, now)
        return replace(moment, counts=desk.counts.get(machine.name, {}))

    def _hides_trouble(self, machine: MachineView) -> bool:
        """Say whether the reasons matter now and have no room below a drawing."""
        is_tall = self.pane.inner.height >= TALL_ROWS
        return not is_tall and self._is_wrong(machine)

    def _be_about(self, machine: MachineView, *, is_group: bool = False) -> None:
        if machine.name != self._name:
            self.pane.chosen = NOTHING_CHOSEN
            self.pane.query_text = ""
            self.pane.is_following = True
            self._centre = None
        if (machine.name, machine.definition) != (self._name, self._hash):
            self._picture = self._shown = None
            self._is_coming = False
        self._is_group = is_group
        self._name = machine.name
        self._hash = machine.definition if machine.kind == "machine" else ""

    def _recentre(self, charted: Charted, moment: Moment) -> None:
        """Let a neighbourhood stay as long as it shows all ways from the state."""
        active = [s for s in moment.configuration if s in charted.graph.by_id]
        if self._centre is None or not keeps_centre(self._picture, active):
            self._centre = active[0] if active else self._centre

    def _pick(self, charted: Charted, *, has_foot: bool) -> Picture | None:
        """Return the picture; while it is being made, what stands in for it.

        That is the one before it if it is of the same view, else the one by size.

        How much stands below it now does not matter: picking a state, or trouble,
        shall not change the view.
        """
        graphs = self.context.graphs
        width, height = self.pane.inner
        is_shared = has_foot and height >= TALL_ROWS
        room = Pane(width, height - CALM_ROWS if is_shared else height)
        shown = _Shown(charted.hash, self._centre, room, self.wanted, graphs.version)
        if shown != self._shown:
            draw = partial(graphs.sketch, charted)
            found = pick(charted.graph, self._centre, room, self.wanted, draw)
            self._is_coming = found is None
            if found is not None:
                self._shown = shown
            elif self._picture is None or self._picture.view is not self.wanted.view:
                found = pick(charted.graph, self._centre, room, BY_SIZE, draw)
            self._picture = found or self._picture
        return self._picture

    def _show_card(self, machine: MachineView, *, is_coming: bool) -> None:
        card = machine_card(self._card_input(machine), *self.pane.inner)
        self.pane.show_lines(card.lines)
        info = [card.info, "drawing …" if is_coming else ""]
        if self.wanted.view is View.NOW:
            info.append("now pinned")
        self.pane.set_titles(card.title, "  ".join(part for part in info if part))

    # ---------------------------------------------------------- what is below

    def _foot(
        self, machine: MachineView, charted: Charted, moment: Moment
    ) -> list[Line]:
        width = self.pane.inner.width
        rows = TROUBLE_ROWS if self._is_wrong(machine) else CALM_ROWS
        reasons = reasons_card(self._card_input(machine), width - 1)
        return self._foot_of(charted, moment, "why", reasons, rows)

    def _foot_of(
        self,
        charted: Charted,
        moment: Moment,
        title: str,
        lines: list[Line],
        rows: int,
    ) -> list[Line]:
        """Return what is known of what was picked, else these lines."""
        width, height = self.pane.inner
        if self.pane.chosen != NOTHING_CHOSEN:
            title = title_of(charted.graph, self.pane.chosen)
            rows = min(max(PICKED_ROWS, height // 3), height // 2)
            lines = self._about(charted, moment, width - 1)
        elif height < TALL_ROWS:
            return []
        return _framed(title, lines, width, rows)

    def details(
        self, machine: MachineView, charted: Charted, moment: Moment, width: int
    ) -> list[Line]:
        """Return what is known of what was picked, else why it is where it is."""
        if self.pane.chosen == NOTHING_CHOSEN:
            return reasons_card(self._card_input(machine), width)
        return self._about(charted, moment, width)

    def _about(self, charted: Charted, moment: Moment, width: int) -> list[Line]:
        subject = Subject(
            charted.graph,
            charted.doings,
            self.pane.chosen,
            moment,
            self._counting.of(self._subject),
            self.counts_journal,
            self.context.zone,
            self.context.reveal,
        )
        return [part for one in about(subject) for part in wrap(one, width)]

    def title(self, charted: Charted) -> str:
        """Return what the details are called."""
        return title_of(charted.graph, self.pane.chosen) or "why"

    # ------------------------------------------------------------ the journal

    @property
    def counts_journal(self) -> bool:
        """Say whether visits are counted: a group of machines has no journal."""
        return not self._is_group

    @property
    def wants_journal(self) -> bool:
        """Say whether the journal is to be read: something is picked, or new."""
        is_picked = self.pane.chosen != NOTHING_CHOSEN and self.counts_journal
        is_new = self.context.desk.records_version != self._read_version
        is_other = self._counting.of(self._subject) is None
        return is_picked and self.charted is not None and (is_new or is_other)

    async def read_journal(self) -> None:
        """Count the machine's visits and transitions in its journal."""
        charted = self.charted
        if charted is not None:
            self._read_version = self.context.desk.records_version
            await self._counting.read(
                self._subject, charted.arrows, self.context.desk.touch
            )

    @property
    def _subject(self) -> counting.Subject:
        return counting.Subject(self._name, self._hash)

    # --------------------------------------------------------------- the acts

    def next_view(self) -> None:
        """Show it the next way, and keep to that."""
        self.wanted = next_view(self.wanted)

    def closer(self, steps: int) -> None:
        """Show more of less, or less of more, and keep to that."""
        self.wanted = closer(self._picture or NOW, steps)

    def entries(self) -> list[Found]:
        """Return the events that what is picked takes, to inject them."""
        charted, chosen = self.charted, self.pane.chosen
        if charted is None or self.context.args.read_only:
            return []
        graph = charted.graph
        if chosen.state:
            edges = ways_out(graph, chosen.state)
        else:
            edges = [e for e in graph.edges if e.id in chosen.edges]
        machine = self.context.desk.machine(self._name)
        frame = machine.frame if machine else None
        active = frame.configuration if frame else ()
        events: dict[str, Found] = {}
        for edge in edges:
            if edge.event and edge.delay_s is None:
                events.setdefault(edge.event, self._injection(edge, active))
        return list(events.values())

    def _injection(self, edge: Edge, active: tuple[str, ...]) -> Found:
        is_now = edge.is_wildcard or edge.source in active
        source = "any state" if edge.is_wildcard else edge.source
        note = f"{source} ─▶ {edge.target}" + ("" if is_now else ", not in it now")
        twin = f"smtui send {shlex.quote(self._name)} {shlex.quote(edge.event)}"
        act = ("inject", self._name, edge.event)
        return Found(f"inject {edge.event}", twin, note, act, "i", is_now)

    # ---------------------------------------------------------------- inside

    def _is_wrong(self, machine: MachineView) -> bool:
        return attention(self._standing(machine)) < attention(Standing.STARTING)

    def _standing(self, machine: MachineView) -> Standing:
        desk = self.context.desk
        facts, stays = desk.known.facts_for(machine), desk.known.stays_for(machine)
        return standing_of(machine, facts, stays, self.context.now())

    def _card_input(self, machine: MachineView) -> CardInput:
        context = self.context
        return CardInput(
            machine,
            context.desk.known,
            context.now(),
            context.desk.last_steps.get(machine.name),
            context.zone,
            context.reveal,
            context.desk.counts.get(machine.name, {}),
        )


def _framed(title: str, lines: list[Line], width: int, rows: int) -> list[Line]:
    """Return a heading and the lines, in exactly that many rows."""
    head = f"── {title} "
    rule = head + "─" * max(0, width - len(head))
    body = [(Span(" "), *one) for one in lines[: rows - 1]]
    empty: list[Line] = [()] * (rows - 1 - len(body))
    return [(Span(rule, "rule"),), *body, *empty]

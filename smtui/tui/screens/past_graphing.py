"""The graph pane of a screen that looks back: the machine as it was."""

from smtui.tui.context import Context
from smtui.tui.graphs import Charted
from smtui.tui.screens.graphing import Graphing
from smtui.tui.widgets.graph import GraphPane
from smtui.view.card import CardInput
from smtui.view.facts import NOTHING_KNOWN, Facts
from smtui.view.graph import NOTHING_CHOSEN, Moment
from smtui.view.graph.past import machine_at, moment_at
from smtui.view.machines import Known
from smtui.view.past import Instant
from smtui.view.text import Line
from smtui.wire.messages import MachineView

__all__ = ["PastGraphing"]


class PastGraphing(Graphing):
    """A machine of the past in a graph pane."""

    def __init__(self, context: Context, pane: GraphPane) -> None:
        super().__init__(context, pane)
        self._instant: Instant | None = None
        self._facts: Facts = NOTHING_KNOWN
        self._at: float | None = None

    def show_instant(
        self, instant: Instant, facts: Facts, at: float | None = None
    ) -> None:
        """Put the machine as it was then, in the version it ran, into the pane.

        `at` is the present while it is live.
        """
        self._instant, self._facts, self._at = instant, facts, at
        self.show(machine_at(instant), has_foot=False)

    @property
    def counts_journal(self) -> bool:
        """Count nothing: what came after this moment is in the journal too."""
        return False

    def picked(self, width: int) -> tuple[str, list[Line]] | None:
        """Return what is known of what was picked, and what it is called."""
        charted, instant = self.charted, self._instant
        if charted is None or instant is None or self.pane.chosen == NOTHING_CHOSEN:
            return None
        machine = machine_at(instant)
        moment = self.moment(machine, charted)
        return self.title(charted), self.details(machine, charted, moment, width)

    def moment(self, machine: MachineView, charted: Charted) -> Moment:
        """Return what the machine did then."""
        if self._instant is None:
            return super().moment(machine, charted)
        return moment_at(self._instant, charted.arrows, self._at)

    def _card_input(self, machine: MachineView) -> CardInput:
        instant, context = self._instant, self.context
        if instant is None:
            return super()._card_input(machine)
        return CardInput(
            machine,
            Known({machine.definition: self._facts}),
            instant.entry.row.at if self._at is None else self._at,
            instant.entry,
            context.zone,
            context.reveal,
        )

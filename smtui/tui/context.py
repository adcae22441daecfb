"""What every screen is handed: data, hands, options. Made once by the app."""

from dataclasses import dataclass
from datetime import tzinfo

from smtui.tui.args import TuiArgs
from smtui.tui.charts import Charts
from smtui.tui.desk import Desk
from smtui.tui.graphs import Graphs
from smtui.tui.operator import Operator
from smtui.tui.sources import Sources

__all__ = ["Context"]


@dataclass(slots=True)
class Context:
    """The app's parts, without the app."""

    args: TuiArgs
    desk: Desk
    sources: Sources
    charts: Charts
    graphs: Graphs
    operator: Operator
    zone: tzinfo | None
    """None is the computer's own zone."""
    is_paused: bool = False

    @property
    def is_ascii(self) -> bool:
        """Say whether only ASCII may be painted."""
        return self.args.ascii

    @property
    def reveal(self) -> bool:
        """Say whether secrets are shown."""
        return self.args.reveal

    def now(self) -> float:
        """Return the time of what is shown, in seconds since the epoch."""
        return self.desk.now()

"""A transition in the graph pane itself: lit, and all rows it changes made anew.

Everything between the moment a machine moves and the strips that go to the
terminal. Each step goes to another state, so the window moves too where the
drawing is larger. Times are CPU milliseconds.
"""

from collections.abc import Callable
from time import process_time_ns
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.geometry import Region

from smtui.tui.ink import INKS
from smtui.tui.widgets.graph import GraphPane
from smtui.view.graph import Drawing, Moment, sketch_of
from tests.bench.figure import Figure

__all__ = ["painted"]

PANE = (60, 20)
ROUNDS = 15
AT = 100.0


class _Timed(GraphPane, inherit_bindings=False):
    """A graph pane that tells which rows it wants painted."""

    on_rows: Callable[[Region], None] | None = None

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> "_Timed":
        """Note the rows while it is timed, else do what a widget does."""
        if self.on_rows is None:
            super().refresh(
                *regions, repaint=repaint, layout=layout, recompose=recompose
            )
            return self
        for region in regions or (Region(0, 0, *PANE),):
            self.on_rows(region)
        return self


class _PaneApp(App[None]):
    COMPONENT_CLASSES: ClassVar[set[str]] = set(INKS)

    def compose(self) -> ComposeResult:
        yield _Timed("g", "Graph", id="graph", is_ascii=False)


async def painted(name: str, drawing: Drawing) -> Figure:
    """Time transitions along every line of a drawing."""
    sketch = sketch_of(drawing)
    pairs = [(one.target, one.edges[0]) for one in drawing.strokes]
    found: list[float] = []
    app = _PaneApp()
    async with app.run_test(size=PANE) as pilot:
        pane = app.query_one(_Timed)
        pane.show_sketch(sketch, Moment(AT))
        await pilot.pause()
        rows: set[int] = set()
        pane.on_rows = lambda region: rows.update(range(region.y, region.bottom))
        for _ in range(ROUNDS):
            for state, edge in pairs:
                moment = Moment(AT, (state,), AT - 1, last=(edge,), last_at=AT)
                rows.clear()
                began = process_time_ns()
                pane.show_sketch(sketch, moment)
                for y in sorted(rows):
                    pane.render_line(y)
                found.append((process_time_ns() - began) / 1e6)
        pane.on_rows = None
    return Figure(f"graph step {name}, painted in a pane of 60x20", "ms", found)

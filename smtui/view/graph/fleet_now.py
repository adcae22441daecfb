"""A fleet graph as it is now: states in the boxes, arrows that were just used.

Overlays only: the layout stays while the machines move.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from smtui.view.graph.caption import merged, noted
from smtui.view.graph.fleet import FleetGraph
from smtui.view.graph.light import Glow, Overlay, highlight
from smtui.view.graph.shine import Sketch
from smtui.view.words import MARKS, Standing, attention

__all__ = ["BoxNote", "Presence", "fleet_shine", "note_of", "waiting_note"]

FRESH_S, WARM_S = 1.5, 10.0
"""An arrow fades in three looks: just used, used lately, used at all."""


class Presence(NamedTuple):
    """Where one machine is."""

    standing: Standing
    configuration: tuple[str, ...]


class BoxNote(NamedTuple):
    """What stands in a box, and in which style."""

    text: str
    style: str
    is_alarm: bool = False
    """Somebody should look: the box is lit too."""


def note_of(here: Sequence[Presence]) -> BoxNote:
    """Return `● resting`; of several machines `● idle 2, counting`.

    The mark is that of the machine that needs most attention.
    """
    worst = MARKS[min((each.standing for each in here), key=attention)]
    states = Counter("+".join(each.configuration) or "-" for each in here)
    texts = [
        state if n == 1 or len(states) == 1 else f"{state} {n}"
        for state, n in states.most_common()
    ]
    is_alarm = any(
        attention(each.standing) < attention(Standing.STARTING) for each in here
    )
    return BoxNote(f"{worst.glyph} {', '.join(texts)}", worst.style, is_alarm)


def waiting_note(count: int) -> BoxNote:
    """Return what stands in the box of a queue."""
    return BoxNote(f"{count} wait", "count" if count else "row")


def fleet_shine(
    sketch: Sketch, fleet: FleetGraph, notes: Mapping[str, BoxNote], now: float
) -> Overlay:
    """Return what a drawing of the fleet shows at an instant."""
    states = {node: Glow(note.style) for node, note in notes.items() if note.is_alarm}
    lit = highlight(sketch.lamp, states, dict(_used(fleet, now)))
    texts = (
        noted(sketch.drawing, node, note.text, note.style)
        for node, note in notes.items()
    )
    return merged(lit, *texts)


def _used(fleet: FleetGraph, now: float) -> Iterable[tuple[str, Glow]]:
    for edge, arrow in fleet.arrows.items():
        if arrow.last_at is None:
            continue
        passed = now - arrow.last_at
        if passed < FRESH_S:
            yield edge, Glow("lit")
        elif passed < WARM_S:
            yield edge, Glow("lit-warm")
        else:
            yield edge, Glow("lit-last", is_heavy=False)

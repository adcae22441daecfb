"""The moment of a machine that runs now: its last frame and its last move."""

from smtui.store.rows import JournalEntry
from smtui.view.graph.moment import Arrows, Moment, edges_taken
from smtui.view.words import MARKS, Standing
from smtui.wire.messages import ChildState, MachineView

__all__ = ["moment_of"]

_WITHOUT_MARK = frozenset({Standing.READY, Standing.DONE})


def moment_of(
    machine: MachineView,
    arrows: Arrows,
    standing: Standing,
    last: JournalEntry | None,
    now: float,
) -> Moment:
    """Return what a machine does now; `last` is the step that moved it last."""
    frame = machine.frame
    if frame is None:
        return Moment(at=now)
    mark = MARKS[standing]
    is_ready = machine.state is ChildState.READY
    timers = {timer.event: timer.due for timer in frame.timers} if is_ready else {}
    taken = edges_taken(arrows, last.row) if last is not None else ()
    is_there = last is not None and set(last.row.to) == set(frame.configuration)
    return Moment(
        at=now,
        configuration=frame.configuration,
        since=frame.since or None,
        style=mark.style,
        mark="" if standing in _WITHOUT_MARK else mark.glyph,
        last=taken if is_there else (),
        last_at=last.row.at if last is not None else None,
        delays=arrows.delays(timers, frame.configuration),
    )

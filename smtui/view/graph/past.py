"""The moment of a machine's past, for a drawing: the step, and where it led."""

from smtui.view.graph.moment import Arrows, Moment, edges_taken
from smtui.view.past import Instant
from smtui.wire.messages import ChildState, Frame, MachineView, TimerView

__all__ = ["machine_at", "moment_at"]


def moment_at(instant: Instant, arrows: Arrows, at: float | None = None) -> Moment:
    """Return what a drawing shows right after a step, as if it were just now.

    `at` is the present instead, while the newest step is looked at live.
    """
    row = instant.entry.row
    timers = {delay.event: delay.due for delay in instant.delays.values()}
    return Moment(
        at=row.at if at is None else at,
        configuration=instant.configuration,
        since=instant.since,
        last=edges_taken(arrows, row),
        last_at=row.at,
        delays=arrows.delays(timers, instant.configuration),
    )


def machine_at(instant: Instant) -> MachineView:
    """Return the machine as a supervisor would have told of it right then."""
    entry, row = instant.entry, instant.entry.row
    return MachineView(
        name=entry.machine,
        child=entry.machine,
        dialect="",
        definition=row.definition_hash,
        file="",
        state=ChildState.READY,
        state_since=instant.since,
        frame=Frame(
            machine=entry.machine,
            instance=entry.instance,
            configuration=instant.configuration,
            status="running",
            since=instant.since,
            seq=row.seq,
            read=0,
            run=row.run,
            timers=tuple(
                TimerView(delay.event, delay.due) for delay in instant.delays.values()
            ),
        ),
    )

"""What a machine is doing now, as the supervisor and the screen want to know.

Pure. A frame says only that looking again is worth it; the store is the truth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smtui.chart.foreign import SEND
from smtui.chart.values import At, Kind, RunEntry, Snapshot, TimerEntry, WatchEntry
from smtui.definition import HTTP, PERFORMED_HERE
from smtui.runtime.actions.bash import timeout_of
from smtui.runtime.tally import Tally
from smtui.wire import Frame, RunningAction, TimerView

__all__ = ["Counts", "crowd_frame", "frame_of"]

_SHOWN_CHARS = 200
"""What an operator recognises a command by."""

_SHOWN_RUNS = 16
"""Of the actions of many instances a frame names so many."""


@dataclass(slots=True)
class Counts:
    """What a machine has done and seen since this process began."""

    read: int = 0
    """Last inbox seq read."""
    waiting: int = 0
    """Events read and not handled."""
    steps: int = 0
    idle: int = 0
    ignored: int = 0
    waits_store: bool = False
    problem: str = ""
    problem_at: float = 0.0


def frame_of(
    machine: str,
    snapshot: Snapshot,
    counts: Counts,
    pids: Mapping[str, int | None],
    now: At,
) -> Frame:
    """Return the frame of an instance; `pids` has the World actions in hand."""
    pending = snapshot.pending.items()
    return Frame(
        machine=machine,
        instance=snapshot.instance,
        configuration=snapshot.configuration,
        status=snapshot.status.value,
        since=snapshot.since.wall,
        seq=snapshot.seq,
        read=counts.read,
        run=snapshot.run,
        steps=counts.steps,
        idle=counts.idle,
        ignored=counts.ignored,
        inbox=counts.waiting,
        held=tuple(snapshot.held),
        running=tuple(
            _running(entry, pids[id_])
            for id_, entry in pending
            if isinstance(entry, RunEntry) and id_ in pids
        ),
        timers=tuple(
            TimerView(entry.event, now.wall + entry.due.seconds_left(now))
            for _, entry in pending
            if isinstance(entry, TimerEntry)
        ),
        watching=tuple(
            topic
            for _, entry in pending
            if isinstance(entry, WatchEntry)
            for topic in entry.on
        ),
        waits_store=counts.waits_store,
        last_problem=counts.problem,
        last_problem_at=counts.problem_at,
    )


def crowd_frame(
    machine: str,
    counts: Counts,
    in_hand: Sequence[tuple[str, RunEntry, int | None]],
    *,
    tally: Tally,
    since: float,
) -> Frame:
    """Return the frame of a machine with many instances."""
    asking, asking_in = tally.asking
    return Frame(
        machine=machine,
        instance="",
        configuration=(),
        status="running",
        since=since,
        seq=0,
        read=counts.read,
        steps=counts.steps,
        ignored=counts.ignored,
        inbox=counts.waiting,
        running=tuple(_running(entry, pid) for _, entry, pid in in_hand[:_SHOWN_RUNS]),
        waits_store=counts.waits_store,
        last_problem=counts.problem,
        last_problem_at=counts.problem_at,
        instances=tally.instances,
        asking=asking,
        asking_in=asking_in,
    )


def _running(entry: RunEntry, pid: int | None) -> RunningAction:
    has_limit = entry.kind is Kind.WORLD and "command" in entry.args
    limit_s = timeout_of(entry) if has_limit else entry.terms.timeout_s
    is_ours = entry.action in PERFORMED_HERE
    return RunningAction(
        action=entry.action.removeprefix("_") if is_ours else entry.action,
        text=_text(entry),
        since=entry.since.wall if entry.since else 0.0,
        pid=pid,
        timeout_s=limit_s,
        attempt=entry.attempt + entry.tries,
    )


def _text(entry: RunEntry) -> str:
    """Return the author's own words for an action, else what it does."""
    if entry.action == HTTP:
        return f"{entry.args['method']} {entry.args['url']}"[:_SHOWN_CHARS]
    if entry.action == SEND and "event" in entry.args:
        return str(entry.args["event"])[:_SHOWN_CHARS]
    for key in ("description", "command", "duration"):
        found = entry.args.get(key)
        if found is not None:
            return str(found)[:_SHOWN_CHARS]
    return entry.action

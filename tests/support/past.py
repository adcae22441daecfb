"""A journal to go back in: steps of one machine, written the way a machine does."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from smtui.chart import encode
from smtui.chart.values import At, Snapshot, Status
from smtui.definition import Json
from smtui.store import MAX_STEPS, JournalRow, Owner, StepWrite, Writer
from tests.support.store import BOOT, HandClock, machine_row, open_writer

__all__ = ["BEGAN", "Stride", "go", "strides", "write_past"]

BEGAN = 1_795_300_000.0
"""When the first step was taken; each next one is ten seconds later."""


class Stride(NamedTuple):
    """One step: an event that leads from a state to one, and what it changed."""

    source: str
    event: str
    target: str
    set: Mapping[str, Json]
    run: int = 1
    definition: str = "hash-crawler"
    instance: str = "main"


ROUND = (
    ("idle", "start", "queued"),
    ("queued", "url", "fetching"),
    ("fetching", "429", "waiting"),
    ("waiting", "timeout(15)", "queued"),
    ("queued", "url", "fetching"),
    ("fetching", "ok", "parsing"),
    ("parsing", "store", "queued"),
    ("queued", "drain", "idle"),
)
"""A round of the crawler of tests.support.view_fleet."""


def strides(steps: int, *, run: int = 1) -> list[Stride]:
    """Return so many steps of a crawler; the first begins the run."""
    found = [Stride("", "", "idle", {"machine_name": "crawler", "n": 0}, run)]
    for n in range(1, steps):
        source, event, target = ROUND[(n - 1) % len(ROUND)]
        found.append(Stride(source, event, target, {"n": n}, run))
    return found


def go(
    writer: Writer, owner: Owner, steps: Sequence[Stride], *, began: float = BEGAN
) -> None:
    """Commit the steps, as many at a time as a machine may."""
    writes: list[StepWrite] = []
    data: dict[str, Json] = {}
    seq, run, since = 0, 0, At(began, 0.0, BOOT)
    for n, stride in enumerate(steps):
        at = At(began + 10 * n, 10.0 * n, BOOT)
        if stride.run != run:
            data, seq, run = {}, 0, stride.run
        seq += 1
        since = at if stride.source != stride.target else since
        data = {**data, **stride.set}
        after = _snapshot(stride, data, seq, since, at)
        row = JournalRow(
            seq=seq,
            run=run,
            at=at.wall,
            cause=f"cause-{n}",
            event=stride.event,
            from_=(stride.source,) if stride.source else (),
            to=(stride.target,),
            outcome="taken",
            micro=(
                {
                    "from": stride.source,
                    "event": stride.event,
                    "to": stride.target,
                    "loop": stride.source == stride.target,
                },
            ),
            data_patch={"set": dict(stride.set), "unset": []} if stride.set else None,
            definition_hash=stride.definition,
        )
        write = StepWrite(
            instance=stride.instance,
            snapshot=encode(after),
            status=after.status.value,
            configuration=after.configuration,
            journal=row,
        )
        writes.append(write)
    for first in range(0, len(writes), MAX_STEPS):
        writer.commit(owner, writes[first : first + MAX_STEPS])


def write_past(
    folder: Path,
    steps: Sequence[Stride],
    *,
    name: str = "crawler",
    began: float = BEGAN,
) -> HandClock:
    """Make a store in a folder whose one machine has taken these steps."""
    clock = HandClock(began)
    with open_writer(folder, clock) as writer:
        writer.put_machine(machine_row(name))
        owner = Owner(name, writer.raise_epoch(name, [name], crashed=True))
        go(writer, owner, steps, began=began)
    return clock


def _snapshot(
    stride: Stride, data: Mapping[str, Json], seq: int, since: At, at: At
) -> Snapshot:
    return Snapshot(
        chart_hash=stride.definition,
        instance=stride.instance,
        run=stride.run,
        configuration=(stride.target,),
        data=data,
        history={},
        pending={},
        cursor=None,
        held={},
        seq=seq,
        status=Status.RUNNING,
        since=since,
        turn=seq,
        stepped=at,
    )

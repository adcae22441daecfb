"""What rows of the store say of the ways between machines. Pure.

Events say who sent them; jobs who added and who took them; a child who started
it. What operators did is left out: they are no machines of the picture.
"""

from collections.abc import Iterable, Iterator

from smtui.chart.foreign_news import MOVED, name_of
from smtui.chart.messages import Message
from smtui.store.rows import ChildRow, InboxKind, InboxRow, JobRow
from smtui.view.graph.fleet import Sighting
from smtui.view.graph.outlets import Way

__all__ = ["of_children", "of_events", "of_jobs", "summed"]


def of_events(rows: Iterable[InboxRow]) -> Iterator[Sighting]:
    """Yield one sighting for each event of a machine."""
    for row in rows:
        if row.kind is not InboxKind.EVENT or not _is_machine(row.source):
            continue
        event = row.event
        if event == MOVED:  # linked machines: which event of the peer it was
            event = name_of(Message(event, row.payload))
            if event == MOVED or row.source == row.machine:
                continue
        yield Sighting(Way.EVENT, row.source, row.machine, event, 1, row.at)


def of_jobs(rows: Iterable[JobRow]) -> Iterator[Sighting]:
    """Yield who added each job, and who took it last."""
    for row in rows:
        if _is_machine(row.source):
            yield Sighting(Way.ADD, row.source, row.job_type, "", 1, row.created_at)
        if row.machine and row.claimed_at is not None:
            yield Sighting(Way.TAKE, row.job_type, row.machine, "", 1, row.claimed_at)


def of_children(rows: Iterable[ChildRow]) -> Iterator[Sighting]:
    """Yield which machine started which."""
    for row in rows:
        if _is_machine(row.who):
            yield Sighting(Way.START, row.who, row.name, "", 1, row.desired_at)


def summed(found: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Return sightings of the same thing as one, in the order they came."""
    whole: dict[tuple[Way, str, str, str], Sighting] = {}
    for each in found:
        key = (each.way, each.source, each.target, each.event)
        old = whole.get(key)
        whole[key] = (
            each
            if old is None
            else each._replace(
                times=old.times + each.times, last_at=max(old.last_at, each.last_at)
            )
        )
    return tuple(whole.values())


def _is_machine(source: str) -> bool:
    """Return whether this may be a machine; operators are `user@tty`."""
    return bool(source) and "@" not in source

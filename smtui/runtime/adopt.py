"""An edited definition takes over a run that began under the old one.

Pure. The state still exists: the run resumes there. Its place in the action
list is kept when that list reads the same, else the list starts from its
beginning; delays that still exist run on, new ones start now. An action in
hand ends under the old definition: its result only frees the hand when the
list has started anew. A state that is gone leaves the run blocked: nothing is
guessed.
"""

from typing import NamedTuple

from smtui.chart import ListChart, StateChart
from smtui.chart.model import list_of
from smtui.chart.values import At, Cursor, Pending, Snapshot, TimerEntry, WatchEntry
from smtui.definition import Action
from smtui.stepper import Chart

__all__ = ["Blocked", "adopt"]


class Blocked(NamedTuple):
    """The run cannot go on under the new definition."""

    why: str


def adopt(
    old: Chart | None, new: Chart, snapshot: Snapshot, at: At
) -> Snapshot | Blocked:
    """Return the snapshot as the new chart can step it.

    `old` is None when the old definition cannot be read any more; then every
    list counts as changed.
    """
    if snapshot.chart_hash == new.hash:
        return snapshot
    gone = [state for state in snapshot.configuration if state not in new.states]
    if gone:
        return Blocked(
            f"the definition has changed and has no state {gone[0]!r} any more,"
            " in which this run is; put the state back, or begin anew with"
            " `smtui restart --fresh`"
        )
    if isinstance(new, StateChart):
        return _adopted_tree(new, snapshot, at)
    was = old if isinstance(old, ListChart) else None
    cursor = _moved(was, new, snapshot)
    pending = _kept(new, snapshot, cursor, at)
    return snapshot._replace(chart_hash=new.hash, cursor=cursor, pending=pending)


def _moved(old: ListChart | None, new: ListChart, snapshot: Snapshot) -> Cursor | None:
    cursor = snapshot.cursor
    if cursor is None:
        return None
    if old is not None and cursor.then is None:
        was = _texts(list_of(old, cursor))
        placed = cursor._replace(transition=_same_transition(old, new, cursor))
        if was == _texts(list_of(new, placed)):
            return placed
    return Cursor(
        transition=None,
        state=snapshot.configuration[0],
        offset=0,
        entry=f"{snapshot.turn}.adopted",
        pass_=0,
        took=False,
        looped=False,
        rearm=False,
        only=None,
        # another list must not repeat the keys of the one before
        cause=f"{cursor.cause}/{new.hash}",
        since={},
        by=None,
        then=None,
    )


def _same_transition(old: ListChart, new: ListChart, cursor: Cursor) -> int | None:
    if cursor.transition is None:
        return None
    was = old.transitions[cursor.transition]
    for index, each in enumerate(new.transitions):
        same = (each.source, each.target, each.event)
        if same == (was.source, was.target, was.event):
            return index
    return None


def _texts(actions: tuple[Action, ...]) -> list[tuple[object, ...]]:
    """Return actions without their positions: those move with every edit."""
    return [(each.type, dict(each.args), each.repeat) for each in actions]


def _kept(
    new: ListChart, snapshot: Snapshot, cursor: Cursor | None, at: At
) -> dict[str, Pending]:
    node = new.states[snapshot.configuration[0]]
    delays = dict(node.delays)
    entry = None if cursor is None else cursor.entry
    pending: dict[str, Pending] = {}
    for id_, each in snapshot.pending.items():
        is_over = (isinstance(each, TimerEntry) and each.event not in delays) or (
            isinstance(each, WatchEntry) and each.owner != entry
        )
        if not is_over:
            pending[id_] = each
    cause = f"{snapshot.cursor.cause if snapshot.cursor else ''}/{new.hash}"
    running = {e.event for e in snapshot.pending.values() if isinstance(e, TimerEntry)}
    has_delays = snapshot.status.value == "running"
    for n, (event, seconds) in enumerate(node.delays):
        if has_delays and event not in running:
            timer = TimerEntry(at.plus(seconds), event, cause, node.id)
            pending[f"{snapshot.turn}.adopted{n}"] = timer
    return pending


# ----------------------------------------------------------------- statecharts


def _adopted_tree(new: StateChart, snapshot: Snapshot, at: At) -> Snapshot:
    """Return the snapshot for a statechart; delayed sends run on as they are."""
    states = new.states
    history = {
        id_: tuple(state for state in kept if state in states)
        for id_, kept in snapshot.history.items()
        if id_ in new.tree.numbers
    }
    pause = snapshot.pause
    if pause is not None:  # its blocks are counted by their places in the old text
        pause = pause._replace(rest=())
    return snapshot._replace(
        chart_hash=new.hash,
        history={id_: kept for id_, kept in history.items() if kept},
        pending=_kept_in_tree(new, snapshot, at),
        pause=pause,
    )


def _kept_in_tree(new: StateChart, snapshot: Snapshot, at: At) -> dict[str, Pending]:
    delays = {
        (id_, transition.arrow.events[0]): transition.arrow.delay_s or 0.0
        for id_ in snapshot.configuration
        for transition in new.states[id_].delays
    }
    pending: dict[str, Pending] = {}
    for id_, entry in snapshot.pending.items():
        if not isinstance(entry, TimerEntry) or entry.message or entry.run:
            pending[id_] = entry
        elif (entry.owner, entry.event) in delays:
            del delays[entry.owner, entry.event]
            pending[id_] = entry
    cause = f"{snapshot.instance}/{snapshot.turn}/{new.hash}"
    if snapshot.status.value == "running":
        for n, ((owner, event), seconds) in enumerate(delays.items()):
            timer = TimerEntry(at.plus(seconds), event, cause, owner)
            pending[f"{snapshot.turn}.adopted{n}"] = timer
    return pending

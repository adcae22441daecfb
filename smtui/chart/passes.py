"""How a pass through a list ends, and how the next one begins.

Instead of polling, a list that looks for something (a queue, the inbox, a
list) leaves a Watch at the end of its pass and runs again when that changes.
At the end of a pass the first of these holds:

  1 it took something and repeats (looped, watchable, repeatable): next pass
  2 it reached watchable actions: a Watch, and no timer whatever else it holds
  3 an action's event took a self-loop in this pass: again after poll_interval
  4 `repeatable` actions only: those again after 0.25 s
  5 it is over until the state is entered again
"""

import math

from smtui.chart.values import At, Cursor, Status, Watch, WatchEntry
from smtui.chart.work import Work
from smtui.expr import fill

__all__ = ["end_of_pass", "next_pass", "number", "root_of"]

REPEAT_AFTER_S = 0.25
"""Pause between the passes of `repeatable` actions."""

POLL_AFTER_S = 1.0
"""Default of `poll_interval`, where nothing tells of a change."""

SHORTEST_POLL_S = 0.05
"""As often as the original looked; less would only burn."""


def root_of(cursor: Cursor) -> Cursor:
    """Return the cursor of the state's own list, below those of self-loops."""
    while cursor.then is not None:
        cursor = cursor.then
    return cursor


def next_pass(cursor: Cursor, only: tuple[int, ...] | None = None) -> Cursor:
    """Return the cursor at the start of the next pass.

    A transition's own actions run once: from now on the list is the state's.
    """
    return cursor._replace(
        transition=None,
        offset=0,
        pass_=cursor.pass_ + 1,
        took=False,
        looped=False,
        rearm=False,
        only=only,
        since={},
    )


def end_of_pass(work: Work, cursor: Cursor) -> None:
    """End the run, begin the next pass, watch, or leave the list be."""
    if work.status is Status.ENDING:
        work.finish()
        return
    own = work.chart.states[cursor.state].actions
    repeatable = tuple(i for i, action in enumerate(own) if action.repeat)
    looks = cursor.looped or bool(cursor.since)
    if cursor.rearm or (cursor.took and looks):
        work.cursor = next_pass(cursor)
    elif cursor.took and repeatable:
        work.cursor = next_pass(cursor, repeatable)
    elif cursor.since:
        # a deadline that was not looked at in this pass would wake at once
        by = cursor.by if "jobs_ended" in cursor.since else None
        _watch(work, cursor, by)
    elif cursor.looped:
        _watch(work, cursor, work.at.plus(_poll_interval(work, cursor)))
    elif repeatable:
        work.cursor = cursor._replace(only=repeatable)
        _watch(work, work.cursor, work.at.plus(REPEAT_AFTER_S))


def _poll_interval(work: Work, cursor: Cursor) -> float:
    look = work.scene().look()
    given = [
        number(fill(action.args["poll_interval"], look), POLL_AFTER_S)
        for action in work.actions_of(cursor)
        if "poll_interval" in action.args
    ]
    return max(SHORTEST_POLL_S, min(given, default=POLL_AFTER_S))


def number(value: object, default: float) -> float:
    """Return a number given as such or as text; the default when it is none."""
    try:
        found = float(str(value))
    except ValueError:
        return default
    return found if math.isfinite(found) else default


def _watch(work: Work, cursor: Cursor, by: At | None) -> None:
    entry = WatchEntry(
        on=tuple(cursor.since),
        since=cursor.since,
        by=by,
        cause=cursor.cause,
        owner=cursor.entry,
    )
    id_ = work.new_id()
    work.pending[id_] = entry
    work.effects.append(Watch(id_, entry))

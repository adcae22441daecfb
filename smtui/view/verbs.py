"""Which verb makes sense for the selected thing now."""

from smtui.store.rows import InboxStatus
from smtui.view.jobs import job_verbs
from smtui.view.selection import Selection
from smtui.view.words import Standing

__all__ = ["can_discard", "can_edit", "can_retry", "can_start", "can_stop"]

_DOWN = frozenset({Standing.STOPPED, Standing.DONE, Standing.FAILED})

_FINAL = frozenset({InboxStatus.TAKEN, InboxStatus.REQUEUED, InboxStatus.LOGGED})
"""Such an event again would be done twice."""

_OPEN = frozenset({InboxStatus.PENDING, InboxStatus.PARKED})


def can_retry(selection: Selection) -> bool:
    """Say whether the machine can be restarted, the job or event run again."""
    if selection.thing in ("job", "event"):
        return can_edit(selection)
    return bool(selection.machines) and selection.standing not in (
        Standing.STOPPED,
        Standing.DONE,
    )


def can_stop(selection: Selection) -> bool:
    """Say whether the machine can be stopped, or the job cancelled."""
    if selection.thing == "job":
        return _can(selection, "cancel")
    if selection.thing == "event":
        return False
    return bool(selection.machines) and selection.standing not in _DOWN


def can_start(selection: Selection) -> bool:
    """Say whether the machine is down and can be started."""
    if selection.thing in ("job", "event"):
        return False
    is_down = selection.standing in _DOWN or bool(selection.marked)
    return bool(selection.machines) and is_down


def can_discard(selection: Selection) -> bool:
    """Say whether the job can be cancelled though it runs, or the event dropped."""
    if selection.thing == "event":
        return selection.event_status in _OPEN
    return selection.thing == "job" and _can(selection, "discard")


def can_edit(selection: Selection) -> bool:
    """Say whether the job or event can run again, with other data too."""
    if selection.thing == "event":
        status = selection.event_status
        return status is not None and status not in _FINAL
    return selection.thing == "job" and _can(selection, "retry")


def _can(selection: Selection, verb: str) -> bool:
    status = selection.job_status
    return status is not None and verb in job_verbs(status)

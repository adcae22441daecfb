"""Which verb makes sense for the selected thing now."""

from smtui.view.jobs import job_verbs
from smtui.view.selection import Selection
from smtui.view.words import Standing

__all__ = ["can_discard", "can_retry", "can_start", "can_stop"]

_DOWN = frozenset({Standing.STOPPED, Standing.DONE, Standing.FAILED})


def can_retry(selection: Selection) -> bool:
    """Say whether the machine can be restarted, or the job retried."""
    if selection.thing == "job":
        return _can(selection, "retry")
    return bool(selection.machines) and selection.standing not in (
        Standing.STOPPED,
        Standing.DONE,
    )


def can_stop(selection: Selection) -> bool:
    """Say whether the machine can be stopped, or the job cancelled."""
    if selection.thing == "job":
        return _can(selection, "cancel")
    return bool(selection.machines) and selection.standing not in _DOWN


def can_start(selection: Selection) -> bool:
    """Say whether the machine is down and can be started."""
    if selection.thing == "job":
        return False
    is_down = selection.standing in _DOWN or bool(selection.marked)
    return bool(selection.machines) and is_down


def can_discard(selection: Selection) -> bool:
    """Say whether the job can be cancelled though it may be running."""
    return selection.thing == "job" and _can(selection, "discard")


def _can(selection: Selection, verb: str) -> bool:
    status = selection.job_status
    return status is not None and verb in job_verbs(status)

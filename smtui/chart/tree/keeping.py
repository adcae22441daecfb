"""A step is held to the contract of its chart's data.

The laws of this file: a step that would break what holds changes nothing and
is rejected. Where an author's action has been awaited the first half of the
macrostep has happened; then what it would still change is left out, the error
policy's fallback is gone to, and the outcome says so.
"""

from smtui.chart.data import patched
from smtui.chart.messages import Message, Pause
from smtui.chart.tree.failing import fall_back
from smtui.chart.tree.macrostep import finish, resume
from smtui.chart.tree.work import Work
from smtui.chart.values import Data, Done, Patch, Raised, Rejected

__all__ = ["asked", "broken_by", "given", "left_out"]


def asked(work: Work, message: Message, seen: Data) -> Rejected | None:
    """Return why an event cannot be taken with the data it brings."""
    contract = work.chart.tree.contract
    if contract is None or not contract.is_asked:
        return None
    found = contract.faults(seen)
    return _refused(work, message.name, found) if found else None


def broken_by(work: Work) -> Rejected | None:
    """Return what a step that is worked out would break, None for nothing."""
    contract = work.chart.tree.contract
    if contract is None:
        return None
    found = contract.broken(work.floor, work.data)
    name = "" if work.message is None else work.message.name
    return _refused(work, name, found) if found else None


def given(work: Work, done: Done, patch: Patch) -> Done:
    """Take over what an action changed; one that would break the data has failed."""
    data = patched(work.data, patch)
    contract = work.chart.tree.contract
    broken = () if contract is None else contract.broken(work.data, data)
    if broken:
        return done._replace(answer=Raised("; ".join(broken)), patch=None)
    work.replace_data(data)
    work.floor = data
    return done


def _refused(work: Work, event: str, found: tuple[str, ...]) -> Rejected:
    where = ", ".join(work.chart.leaves(work.before.configuration))
    what = f'"{event}" in {where}' if event else f"in {where}"
    return Rejected("validation_failed", f"{what}: {'; '.join(found)}", found)


def left_out(work: Work, refused: Rejected, pause: Pause, *, is_go: bool) -> Work:
    """Return the step that goes on after a pause without what would break.

    What follows from it is looked at in a Go of its own; when that breaks
    something too, the instance rests where it is.
    """
    again = _resumed(work, refused, pause)
    if again.is_over:
        finish(again)
    elif not is_go:
        fallen = _resumed(work, refused, pause)
        if fall_back(fallen) and broken_by(fallen) is None:
            again = fallen
        if again.pause is None:
            again.pause = again.waiting()
    return again


def _resumed(work: Work, refused: Rejected, pause: Pause) -> Work:
    """Return the step before it would have changed anything."""
    again = Work(work.chart, work.before, work.at, work.cause)
    again.pending = {
        id_: entry for id_, entry in again.pending.items() if id_ in work.pending
    }
    again.floor = work.floor
    again.replace_data(work.floor)
    resume(again, pause)
    again.outcome = refused
    again.log("error", refused.why)
    return again

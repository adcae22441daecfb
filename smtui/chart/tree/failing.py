"""What follows when an author's action has failed.

It is tried again while its terms or the error policy give it attempts, at once
or after a pause that is a delay like any other: kept in the snapshot, so that
it survives the process. After that its own `on_error` decides, and last the
policy's fallback. What waits for the action waits for all of it.
"""

from smtui.chart.messages import Pause
from smtui.chart.tree.content import call_again
from smtui.chart.tree.macrostep import carry_out, run_on
from smtui.chart.tree.moves import Move
from smtui.chart.tree.plan import make_plan
from smtui.chart.tree.work import Work
from smtui.chart.values import Raised, RunEntry, StartTimer, Status, TimerEntry
from smtui.definition import Failure, OnError

__all__ = ["failed", "fall_back"]


def failed(work: Work, entry: RunEntry, raised: Raised, pause: Pause | None) -> bool:
    """Follow a failure; say whether that decided what comes next."""
    policy = work.chart.tree.semantics.error_policy
    terms, problem = entry.terms, f"{entry.action} failed: {raised.message}"
    if terms.may_try_again(entry.tries, policy.retry_attempts, raised.failure):
        _try_again(work, entry, raised, problem)
        work.pause = pause
        return True
    match terms.on_error:
        case OnError.IGNORE:
            return False
        case OnError.LOG:
            work.log("warning", problem)
            return False
        case OnError.FAIL:
            work.log("error", problem)
            work.raise_error("error.execution", f"{entry.action}: {raised.message}")
            if not fall_back(work):
                return False
            run_on(work)
            return True


def _try_again(work: Work, entry: RunEntry, raised: Raised, problem: str) -> None:
    is_same = raised.failure is Failure.OPEN
    pause_s = entry.terms.pause_s(entry.tries)
    level = "error" if entry.terms.on_error is OnError.FAIL else "warning"
    if not pause_s:
        work.log(level, problem)
        call_again(work, entry, keeps_key=is_same)
        return
    work.log(level, f"{problem}; it is tried again in {pause_s:g} s")
    again = entry if is_same else entry._replace(key="")
    timer = TimerEntry(
        due=work.at.plus(pause_s),
        event=f"retry of {entry.action}",
        cause=entry.key,
        owner="",
        run=again,
    )
    id_ = work.new_id()
    work.pending[id_] = timer
    work.effects.append(StartTimer(id_, timer))


def fall_back(work: Work, event: str = "error.execution") -> bool:
    """Go to the state of `default_fallback`; False where there is none."""
    fallback = work.chart.tree.fallback
    if fallback is None or work.status is not Status.RUNNING:
        return False
    plan = make_plan(
        work.chart.tree,
        work.configuration,
        (fallback,),
        work.history,
        event=event,
        intern=work.chart.kernel.intern,
    )
    carry_out(work, Move(plan.target, (plan,), is_settled=False))
    return True

"""What an event would do, as far as it can be known without doing it.

Preview is the truth: it is `step` itself. What whoever previews knows (where
another machine is) is answered; for every other open guard both answers are
followed.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from smtui.chart.messages import Answer, Ask, Question
from smtui.chart.options import Accepts, Branch, Depends, Foreseen, Nothing, Waits
from smtui.chart.values import Ignored, Snapshot, Status, Step

__all__ = ["Known", "Taking", "foreseen", "leads_to", "nobody_knows", "unheard"]

MAX_BRANCHES = 16
"""Ways that open guards can go, followed in a preview."""

Known: TypeAlias = Callable[[Question], Answer | None]
"""What can be answered now; None for a question that stays open."""

Taking: TypeAlias = Callable[[Sequence[Answer]], Step | Ask]
"""One step with these answers."""


def nobody_knows(question: Question) -> None:
    """Leave every question open."""
    del question


def unheard(intake: Accepts, snapshot: Snapshot) -> Foreseen | None:
    """Return what becomes of an event while none is stepped, None if some are."""
    if not isinstance(intake, Nothing):
        return None
    is_alive = snapshot.status is Status.RUNNING
    return Foreseen(Waits(intake.why) if is_alive else Ignored(intake.why), None)


def foreseen(take: Taking, target: Callable[[Step], str], known: Known) -> Foreseen:
    """Return what a step would do; `target` names the state it leads to."""
    answers: list[Answer] = []
    while isinstance(done := take(answers), Ask):
        answer = known(done.questions[0])
        if answer is None:
            return Foreseen(_depends(take, target, known), None)
        answers.append(answer)
    return Foreseen(done.outcome, done)


def _depends(take: Taking, target: Callable[[Step], str], known: Known) -> Depends:
    """Follow every answer that open guards can give."""
    branches: list[Branch] = []
    names: list[str] = []
    waiting: list[tuple[tuple[Question, Answer, bool], ...]] = [()]
    while waiting and len(branches) < MAX_BRANCHES:
        said = waiting.pop()
        done = take([answer for _, answer, _ in said])
        if isinstance(done, Ask):
            question = done.questions[0]
            answer = known(question)
            if answer is not None:
                waiting.append((*said, (question, answer, False)))
                continue
            names.append(question.name)
            for holds in (False, True):
                guess = Answer(question.id, holds)
                waiting.append((*said, (question, guess, True)))
        else:
            open_ = tuple((q.name, a.holds) for q, a, is_open in said if is_open)
            branches.append(Branch(open_, target(done)))
    return Depends(tuple(dict.fromkeys(names)), tuple(branches))


def leads_to(found: Foreseen, target: Callable[[Step], str]) -> str:
    """Return the state an event leads to, `a or b` where that is open, '' for none."""
    if found.step is not None:
        return target(found.step)
    if isinstance(found.outcome, Depends):
        ways = (branch.target for branch in found.outcome.branches)
        return " or ".join(dict.fromkeys(filter(None, ways)))
    return ""

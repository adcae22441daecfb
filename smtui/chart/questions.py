"""What a step asks of the outside, and how it tells what it was told.

A guard that the core cannot decide stops the step with an Unanswered; whoever
steps answers, and the same step is taken again with all answers so far.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from smtui.chart.messages import Answer, Decision, Question, QuestionKind
from smtui.definition import Json
from smtui.definition.guards import NamedGuard, PeerGuard
from smtui.expr import fill, lookup_in

__all__ = [
    "Unanswered",
    "answer_by",
    "by_id",
    "question_about",
    "said_no",
]

_NO_ANSWERS: Mapping[str, Answer] = MappingProxyType({})


class Unanswered(Exception):  # noqa: N818 - no error: it stops a step
    """A guard of the outside has not been answered yet."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.question = question


def by_id(answers: Sequence[Answer]) -> Mapping[str, Answer]:
    """Return answers as a step looks them up."""
    return {answer.id: answer for answer in answers} if answers else _NO_ANSWERS


def question_about(
    id_: str, guard: NamedGuard | PeerGuard, data: Mapping[str, Json], event: Json
) -> Question:
    """Return what has to be answered for a guard."""
    if isinstance(guard, NamedGuard):
        kind = QuestionKind.GUARD
        return Question(id_, kind, guard.name, guard.params, data, event)
    states: Json = [*guard.states]
    instance = str(fill(guard.instance, lookup_in(data)))
    params = {"states": states, "instance": instance}
    return Question(id_, QuestionKind.PEER, guard.machine, params, data, event)


def answer_by(
    question: Question,
    configuration: Sequence[str] | None,
    *,
    instance: str = "",
    is_known: bool = True,
    topics: Mapping[str, int] = MappingProxyType({}),
) -> Answer:
    """Return the answer of who knows where the other machine is.

    `configuration` has its active states, ancestors among them; None where it
    has not begun: then it is in no state. `instance` is named in what is said,
    '' where there is only one.
    """
    wanted = question.params.get("states")
    states = wanted if isinstance(wanted, list) else []
    name = f"{question.name}/{instance}" if instance else question.name
    if configuration is not None:
        said = f"{name} is in {' + '.join(configuration)}"
    elif is_known:
        said = f"{name} has not begun"
    else:
        said = f"there is no machine {question.name!r} here"
    holds = any(state in states for state in configuration or ())
    return Answer(question.id, holds, said=said, topics=topics)


def said_no(decided: Iterable[Decision]) -> str:
    """Return the guards that said no, each with why, in words."""
    return ", ".join(_told(one) for one in decided if not one.holds)


def _told(decision: Decision) -> str:
    why = decision.error or decision.said
    return f"{decision.guard} ({why})" if why else decision.guard

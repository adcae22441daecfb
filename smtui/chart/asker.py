"""The judge of one step of an action list: what was answered, and what is open.

Its guards ask where other machines are, and nothing else.
"""

from collections.abc import Mapping

from smtui.chart.messages import Answer, Decision
from smtui.chart.questions import Unanswered, question_about
from smtui.chart.tree.guards import Test, title
from smtui.chart.values import Snapshot
from smtui.definition import Json
from smtui.definition.guards import NamedGuard, PeerGuard
from smtui.errors import EvaluationError
from smtui.expr import Compiled

__all__ = ["Asker"]


class Asker:
    """Judges the guards of one step, whose answers come from outside."""

    __slots__ = ("_answers", "_asked", "_before", "_said", "decided", "event")

    def __init__(self, before: Snapshot, answers: Mapping[str, Answer]) -> None:
        """Judge for the step that follows a snapshot."""
        self.decided: list[Decision] = []
        self.event: Json = None
        """The event being processed, as a question tells it."""
        self._before = before
        self._answers = answers
        self._asked = 0
        self._said: list[str] = []

    def condition(self, compiled: Compiled, data: Mapping[str, Json]) -> bool:
        """Raise EvaluationError: there are no expressions here."""
        del compiled, data
        raise EvaluationError("no expressions in a guard of this dialect")

    def asked(self, guard: NamedGuard | PeerGuard, data: Mapping[str, Json]) -> bool:
        """Return what was answered; raise Unanswered when nothing is yet."""
        self._asked += 1
        before = self._before
        id_ = f"{before.instance}/{before.run}/{before.turn + 1}/{self._asked}"
        answer = self._answers.get(id_)
        if answer is None:
            raise Unanswered(question_about(id_, guard, data, self.event))
        if answer.said:
            self._said.append(answer.said)
        if answer.error:
            raise EvaluationError(f"{title(guard)}: {answer.error}")
        return answer.holds

    def holds(self, test: Test, data: Mapping[str, Json]) -> bool:
        """Return what a test says, and take note of it."""
        self._said = []
        try:
            holds = test.check(data, self)
        except EvaluationError as problem:
            self.decided.append(test.no._replace(error=str(problem)))
            return False
        said = "; ".join(dict.fromkeys(self._said))
        decision = test.yes if holds else test.no
        self.decided.append(decision._replace(said=said) if said else decision)
        return holds

"""A World of stubs: a scenario's answers, one after the other.

The laws of this file: of several answers the first comes first and the last
stays; what nobody stubbed ends well and at once; a guard nobody stubbed stops
the scenario, because either answer would be a guess.
"""

from collections import Counter
from collections.abc import Mapping

from smtui.chart import StateChart
from smtui.chart.messages import Answer, Question, QuestionKind
from smtui.chart.questions import answer_by
from smtui.chart.values import Kind, Patch, Raised, Result, RunEntry, Snapshot
from smtui.definition import Failure, Json
from smtui.errors import StepError
from smtui.testing.scenario import Stub, Stubs
from smtui.testing.subject import Subject
from smtui.testing.world import Ending

__all__ = ["Stubbed", "ending_of"]

_WELL = Stub()


class Stubbed:
    """Answers of one scenario's stubs."""

    def __init__(self, subject: Subject, stubs: Stubs) -> None:
        self._subject = subject
        self._stubs = stubs
        self._used = Counter[tuple[str, str]]()
        self._moved: dict[str, str] = {}

    def move(self, peers: Mapping[str, str]) -> None:
        """Let other machines be elsewhere from now on; '' as the stubs say."""
        self._moved |= peers

    def answer(self, question: Question) -> Answer:
        """Return what the stub says. Raises StepError when there is none."""
        if question.kind is QuestionKind.PEER:
            states = self._stubs.peers.get(question.name)
            moved = self._moved.get(question.name)
            if moved:
                return answer_by(question, _states(moved))
            if states is None:
                wanted = f"{{peers: {{{question.name}: STATE}}}}"
                raise StepError(
                    f"a guard asks for the state of {question.name!r}",
                    hint=f"stubs: {wanted}",
                )
            is_in = states[self._turn("peers", question.name, len(states))]
            return answer_by(question, _states(is_in))
        said = self._stubs.guards.get(question.name)
        if said is None:
            raise StepError(
                f"the guard {question.name!r} is author's code and has no stub",
                hint=f"stubs: {{guards: {{{question.name}: true}}}}",
            )
        turn = self._turn("guards", question.name, len(said))
        return Answer(question.id, said[turn])

    def perform(self, snapshot: Snapshot, entry: RunEntry) -> Ending | None:
        """Return how the stub says the action ends."""
        stub = self._stub(snapshot, entry)
        if stub is None:
            if entry.kind is Kind.STORE or entry.action == "sleep":
                return None
            stub = _WELL
        return ending_of(self._subject, entry, stub)

    def _stub(self, snapshot: Snapshot, entry: RunEntry) -> Stub | None:
        if entry.kind is Kind.WORLD:
            for state in reversed(snapshot.configuration):
                if (several := self._stubs.states.get(state)) is not None:
                    return several[self._turn("states", state, len(several))]
        several = self._stubs.actions.get(entry.action)
        if several is None:
            return None
        return several[self._turn("actions", entry.action, len(several))]

    def _turn(self, kind: str, name: str, count: int) -> int:
        """Return which of `count` answers it is now."""
        turn = self._used[kind, name]
        self._used[kind, name] += 1
        return min(turn, count - 1)


def _states(said: str) -> tuple[str, ...]:
    """Return the active states that a stub names: `open`, `moving + up`."""
    return tuple(filter(None, (each.strip() for each in said.split("+"))))


def ending_of(subject: Subject, entry: RunEntry, stub: Stub) -> Ending:
    """Return how an action ends by a stub."""
    patch = Patch(dict(stub.data)) if stub.data else None
    limit_s = entry.terms.timeout_s
    if limit_s is not None and stub.takes_s > limit_s:
        why = f"took longer than {limit_s:g} s"
        return Ending(Raised(why, "TimeoutError", Failure.OPEN), None, limit_s)
    if stub.error:
        raised = Raised(stub.error, "Error", Failure.PASSING)
        return Ending(raised, patch, stub.takes_s)
    value: dict[str, Json] = dict(stub.result or {})
    is_shell = not isinstance(subject.chart, StateChart) and entry.action == "bash"
    if stub.event:
        value["event"] = stub.event
    elif is_shell and entry.kind is Kind.WORLD:
        lines = stub.output.strip().splitlines()
        value |= {
            "exit": stub.exit or 0,
            "stderr": stub.stderr,
            "last_line": lines[-1] if lines else None,
            "timed_out": stub.timed_out,
        }
    return Ending(Result(value), patch, stub.takes_s)

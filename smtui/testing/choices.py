"""What is open while a machine is searched: guards, and how actions end.

An Oracle is a World that plays decisions made before, goes the usual way where
none is left, and says which other ways there were. In one step a guard that is
asked again says the same again, and one action of a statechart at most fails,
for good: else each action would double the ways.

In a machine with action lists an action takes a second, so that each end of
one is a step of its own and a list that comes round for ever does not hang.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from smtui.chart import Chart, ListChart, StateChart
from smtui.chart.messages import Answer, Question, QuestionKind
from smtui.chart.questions import answer_by
from smtui.chart.values import Kind, RunEntry, Snapshot
from smtui.definition import Json
from smtui.testing.scenario import Stub
from smtui.testing.stubs import ending_of
from smtui.testing.subject import Subject
from smtui.testing.world import Ending

__all__ = ["Choice", "Oracle", "hears_errors"]

SECOND = 1.0
_FAILS = Stub(error="it failed", takes_s=SECOND)
ELSEWHERE = "elsewhere"
"""The state of a machine that is not where a guard asks for it."""

Value: TypeAlias = bool | str | Stub | None


class Choice(NamedTuple):
    """One thing that was decided."""

    kind: str
    """The part of a scenario's stubs: guards, peers or actions."""
    name: str
    value: Value
    about: str = ""
    """What else was asked: the same question in one step has the same answer."""
    odd: int = 0
    """0 is the usual way; 2 what hardly ever happens: an action that breaks."""


def hears_errors(chart: Chart) -> bool:
    """Say whether it matters to a statechart that an action fails."""
    if not isinstance(chart, StateChart):
        return False
    definition = chart.definition
    return bool(definition.semantics.error_policy.fallback) or any(
        event == "*" or event.startswith("error")
        for arrow in definition.arrows
        for event in arrow.events
    )


class Oracle:
    """Answers by decisions, in their order."""

    def __init__(
        self, subject: Subject, decided: Sequence[Choice], *, hears_errors: bool
    ) -> None:
        self._subject = subject
        self._hears_errors = hears_errors
        self._used = 0
        self.decided = [*decided]
        """All that was decided, the usual ways gone included."""
        self.others: list[tuple[Choice, ...]] = []
        """Decisions that lead another way."""

    def answer(self, question: Question) -> Answer:
        """Return the guard's answer."""
        about = repr(question.params)
        if question.kind is QuestionKind.PEER:
            states = question.params.get("states")
            wanted = str(states[0]) if isinstance(states, list) and states else ""
            state = self._next("peers", question.name, (wanted, ELSEWHERE), about)
            return answer_by(question, (str(state),))
        said = self._next("guards", question.name, (True, False), about)
        return Answer(question.id, bool(said))

    def perform(self, snapshot: Snapshot, entry: RunEntry) -> Ending | None:
        """Return how the action ends."""
        options = {repr(one): one for one in self._options(snapshot, entry)}
        stub = self._next("actions", entry.action, [*options.values()])
        if not isinstance(stub, Stub):
            return None
        return ending_of(self._subject, entry, stub)

    def _next(
        self, kind: str, name: str, options: Sequence[Value], about: str = ""
    ) -> Value:
        if self._used == len(self.decided):
            settled = self._settled(kind, name, about)
            first, *others = settled or [
                Choice(kind, name, value, about, (turn > 0) + _is_bad(value))
                for turn, value in enumerate(options)
            ]
            self.others += [(*self.decided, other) for other in others]
            self.decided.append(first)
        choice = self.decided[self._used]
        self._used += 1
        return choice.value

    def _settled(self, kind: str, name: str, about: str) -> list[Choice]:
        """Return the one way there is left after what was decided, or none."""
        if kind != "actions":
            same = (kind, name, about)
            said = [c for c in self.decided if (c.kind, c.name, c.about) == same]
            return said[-1:]
        if not isinstance(self._subject.chart, StateChart):
            return []
        failed = [c for c in self.decided if c.kind == kind and _is_bad(c.value)]
        if not failed:
            return []
        if failed[0].name == name:
            return failed[:1]
        return [Choice(kind, name, Stub(takes_s=0.0))]

    def _options(self, snapshot: Snapshot, entry: RunEntry) -> Iterator[Stub | None]:
        chart = self._subject.chart
        if isinstance(chart, StateChart):
            return _of_tree(entry, hears_errors=self._hears_errors)
        row = frozenset(chart.states[snapshot.configuration[0]].row)
        if entry.kind is Kind.STORE:
            return _of_store(entry, row)
        return _of_world(chart, entry, row)


def _is_bad(value: Value) -> bool:
    return isinstance(value, Stub) and bool(value.error)


def _of_tree(entry: RunEntry, *, hears_errors: bool) -> Iterator[Stub | None]:
    """Yield the ends of a statechart's action: well, and if it matters badly."""
    takes_s = SECOND if entry.invoke_id else 0.0
    yield Stub(takes_s=takes_s)
    if hears_errors:
        yield _FAILS._replace(takes_s=takes_s)


def _of_world(
    chart: ListChart, entry: RunEntry, row: frozenset[str]
) -> Iterator[Stub | None]:
    if entry.action == "sleep" and "sleep" not in chart.custom:
        yield None
        return
    if entry.action == "bash" and "bash" not in chart.custom:
        yield from _of_shell(entry.args)
        return
    named = (entry.args.get(key) for key in ("success", "error"))
    first = [name for name in named if isinstance(name, str)]
    for event in dict.fromkeys([*first, *sorted(row)]):
        if not event.startswith("timeout("):
            yield Stub(event=event, takes_s=SECOND)
    yield Stub(takes_s=SECOND)


def _of_shell(args: Mapping[str, Json]) -> Iterator[Stub]:
    yield Stub(exit=0, takes_s=SECOND)
    mappings = args.get("error_mappings")
    codes = [*mappings] if isinstance(mappings, dict) else []
    for code in codes:
        if code.lstrip("-").isdigit():
            yield Stub(exit=int(code), takes_s=SECOND)
    other = next(code for code in range(1, 300) if str(code) not in codes)
    yield Stub(exit=other, takes_s=SECOND)


def _of_store(entry: RunEntry, row: frozenset[str]) -> Iterator[Stub | None]:
    """Yield what a store may answer; None is what ours does by itself."""
    args = entry.args
    match entry.action:
        case "check_machine_state":
            wanted = args.get("expected_states")
            state = wanted[0] if isinstance(wanted, list) and wanted else wanted
            yield _result(status="running", state=state)
            yield _result(status="not_running", state=None)
            yield _result(status="stale", state=None)
        case "claim_job":
            yield None
            yield _result(claimed=False)
        case "wait_for_jobs":
            yield None
            yield _result(completed=args.get("ids"), failed=[], pending=[])
        case "clear_events":
            yield None
            yield _result(cleared=1)
        case _:
            yield None
    if str(args.get("error", "error")) in row:
        yield Stub(error="it failed")


def _result(**value: Json) -> Stub:
    return Stub(result=value)

"""One step of a statechart under construction: the only mutable thing here.

It is made from a snapshot, lives inside one call of `step`, and is frozen into
a Step at the end. Arguments are never changed: mappings are copied on write.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from smtui.chart.messages import (
    Answer,
    Decision,
    Message,
    MessageKind,
    Pause,
)
from smtui.chart.questions import Unanswered, question_about
from smtui.chart.tree.chart import StateChart
from smtui.chart.tree.guards import Test, title
from smtui.chart.tree.moves import Configuration
from smtui.chart.values import (
    At,
    CancelTimer,
    Data,
    Effect,
    Log,
    Micro,
    Outcome,
    Pending,
    Snapshot,
    Step,
    Taken,
    Watch,
    WatchEntry,
)
from smtui.definition import Expression, Json, Position
from smtui.definition.guards import NamedGuard, PeerGuard
from smtui.errors import EvaluationError
from smtui.expr import UNDEFINED, Changes, Compiled, Scope, Value
from smtui.expr.language import SYSTEM_NAMES

__all__ = ["TAKEN", "Place", "Work", "event_json"]

SCXML_PROCESSOR = "http://www.w3.org/TR/scxml/#SCXMLEventProcessor"

TAKEN = Taken()


class Place(NamedTuple):
    """What of a definition an error is about."""

    tag: str
    """Of the element, as SCXML writes it."""
    at: Position


class Work:
    """A snapshot being changed, and what the change asks for."""

    __slots__ = (
        "_answers",
        "_asked",
        "_is_mine",
        "_made",
        "_said",
        "_scope",
        "at",
        "before",
        "bound",
        "cause",
        "chart",
        "configuration",
        "data",
        "decided",
        "effects",
        "floor",
        "history",
        "invoking",
        "is_halfway",
        "is_over",
        "is_routing",
        "is_second_look",
        "is_settling",
        "mask",
        "message",
        "micro",
        "outcome",
        "pause",
        "pending",
        "queue",
        "status",
        "watched",
    )

    def __init__(
        self,
        chart: StateChart,
        before: Snapshot,
        at: At,
        cause: str,
        answers: Mapping[str, Answer] = MappingProxyType({}),
    ) -> None:
        self.chart = chart
        self.before = before
        self.at = at
        self.cause = cause
        """Id of the event, or the key, that led to this step."""
        self.configuration: Configuration = chart.kernel.configuration(
            before.configuration
        )
        self.mask = self.configuration.mask
        """Active states while a microstep is carried out."""
        self.data: Data = before.data
        self.floor: Data = before.data
        """What stays when the step's own changes are not made."""
        self.history = before.history
        self.pending: dict[str, Pending] = dict(before.pending)
        self.queue: list[Message] = []
        """The internal queue."""
        self.message: Message | None = None
        """The event being processed: `_event`."""
        self.invoking = 0
        """States entered whose invokes begin when the macrostep ends."""
        self.effects: list[Effect] = []
        self.micro: list[Micro] = []
        self.decided: list[Decision] = []
        self.outcome: Outcome = TAKEN
        self.status = before.status
        self.is_over = False
        """A final state of the whole chart was entered."""
        self.pause: Pause | None = None
        self.bound = before.bound
        self.is_routing = True
        """Data may lead to another state when nothing else does."""
        self.is_halfway = False
        """In the middle of a microstep: what was done of it is of no use alone."""
        self.is_settling = False
        """Eventless transitions are looked for: what they ask for is watched."""
        self.watched: dict[str, int] = {}
        """What they wait for outside: topic -> its number when it was looked at."""
        self.is_second_look = False
        """Only a change outside led to this step: it may change nothing here."""
        self._said: list[str] = []
        self._answers = answers
        self._asked = 0
        self._made = 0
        self._is_mine = False
        self._scope: Scope | None = None

    def freeze(self) -> Step:
        """Return what the step did."""
        before = self.before
        is_same = self.configuration.ids == before.configuration
        is_idle = self.is_second_look and self._has_found_nothing()
        snapshot = before._replace(
            configuration=self.configuration.ids,
            data=self.data,
            history=self.history,
            pending=self.pending,
            seq=before.seq if is_idle else before.seq + 1,
            status=self.status,
            since=before.since if is_same else self.at,
            turn=before.turn + 1,
            stepped=self.at,
            gos=0,
            pause=self.pause,
            bound=self.bound,
        )
        return Step(
            snapshot,
            tuple(self.effects),
            self.outcome,
            tuple(self.micro),
            is_idle=is_idle,
            decided=tuple(self.decided),
        )

    def _has_found_nothing(self) -> bool:
        """Say whether a second look left everything as it was."""
        return (
            not self.micro
            and self.data is self.before.data
            and self.status is self.before.status
            and all(isinstance(effect, Watch) for effect in self.effects)
        )

    def watch(self) -> None:
        """Wait for what the eventless transitions that do not hold asked for."""
        for id_, entry in [*self.pending.items()]:
            if isinstance(entry, WatchEntry):
                if entry.since == self.watched:
                    return
                del self.pending[id_]
        if self.watched:
            topics = tuple(self.watched)
            entry = WatchEntry(topics, self.watched, None, self.cause, "")
            id_ = self.new_id()
            self.pending[id_] = entry
            self.effects.append(Watch(id_, entry))

    def waiting(self) -> Pause:
        """Return what is left of the macrostep, for a Go to take up."""
        invokes = tuple(state.id for state in self.chart.tree.among(self.invoking))
        return Pause((), tuple(self.queue), self.message, invokes)

    @property
    def questions(self) -> int:
        """Return how often author's code was asked."""
        return self._asked

    # ------------------------------------------------------------- small words

    def new_id(self) -> str:
        """Return an id made from this step, never used again."""
        self._made += 1
        return f"{self.before.turn + 1}.{self._made}"

    def log(self, level: str, message: str) -> None:
        """Write a line to the machine's log."""
        self.effects.append(Log(level, message))

    def raise_error(
        self, name: str, problem: str, send_id: str = "", place: Place | None = None
    ) -> None:
        """Put an error event on the internal queue; its data tells what and where."""
        data: Json = problem
        if place is not None and self.chart.definition.dialect == "scxml":
            data = {
                "reason": problem,
                "tagname": place.tag,
                "line": place.at.line,
                "column": place.at.column,
            }
        message = Message(name, data, send_id, kind=MessageKind.PLATFORM)
        self.queue.append(message)

    def remember(self, history: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        """Keep what histories stand for from now on."""
        self.history = {**self.history, **dict(history)}

    def arrive(self, configuration: Configuration) -> None:
        """Be in a configuration."""
        self.configuration = configuration
        self.mask = configuration.mask

    def drop(self, id_: str) -> None:
        """Forget a timer."""
        del self.pending[id_]
        self.effects.append(CancelTimer(id_))

    # ---------------------------------------------------------------- the data

    def own_data(self) -> dict[str, Json]:
        """Return the data as a dictionary of this step's own, to change in place."""
        if not self._is_mine:
            self.data = dict(self.data)
            self._is_mine = True
            if self._scope is not None:
                self._scope.data = self.data
        return self.data  # type: ignore[return-value]  # made above

    def replace_data(self, data: Data) -> None:
        """Take other data."""
        self.data = data
        self._is_mine = False
        if self._scope is not None:
            self._scope.data = data

    def change(self, changes: Changes) -> None:
        """Change variables. Raises EvaluationError for one of the processor's."""
        for name in SYSTEM_NAMES.intersection(changes):
            raise EvaluationError(f"{name} cannot be assigned to")
        data = self.own_data()
        for name, value in changes.items():
            if value is UNDEFINED:
                data.pop(name, None)
            else:
                data[name] = value

    def hear(self, message: Message | None) -> None:
        """Begin to process an event: it is `_event` from now on."""
        self.message = message
        self._scope = None

    # ------------------------------------------------------------- expressions

    def scope(self) -> Scope:
        """Return what expressions can see."""
        if self._scope is None:
            self._scope = Scope(
                self.data, self.chart.tree.declared, self._system(), self.is_in
            )
            self._scope.is_peer_in = self._is_peer_in
            self._scope.now = self.at.wall
        return self._scope

    def _system(self) -> dict[str, Json]:
        session = self.before.instance
        own: Json = {"location": f"#_scxml_{session}"}
        system: dict[str, Json] = {
            "_name": self.chart.definition.title or self.chart.definition.name,
            "_sessionid": session,
            "_ioprocessors": {SCXML_PROCESSOR: own, "scxml": own},
        }
        if self.message is not None:
            system["_event"] = event_json(self.message)
        return system

    def is_in(self, id_: str) -> bool:
        """Say whether a state is active."""
        number = self.chart.tree.numbers.get(id_)
        return number is not None and bool(self.mask >> number & 1)

    def value(self, expression: Expression) -> Value:
        """Return what an expression gives. Raises EvaluationError."""
        return self.chart.tree.code.compiled(expression).value(self.scope())

    def text(self, expression: Expression | None) -> str:
        """Return what an expression gives as text, '' for none or nothing."""
        found = None if expression is None else self.value(expression)
        return "" if found is None or found is UNDEFINED else str(found)

    # -------------------------------------------------- the judge of the kernel

    def condition(self, compiled: Compiled, data: Data) -> bool:
        """Return what a guard's expression says. Raises EvaluationError."""
        scope = self.scope()
        if data is scope.data:
            return compiled.truth(scope)
        held, scope.data = scope.data, data
        try:
            return compiled.truth(scope)
        finally:
            scope.data = held

    def asked(self, guard: NamedGuard | PeerGuard, data: Data) -> bool:
        """Return what author's code said; raise Unanswered when it has not yet."""
        self._asked += 1
        before = self.before
        id_ = f"{before.instance}/{before.run}/{before.turn + 1}/{self._asked}"
        answer = self._answers.get(id_)
        if answer is None:
            event = None if self.message is None else event_json(self.message)
            raise Unanswered(question_about(id_, guard, data, event))
        if answer.said:
            self._said.append(answer.said)
        if self.is_settling:
            self.watched.update(answer.topics)
        if answer.error:
            raise EvaluationError(f"{title(guard)}: {answer.error}")
        return answer.holds

    def _is_peer_in(self, machine: str, state: str, instance: str) -> bool:
        """Return what `InPeer` of an expression is answered."""
        at = self.chart.definition.initial.at
        return self.asked(PeerGuard(machine, (state,), at, instance), self.data)

    def holds(self, test: Test, data: Data) -> bool:
        """Return what a test says, and take note of it."""
        if self._said:
            self._said = []
        try:
            holds = test.check(data, self)
        except EvaluationError as problem:
            self.decided.append(test.no._replace(error=str(problem)))
            if self.chart.tree.semantics.guard_error_is_event:
                place = None if test.at is None else Place("transition", test.at)
                self.raise_error("error.execution", str(problem), place=place)
            return False
        decision = test.yes if holds else test.no
        if self._said:
            decision = decision._replace(said="; ".join(dict.fromkeys(self._said)))
        self.decided.append(decision)
        return holds


def event_json(message: Message) -> dict[str, Json]:
    """Return an event as expressions see it (SCXML 5.10.1).

    A field that is blank is not there, so that reading it gives undefined.
    """
    shown: dict[str, Json] = {"name": message.name, "type": message.kind.value}
    if message.send_id:
        shown["sendid"] = message.send_id
    if message.origin:
        shown["origin"] = message.origin
        shown["origintype"] = SCXML_PROCESSOR
    if message.invoke_id:
        shown["invokeid"] = message.invoke_id
    if message.data is not None:
        shown["data"] = message.data
    return shown

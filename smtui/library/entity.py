"""One entity of a Runner during one turn: read, stepped, saved step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from inspect import isawaitable

from smtui.chart.values import (
    Effect,
    Event,
    Fired,
    In,
    Raised,
    Rejected,
    Result,
    Snapshot,
    Step,
    Taken,
    TimerEntry,
)
from smtui.definition import Json, Strays
from smtui.library.announcing import Announcer, end_of
from smtui.library.errors import (
    ErrorCode,
    UndefinedStateError,
    ValidationError,
)
from smtui.library.host import Host
from smtui.library.observing import Watch
from smtui.library.outcomes import is_stray, made_result, unknown
from smtui.library.performing import Acting
from smtui.library.results import TransitionResult
from smtui.library.shelf import Found
from smtui.library.states import text_of
from smtui.library.turns import (
    Keep,
    Reply,
    Request,
    Turn,
    Validate,
    Verdict,
    settle,
    take,
)
from smtui.library.validation import verdict

__all__ = ["Entity"]


class Entity(Acting):
    """Saves the entity whenever something changed."""

    def __init__(
        self, host: Host, entity_id: str, found: Found | None, key: str = ""
    ) -> None:
        """Go on with what was found in the store, or begin."""
        super().__init__(host.machine, entity_id, timeout_s=host.action_timeout_s)
        self._host = host
        self._chart = host.machine.keeper
        self.was_there = found is not None
        self.was_saved = False
        """This turn has saved something: it cannot be begun anew."""
        self._version = 0 if found is None else found.version
        self._known: Json = None
        """What came of an event with this turn's key before."""
        if key:
            self._known = host.store.reply(host.machine.name, entity_id, key)
        self._key = ""
        self._trigger = ""
        self._reply: tuple[str, Json] | None = None
        self._begun: Step | None = None
        if found is None:
            self._begun = host.machine.begin(entity_id, {}, self._chart)
            self.snapshot: Snapshot = self._begun.snapshot
        else:
            self.snapshot = found.snapshot
        known = None if found is None else self.snapshot
        self._announcer = Announcer(host, entity_id, known)

    # ------------------------------------------------------------------- turns

    def event(
        self, trigger: str, context: Mapping[str, Json], idempotency_key: str
    ) -> Turn[TransitionResult]:
        """Deal with an event, after what is due or was left undone."""
        machine = self._host.machine
        if not self.was_there and not self._host.use_initial_state_when_missing:
            raise UndefinedStateError(
                f"Entity {self._entity!r} has no state and"
                " use_initial_state_when_missing is False",
                entity_id=self._entity,
            )
        if isinstance(self._known, dict):
            return _repeated(self._known, self.snapshot)
        machine.close_bindings()
        yield from self._caught_up()
        with self._watch(trigger, context) as watch:
            state = self.state
            invalid = yield from self._invalid(state, trigger, context)
            if invalid is not None:
                return watch.done(invalid)
            self._key, self._trigger = idempotency_key, machine.normal(trigger)
            given = Event(trigger, dict(context), idempotency_key, machine.at())
            result = yield from self._input(given, machine.normal(trigger), watch)
            return watch.done(result)

    def create(self, context: Mapping[str, Json]) -> Turn[TransitionResult]:
        """Begin the entity, if it has not begun."""
        machine = self._host.machine
        machine.close_bindings()
        if self._begun is not None:
            self._begun = machine.begin(self._entity, context, self._chart)
            self.snapshot = self._begun.snapshot
            yield Keep(self._begun)
        yield from self._caught_up()
        state = self.state
        return TransitionResult(
            success=True,
            source_state=state,
            target_state=state,
            trigger="",
            metadata={"is_new": not self.was_there},
            context=self.snapshot.data,
        )

    def due(self) -> Turn[int]:
        """Take up every delay that is due; return how many."""
        self._host.machine.close_bindings()
        return (yield from self._caught_up())

    def fire(self, timer_id: str) -> Turn[TransitionResult | None]:
        """Take up one delay; None when it no longer counts."""
        self._host.machine.close_bindings()
        yield from settle(self._chart, self.snapshot)
        entry = self.snapshot.pending.get(timer_id)
        if not isinstance(entry, TimerEntry):
            return None
        return (yield from self._fired(timer_id, entry))

    # ------------------------------------------------------------------ pieces

    @property
    def state(self) -> str:
        """Return what the entity is in."""
        return text_of(self._chart, self.snapshot.configuration)

    def _watch(self, trigger: str, context: Mapping[str, Json]) -> Watch:
        machine = self._host.machine
        seen = {**self.snapshot.data, **context}
        return Watch(
            machine.clock,
            machine.name,
            state=self.state,
            trigger=trigger,
            context=seen,
            hooks=self._host.hooks,
        )

    def _caught_up(self) -> Turn[int]:
        """Finish what a crash left undone, and take up what is due."""
        count = 0
        if self.snapshot.pause is not None:
            if self._begun is not None:
                yield Keep(self._begun)
            steps = yield from settle(self._chart, self.snapshot)
            count += bool(steps)
        while True:
            now = self._host.machine.at()
            dues = [
                (entry.due.wall, id_, entry)
                for id_, entry in self.snapshot.pending.items()
                if isinstance(entry, TimerEntry) and entry.due.is_due(now)
            ]
            if not dues:
                return count
            _, id_, entry = min(dues, key=lambda due: due[:2])
            yield from self._fired(id_, entry)
            count += 1

    def _fired(self, id_: str, entry: TimerEntry) -> Turn[TransitionResult]:
        with self._watch(entry.event, {}) as watch:
            given = Fired(id_, self._host.machine.at())
            result = yield from self._input(given, entry.event, watch)
            return watch.done(result)

    def _input(self, given: In, trigger: str, watch: Watch) -> Turn[TransitionResult]:
        before = self.snapshot
        self.failed = []

        def begun(first: Step) -> None:
            watch.found(made_result(self._chart, before, trigger, [first]))

        heard = begun if watch.is_heard else None
        steps = yield from take(self._chart, before, given, heard)
        result = made_result(self._chart, before, trigger, steps)
        return self.told(self._hinted(result), watch)

    def _hinted(self, result: TransitionResult) -> TransitionResult:
        """Return a result with the fallback that is hinted at, or was gone to."""
        semantics = self._chart.definition.semantics
        fallback = semantics.error_policy.fallback
        more: dict[str, object] = {"orchestrator_default_fallback": fallback}
        if fallback and semantics.strays is Strays.PERSIST and is_stray(result):
            more["orchestrator_applied_default_fallback"] = True
            more["orchestrator_recovery_kind"] = "default_fallback"
            error = unknown(self._chart, result.source_state, result.trigger)
            more["orchestrator_original_error"] = {
                "type": type(error).__name__,
                "message": str(error),
                "code": str(error.code),
            }
        elif fallback and semantics.strays is Strays.HINT and _is_refused(result):
            more["orchestrator_recovery_kind"] = "hint"
        else:
            return result
        return replace(result, metadata={**result.metadata, **more})

    # -------------------------------------------------------------- validation

    def _invalid(
        self, state: str, trigger: str, context: Mapping[str, Json]
    ) -> Turn[TransitionResult | None]:
        """Return the result of an event whose context is not as it has to be."""
        seen = {**self.snapshot.data, **context}
        machine = self._host.machine
        _, found = machine.validate_context(seen)
        if found:
            return self._refused(trigger, "Context validation failed", found)
        if self._host.context_validator is not None:
            said = yield Validate(state, trigger, seen)
            if isinstance(said, Verdict) and said.errors:
                message = f"Validation failed: {'; '.join(said.errors)}"
                return self._refused(trigger, message, said.errors)
        return None

    def _refused(
        self, trigger: str, message: str, errors: Sequence[str]
    ) -> TransitionResult:
        return TransitionResult(
            success=False,
            source_state=self.state,
            target_state=None,
            trigger=trigger,
            error=ValidationError(message, validation_errors=[*errors]),
            metadata={"reason": "context_validation", "errors": [*errors]},
            context=self.snapshot.data,
        )

    # ----------------------------------------------------------- what is asked

    def do(self, request: Request) -> Reply:
        """Do what a turn asks for."""
        match request:
            case Keep(step):
                effects = self._keep(step)
                if effects is not None:
                    self._announcer.tell(self.snapshot, effects)
                return None
            case Validate():
                return verdict(self._validated(request))
            case _:
                return super().do(request)

    async def ado(self, request: Request) -> Reply:
        """Do what a turn asks for, awaiting what is async."""
        match request:
            case Keep(step):
                effects = await self._host.away(partial(self._keep, step))
                if effects is not None:
                    self._announcer.tell(self.snapshot, effects)
                return None
            case Validate():
                said = self._validated(request)
                return verdict(await said if isawaitable(said) else said)
            case _:
                return await super().ado(request)

    def _validated(self, request: Validate) -> object:
        validator = self._host.context_validator
        if validator is None:
            return True, ()
        context = dict(request.context)
        return validator(self._entity, request.state, request.trigger, context)

    # ------------------------------------------------------------------ saving

    def _keep(self, step: Step) -> tuple[Effect, ...] | None:
        """Save a step; one that was refused or changed nothing is forgotten.

        Returns what the steps that are saved now ask for, None when none is.
        """
        before, after = self.snapshot, step.snapshot
        is_same = after.pending == before.pending and after.data is before.data
        if is_same and not isinstance(step.outcome, Taken):
            return None
        self.snapshot = after
        if self._key and not isinstance(step.outcome, Rejected):
            self._reply = (self._key, self._brief(self._reply, before))
        now = Found(self.snapshot, self._version)
        shelf = self._host.shelf
        self._version = shelf.write(self._entity, self.state, now, self._reply)
        self.was_saved = True
        begun, self._begun = self._begun, None
        if begun is None or begun is step:
            return step.effects
        return (*begun.effects, *step.effects)

    def invoke_ended(self, invoke_id: str, answer: Result | Raised) -> Turn[bool]:
        """Take up the end of an invoked activity; False when it was left before."""
        self._host.machine.close_bindings()
        yield from self._caught_up()
        ended = end_of(self.snapshot, invoke_id, answer, self._host.machine.at())
        if ended is None:
            return False
        event = f"done.invoke.{invoke_id}"
        with self._watch(event, {}) as watch:
            watch.done((yield from self._input(ended, event, watch)))
        return True

    def _brief(self, earlier: tuple[str, Json] | None, before: Snapshot) -> Json:
        """Return what to tell who sends the event again."""
        source: Json = text_of(self._chart, before.configuration)
        if earlier is not None and isinstance(earlier[1], dict):
            source = earlier[1]["source_state"]
        return {
            "source_state": source,
            "target_state": self.state,
            "trigger": self._trigger,
        }


def _is_refused(result: TransitionResult) -> bool:
    """Say whether no transition took an event of an entity that has not ended."""
    codes = {ErrorCode.INVALID_TRIGGER, ErrorCode.GUARD_REJECTED}
    return result.error is not None and result.error.code in codes


def _repeated(reply: Mapping[str, Json], snapshot: Snapshot) -> TransitionResult:
    """Return the result of an event that was taken before."""
    return TransitionResult(
        success=True,
        source_state=str(reply["source_state"]),
        target_state=str(reply["target_state"]),
        trigger=str(reply["trigger"]),
        metadata={"is_repeated": True},
        context=snapshot.data,
    )

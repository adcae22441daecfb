"""A runner: entities in a store, dealt with one event at a time.

    load -> step -> save, with a version check -> actions, one by one

What was saved is what happened: an action is done after the save that asked
for it, and its result is saved again, so that a crash in between does it once
more and loses nothing (`ctx["_action_key"]` is the same then). Of two writers
of one entity the second starts again from what the first has saved.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias, TypeVar

from smtui.chart.questions import Unanswered
from smtui.chart.tree.chart import DATA_EVENT
from smtui.chart.values import Event, Raised, Result
from smtui.definition import Json
from smtui.library.bound import BoundMachine
from smtui.library.destinations import each_of
from smtui.library.entity import Entity
from smtui.library.errors import (
    ActionNotFoundError,
    FSMError,
    StaleVersionError,
    UndefinedStateError,
)
from smtui.library.holding import Holding
from smtui.library.hooks import TransitionHook, hooks_for
from smtui.library.host import InvokeAdapter
from smtui.library.registry import ActionRegistry, GuardRegistry
from smtui.library.results import TransitionResult
from smtui.library.schedulers import Scheduler
from smtui.library.shelf import Found, Shelf
from smtui.library.stores import StateStore
from smtui.library.turns import Turn, drive, drive_async
from smtui.library.validation import ContextValidator

__all__ = ["Runner"]

_T = TypeVar("_T")
_Long: TypeAlias = Callable[[Entity], Turn[_T]]
_Short: TypeAlias = Callable[[str, Found], _T | None]
_LOG = logging.getLogger("smtui.library")
_PAGE = 100
"""Entities with due delays that are looked for at a time."""


class Runner:
    """Deals with the events of a machine's entities (PyStator's Orchestrator)."""

    def __init__(
        self,
        machine: BoundMachine,
        state_store: StateStore,
        *,
        guards: GuardRegistry | None = None,
        actions: ActionRegistry | None = None,
        context_validator: ContextValidator | None = None,
        scheduler: Scheduler | None = None,
        use_initial_state_when_missing: bool = True,
        hooks: Sequence[TransitionHook] = (),
        invoke_adapter: InvokeAdapter | None = None,
        retries: int = 3,
        action_timeout_s: float | None = None,
        strict_actions: bool = False,
    ) -> None:
        """Bring a machine and a store together.

        `retries` is how often an event is dealt with anew because somebody
        else saved its entity meanwhile; how often a failed action is done
        again is the definition's `error_policy`. `action_timeout_s` ends async
        actions. With `strict_actions` every action must be bound.

        Raises ActionNotFoundError with `strict_actions`.
        """
        self.machine = machine
        self.store = state_store
        self.shelf = Shelf(machine, state_store)
        self.scheduler: Scheduler | None = scheduler
        self.hooks = tuple(hooks)
        self.invoke_adapter = invoke_adapter
        self.context_validator = context_validator
        self.use_initial_state_when_missing = use_initial_state_when_missing
        self.action_timeout_s = action_timeout_s
        self._retries = retries
        self._holding = Holding(state_store, machine.name)
        self._quick = machine.quick_turns[machine.keeper]
        if guards is not None:
            machine.bind_guards(guards)
        if actions is not None:
            machine.bind_actions(actions)
        if strict_actions:
            self._refuse_unbound()

    def _refuse_unbound(self) -> None:
        for name in self.machine.action_names():
            if name not in self.machine.actions:
                raise ActionNotFoundError(
                    f"Action {name!r} not registered", action_name=name
                )

    # ------------------------------------------------------------------ events

    def process_event(
        self,
        entity_id: str,
        trigger: str,
        context: Mapping[str, Json] | None = None,
        *,
        idempotency_key: str = "",
    ) -> TransitionResult:
        """Deal with an event of an entity, which begins with its first one.

        The context merges into what the entity knows when the event is taken.
        An event with a key that was taken before changes nothing; the result
        says so in `metadata["is_repeated"]`. What is refused is not saved.

        Raises StaleVersionError after so many retries, UndefinedStateError for
        an unknown entity where it may not begin, and what a store raises.
        """
        turn, quick = self._ways(trigger, context or {}, idempotency_key)
        return self._do(entity_id, turn, idempotency_key, quick)

    async def async_process_event(
        self,
        entity_id: str,
        trigger: str,
        context: Mapping[str, Json] | None = None,
        *,
        idempotency_key: str = "",
    ) -> TransitionResult:
        """Do the same, awaiting async guards, actions and the validator."""
        turn, quick = self._ways(trigger, context or {}, idempotency_key)
        return await self._ado(entity_id, turn, idempotency_key, quick)

    def apply_data(
        self, entity_id: str, data: Mapping[str, Json]
    ) -> list[TransitionResult]:
        """Take over data of an entity without an event, and go where it leads.

        With `classification.auto_route` to a state whose `when` holds; returns
        each transition that is taken. The data is kept.
        """
        result = self.process_event(entity_id, DATA_EVENT, data)
        return each_of(self.machine.chart, result)

    async def async_apply_data(
        self, entity_id: str, data: Mapping[str, Json]
    ) -> list[TransitionResult]:
        """Do the same, awaiting async guards and actions."""
        result = await self.async_process_event(entity_id, DATA_EVENT, data)
        return each_of(self.machine.chart, result)

    def create(
        self, entity_id: str, context: Mapping[str, Json] | None = None
    ) -> TransitionResult:
        """Begin an entity without an event, so that its delays count from now."""
        return self._do(entity_id, partial(Entity.create, context=context or {}))

    async def acreate(
        self, entity_id: str, context: Mapping[str, Json] | None = None
    ) -> TransitionResult:
        """Do the same, awaiting async guards and actions."""
        turn = partial(Entity.create, context=context or {})
        return await self._ado(entity_id, turn)

    def invoke_done(
        self, entity_id: str, invoke_id: str, value: Mapping[str, Json] | None = None
    ) -> bool:
        """Tell that what a state invoked has ended; False if the state was left."""
        answer = Result(value or {})
        turn = partial(Entity.invoke_ended, invoke_id=invoke_id, answer=answer)
        return self._do(entity_id, turn)

    def invoke_failed(self, entity_id: str, invoke_id: str, message: str) -> bool:
        """Tell that what a state invoked has failed: an `error.execution` event."""
        answer = Raised(message)
        turn = partial(Entity.invoke_ended, invoke_id=invoke_id, answer=answer)
        return self._do(entity_id, turn)

    # ------------------------------------------------------------------ delays

    def run_due(self) -> int:
        """Take up delays that are due, of 100 entities at the most.

        Returns how many entities had one; one that cannot be dealt with is
        logged, and the others go on.
        """
        count = 0
        for each in self._due():
            try:
                count += self._do(each, Entity.due) > 0
            except FSMError as error:
                self._cannot(each, error)
        return count

    async def fire_due(self) -> int:
        """Do the same, awaiting async guards and actions."""
        count = 0
        for each in await self.away(self._due):
            try:
                count += await self._ado(each, Entity.due) > 0
            except FSMError as error:
                self._cannot(each, error)
        return count

    def _cannot(self, entity_id: str, error: FSMError) -> None:
        name = self.machine.name
        _LOG.error("delays of entity %r of %s: %s", entity_id, name, error)

    async def fire(self, entity_id: str, timer_id: str) -> TransitionResult | None:
        """Take up one delay now; None when it no longer counts."""
        return await self._ado(entity_id, partial(Entity.fire, timer_id=timer_id))

    def next_due(self) -> float | None:
        """Return seconds until the next delay of any entity, None for never."""
        due = self.store.next_due(self.machine.name)
        return None if due is None else max(0.0, due - self.machine.clock.now())

    def _due(self) -> list[str]:
        now = self.machine.clock.now()
        return self.store.due(self.machine.name, now, _PAGE)

    # ----------------------------------------------------------------- queries

    def state_of(self, entity_id: str) -> str | None:
        """Return what an entity is in, None for an unknown one."""
        found = self.store.load(self.machine.name, entity_id)
        return None if found is None else found.state

    def context_of(self, entity_id: str) -> Mapping[str, Json]:
        """Return what an entity knows. Raises UndefinedStateError."""
        found = self.shelf.read(entity_id)
        if found is None:
            raise UndefinedStateError(
                f"there is no entity {entity_id!r}", entity_id=entity_id
            )
        return found.snapshot.data

    async def close(self) -> None:
        """Close the scheduler; delays stay in the store."""
        if self.scheduler is not None:
            await self.scheduler.close()

    # ------------------------------------------------------------------ inside

    def _ways(
        self, trigger: str, context: Mapping[str, Json], key: str
    ) -> tuple[_Long[TransitionResult], _Short[TransitionResult] | None]:
        """Return the long way through an event, and the short one if there may be."""
        turn = partial(
            Entity.event, trigger=trigger, context=context, idempotency_key=key
        )
        if key or self.hooks or self.context_validator is not None:
            return turn, None
        return turn, partial(self._taken_quickly, trigger=trigger, context=context)

    def _do(
        self,
        entity_id: str,
        turn: _Long[_T],
        key: str = "",
        quick: _Short[_T] | None = None,
    ) -> _T:
        with self._holding.turn(entity_id):
            for left in range(self._retries, -1, -1):
                entity: Entity | None = None
                try:
                    found = self._opened(entity_id, key, quick)
                    if not isinstance(found, Entity):
                        return found
                    entity = found
                    return drive(turn(entity), entity)
                except StaleVersionError as error:
                    _refuse_again(entity, error, left)
        raise AssertionError  # the last attempt returns or raises

    async def _ado(
        self,
        entity_id: str,
        turn: _Long[_T],
        key: str = "",
        quick: _Short[_T] | None = None,
    ) -> _T:
        opened = partial(self._opened, entity_id, key, quick)
        async with self._holding.aturn(entity_id):
            for left in range(self._retries, -1, -1):
                entity: Entity | None = None
                try:
                    found = await self.away(opened)
                    if not isinstance(found, Entity):
                        return found
                    entity = found
                    return await drive_async(turn(entity), entity)
                except StaleVersionError as error:
                    _refuse_again(entity, error, left)
        raise AssertionError  # the last attempt returns or raises

    def _opened(
        self,
        entity_id: str,
        key: str,
        quick: _Short[_T] | None,
    ) -> Entity | _T:
        """Return what an event led to, where it has a short way, or the entity."""
        found = self.shelf.read(entity_id)
        if found is not None and quick is not None:
            result = quick(entity_id, found)
            if result is not None:
                return result
        return Entity(self, entity_id, found, key)

    def _taken_quickly(
        self,
        entity_id: str,
        found: Found,
        *,
        trigger: str,
        context: Mapping[str, Json],
    ) -> TransitionResult | None:
        """Return what an event led to that nobody is asked or told about."""
        machine = self.machine
        if hooks_for(machine.name):
            return None
        machine.close_bindings()
        event = Event(trigger, dict(context), "", machine.at())
        try:
            taken = self._quick.take(found.snapshot, event)
        except Unanswered:
            return None
        if taken is None:
            return None
        after, result = taken
        state = result.target_state or ""
        self.shelf.write(entity_id, state, Found(after, found.version))
        return result

    async def away(self, work: Callable[[], _T]) -> _T:
        """Do something with the store, in a thread unless it is quick."""
        return work() if self.store.is_quick else await asyncio.to_thread(work)


def _refuse_again(entity: Entity | None, error: StaleVersionError, left: int) -> None:
    """Raise the error where the turn may not be begun anew."""
    if entity is not None and entity.was_saved:
        raise StaleVersionError(
            f"{error.message}, after the event was taken",
            hint="somebody else goes on with what it began: do not send it again",
            **error.context,
        ) from error
    if not left:
        raise error

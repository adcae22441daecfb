"""Answers for the guards a step cannot decide, got while nothing is locked.

An author's function is asked in the author's threads, another machine's state
is read from the store. What is said counts for one input of one instance: it
is journalled with that step and asked again for any other.
"""

import asyncio
from collections.abc import Callable

from smtui.chart.messages import Answer, Question, QuestionKind
from smtui.runtime.actions.functions import Functions
from smtui.runtime.entity import Entity
from smtui.runtime.patience import Patience
from smtui.runtime.peers import look
from smtui.runtime.turns import Answers, Asked, Sights
from smtui.store import Writer

__all__ = ["Asking"]


class Asking:
    """Questions under way."""

    def __init__(
        self,
        functions: Functions | None,
        store: Patience,
        on_answer: Callable[[str], None],
    ) -> None:
        """Call `on_answer` with the instance when it has all its answers."""
        self._functions = functions
        self._store = store
        self._on_answer = on_answer
        self._under_way: set[asyncio.Task[None]] = set()
        self._alone = asyncio.Lock()
        self.is_careful = False
        """The process before this one died: events are tried one by one."""

    def ask(
        self, tasks: asyncio.TaskGroup, id_: str, entity: Entity, asked: Asked
    ) -> None:
        """Begin to ask; the instance takes no turn before all is said."""
        entity.is_asking = True
        task = tasks.create_task(self._ask(id_, entity, asked))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def end(self) -> None:
        """Ask no more: the process ends, and the next one asks again."""
        for task in self._under_way:
            task.cancel()

    async def _ask(self, id_: str, entity: Entity, asked: Asked) -> None:
        before = entity.answers
        known = before.given if before and before.input == asked.input else ()
        seen = dict(before.sights) if before and before.input == asked.input else {}
        own = entity.snapshot.instance
        if self.is_careful:
            said = await self._alone_with(asked, own, seen)
        else:
            said = await self._all(asked, own, seen)
        entity.answers = Answers(asked.input, (*known, *said), seen)
        entity.is_asking = False
        self._on_answer(id_)

    async def _alone_with(
        self, asked: Asked, own: str, seen: Sights
    ) -> tuple[Answer, ...]:
        """Ask while no other event is asked for; if the process dies, it was this."""
        async with self._alone:
            await self._store.call(Writer.accuse, asked.input)
            said = await self._all(asked, own, seen)
            await self._store.call(Writer.accuse, asked.input, is_over=True)
        return said

    async def _all(self, asked: Asked, own: str, seen: Sights) -> tuple[Answer, ...]:
        return tuple(
            [await self._answer(question, own, seen) for question in asked.questions]
        )

    async def _answer(self, question: Question, own: str, seen: Sights) -> Answer:
        if question.kind is QuestionKind.PEER:
            return await look(self._store, question, own, seen)
        if self._functions is None:
            return Answer(question.id, holds=False, error="nothing is bound to it")
        return await self._functions.answer(question)

"""Who answers for what a test does not run: author's guards and actions.

A World is asked; it never asks back. `Functions` is the one of plain Python
functions; a scenario's stubs and the search for paths have theirs.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, TypeAlias

from smtui.chart import StateChart
from smtui.chart.messages import Answer, Question
from smtui.chart.values import (
    ChildEntry,
    Kind,
    Patch,
    Raised,
    Result,
    RunEntry,
    Snapshot,
)
from smtui.definition import Json
from smtui.errors import StepError
from smtui.world import failure_of

__all__ = ["Action", "Ending", "Functions", "Guard", "Load", "World"]

Guard: TypeAlias = Callable[[Question], bool]
Action: TypeAlias = Callable[[RunEntry, Mapping[str, Json]], Mapping[str, Json] | None]
"""Gets what was asked and a copy of the data; returns keys to set in it."""
Load: TypeAlias = Callable[[ChildEntry, StateChart], StateChart]
"""Finds the chart of a child that is not written inline; may raise SmtuiError."""


class Ending(NamedTuple):
    """How an action ends."""

    answer: Result | Raised
    patch: Patch | None = None
    takes_s: float = 0.0
    """Virtual seconds from when it was asked for."""


class World(Protocol):
    """Answers for author's code and for the outside."""

    def answer(self, question: Question) -> Answer:
        """Return what a guard says. Raises StepError when nobody knows."""
        ...

    def perform(self, snapshot: Snapshot, entry: RunEntry) -> Ending | None:
        """Return how an action ends; None leaves it to the sessions.

        Those answer store actions from what they keep, let a `sleep` take its
        time, and fail any other. `snapshot` is the step that asked.
        """
        ...


class Functions:
    """A World of functions by name."""

    def __init__(
        self, guards: Mapping[str, Guard], actions: Mapping[str, Action]
    ) -> None:
        self._guards = guards
        self._actions = actions

    def answer(self, question: Question) -> Answer:
        """Return what the guard's function says; one that raises says no."""
        guard = self._guards.get(question.name)
        if guard is None:
            known = ", ".join(sorted(self._guards)) or "none"
            raise StepError(f"no guard {question.name!r} here, known: {known}")
        try:
            return Answer(question.id, guard(question))
        except Exception as problem:  # noqa: BLE001 - author's code: any error is a no
            return Answer(question.id, holds=False, error=repr(problem))

    def perform(self, snapshot: Snapshot, entry: RunEntry) -> Ending | None:
        """Return what the action's function gives; one that raises fails."""
        action = self._actions.get(entry.action)
        if action is None:
            if entry.kind is Kind.STORE or entry.action == "sleep":
                return None
            known = ", ".join(sorted(self._actions)) or "none"
            problem = f"no action {entry.action!r} here, known: {known}"
            return Ending(Raised(problem, "NotFound"))
        try:
            given = action(entry, dict(snapshot.data))
        except Exception as problem:  # noqa: BLE001 - author's code may raise anything
            name = type(problem).__name__
            return Ending(Raised(str(problem), name, failure_of(problem)))
        return Ending(Result(given or {}), Patch(given) if given else None)

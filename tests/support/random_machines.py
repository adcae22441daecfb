"""Random engine machines and what happens to them, for the property tests.

Small on purpose: few states and events, so that transitions meet. Durations
and moments are chosen so that few things fall together, but some do.

Everything is made from one function that picks a number below another: of a
seeded generator, for many at once, or of hypothesis, which makes them smaller.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st

from smtui.definition import Action, Definition, Json, Position, State, Transition

__all__ = ["Happening", "Plan", "plan_of_seed", "plans"]

_T = TypeVar("_T")
_AT = Position("random.yaml", 1, 1)
_STATES = ["a", "b", "completed", "stopped"]
_EVENTS = ["e0", "e1", "e2", "stop"]
_GIVEN = [
    *_EVENTS,
    "start",
    "job_done",
    "error",
    "wake_up",
    "success",
    "no_jobs",
    "new_job",
    "no_events",
    "list_empty",
    "item_popped",
]
_DELAYS = [None, None, None, 0.41, 1.03, 2.5]
_MOMENTS = [0.0, 0.11, 0.3, 0.52, 0.9, 1.37, 2.2, 3.1]
_OUTSIDE = [*_EVENTS[:3], *_EVENTS, "nobody", "job", "job"]


class Happening(NamedTuple):
    """Something from outside, seconds after the start."""

    at: float
    event: str
    """An event to send, or `job`."""
    n: int


@dataclass(frozen=True)
class Plan:
    """A machine and what happens to it."""

    definition: Definition
    happenings: tuple[Happening, ...]


@dataclass(frozen=True)
class _Maker:
    below: Callable[[int], int]

    def one_of(self, items: Sequence[_T]) -> _T:
        return items[self.below(len(items))]

    def some(self, most: int, make: Callable[[], _T]) -> list[_T]:
        return [make() for _ in range(self.below(most + 1))]

    def rarely(self) -> bool:
        return self.below(5) == 4

    def event(self) -> str:
        return self.one_of(_EVENTS)

    def success(self) -> dict[str, Json]:
        return {"success": self.event()} if self.below(2) else {}

    def key(self) -> str:
        return self.one_of(["l0", "l1"])

    def bash(self) -> Action:
        name = self.one_of("pqrstuvw")
        seconds = self.one_of(["0.3", "0.05", "0.7", "1.1"])
        code = self.one_of("00012")
        args: dict[str, Json] = {"command": f"{name} {seconds} {code}"}
        args |= self.success()
        if self.rarely():
            args["error_mappings"] = {"1": self.event()}
        if self.rarely():
            args["poll_interval"] = self.one_of([0.2, 0.6])
        return Action("bash", args, _AT, repeat=self.rarely())

    def lookup(self) -> Action:
        match self.below(4):
            case 0:
                return Action("check_database_queue", {"job_type": "t"}, _AT)
            case 1:
                types: list[Json] = [self.event(), *self.some(1, self.event)]
                return Action("check_events", {"event_types": types}, _AT)
            case 2:
                args: dict[str, Json] = {"list_key": self.key(), **self.success()}
                if self.below(2):
                    args["empty"] = self.event()
                if self.rarely():
                    args["store_as"] = self.one_of(["k0", "l1"])
                return Action("pop_from_list", args, _AT)
            case _:
                return Action("sleep", {"duration": self.one_of([0.2, 0.9])}, _AT)

    def pure(self) -> Action:
        value: Json
        match self.below(4):
            case 0:
                return Action("log", {"message": "x"}, _AT)
            case 1:
                values: list[Json] = [1, True, 1.0, "x", None, [], [2]]
                value = self.one_of(values)
                key = self.one_of(["k0", "k1", "l0"])
                args = {"key": key, "value": value, **self.success()}
                return Action("set_context", args, _AT)
            case 2:
                value = self.below(3)
                args = {"list_key": self.key(), "value": value, **self.success()}
                return Action("add_to_list", args, _AT)
            case _:
                return Action("raise", {"event": self.event()}, _AT)

    def action(self) -> Action:
        return self.one_of([self.bash, self.bash, self.lookup, self.pure])()

    def own(self) -> tuple[Action, ...]:
        """Return a transition's own actions.

        At most one is Pure: nested self-loops then grow by one, not by two.
        """
        match self.below(6):
            case 0:
                return (self.bash(),)
            case 1:
                return (self.pure(), self.bash())
            case 2:
                return (self.lookup(), self.bash())
            case _:
                return ()

    def transition(self) -> Transition:
        source = self.one_of(["a", "b", "completed", "*", "a"])
        target = self.one_of(_STATES[:3] if self.below(3) else _STATES)
        delay = self.one_of(_DELAYS)
        event = f"timeout({delay})" if delay else self.one_of(_GIVEN)
        return Transition(source, target, event, _AT, delay, self.own())

    def loop(self) -> Transition:
        state = self.one_of(["a", "b"])
        return Transition(state, state, self.one_of(_GIVEN), _AT, None, self.own())

    def happening(self) -> tuple[float, str]:
        return self.one_of(_MOMENTS), self.one_of(_OUTSIDE)

    def plan(self) -> Plan:
        states = [State(s, _AT, tuple(self.some(4, self.action))) for s in _STATES]
        transitions = [*self.some(3, self.loop), *self.some(7, self.transition)]
        definition = Definition(
            dialect="engine",
            name="m",
            file="random.yaml",
            text="",
            hash="random",
            initial="a",
            states=tuple(states),
            transitions=tuple(transitions),
        )
        found = sorted(self.some(8, self.happening))
        return Plan(definition, tuple(Happening(*h, n) for n, h in enumerate(found)))


def plan_of_seed(seed: int) -> Plan:
    """Return the machine of a seed."""
    return _Maker(random.Random(seed).randrange).plan()  # noqa: S311 - a test


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Return random machines that hypothesis makes smaller."""
    return _Maker(lambda below: draw(st.integers(0, below - 1))).plan()

"""What a chart can be in and what it can do: configuration, plan, move.

Values only; `select` and `plan` make them, the kernel remembers them. The one
thing that changes is a configuration's row, which is the kernel's memo: two
configurations with the same mask are the same to all but the memo.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from smtui.chart.tree.guards import Test
from smtui.chart.tree.model import Edit, State, Task, Tree
from smtui.chart.values import Micro
from smtui.definition import Json

__all__ = [
    "ROUTES",
    "Configuration",
    "Fork",
    "Key",
    "Move",
    "Node",
    "Plan",
    "Recall",
]

Key: TypeAlias = "str | tuple[str, ...] | None"
"""An event's name; None for eventless transitions; (NAME,) for those while a
choice state is active that the event NAME led into; ROUTES."""

ROUTES: Final[tuple[str, ...]] = ()
"""For transitions that data takes by itself."""


class Configuration:
    """A set of active states, with what is often asked of it."""

    __slots__ = (
        "ids",
        "is_choosing",
        "is_restless",
        "is_routed",
        "leaves",
        "mask",
        "row",
    )

    def __init__(self, tree: Tree, mask: int) -> None:
        active = tree.among(mask)
        self.mask = mask
        self.ids: tuple[str, ...] = tuple([state.id for state in active])
        """All active states, in document order."""
        self.leaves: tuple[State, ...] = tuple(
            [s for s in active if not s.below & mask]
        )
        """The innermost active states: of a run all atomic; a caller that keeps the
        state itself may name a compound one, whose children take nothing then."""
        self.is_restless = bool(mask & tree.restless)
        """Some state may be left without an event."""
        self.is_routed = bool(mask & tree.routed)
        """Data may lead out of some state."""
        self.is_choosing = bool(mask & tree.choosing)
        self.row: dict[Key, Node] = {}
        """Belongs to the kernel."""

    def is_in(self, id_: str) -> bool:
        """Say whether a state is active."""
        return id_ in self.ids

    @property
    def is_deaf(self) -> bool:
        """Say whether no event can be taken any more, by the kind of the leaves."""
        return not any(leaf.hearing for leaf in self.leaves)

    def __repr__(self) -> str:
        return f"<{' '.join(leaf.id for leaf in self.leaves)}>"


class Plan(NamedTuple):
    """One microstep."""

    target: Configuration
    tasks: tuple[Task, ...]
    remembers: tuple[tuple[str, tuple[str, ...]], ...]
    """Histories with what they will stand for."""
    micro: tuple[Micro, ...]
    edits: tuple[Edit, ...] | None
    """All it does, where that is changing the data; else None."""
    ends: bool
    """A final state of the whole chart is entered."""


class Move:
    """What an event does, up to the first thing that is not known before."""

    __slots__ = ("configuration", "edits", "is_settled", "is_whole", "micro", "plans")

    def __init__(
        self, configuration: Configuration, plans: tuple[Plan, ...], *, is_settled: bool
    ) -> None:
        self.configuration = configuration
        """Where it leads."""
        self.plans = plans
        """Its microsteps; () when no transition takes the event."""
        is_one = len(plans) == 1
        self.micro: tuple[Micro, ...] = plans[0].micro if is_one else _micro(plans)
        self.edits = plans[0].edits if is_one else _edits(plans)
        """All it does to the data, in order; None when it does more than that
        (sends, expressions, timers, invokes), which only a step can carry out."""
        self.is_settled = is_settled
        """No eventless transition waits behind it."""
        self.is_whole = is_settled and bool(plans) and self.edits is not None
        """A macrostep of its own: a transition was taken, and all it does is to
        change the data and the configuration."""

    def apply(self, data: dict[str, Json]) -> dict[str, Json]:
        """Return the data after the move's edits; the argument stays as it is."""
        edits = self.edits
        if not edits:
            return data
        changed = data.copy()
        for edit in edits:
            edit(changed)
        return changed


def _micro(plans: tuple[Plan, ...]) -> tuple[Micro, ...]:
    return tuple([micro for plan in plans for micro in plan.micro])


def _edits(plans: tuple[Plan, ...]) -> tuple[Edit, ...] | None:
    found: list[Edit] = []
    for plan in plans:
        if plan.edits is None:
            return None
        found += plan.edits
    return tuple(found)


class Fork:
    """A test, and what follows from each answer; grown when it is first given."""

    __slots__ = ("known", "no", "test", "yes")

    def __init__(self, test: Test, known: Mapping[int, bool]) -> None:
        self.test = test
        self.known = known
        """What the tests before it have said, by `id(test)`."""
        self.yes: Node | None = None
        self.no: Node | None = None


class Recall:
    """Moves by what the chart's histories remember."""

    __slots__ = ("known", "moves")

    def __init__(self, known: Mapping[int, bool]) -> None:
        self.known = known
        """What the tests before it have said, by `id(test)`."""
        self.moves: dict[tuple[tuple[str, ...] | None, ...], Move] = {}


Node: TypeAlias = Move | Fork | Recall

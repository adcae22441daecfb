"""A statechart, compiled: states by number, everything a step asks looked up.

The laws of this file: a state's number is its place in document order, its bit
is 1 << number, and a set of states is an int of such bits; the root is number
0 and never part of a configuration. So document order is number order, and
ancestors, descendants and exit sets are one `&` away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple, TypeAlias

from smtui.chart.tree.code import Code
from smtui.chart.tree.contract import Contract
from smtui.chart.tree.guards import Test
from smtui.definition import (
    Arrow,
    Invoke,
    Json,
    Node,
    NodeKind,
    Semantics,
    TreeDefinition,
)
from smtui.definition.content import Block

__all__ = [
    "ROOT",
    "Edit",
    "Entry",
    "Invoked",
    "Site",
    "State",
    "Transition",
    "Tree",
    "bits",
]

ROOT = 0
"""Number of the state that stands for the whole chart."""

Edit: TypeAlias = Callable[[dict[str, Json]], None]
"""A block that only changes the data and cannot fail: changes it in place."""


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A block of the chart, with a number to come back to it by."""

    number: int
    block: Block
    edit: Edit | None
    """The whole block as one function, where it is as simple as that."""
    inner: dict[tuple[int, int], "Site"] = field(
        default_factory=dict[tuple[int, int], "Site"]
    )
    """By place in the block and number of the branch: the branches that ask for
    an author's action which must be waited for."""


class Do(Enum):
    """The kinds of things to do in a microstep."""

    LEAVE = "leave"
    """The state is active no more; its timers and invokes end."""
    RUN = "run"
    ENTER = "enter"
    """The state is active; its data, timers and invokes begin."""
    FINISH = "finish"
    """A final state was entered, and its own blocks have run."""


class Task(NamedTuple):
    """One thing to do."""

    do: Do
    state: int
    """Number of the state that is left, entered or completed; of RUN not used."""
    site: Site | None = None


class Phase(NamedTuple):
    """A part of a microstep, known when the chart is compiled."""

    tasks: tuple[Task, ...]
    edits: tuple[Edit, ...] | None
    """All it does, where that is changing the data; else None."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """How a state is entered by default."""

    targets: tuple[int, ...]
    phase: Phase


@dataclass(frozen=True, slots=True, eq=False)
class Transition:
    """An arrow, compiled."""

    number: int
    """Its place in the definition's arrows; -1 for one made up by the chart."""
    source: int
    arrow: Arrow
    names: frozenset[str]
    """Event descriptors without their `.*`; empty for an eventless one."""
    targets: tuple[int, ...]
    tests: tuple[Test, ...]
    phase: Phase
    """Its content."""
    choices: tuple[int, ...]
    """Choice states among its targets: it leads nowhere unless they do."""


@dataclass(frozen=True, slots=True, eq=False)
class Invoked:
    """An invoke of a state, compiled."""

    site: str
    """`STATE#N`: the N-th invoke of the state."""
    invoke: Invoke
    finalize: Site | None


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A node, compiled."""

    number: int
    id: str
    kind: NodeKind
    node: Node | None
    """None for the root."""
    parent: int
    children: tuple[int, ...]
    """Without history nodes."""
    histories: tuple[int, ...]
    bit: int
    above: int
    """Bits of its proper ancestors, the root left out."""
    below: int
    """Bits of its proper descendants, histories left out."""
    path: tuple[int, ...]
    """Itself, its parent, and so on; the root left out."""
    hearing: tuple[int, ...]
    """The part of the path whose arrows may take what happens while it is an
    active leaf: all but below a deaf final one."""
    arrows: tuple[Transition, ...]
    """With events, in order of priority and then of the document."""
    eventless: tuple[Transition, ...]
    routes: tuple[Transition, ...]
    """Its transitions to states that data leads to, taken by themselves."""
    entering: Phase
    leaving: Phase
    exit: tuple[Site, ...]
    initial: Entry | None
    invokes: tuple[Invoked, ...]
    delays: tuple[Transition, ...]
    """Those of its arrows that start a timer on entering."""
    is_atomic: bool
    is_busy: bool
    """Entering or leaving it does more than run blocks: timers, invokes, data,
    done events."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """All of a chart that never changes."""

    definition: TreeDefinition
    semantics: Semantics
    states: tuple[State, ...]
    numbers: Mapping[str, int]
    """State id -> number."""
    transitions: tuple[Transition, ...]
    """In the order of the definition's arrows."""
    sites: tuple[Site, ...]
    code: Code
    declared: frozenset[str]
    """Names of the data model, defined or not yet."""
    history_ids: tuple[str, ...]
    invoked: Mapping[str, Invoked]
    """The invokes of all states, by site."""
    restless: int
    """Bits of states that may be left without an event."""
    routed: int
    """Bits of states that data may lead out of."""
    choosing: int
    """Bits of choice states."""
    is_plain: bool
    """The data alone decides every guard."""
    fallback: Transition | None
    """Where an instance goes when an author's action has failed for good."""
    contract: Contract | None = None
    """What its data is held to."""
    domains: tuple[int | None, ...] = ()
    """Of each transition the state it stays inside of; None where that depends
    on the configuration or on a history."""

    def state(self, id_: str) -> State:
        """Return a state by its id. Raises KeyError."""
        return self.states[self.numbers[id_]]

    def among(self, mask: int) -> list[State]:
        """Return the states of a set, in document order."""
        states = self.states
        return [states[number] for number in bits(mask)]


def bits(mask: int) -> list[int]:
    """Return the numbers in a set of states, in document order."""
    found: list[int] = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found

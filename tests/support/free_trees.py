"""Random statecharts whose guards are open, and all that can happen in them.

The charts do nothing but move: no data decides. `explore` walks every
configuration by every event with every answer of every guard, by the core
alone; it is slow, knows no shortcut, and says whether it saw everything.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from smtui.chart import StateChart, compile_chart
from smtui.chart.messages import Answer, Ask
from smtui.chart.values import At, Event, Given, Go, In, Snapshot, Status, Step
from smtui.definition import Arrow, Block, Initial, Semantics, TreeDefinition
from smtui.definition.guards import Guard, NamedGuard
from smtui.errors import SmtuiError
from smtui.stepper import start, step, wants_go
from tests.support.random_trees import AT, DESCRIPTORS, EVENTS, Grown, Maker

__all__ = ["Explored", "explore", "free_tree"]

NOW = At(1_700_000_000.0, 100.0, "boot")
MOST_WAYS = 64
"""Answers followed for one input."""


class _FreeMaker(Maker):
    """Makes charts without data; each arrow is written in a line of its own."""

    def __init__(self, seed: int, semantics: Semantics) -> None:
        super().__init__(seed, semantics)
        self.guards = 0

    def blocks(self, state: Grown, phase: str) -> tuple[Block, ...]:
        del state, phase
        return ()

    def guard(self) -> Guard:
        self.guards += 1
        return NamedGuard(f"g{self.guards}", AT)

    def maybe_guard(self) -> Guard | None:
        return self.guard() if self.chance(0.4) else None

    def initial(self, state: Grown) -> Initial | None:
        found = super().initial(state)
        return replace(found, content=()) if found else None

    def arrow(self, state: Grown, number: int) -> Arrow:
        at = replace(AT, line=number + 1)
        inner = [one.id for one in self.states if one.children]
        if self.chance(0.15):
            events: tuple[str, ...] = ()
        elif inner and self.chance(0.15):
            events = (self.semantics.done_prefix + self.random.choice(inner),)
        else:
            names = EVENTS if self.semantics.exact_events else DESCRIPTORS
            events = tuple(self.random.sample(names, self.random.randint(1, 2)))
        return Arrow(
            source=state.id,
            at=at,
            events=events,
            targets=self.targets(state) or ((state.id,) if not events else ()),
            guard=self.maybe_guard(),
            is_internal=self.chance(0.2),
            priority=self.random.randint(0, 1),
        )

    def definition(self) -> TreeDefinition:
        made = super().definition()
        nodes = [
            replace(node, at=replace(AT, line=1000 + number))
            for number, node in enumerate(made.nodes)
        ]
        return replace(made, nodes=tuple(nodes))


def free_tree(seed: int, semantics: Semantics) -> TreeDefinition:
    """Return the chart of a seed; lines of states begin at 1000, of arrows at 1."""
    return _FreeMaker(seed, semantics).definition()


@dataclass(slots=True)
class Explored:
    """What can happen in a chart."""

    states: dict[str, int] = field(default_factory=dict[str, int])
    """Each state that can be active, and after how many events at least."""
    arrows: dict[int, int] = field(default_factory=dict[int, int])
    """Each arrow that can be taken, and after how many events at least."""
    left: set[str] = field(default_factory=set[str])
    """States that can be left."""
    is_all: bool = True
    """Nothing was too much to be looked at."""


def explore(definition: TreeDefinition, most: int = 150) -> Explored:
    """Walk a chart through so many places."""
    chart, found = compile_chart(definition), Explored()
    try:
        begun = start(chart, {}, Given("m", "main", 1, "start", NOW))
    except SmtuiError:  # it never comes to rest
        found.is_all = False
        return found
    queue = deque((one, 0) for one in _settled(chart, begun, 0, found))
    known: set[object] = set()
    names = {name for arrow in definition.arrows for name in arrow.events}
    done = definition.semantics.done_prefix
    events = sorted({*EVENTS, "c", *(n for n in names if not n.startswith(done))})
    while queue:
        snapshot, depth = queue.popleft()
        place = (snapshot.configuration, repr(sorted(snapshot.history.items())))
        if place in known or snapshot.status is not Status.RUNNING:
            continue
        known.add(place)
        if len(known) > most:
            found.is_all = False
            break
        for name in events:
            if "*" not in name:
                given = Event(name, None, "e", NOW)
                for taken in _ways(chart, snapshot, given, found):
                    ends = _settled(chart, taken, depth + 1, found)
                    queue.extend((end, depth + 1) for end in ends)
    return found


def _settled(
    chart: StateChart, taken: Step, depth: int, found: Explored
) -> Iterator[Snapshot]:
    """Note a step and go on until the machine rests, in every way."""
    more = [taken]
    for _ in range(MOST_WAYS):
        if not more:
            return
        one = more.pop()
        for micro in one.micro:
            for id_ in micro.entered:
                found.states.setdefault(id_, depth)
            found.left.update(micro.exited)
            if micro.transition >= 0:
                found.arrows.setdefault(micro.transition, depth)
        if wants_go(chart, one.snapshot):
            more += _ways(chart, one.snapshot, Go(NOW), found)
        else:
            yield one.snapshot
    found.is_all = False


def _ways(
    chart: StateChart, snapshot: Snapshot, given: In, found: Explored
) -> list[Step]:
    """Return what an input leads to, by every answer of every guard."""
    taken: list[Step] = []
    open_: list[tuple[Answer, ...]] = [()]
    while open_:
        answers = open_.pop()
        if len(taken) + len(open_) > MOST_WAYS:
            found.is_all = False
            return taken
        try:
            said = step(chart, snapshot, given, answers)
        except SmtuiError:  # it never comes to rest this way
            found.is_all = False
            continue
        if isinstance(said, Ask):
            known = {one.id for one in answers}
            first = next(q.id for q in said.questions if q.id not in known)
            open_ += [(*answers, Answer(first, holds)) for holds in (True, False)]
        else:
            taken.append(said)
    return taken

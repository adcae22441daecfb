"""Random statecharts from a seed: regions, histories, guards, eventless arrows.

Every chart comes to rest: an eventless arrow either leads forward in document
order or burns fuel, and every raised event burns fuel.
"""

from dataclasses import dataclass, field
from random import Random

from smtui.definition import (
    SCXML,
    Arrow,
    Guard,
    Initial,
    Node,
    NodeKind,
    Position,
    Semantics,
    TreeDefinition,
)
from smtui.definition.content import Block, Branch, Change, ChangeOp, If, Raise
from smtui.definition.guards import AllOf, AnyOf, CheckOp, FieldGuard, NotGuard

EVENTS = ("a", "b", "c.x", "c.y", "d")
DESCRIPTORS = (*EVENTS, "c", "c.*", "*")
AT = Position("random.scxml", 1, 1)
FUEL = 9


@dataclass
class Grown:
    """A state of the tree while it grows."""

    id: str
    kind: NodeKind
    parent: "Grown | None"
    children: list["Grown"] = field(default_factory=list)

    def all_below(self) -> list["Grown"]:
        found = [*self.children]
        for child in self.children:
            found += child.all_below()
        return found


class Maker:
    """Makes a chart of a seed, step by step."""

    def __init__(self, seed: int, semantics: Semantics) -> None:
        self.random = Random(seed)  # noqa: S311 - a test's charts, no secret
        self.semantics = semantics
        self.states: list[Grown] = []

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    # ------------------------------------------------------------- the tree

    def grow(self, parent: Grown | None, kind: NodeKind, depth: int) -> Grown:
        state = Grown(f"s{len(self.states)}", kind, parent)
        self.states.append(state)
        if kind is NodeKind.PARALLEL:
            for _ in range(self.random.randint(2, 3)):
                inner = (
                    NodeKind.COMPOUND
                    if depth > 0 and self.chance(0.8)
                    else NodeKind.ATOMIC
                )
                state.children.append(self.grow(state, inner, depth - 1))
        elif kind is NodeKind.COMPOUND:
            for _ in range(self.random.randint(1, 3)):
                state.children.append(self.grow(state, self.kind(depth), depth - 1))
            if self.chance(0.3):
                state.children.append(self.grow(state, NodeKind.FINAL, 0))
        if kind in {NodeKind.PARALLEL, NodeKind.COMPOUND} and self.chance(0.4):
            deep = self.chance(0.5)
            history = NodeKind.DEEP_HISTORY if deep else NodeKind.HISTORY
            state.children.insert(0, self.grow(state, history, 0))
        return state

    def kind(self, depth: int) -> NodeKind:
        if depth <= 0:
            return NodeKind.ATOMIC
        return self.random.choice(
            [NodeKind.ATOMIC, NodeKind.ATOMIC, NodeKind.COMPOUND, NodeKind.PARALLEL]
        )

    # ---------------------------------------------------------- what it does

    def block(self) -> Block:
        made: list[Change | If] = []
        for _ in range(self.random.randint(0, 2)):
            field_ = self.random.choice(["n", "m"])
            op = self.random.choice([ChangeOp.INCREMENT, ChangeOp.DECREMENT])
            made.append(Change(op, field_, AT))
        if self.chance(0.15):
            made.append(self.raising())
        return tuple(made)

    def raising(self) -> If:
        burn = Change(ChangeOp.INCREMENT, "fuel", AT)
        event = self.random.choice(EVENTS)
        guard = FieldGuard("fuel", CheckOp.LT, FUEL, AT)
        return If((Branch(guard, (burn, Raise(event, AT))),), AT)

    def blocks(self, state: Grown, phase: str) -> tuple[Block, ...]:
        mark = Change(ChangeOp.APPEND, "log", AT, f"{phase} {state.id}")
        if self.chance(0.2):
            return ((mark,), self.block())
        return ((mark, *self.block()),)

    def guard(self) -> Guard:
        ops = [CheckOp.GT, CheckOp.LT, CheckOp.EQ, CheckOp.NEQ]
        simple = FieldGuard(
            self.random.choice(["n", "m"]),
            self.random.choice(ops),
            self.random.randint(-1, 2),
            AT,
        )
        if self.chance(0.2):
            return NotGuard(self.guard())
        if self.chance(0.2):
            made = AllOf if self.chance(0.5) else AnyOf
            return made((simple, self.guard()))
        return simple

    # --------------------------------------------------------------- arrows

    def targets(self, state: Grown) -> tuple[str, ...]:
        if self.chance(0.1):
            return ()
        target = self.random.choice(self.states)
        parallel = target if target.kind is NodeKind.PARALLEL else None
        if parallel is not None and self.chance(0.4):
            inside = [
                self.random.choice([child, *child.all_below()])
                for child in parallel.children
                if child.kind not in {NodeKind.HISTORY, NodeKind.DEEP_HISTORY}
            ]
            return tuple(one.id for one in inside[:2])
        del state
        return (target.id,)

    def arrow(self, state: Grown, number: int) -> Arrow:
        mark = Change(ChangeOp.APPEND, "log", AT, f"take {number}")
        if self.chance(0.12):
            return self.eventless(state, mark)
        events = tuple(self.random.sample(DESCRIPTORS, self.random.randint(1, 2)))
        guard = self.guard() if self.chance(0.4) else None
        content: Block = (mark, *self.block())
        if "*" in events:  # it takes done events too, and might lead to the next
            fuel = FieldGuard("fuel", CheckOp.LT, FUEL, AT)
            guard = fuel if guard is None else AllOf((guard, fuel))
            content = (*content, Change(ChangeOp.INCREMENT, "fuel", AT))
        return Arrow(
            source=state.id,
            at=AT,
            events=events,
            targets=self.targets(state),
            guard=guard,
            content=content,
            is_internal=self.chance(0.2),
            priority=self.random.randint(0, 1),
        )

    def eventless(self, state: Grown, mark: Change) -> Arrow:
        at = self.states.index(state)
        later = [
            one
            for one in self.states[at + 1 :]
            if one.kind is NodeKind.ATOMIC and one not in state.all_below()
        ]
        if later and state.kind is NodeKind.ATOMIC and self.chance(0.5):
            target = self.random.choice(later)
            alone = target.parent is state.parent
            if alone and target.parent and target.parent.kind is NodeKind.COMPOUND:
                return Arrow(state.id, AT, (), (target.id,), content=(mark,))
        burn = Change(ChangeOp.INCREMENT, "fuel", AT)
        fuel = FieldGuard("fuel", CheckOp.LT, FUEL, AT)
        guard = AllOf((fuel, self.guard())) if self.chance(0.7) else fuel
        return Arrow(
            state.id, AT, (), self.targets(state), guard=guard, content=(mark, burn)
        )

    # ------------------------------------------------------------ the whole

    def node(self, state: Grown) -> Node:
        is_history = state.kind in {NodeKind.HISTORY, NodeKind.DEEP_HISTORY}
        parent = state.parent
        return Node(
            id=state.id,
            at=AT,
            kind=state.kind,
            parent=parent.id if parent else None,
            initial=self.initial(state),
            entry=() if is_history else self.blocks(state, "enter"),
            exit=() if is_history else self.blocks(state, "exit"),
        )

    def initial(self, state: Grown) -> Initial | None:
        mark = Change(ChangeOp.APPEND, "log", AT, f"default {state.id}")
        content = (mark,) if self.chance(0.4) else ()
        histories = {NodeKind.HISTORY, NodeKind.DEEP_HISTORY}
        if state.kind is NodeKind.COMPOUND:
            real = [c for c in state.children if c.kind not in histories]
            chosen = self.random.choice(state.children if self.chance(0.2) else real)
            return Initial((chosen.id,), AT, content)
        if state.kind not in histories or state.parent is None:
            return None
        siblings = [c for c in state.parent.children if c.kind not in histories]
        if state.parent.kind is NodeKind.PARALLEL:
            if state.kind is NodeKind.HISTORY:
                return Initial(tuple(one.id for one in siblings), AT, content)
            below = [self.random.choice([one, *one.all_below()]) for one in siblings]
            plain = [
                b if b.kind not in histories else s
                for b, s in zip(below, siblings, strict=True)
            ]
            return Initial(tuple(one.id for one in plain), AT, content)
        return Initial((self.random.choice(siblings).id,), AT, content)

    def definition(self) -> TreeDefinition:
        for _ in range(self.random.randint(1, 3)):
            self.grow(None, self.kind(3), 2)
        plain = [
            s
            for s in self.states
            if s.kind not in {NodeKind.HISTORY, NodeKind.DEEP_HISTORY, NodeKind.FINAL}
        ]
        if self.chance(0.3):
            self.states.append(Grown("end", NodeKind.FINAL, None))
        arrows = [
            self.arrow(self.random.choice(plain), number)
            for number in range(self.random.randint(3, 3 + 2 * len(plain)))
        ]
        return TreeDefinition(
            dialect="scxml",
            name="random",
            file=AT.file,
            text="",
            hash="0123456789abcdef",
            initial=Initial((self.states[0].id,), AT),
            nodes=tuple(self.node(state) for state in self.states),
            arrows=tuple(arrows),
            semantics=self.semantics,
        )


def random_tree(seed: int, semantics: Semantics = SCXML) -> TreeDefinition:
    """Return the chart of a seed."""
    return Maker(seed, semantics).definition()


def random_events(seed: int, count: int = 12) -> list[str]:
    """Return events to send it."""
    random = Random(seed)  # noqa: S311 - a test's events, no secret
    return random.choices([*EVENTS, "unknown"], k=count)

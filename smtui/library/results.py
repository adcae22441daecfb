"""What an event led to: the answer of every door of the library.

A result is made from the core's step alone: which microsteps it took, which
states they left and entered, which guards it asked. What the author wrote at
those states and arrows is the plan of actions, in the order they are done.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from smtui.chart import StateChart
from smtui.chart.messages import Decision
from smtui.chart.values import Micro, Step
from smtui.definition import Block, Guard, Json, Terms
from smtui.definition.content import Assign, Call, Change, ChangeOp, If
from smtui.library.errors import FSMError

__all__ = ["Part", "PlannedAction", "TransitionResult", "parts_of", "planned_of"]


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action of a transition, by name."""

    name: str
    """A change of the data by the definition itself begins with `_effect.`."""
    params: Mapping[str, Json] = field(default_factory=dict[str, Json])
    content: tuple[Change | Assign | If, ...] = ()
    """What an effect does; () for an author's action."""
    terms: Terms = field(default_factory=Terms)
    """How long it may take, and how often it is tried."""
    when: tuple[Guard, ...] = ()
    """What must hold when its turn comes; else it is skipped."""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Part:
    """One microstep: the transitions that were taken together."""

    source: str
    """The state the transition belongs to."""
    trigger: str
    """The event, or the name of an automatic transition."""
    target: str
    """The state it points to."""
    exit_actions: tuple[PlannedAction, ...]
    transition_actions: tuple[PlannedAction, ...]
    enter_actions: tuple[PlannedAction, ...]
    exited: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    transitions: tuple[int, ...] = ()
    """Their numbers among the definition's arrows."""

    @property
    def actions(self) -> tuple[PlannedAction, ...]:
        """Return all of them in order."""
        return self.exit_actions + self.transition_actions + self.enter_actions


@dataclass(frozen=True, slots=True)
class TransitionResult:
    """What an event led to (PyStator's name and fields)."""

    success: bool
    source_state: str
    target_state: str | None
    """Where it leads, automatic transitions included; None when refused."""
    trigger: str
    exit_actions: tuple[PlannedAction, ...] = ()
    transition_actions: tuple[PlannedAction, ...] = ()
    enter_actions: tuple[PlannedAction, ...] = ()
    all_actions: tuple[str, ...] = ()
    """Names in the order they are done: exit, transition, enter, part by part."""
    error: FSMError | None = None
    metadata: Mapping[str, object] = field(default_factory=dict[str, object])
    """`reason`, `guards` (name, passed and error of those that decided), ..."""
    context: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """The data afterwards, the definition's own changes included."""
    chain: tuple[Part, ...] = ()
    """The microsteps, automatic ones behind the first."""

    @property
    def planned(self) -> tuple[PlannedAction, ...]:
        """Return the actions in the order they are done."""
        return tuple(one for part in self.chain for one in part.actions)


def parts_of(chart: StateChart, micros: Iterable[Micro]) -> tuple[Part, ...]:
    """Return the microsteps of a macrostep with the actions of each."""
    return tuple(_part(chart, group) for group in _grouped(micros))


def _grouped(micros: Iterable[Micro]) -> Iterator[list[Micro]]:
    """Yield the transitions that were taken together."""
    group: list[Micro] = []
    for micro in micros:
        if group and not _is_together(group, micro):
            yield group
            group = []
        group.append(micro)
    if group:
        yield group


def _is_together(group: list[Micro], micro: Micro) -> bool:
    first = group[0]
    if not (micro.exited or micro.entered) or micro.event != first.event:
        return False
    is_new = all(one.transition != micro.transition for one in group)
    return is_new and micro[-2:] == first[-2:]


def _part(chart: StateChart, group: list[Micro]) -> Part:
    first = group[0]
    arrows = [chart.transitions[one.transition].arrow for one in _real(group)]
    trigger = first.event or next((one.trigger for one in arrows if one.trigger), "")
    states = chart.tree.states
    numbers = chart.tree.numbers
    left = [states[numbers[id_]].node for id_ in first.exited]
    entered = [states[numbers[id_]].node for id_ in first.entered]
    return Part(
        first.source,
        trigger,
        first.target,
        planned_of(block for node in left if node for block in node.exit),
        planned_of(arrow.content for arrow in arrows),
        planned_of(block for node in entered if node for block in node.entry),
        first.exited,
        first.entered,
        tuple(one.transition for one in _real(group)),
    )


def _real(group: list[Micro]) -> list[Micro]:
    """Return those that stand in the definition: no first entry, no fallback."""
    return [one for one in group if one.transition >= 0]


def planned_of(blocks: Iterable[Block]) -> tuple[PlannedAction, ...]:
    """Return the actions that blocks ask for, in order."""
    found: list[PlannedAction] = []
    for block in blocks:
        seen: object = None
        for content in block:
            match content:
                case Call(name=name, params=params, terms=terms):
                    found.append(PlannedAction(name, params, terms=terms))
                case If(branches=(only,)) if only.guard is not None:
                    # `when` of one action
                    inner = planned_of([only.block])
                    found += (
                        replace(one, when=(only.guard, *one.when)) for one in inner
                    )
                case If():
                    found.append(PlannedAction("_branch", content=(content,)))
                case Change() | Assign():
                    _effect(found, content, is_next=content.at == seen)
                    seen = content.at
                case _:
                    pass
    return tuple(found)


def _effect(
    found: list[PlannedAction], content: Change | Assign, *, is_next: bool
) -> None:
    """Add an effect; several fields of one `set` or `compute` are one."""
    name, params = _described(content)
    if is_next and found and found[-1].name == name:
        last = found.pop()
        done = (*last.content, content)
        found.append(PlannedAction(name, {**last.params, **params}, done))
    else:
        found.append(PlannedAction(name, params, (content,)))


def _described(content: Change | Assign) -> tuple[str, dict[str, Json]]:
    if isinstance(content, Assign):
        return "_effect.compute", {content.location.text: content.value.text}
    name = f"_effect.{content.op.value}"
    match content.op:
        case ChangeOp.SET:
            return name, {content.field: content.value}
        case ChangeOp.APPEND:
            return name, {"field": content.field, "value": content.value}
        case _:
            return name, {"field": content.field}


def guards_of(
    chart: StateChart, part: Part | None, decided: Iterable[Decision]
) -> list[dict[str, object]]:
    """Return the guards that let a microstep happen; all of them where none did."""
    said = [*decided]
    if part is not None:
        own = [
            test.yes
            for number in part.transitions
            for test in chart.transitions[number].tests
        ]
        ids = {*map(id, own)}
        # one that looked at other machines is a copy, which says what it saw
        said = [
            one
            for one in said
            if id(one) in ids or (one.said and one._replace(said="") in own)
        ]
    return [_told(one) for one in said]


def _told(decision: Decision) -> dict[str, object]:
    told: dict[str, object] = {"name": decision.guard, "passed": decision.holds}
    if decision.error:
        told["error"] = decision.error
    if decision.said:
        told["said"] = decision.said
    return told


def micros_of(steps: Iterable[Step]) -> Iterator[Micro]:
    """Yield every transition the steps took."""
    for step in steps:
        yield from step.micro

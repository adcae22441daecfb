"""What an entity is in, as one text: a state's name, or all regions' states.

    OPEN                              a state; a compound one stands for itself
    active:feed=live,risk=watching    a parallel state: REGION=STATE, by name

A region may hold a parallel state of its own, in brackets. Reading a text
back gives exactly the configuration it was made from.
"""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from smtui.chart import State, StateChart
from smtui.definition import NodeKind
from smtui.errors import nearest
from smtui.library.errors import InvalidStateError, UndefinedStateError

__all__ = ["configuration_of", "initial_text", "parallel_text", "text_of"]

ROOT = 0


_MOST = 4096
"""Texts of one chart that are kept: regions have more than anyone visits."""

_texts: WeakKeyDictionary[StateChart, dict[tuple[str, ...], str]] = WeakKeyDictionary()


def text_of(chart: StateChart, configuration: tuple[str, ...]) -> str:
    """Return a configuration as text; '' for the empty one."""
    kept = _texts.get(chart)
    if kept is None:
        kept = _texts.setdefault(chart, {})
    found = kept.get(configuration)
    if found is None:
        active = {chart.tree.numbers[id_] for id_ in configuration}
        if len(kept) >= _MOST:
            kept.clear()
        found = kept[configuration] = _text(chart, ROOT, active)
    return found


def _text(chart: StateChart, number: int, active: set[int]) -> str:
    """Return what is active inside a state, '' when nothing is."""
    states = chart.tree.states
    for child in states[number].children:
        if child not in active:
            continue
        state = states[child]
        if state.kind is not NodeKind.PARALLEL:
            return _text(chart, child, active) or state.id
        regions = sorted(
            (label(states[region]), _region(chart, region, active))
            for region in state.children
            if region in active
        )
        return f"{state.id}:" + ",".join(f"{name}={text}" for name, text in regions)
    return ""


def _region(chart: StateChart, number: int, active: set[int]) -> str:
    text = _text(chart, number, active) or chart.tree.states[number].id
    return f"({text})" if ":" in text else text


def label(state: State) -> str:
    """Return the name a region has for its author."""
    return (state.node.name if state.node is not None else "") or state.id


def initial_text(chart: StateChart) -> str:
    """Return where a run begins, before any transition without event."""
    plans = chart.kernel.initial().plans
    return text_of(chart, plans[0].target.ids if plans else ())


def configuration_of(chart: StateChart, text: str) -> tuple[str, ...]:
    """Return the active states a text means, in document order.

    A parallel state without regions means their initial states. Raises
    UndefinedStateError for an unknown name, InvalidStateError for states that
    cannot be active together or a region that is left out.
    """
    active = set(_read(chart, text, ROOT))
    return tuple(state.id for state in chart.tree.states[1:] if state.number in active)


def _read(chart: StateChart, text: str, inside: int) -> Iterator[int]:
    """Yield the states a text means, and those around them up to `inside`."""
    name, colon, rest = text.partition(":")
    state = chart.tree.states[_number(chart, name)]
    yield from _around(chart, state, inside)
    if colon and state.kind is not NodeKind.PARALLEL:
        raise InvalidStateError(f"{name!r} is not a parallel state", state_name=name)
    if state.kind is not NodeKind.PARALLEL:
        return
    if not colon:
        yield from _defaults(chart, state)
        return
    given: dict[str, str] = {}
    for part in _split(rest):
        region, _, inner = part.partition("=")
        given[region] = inner
    regions = {label(chart.tree.states[child]): child for child in state.children}
    missing = sorted(regions.keys() - given.keys())
    strange = sorted(given.keys() - regions.keys())
    if missing or strange:
        raise InvalidStateError(
            f"{text!r} leaves out or makes up regions of {name!r}: "
            f"{', '.join(missing + strange)}",
            hint=f"its regions are {', '.join(sorted(regions))}",
            state_name=name,
        )
    for region, child in regions.items():
        yield child
        inner = given[region].removeprefix("(").removesuffix(")")
        if inner != chart.tree.states[child].id:
            yield from _read(chart, inner, child)


def _number(chart: StateChart, name: str) -> int:
    number = chart.tree.numbers.get(name)
    if number is None:
        raise UndefinedStateError(
            f"State {name!r} is not defined",
            hint=nearest(name, [*chart.states]),
            state_name=name,
        )
    return number


def _around(chart: StateChart, state: State, inside: int) -> Iterator[int]:
    for number in state.path:
        if number == inside:
            return
        yield number
        above = chart.tree.states[number].parent
        if above != inside and chart.tree.states[above].kind is NodeKind.PARALLEL:
            outer = chart.tree.states[above]
            raise InvalidStateError(
                f"{state.id!r} is in a region of {outer.id!r}",
                hint=f"name every region: {_entered(chart, outer)}",
                state_name=state.id,
            )
    if inside != ROOT:
        raise InvalidStateError(
            f"{state.id!r} is not in {chart.tree.states[inside].id!r}",
            state_name=state.id,
        )


def parallel_text(chart: StateChart, name: str) -> str:
    """Return a parallel state with the initial states of its regions.

    Raises UndefinedStateError, InvalidStateError when it is not parallel.
    """
    state = chart.tree.states[_number(chart, name)]
    if state.kind is not NodeKind.PARALLEL:
        raise InvalidStateError(f"{name!r} is not a parallel state", state_name=name)
    return _entered(chart, state)


def _entered(chart: StateChart, state: State) -> str:
    """Return a parallel state as it is entered."""
    active = {*state.path, *_defaults(chart, state)}
    return _text(chart, ROOT, active)


def _defaults(chart: StateChart, state: State) -> Iterator[int]:
    """Yield what entering a state by default enters below it."""
    if state.kind is NodeKind.PARALLEL:
        below = state.children
    elif state.initial is not None:
        below = state.initial.targets
    else:
        return
    for number in below:
        child = chart.tree.states[number]
        for above in child.path:
            if above == state.number:
                break
            yield above
        yield from _defaults(chart, child)


def _split(text: str) -> Iterator[str]:
    """Yield the parts between commas outside of brackets."""
    depth = start = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield text[start:place]
            start = place + 1
    yield text[start:]

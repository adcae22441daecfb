"""Results that differ from an earlier one in their data alone.

What the same move leads to is told once and copied: nothing that can be written
is shared between two results.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias, cast

from smtui.definition import Json
from smtui.library.results import TransitionResult

__all__ = ["Likeness", "like"]

_Setter: TypeAlias = Callable[[TransitionResult, object], None]

_SETTERS: Mapping[str, _Setter] = {
    name: vars(TransitionResult)[name].__set__
    for name in TransitionResult.__dataclass_fields__
}
"""By field: a frozen value is made with them in a third of the time."""

_PUT_CONTEXT, _PUT_METADATA = _SETTERS["context"], _SETTERS["metadata"]
_OWN = frozenset({"context", "metadata"})
_GUARDS = "guards"


class Likeness(NamedTuple):
    """What is the same in all results of a move."""

    fields: tuple[tuple[_Setter, object], ...]
    """All but the context and the metadata."""
    metadata: Mapping[str, object]
    """Without the guards that decided."""
    guards: Sequence[Mapping[str, object]]

    def with_data(self, context: Mapping[str, Json]) -> TransitionResult:
        """Return the result that leads to this data."""
        result: TransitionResult = object.__new__(TransitionResult)
        for put, value in self.fields:
            put(result, value)
        _PUT_CONTEXT(result, context)
        metadata = {**self.metadata}
        if self.guards:
            metadata[_GUARDS] = [{**one} for one in self.guards]
        _PUT_METADATA(result, metadata)
        return result


def like(result: TransitionResult) -> Likeness:
    """Return what results of the same move have in common with this one."""
    fields = [
        (put, getattr(result, name))
        for name, put in _SETTERS.items()
        if name not in _OWN
    ]
    metadata = {k: v for k, v in result.metadata.items() if k != _GUARDS}
    guards = cast("list[dict[str, object]]", result.metadata.get(_GUARDS, []))
    return Likeness(tuple(fields), metadata, [{**one} for one in guards])

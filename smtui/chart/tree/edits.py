"""Blocks that only change the data and cannot fail, as one function each.

They need no clock, no expression and no queue, so a step that runs nothing
else is a lookup and a copy of the data.
"""

from smtui.chart.tree.model import Edit
from smtui.definition import Json
from smtui.definition.content import Block, Change, ChangeOp

__all__ = ["apply", "compile_edit"]


def compile_edit(block: Block) -> Edit | None:
    """Return the block as a function that changes the data in place, or None."""
    edits = [_edit(one) for one in block if isinstance(one, Change)]
    ready = [edit for edit in edits if edit is not None]
    if len(ready) != len(block):
        return None
    if len(ready) == 1:
        return ready[0]

    def all_of(data: dict[str, Json]) -> None:
        for edit in ready:
            edit(data)

    return all_of


def _edit(change: Change) -> Edit | None:
    field, value = change.field, change.value
    match change.op:
        case ChangeOp.SET:

            def put(data: dict[str, Json]) -> None:
                data[field] = value

            return put
        case ChangeOp.CLEAR:

            def clear(data: dict[str, Json]) -> None:
                data.pop(field, None)

            return clear
        case ChangeOp.INCREMENT | ChangeOp.DECREMENT:
            return _counter(field, _amount(change))
        case ChangeOp.APPEND:

            def append(data: dict[str, Json]) -> None:
                data[field] = _appended(data.get(field), value)

            return append
        case ChangeOp.TIMESTAMP:
            return None


def _counter(field: str, amount: float) -> Edit:
    def count(data: dict[str, Json]) -> None:
        try:
            data[field] += amount  # type: ignore[operator]  # a TypeError is caught
        except (KeyError, TypeError):
            data[field] = _counted(data.get(field), amount)

    return count


def apply(change: Change, data: dict[str, Json], stamp: str) -> None:
    """Change the data in place; `stamp` is the instant of the step."""
    edit = _edit(change)
    if edit is None:
        data[change.field] = stamp
    else:
        edit(data)


def _amount(change: Change) -> float:
    amount = change.value
    number = amount if isinstance(amount, int | float) else 1
    return -number if change.op is ChangeOp.DECREMENT else number


def _counted(before: Json, amount: float) -> Json:
    """Count from 0 where there is no number yet."""
    return before + amount if isinstance(before, int | float) else amount


def _appended(before: Json, value: Json) -> Json:
    """Append to a list; what is no list yet begins one."""
    if isinstance(before, list):
        return [*before, value]
    return [value] if before is None else [before, value]

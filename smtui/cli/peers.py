"""Previews that look at other machines: read from the store what they ask for."""

from collections.abc import Callable
from typing import TypeVar

from smtui.chart import Known
from smtui.store import SOLE_INSTANCE, Reader
from smtui.view.peers import Sighting, known_by

__all__ = ["with_peers"]

_T = TypeVar("_T")


async def with_peers(reader: Reader, own: str, preview: Callable[[Known], _T]) -> _T:
    """Return a preview that knows where the machines are that it looks at.

    A preview cannot wait for the store: it is made with what is known, and
    again when what it asked for was read. `own` is the instance it is of.
    """
    seen: dict[tuple[str, str], Sighting] = {}
    while True:
        wanted: list[tuple[str, str]] = []

        def look(machine: str, instance: str) -> Sighting | None:
            found = seen.get((machine, instance))
            if found is None:
                wanted.append((machine, instance))  # noqa: B023 - used in this round
            return found

        made = preview(known_by(look))
        if not wanted:
            return made
        for machine, instance in wanted:
            seen[machine, instance] = await _sighted(reader, machine, instance, own)


async def _sighted(reader: Reader, machine: str, instance: str, own: str) -> Sighting:
    for id_ in [instance] if instance else [own, SOLE_INSTANCE]:
        row = await reader.instance(machine, id_)
        if row is not None:
            return Sighting(row.configuration or None)
    names = {each.name for each in await reader.machines()}
    return Sighting(None, is_known=machine in names)

"""What the store knows of definitions: their texts, and who runs which file."""

from collections.abc import Sequence

from smtui.chart import Chart, compile_chart
from smtui.dialects import load_text
from smtui.errors import DefinitionError, StoreError
from smtui.runtime.spec import ChildSpec, read_spec
from smtui.store import MachineRow, StoreThread, Writer

__all__ = ["Library"]


class Library:
    """Read when needed, which is seldom: at the start and by start_fsm.

    Through the connection a process has anyway: another one costs it a thread
    and a megabyte.
    """

    def __init__(self, store: StoreThread) -> None:
        self._store = store

    async def chart(self, hash_: str, file: str, custom: frozenset[str]) -> Chart:
        """Return the compiled definition of that version.

        Raises DefinitionError when the store has no such text or it cannot
        be used; the message names the first problem and its place.
        """
        row = await self._store.call(Writer.definition, hash_)
        machines = await self._store.call(Writer.machines)
        if row is None:
            raise DefinitionError(
                f"{file}: the store has no definition {hash_}",
                hint="`smtui run` the file again",
            )
        loaded = load_text(row.text, file, custom=custom)
        if loaded.definition is None:
            first = loaded.errors[0]
            more = len(loaded.errors) - 1
            others = f" (and {more} more)" if more else ""
            raise DefinitionError(
                f"{first.at}: {first.message}{others}", hint=first.hint
            )
        return compile_chart(loaded.definition, custom, _names(machines))

    async def spec(self, child: str) -> ChildSpec:
        """Return how a child is run. Raises StoreError if nobody knows it."""
        row = await self._store.call(Writer.child, child)
        if row is not None:
            return read_spec(child, row.spec)
        raise StoreError(
            f"the store knows no child {child!r}",
            hint="machine processes are started by `smtui run`",
        )

    async def files(self) -> list[str]:
        """Return the files of all machines and templates."""
        return [row.file for row in await self._store.call(Writer.machines)]


def _names(machines: Sequence[MachineRow]) -> frozenset[str]:
    """Return what machines may be called: a replica by its own name and theirs."""
    names = {machine.name for machine in machines}
    return frozenset(names | {name.partition("#")[0] for name in names})

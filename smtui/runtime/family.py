"""Which chart an instance runs: the machine's, or the one it was invoked with.

A child's chart stands inline in its parent's, or in a file beside the
definition, or an expression gave its text. It is found again the same way
after a restart, so nothing of it is kept but the parent's own snapshot.
"""

from pathlib import Path, PurePath

from smtui.chart import StateChart, compile_chart
from smtui.chart.values import ChildEntry, Snapshot
from smtui.definition import AnyDefinition
from smtui.dialects import load_child
from smtui.errors import DefinitionError

__all__ = ["Charts", "entry_of", "file_beside"]

_KEPT = 64
"""Compiled texts at most."""


class Charts:
    """The charts of a machine's instances."""

    def __init__(self, own: StateChart) -> None:
        """`own` is the machine's; files are looked for beside their parent's."""
        self.own = own
        self._compiled: dict[tuple[str, str], StateChart] = {}

    def of_child(self, parent: StateChart, entry: ChildEntry) -> StateChart:
        """Return the chart of an invoked child. Raises DefinitionError."""
        inline = parent.children.get(entry.site)
        if inline is not None:
            return inline
        loaded = load_child(parent.definition.file, entry.src, entry.content)
        if loaded.definition is None:
            first = loaded.errors[0]
            raise DefinitionError(f"{first.at}: {first.message}", hint=first.hint)
        return self._compile(loaded.definition)

    def _compile(self, definition: AnyDefinition) -> StateChart:
        key = (definition.file, definition.hash)
        found = self._compiled.get(key)
        if found is None:
            chart = compile_chart(definition, frozenset(), self.own.peers)
            if not isinstance(chart, StateChart):
                raise DefinitionError(
                    f"{definition.file}: only a statechart can be invoked"
                )
            if len(self._compiled) >= _KEPT:
                self._compiled.pop(next(iter(self._compiled)))
            found = self._compiled[key] = chart
        return found


def file_beside(file: str, src: str) -> str:
    """Return a machine's file, absolute, where `src` names one beside `file`.

    What names none is a machine's own name, and stays.
    """
    found = Path(file).parent / src.removeprefix("file:")
    is_file = bool(PurePath(src).suffix) and found.is_file()
    return str(found.resolve()) if is_file else src


def entry_of(parent: Snapshot, child: str) -> ChildEntry | None:
    """Return the entry by which an instance knows a child."""
    for entry in parent.pending.values():
        if isinstance(entry, ChildEntry) and entry.instance == child:
            return entry
    return None

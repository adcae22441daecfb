"""Which chart an instance runs: the machine's, or the one it was invoked with.

A child's chart stands inline in its parent's, or in a file beside the
definition, or an expression gave its text. It is found again the same way
after a restart, so nothing of it is kept but the parent's own snapshot.
"""

from pathlib import Path

from smtui.chart import StateChart, compile_chart
from smtui.chart.values import ChildEntry, Snapshot
from smtui.dialects import load_text
from smtui.errors import DefinitionError

__all__ = ["Charts", "entry_of"]

_KEPT = 64
"""Compiled texts at most."""


class Charts:
    """The charts of a machine's instances."""

    def __init__(self, own: StateChart, folder: Path) -> None:
        """`own` is the machine's; files are looked for in `folder`."""
        self.own = own
        self._folder = folder
        self._compiled: dict[tuple[str, str], StateChart] = {}

    def of_child(self, parent: StateChart, entry: ChildEntry) -> StateChart:
        """Return the chart of an invoked child. Raises DefinitionError."""
        inline = parent.children.get(entry.site)
        if inline is not None:
            return inline
        if entry.content is not None:
            return self._compile(str(entry.content), f"content of {entry.site}")
        file = self._folder / entry.src.removeprefix("file:")
        try:
            text = file.read_text("utf-8")
        except (OSError, ValueError) as error:
            raise DefinitionError(f"{entry.src}: cannot be read: {error}") from error
        return self._compile(text, str(file))

    def _compile(self, text: str, file: str) -> StateChart:
        key = (file, text)
        found = self._compiled.get(key)
        if found is None:
            name = file if Path(file).suffix else f"{file}.scxml"
            loaded = load_text(text, name)
            if loaded.definition is None:
                first = loaded.errors[0]
                raise DefinitionError(f"{first.at}: {first.message}", hint=first.hint)
            chart = compile_chart(loaded.definition, frozenset(), self.own.peers)
            if not isinstance(chart, StateChart):
                raise DefinitionError(f"{file}: only a statechart can be invoked")
            if len(self._compiled) >= _KEPT:
                self._compiled.pop(next(iter(self._compiled)))
            found = self._compiled[key] = chart
        return found


def entry_of(parent: Snapshot, child: str) -> ChildEntry | None:
    """Return the entry by which an instance knows a child."""
    for entry in parent.pending.values():
        if isinstance(entry, ChildEntry) and entry.instance == child:
            return entry
    return None

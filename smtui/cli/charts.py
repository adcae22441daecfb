"""The live definition of a machine, compiled from the text in the store."""

from collections.abc import Mapping
from pathlib import Path

from smtui.chart import Chart, StateChart, compile_chart, decode
from smtui.definition import AnyDefinition, Json
from smtui.dialects import load_text
from smtui.store import ChildRow, Reader

__all__ = ["chart_of", "chart_of_instance", "custom_types", "definition_of"]


async def chart_of(reader: Reader, machine: str) -> Chart | None:
    """Return the chart a machine runs, None when its text cannot be read."""
    found = await definition_of(reader, machine)
    return None if found is None else compile_chart(*found)


async def chart_of_instance(
    reader: Reader, machine: str, instance: str, own: Chart
) -> Chart:
    """Return the chart an instance runs: the machine's own, or what invoked it says.

    Raises DefinitionError when that cannot be read any more.
    """
    kept = await reader.snapshot(machine, instance)
    lineage = None if kept is None else decode(kept).lineage
    if lineage is None or not isinstance(own, StateChart):
        return own
    from smtui.runtime.family import Charts, entry_of  # late: most have no parent

    parent = await chart_of_instance(reader, machine, lineage.parent, own)
    above = await reader.snapshot(machine, lineage.parent)
    entry = None if above is None else entry_of(decode(above), instance)
    if entry is None or not isinstance(parent, StateChart):
        return own
    return Charts(own).of_child(parent, entry)


async def definition_of(
    reader: Reader, machine: str
) -> tuple[AnyDefinition, frozenset[str]] | None:
    """Return what a machine runs, and the action types of its author's files.

    None when its text cannot be read.
    """
    rows = {row.name: row for row in await reader.machines()}
    row = rows.get(machine)
    if row is None:
        return None
    kept = await reader.definition(row.definition_hash)
    if kept is None:
        return None
    children = {child.name: child for child in await reader.children()}
    custom = custom_types(children.get(row.child), machine)
    loaded = load_text(kept.text, row.file, custom=custom)
    if loaded.definition is None:
        return None
    return loaded.definition, custom


def custom_types(child: ChildRow | None, machine: str) -> frozenset[str]:
    """Return the action types an author's files define for a machine."""
    folder = _actions_dir(child, machine)
    if folder is None:
        return frozenset()
    stems = (file.stem for file in Path(folder).rglob("*_action.py"))
    return frozenset(stem.replace("_action", "") for stem in stems) - {""}


def _actions_dir(child: ChildRow | None, machine: str) -> str | None:
    machines = child.spec.get("machines") if child is not None else None
    if not isinstance(machines, list):
        return None
    for one in machines:
        if isinstance(one, Mapping) and one.get("name") == machine:
            found: Json = one.get("actions_dir")
            return found if isinstance(found, str) else None
    return None

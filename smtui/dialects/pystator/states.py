"""`states:` -> what is said of each; who is inside of whom comes later."""

from typing import NamedTuple

from smtui.definition import Block, Guard, Invoke, Json, Position
from smtui.dialects.nodes import Field, Table
from smtui.dialects.notes import shown
from smtui.dialects.pystator.actions import read_actions
from smtui.dialects.pystator.keys import INVOKE_TYPES, TYPES, Place
from smtui.dialects.pystator.reading import Named, Reading, literal
from smtui.dialects.pystator.whens import read_when

__all__ = ["Region", "Spoken", "Timeout", "read_states"]

ACTION_TYPE = "action"
MACHINE_TYPE = "machine"
_FILES = (".yaml", ".yml", ".json", ".scxml", ".xml")
"""What is invoked by such a name is no function."""
"""What an Invoke calls an action of the author's."""


class Region(NamedTuple):
    """One region of a parallel state."""

    name: str
    at: Position
    initial: Named
    states: tuple[Named, ...]
    is_listed: bool
    final: Named | None
    description: str


class Timeout(NamedTuple):
    """Where to go when a state lasts too long."""

    seconds: float
    destination: Named
    at: Position


class Spoken(NamedTuple):
    """What one entry of `states:` says."""

    name: str
    at: Position
    type: str
    parent: Named | None
    initial_child: Named | None
    regions: tuple[Region, ...]
    entry: Block
    exit: Block
    invokes: tuple[Invoke, ...]
    on_done: dict[str, list[str]]
    """Event -> ids of the invokes whose end gives it."""
    timeout: Timeout | None
    entry_points: tuple[Named, ...]
    exit_points: tuple[Named, ...]
    when: Guard | None
    group: str
    group_at: Position | None
    description: str
    metadata: dict[str, Json]


def read_states(reading: Reading, field: Field | None) -> dict[str, Spoken]:
    """Return the states by name, in the order of the file."""
    found: dict[str, Spoken] = {}
    for table in reading.tables(field, ""):
        spoken = _state(reading, table)
        if spoken is None:
            continue
        first = found.setdefault(spoken.name, spoken)
        if first is not spoken:
            reading.notes.error(
                spoken.at,
                "duplicate",
                f"found the state {shown(spoken.name)} a second time",
                f"the first is in line {first.at.line}",
            )
    return found


def _state(reading: Reading, table: Table) -> Spoken | None:
    given = table.get("name")
    where = "in a state"
    if given is not None:
        where = f"of the state {reading.text(given, where)!r}"
    fields = reading.fields(table, Place.STATE, where)
    name = reading.named(fields.get("name"), "in a state")
    invokes, on_done = _invokes(reading, fields.get("invoke"), where)
    spoken = Spoken(
        name=name.text if name is not None else "",
        at=name.at if name is not None else table.at,
        type=reading.choice(fields.get("type"), where, TYPES) or "stable",
        parent=reading.named(fields.get("parent"), where),
        initial_child=reading.named(fields.get("initial_child"), where),
        regions=_regions(reading, fields.get("regions"), where),
        entry=read_actions(reading, fields.get("on_enter"), where),
        exit=read_actions(reading, fields.get("on_exit"), where),
        invokes=invokes,
        on_done=on_done,
        timeout=_timeout(reading, fields.get("timeout"), where),
        entry_points=reading.names(fields.get("entry_points"), where),
        exit_points=reading.names(fields.get("exit_points"), where),
        when=read_when(reading, fields.get("when"), where),
        group=reading.text(fields.get("group"), where),
        group_at=fields["group"].value.at if "group" in fields else None,
        description=reading.text(fields.get("description"), where),
        metadata=reading.table(fields.get("metadata"), where),
    )
    return spoken if name is not None else None


def _regions(reading: Reading, field: Field | None, where: str) -> tuple[Region, ...]:
    found: dict[str, Region] = {}
    for table in reading.tables(field, where):
        region = _region(reading, table, where)
        if region is None:
            continue
        if region.name in found:
            reading.notes.error(
                region.at,
                "duplicate",
                f"found the region {shown(region.name)} {where} a second time",
                f"the first is in line {found[region.name].at.line}",
            )
        found.setdefault(region.name, region)
    return tuple(found.values())


def _region(reading: Reading, table: Table, where: str) -> Region | None:
    at = f"in a region {where}"
    fields = reading.fields(table, Place.REGION, at)
    initial = reading.named(fields.get("initial"), at)
    if "name" not in fields or initial is None:
        return None
    name = reading.name(fields["name"].value, f"at 'name' {at}", "the region's name")
    region = Region(
        name=name,
        at=fields["name"].value.at,
        initial=initial,
        states=reading.names(fields.get("states"), at),
        is_listed="states" in fields,
        final=reading.named(fields.get("final"), at),
        description=reading.text(fields.get("description"), at),
    )
    return region if name else None


def _invokes(
    reading: Reading, field: Field | None, where: str
) -> tuple[tuple[Invoke, ...], dict[str, list[str]]]:
    found: list[Invoke] = []
    on_done: dict[str, list[str]] = {}
    for table in reading.tables(field, where):
        at = f"in an invoke {where}"
        fields = reading.fields(table, Place.INVOKE, at)
        if not {"id", "src"} <= fields.keys():
            continue
        id_, src = fields["id"].value, fields["src"].value
        name = reading.function(src, f"at 'src' {at}")
        usual = MACHINE_TYPE if name.endswith(_FILES) else ACTION_TYPE
        type_ = reading.choice(fields.get("type"), at, INVOKE_TYPES) or usual
        found.append(
            Invoke(
                at=table.at,
                id=reading.text(fields["id"], at),
                type=literal(type_, id_.at),
                src=literal(name, src.at),
                gives_data=type_ == MACHINE_TYPE,
            )
        )
        if "on_done" in fields:
            event = reading.event(fields["on_done"].value, f"at 'on_done' {at}")
            on_done.setdefault(event, []).append(found[-1].id)
    return tuple(found), on_done


def _timeout(reading: Reading, field: Field | None, where: str) -> Timeout | None:
    if field is None:
        return None
    at = f"at 'timeout' {where}"
    if not isinstance(field.value, Table):
        reading.reader.wrong(field.value, at, "{seconds, destination}")
        return None
    fields = reading.fields(field.value, Place.TIMEOUT, at)
    if not {"seconds", "destination"} <= fields.keys():
        return None
    seconds = reading.reader.seconds(fields["seconds"].value, f"at 'seconds' {at}")
    node = fields["destination"].value
    name = reading.reader.name(node, f"at 'destination' {at}", "the name of a state")
    if seconds is None or name is None:
        return None
    return Timeout(seconds, Named(name, node.at), field.value.at)

"""`transitions:` -> arrows, one for each source."""

import re
from dataclasses import replace
from typing import NamedTuple

from smtui.definition import Arrow, Block, Guard, Json, Position
from smtui.dialects.nodes import Field, Scalar, Table
from smtui.dialects.notes import shown
from smtui.dialects.pystator.actions import read_actions
from smtui.dialects.pystator.delays import delay_ms
from smtui.dialects.pystator.family import Family
from smtui.dialects.pystator.guards import read_guards
from smtui.dialects.pystator.keys import Place
from smtui.dialects.pystator.reading import NAME, Named, Reading
from smtui.dialects.tables import MOST_SECONDS

__all__ = ["ANY", "HISTORY", "Way", "arrows_of", "read_ways"]

ANY = "*"
HISTORY = re.compile(r"H(\*?)\(\s*([^()]*?)\s*\)\Z")


class Way(NamedTuple):
    """What one entry of `transitions:` says."""

    at: Position
    trigger: str
    sources: tuple[Named, ...]
    dest: Named | None
    region: Named | None
    guard: Guard | None
    content: Block
    delay_ms: float | None
    is_internal: bool
    is_auto: bool
    priority: int
    description: str
    refs: tuple[str, ...]
    metadata: dict[str, Json]


def read_ways(reading: Reading, field: Field | None) -> tuple[Way, ...]:
    """Return the transitions in the order of the file, names not looked up."""
    return tuple(_way(reading, table) for table in reading.tables(field, ""))


def _way(reading: Reading, table: Table) -> Way:
    given = table.get("trigger")
    where = "in a transition"
    if given is not None:
        where = f"of the transition {reading.text(given, where)!r}"
    fields = reading.fields(table, Place.TRANSITION, where)
    trigger = ""
    if "trigger" in fields:
        trigger = reading.event(fields["trigger"].value, f"at 'trigger' {where}")
    dest = None
    if "dest" in fields:
        node = fields["dest"].value
        name = reading.reader.name(node, f"at 'dest' {where}", "the name of a state")
        dest = Named(name, node.at) if name else None
    region = None
    if "region" in fields:
        node = fields["region"].value
        region = Named(reading.text(fields["region"], where), node.at)
    ref = reading.text(fields.get("ref"), where)
    refs = [
        reading.text(Field("refs", n.at, n), where)
        for n in reading.listed(fields.get("refs"))
    ]
    return Way(
        at=table.at,
        trigger=trigger,
        sources=_sources(reading, fields.get("source"), where),
        dest=dest,
        region=region,
        guard=read_guards(reading, fields.get("guards"), where),
        content=read_actions(reading, fields.get("actions"), where),
        delay_ms=_delay(reading, fields.get("after"), where),
        is_internal=reading.flag(fields.get("internal"), where),
        is_auto=reading.flag(fields.get("auto"), where),
        priority=reading.whole(fields.get("priority"), where, least=None),
        description=reading.text(fields.get("description"), where),
        refs=tuple(each for each in (ref, *refs) if each),
        metadata=reading.table(fields.get("metadata"), where),
    )


def _sources(reading: Reading, field: Field | None, where: str) -> tuple[Named, ...]:
    if field is None:
        return ()
    at = f"at 'source' {where}"
    found: dict[str, Named] = {}
    for node in reading.listed(field):
        text = node.text if isinstance(node, Scalar) else ""
        if text != ANY and ":" not in text:
            text = reading.name(node, at)
        if text:
            found.setdefault(text, Named(text, node.at))
    if not found and isinstance(field.value, Table | Scalar) is False:
        reading.reader.wrong(field.value, at, "at least one state")
    return tuple(found.values())


def _delay(reading: Reading, field: Field | None, where: str) -> float | None:
    if field is None:
        return None
    value = field.value.value if isinstance(field.value, Scalar) else None
    try:
        found = delay_ms(value)
    except ValueError:
        found = -1.0
    if 0 <= found < MOST_SECONDS * 1000:
        return found
    reading.reader.wrong(
        field.value,
        f"at 'after' {where}",
        'milliseconds, or a text with a unit: 500, "1.5s", "500ms", "10m", "2d"',
    )
    return 0.0  # noted; it is no transition without an event


def arrows_of(reading: Reading, family: Family, ways: tuple[Way, ...]) -> list[Arrow]:
    """Return the arrows of all transitions, then those of the time-outs."""
    maker = _Maker(reading, family)
    found = [
        arrow for number, way in enumerate(ways) for arrow in maker.arrows(number, way)
    ]
    return [*found, *maker.timeouts()]


class _Maker:
    """Looks names up, and says what leads nowhere."""

    def __init__(self, reading: Reading, family: Family) -> None:
        self._reading = reading
        self._notes = reading.notes
        self._family = family

    def arrows(self, number: int, way: Way) -> list[Arrow]:
        where = (
            f"of the transition {shown(way.trigger)}"
            if way.trigger
            else ("of a transition")
        )
        sources = self._sources(way, where)
        target = "" if way.dest is None else self.target(way.dest, where)
        self._check(way, sources, where)
        return [
            arrow
            for source in sources
            for arrow in self._from(number, way, source, target)
        ]

    def _from(self, number: int, way: Way, source: str, target: str) -> list[Arrow]:
        named = way.trigger
        events = (named,) if named else ()
        trigger = ""
        if way.delay_ms is not None and not named:
            events = (f"_after_{source}_{way.delay_ms}_ms",)
        elif way.is_auto:
            events, trigger = (), named or f"_auto_{source}"
        arrow = Arrow(
            source=source,
            at=way.at,
            events=events,
            targets=() if way.is_internal or not target else (target,),
            guard=way.guard,
            content=way.content,
            delay_s=None if way.delay_ms is None else way.delay_ms / 1000,
            priority=way.priority,
            description=way.description,
            origin=number,
            is_any=any(name.text == ANY for name in way.sources),
            trigger=trigger,
            refs=way.refs,
            metadata=way.metadata,
        )
        if trigger and named:  # it may be taken by hand too
            return [arrow, replace(arrow, events=(named,), trigger="")]
        return [arrow]

    def _sources(self, way: Way, where: str) -> list[str]:
        found: dict[str, None] = {}
        for name in way.sources:
            if name.text == ANY:
                found |= dict.fromkeys(
                    s.name
                    for s in self._family.states.values()
                    if s.type not in {"terminal", "choice"}
                )
            elif ":" in name.text:
                found |= dict.fromkeys(
                    filter(None, [self._point(name, where, is_entry=False)])
                )
            elif self._family.expect(name, f"at 'source' {where}"):
                self._expect_not_final(name, where)
                found[name.text] = None
        return [*found]

    def _expect_not_final(self, name: Named, where: str) -> None:
        if self._family.states[name.text].type == "terminal":
            self._notes.error(
                name.at,
                "from-terminal",
                f"found the terminal state {shown(name.text)} at 'source' {where}",
                "nothing leads out of it: make it `type: stable`",
            )

    def _check(self, way: Way, sources: list[str], where: str) -> None:
        states = self._family.states
        is_choice = bool(sources) and all(states[s].type == "choice" for s in sources)
        if not (way.trigger or way.is_auto or is_choice or way.delay_ms is not None):
            self._reading.reader.missing(way.at, "trigger", where, "or `after`, `auto`")
        if way.delay_ms is not None and not way.trigger and len(sources) > 1:
            self._notes.error(
                way.at,
                "many-sources",
                "found `after` without `trigger` and with several sources",
                "name the event: `trigger: NAME`, or write one transition for each",
            )
        if way.delay_ms is not None and way.is_auto:
            self._notes.error(
                way.at, "auto-and-after", f"found both `auto` and `after` {where}"
            )
        if way.region is not None:
            self._check_region(way.region, sources, where)
        for source in sources:
            if states[source].type == "choice" and way.delay_ms is not None:
                self._notes.error(
                    way.at,
                    "after-choice",
                    f"found `after` {where}, but the choice {shown(source)} "
                    "is left at once",
                )

    def _check_region(self, region: Named, sources: list[str], where: str) -> None:
        regions = self._family.regions
        names = [each.name for _, each in regions.values()]
        if region.text not in names:
            self._notes.error(
                region.at,
                "unknown-region",
                f"found the region {shown(region.text)} {where}, "
                "which no parallel state has",
                self._notes.hint(region.text, names),
            )
            return
        for source in sources:
            inside = [
                regions[i][1].name for i in self._family.above(source) if i in regions
            ]
            if region.text not in inside:
                self._notes.error(
                    region.at,
                    "bad-region",
                    f"found the region {shown(region.text)} {where}, "
                    f"but {shown(source)} is not in it",
                    f"it is in {shown(inside[0])}" if inside else "it is in none",
                )

    def target(self, name: Named, where: str) -> str:
        """Return the id of what a transition leads to, '' for nothing."""
        history = HISTORY.match(name.text)
        if history is not None:
            return self._history(name, history, where)
        if ":" in name.text:
            return self._point(name, where, is_entry=True)
        if NAME.match(name.text) is None:
            self._notes.error(
                name.at,
                "bad-name",
                f"found {shown(name.text)} at 'dest' {where}, expected a state, "
                "H(STATE) or H*(STATE)",
            )
            return ""
        at = f"at 'dest' {where}"
        return name.text if self._family.expect(name, at) else ""

    def _history(self, name: Named, found: re.Match[str], where: str) -> str:
        inner = Named(found[2], name.at)
        if not self._family.expect(inner, f"at 'dest' {where}"):
            return ""
        if not self._family.children.get(inner.text):
            self._notes.error(
                name.at,
                "bad-history",
                f"found {shown(name.text)} at 'dest' {where}, "
                f"but {shown(inner.text)} has no children to remember",
            )
            return ""
        return f"H{found[1]}({inner.text})"

    def _point(self, name: Named, where: str, *, is_entry: bool) -> str:
        """Return the state that `PARENT:POINT` names."""
        parent, _, point = name.text.partition(":")
        if not self._family.expect(Named(parent, name.at), where):
            return ""
        spoken = self._family.states[parent]
        points = spoken.entry_points if is_entry else spoken.exit_points
        names = [each.text for each in points]
        if point in names:
            return self._family.point(parent, point)
        kind = "entry" if is_entry else "exit"
        self._notes.error(
            name.at,
            "unknown-point",
            f"found {shown(name.text)} {where}, but {shown(parent)} has no such "
            f"{kind} point",
            self._notes.hint(point, names) or f"write `{kind}_points: [{point}]` in it",
        )
        return ""

    def timeouts(self) -> list[Arrow]:
        """Return the arrows that states' time-outs are."""
        found: list[Arrow] = []
        for spoken in self._family.states.values():
            timeout = spoken.timeout
            if timeout is None:
                continue
            where = f"of the time-out of {shown(spoken.name)}"
            target = self.target(timeout.destination, where)
            if spoken.type in {"terminal", "choice"}:
                self._notes.error(
                    timeout.at,
                    "bad-timeout",
                    f"found a time-out of the {spoken.type} state "
                    f"{shown(spoken.name)}, which never gives one",
                )
            found.append(
                Arrow(
                    source=spoken.name,
                    at=timeout.at,
                    events=(f"_timeout_{spoken.name}",),
                    targets=(target,) if target else (),
                    delay_s=timeout.seconds,
                )
            )
        return found

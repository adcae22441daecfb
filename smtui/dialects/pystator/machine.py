"""The `pystator` dialect: YAML or JSON of PyStator 0.0.10 -> TreeDefinition.

Everything the text can show is checked here, all at once, whichever way it is
loaded: what the original accepts silently and never does is an error.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from smtui.definition import (
    Arrow,
    Checking,
    Classification,
    EventSpec,
    Invariant,
    Language,
    Normalizer,
    Position,
    Strays,
    TreeDefinition,
)
from smtui.dialects.asks import read_asks, read_stuck
from smtui.dialects.loaded import Loaded
from smtui.dialects.nodes import Field, Table
from smtui.dialects.notes import Notes, shown
from smtui.dialects.peers import read_peers
from smtui.dialects.pystator.arrows import arrows_of, read_ways
from smtui.dialects.pystator.composing import compose
from smtui.dialects.pystator.family import Family
from smtui.dialects.pystator.growing import Growing
from smtui.dialects.pystator.header import (
    Header,
    Policy,
    policy_of,
    read_events,
    read_groups,
    read_meta,
    read_policy,
    read_variables,
)
from smtui.dialects.pystator.included import Files
from smtui.dialects.pystator.keys import Place
from smtui.dialects.pystator.reading import Reading
from smtui.dialects.pystator.states import read_states
from smtui.dialects.pystator.whens import read_invariants

__all__ = ["read_pystator"]


def read_pystator(
    table: Table, text: str, written: str, files: Files, notes: Notes
) -> Loaded:
    """Return what a mapping describes; its problems join those in `notes`.

    `text` is the text with variables replaced, `written` the author's own;
    `files` reads those beside it.
    """
    file = files.file
    reading = Reading(notes, {file: tuple(written.splitlines())})
    reading, table = compose(reading, table, files)
    text = files.behind(text)
    fields = reading.fields(table, Place.TOP, "at the top level")
    reading = reading._replace(peers=read_peers(fields.get("peers"), notes))
    header = read_meta(reading, fields.get("meta"), file)
    definition = _Reader(reading, fields, header).definition(table.at, text, file)
    definition = replace(definition, files=files.paths)
    return Loaded(
        None if notes.has_errors() else definition,
        notes.sorted(),
        "pystator",
        header.name,
    )


class _Reader:
    """One definition on its way from what is written to nodes and arrows."""

    def __init__(
        self, reading: Reading, fields: Mapping[str, Field], header: Header
    ) -> None:
        self._reading = reading
        self._notes = reading.notes
        self._fields = fields
        self._header = header
        self._states = read_states(reading, fields.get("states"))
        ways = read_ways(reading, fields.get("transitions"))
        tagged = [
            (source.text, way.region.text)
            for way in ways
            if way.region is not None
            for source in way.sources
        ]
        self._family = Family(self._states, tagged, self._notes)
        self._arrows = self._normal(
            self._answering(arrows_of(reading, self._family, ways))
        )
        self._check_choices()

    def definition(self, at: Position, text: str, file: str) -> TreeDefinition:
        """Return the definition; what is wrong with it is in the notes."""
        fields, names = self._fields, tuple(self._states)
        growing = Growing(self._family, self._arrows, self._notes)
        initial = growing.initial(at, fields.get("states"))
        policy = read_policy(self._reading, fields.get("error_policy"))
        if policy.fallback is not None:
            self._family.expect(policy.fallback, "at 'default_fallback'")
        self._check_strays(policy)
        groups = read_groups(self._reading, fields.get("groups"))
        if groups is not None:
            self._check_groups(groups)
        asks = read_asks(fields.get("asks"), self._taken, names, self._notes)
        stuck_after, stuck = read_stuck(fields.get("stuck_after"), names, self._notes)
        events = read_events(self._reading, fields.get("events"))
        return TreeDefinition(
            dialect="pystator",
            name=self._header.name,
            file=file,
            text=text,
            hash=sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16],
            initial=initial,
            nodes=tuple(growing.nodes(asks, stuck)),
            arrows=tuple(self._arrows),
            semantics=replace(self._header.semantics, error_policy=policy_of(policy)),
            language=Language.PYEXPR,
            events=tuple(EventSpec(self._folded(e.name), e.at) for e in events),
            variables=read_variables(self._reading, fields.get("state_variables")),
            invariants=self._invariants(),
            classification=self._classification(),
            description=self._header.description,
            version=self._header.version,
            metadata=self._header.metadata,
            code=self._reading.text(fields.get("code"), "at the top level"),
            stuck_after_s=stuck_after,
            name_at=self._header.name_at,
            peers=tuple(self._reading.peers.known.values()),
        )

    def _check_strays(self, policy: Policy) -> None:
        given = self._header.semantics.strays
        if given is not Strays.OFF and policy.fallback is None:
            self._notes.warning(
                self._fields["meta"].at,
                "no-fallback",
                f"found `orchestrator_default_fallback: {given}`, but no state to "
                "fall back to",
                "write `default_fallback` in `error_policy`",
            )

    def _invariants(self) -> tuple[Invariant, ...]:
        given = self._fields.get("context_invariants")
        found = read_invariants(self._reading, given)
        if found and self._header.semantics.checking is Checking.OFF:
            self._notes.warning(
                found[0].at,
                "unchecked",
                "found invariants, but nothing holds the data to them",
                "write `validate_context: true` in `meta`",
            )
        return found

    def _classification(self) -> Classification | None:
        header = self._header
        if header.default_state is not None:
            self._family.expect(header.default_state, "at 'default_state'")
        if header.classification is None:
            for spoken in self._states.values():
                if spoken.when is not None:
                    self._notes.warning(
                        spoken.at,
                        "unrouted",
                        f"found `when` of {shown(spoken.name)}, but data moves nothing",
                        "write `classification: {auto_route: true}` in `meta`",
                    )
                    break
        return header.classification

    # ---------------------------------------------------------------- arrows

    def _folded(self, event: str) -> str:
        """Return the name of an event as the machine knows it."""
        prefix = self._header.semantics.done_prefix
        if event.removeprefix(prefix) in self._states and event.startswith(prefix):
            return event
        match self._header.semantics.normalizer:
            case Normalizer.LOWER:
                return event.lower()
            case Normalizer.UPPER:
                return event.upper()
            case _:
                return event

    def _normal(self, arrows: list[Arrow]) -> list[Arrow]:
        return [
            replace(
                arrow,
                events=tuple(map(self._folded, arrow.events)),
                trigger=self._folded(arrow.trigger),
            )
            for arrow in arrows
        ]

    def _answering(self, arrows: list[Arrow]) -> list[Arrow]:
        """Return the arrows; those of an `on_done` take the end of its invoke."""
        found: list[Arrow] = []
        for arrow in arrows:
            done = self._on_done(arrow.source)
            ids = (id_ for event in arrow.events for id_ in done.get(event, ()))
            ends = [f"done.invoke.{id_}" for id_ in ids]
            found.append(replace(arrow, events=(*arrow.events, *ends)))
        return found

    def _on_done(self, source: str) -> dict[str, list[str]]:
        """Return event -> invokes of the states that an arrow can lead out of."""
        found: dict[str, list[str]] = {}
        for name, spoken in self._states.items():
            if spoken.on_done and (
                name == source or source in self._family.above(name)
            ):
                for event, ids in spoken.on_done.items():
                    found.setdefault(event, []).extend(ids)
        return found

    def _taken(self, state: str) -> list[str]:
        """Return the events a state takes, itself or around it."""
        around = {state, *self._family.above(state)}
        found = [e for a in self._arrows if a.source in around for e in a.events]
        return list(dict.fromkeys(found))

    def _check_choices(self) -> None:
        left = {arrow.source for arrow in self._arrows}
        for name, spoken in self._states.items():
            if spoken.type == "choice" and name not in left:
                self._notes.error(
                    spoken.at,
                    "dead-choice",
                    f"found no way out of the choice {shown(name)}",
                    "a choice is left as soon as it is entered",
                )

    def _check_groups(self, groups: Mapping[str, str]) -> None:
        for spoken in self._states.values():
            if spoken.group and spoken.group not in groups:
                self._notes.warning(
                    spoken.group_at or spoken.at,
                    "unknown-group",
                    f"found the group {shown(spoken.group)} of {shown(spoken.name)}, "
                    "which `groups` has not",
                    self._notes.hint(spoken.group, groups),
                )

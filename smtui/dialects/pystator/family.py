"""Who is inside of whom: parents, regions, children.

A region is a node of its own between its parallel state and its states, with
the id `PARALLEL:REGION`. A state listed in a region is a child of it, whether
it names the parallel state as its parent or none.
"""

from collections.abc import Iterator, Mapping, Sequence

from smtui.dialects.notes import Notes, shown
from smtui.dialects.pystator.reading import Named
from smtui.dialects.pystator.states import Region, Spoken

__all__ = ["Family", "region_id"]


def region_id(parallel: str, region: str) -> str:
    """Return the id of a region's node."""
    return f"{parallel}:{region}"


class Family:
    """The tree of the states of one definition."""

    def __init__(
        self,
        states: Mapping[str, Spoken],
        tagged: Sequence[tuple[str, str]],
        notes: Notes,
    ) -> None:
        """`tagged` are the sources and regions of transitions that name one."""
        self.states = states
        self._notes = notes
        self._tagged = tagged
        self.regions: dict[str, tuple[Spoken, Region]] = {}
        """By id of the region's node."""
        self.parents: dict[str, str | None] = {}
        self._take_parents()
        self._take_regions()
        self._cut_cycles()
        self._check_members()
        self._check_points()
        self.children: dict[str | None, list[str]] = {}
        for id_ in (*self.regions, *states):
            parent = self.regions[id_][0].name if id_ in self.regions else None
            self.children.setdefault(self.parents.get(id_, parent), []).append(id_)

    def above(self, id_: str) -> Iterator[str]:
        """Yield the ancestors of a node, innermost first, regions among them."""
        parent = self.parents.get(id_)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def region_of(self, state: str) -> str:
        """Return the id of the innermost region a state is in, or ''."""
        return next((id_ for id_ in self.above(state) if id_ in self.regions), "")

    def point(self, parent: str, name: str) -> str:
        """Return the state that an entry or exit point is, '' for none."""
        return next(
            (state for state in (name, f"{parent}.{name}") if state in self.states), ""
        )

    def expect(self, name: Named, where: str) -> bool:
        """Say whether a name is a state; note it when it is none."""
        if name.text in self.states:
            return True
        self._notes.error(
            name.at,
            "unknown-state",
            f"found {shown(name.text)} {where}, which is no state here",
            self._notes.hint(name.text, self.states),
        )
        return False

    def _take_parents(self) -> None:
        for spoken in self.states.values():
            where = f"as the parent of {shown(spoken.name)}"
            given = spoken.parent
            if given is not None and self.expect(given, where):
                self.parents[spoken.name] = given.text
            else:
                self.parents[spoken.name] = None

    def _take_regions(self) -> None:
        for spoken in self.states.values():
            if spoken.type != "parallel":
                self._expect_no_regions(spoken)
                continue
            if not spoken.regions:
                self._notes.error(
                    spoken.at,
                    "no-regions",
                    f"found no regions of the parallel state {shown(spoken.name)}",
                    "regions: [{name: r1, initial: STATE, states: [STATE]}]",
                )
            for region in spoken.regions:
                id_ = region_id(spoken.name, region.name)
                self.regions[id_] = (spoken, region)
                self.parents[id_] = spoken.name
            for region in spoken.regions:
                self._adopt(spoken, region)

    def _expect_no_regions(self, spoken: Spoken) -> None:
        if spoken.regions:
            self._notes.error(
                spoken.regions[0].at,
                "not-parallel",
                f"found regions of {shown(spoken.name)}, which is not parallel",
                "write `type: parallel`",
            )

    def _adopt(self, spoken: Spoken, region: Region) -> None:
        """Make the states of a region its children."""
        where = f"in the region {shown(region.name)} of {shown(spoken.name)}"
        id_ = region_id(spoken.name, region.name)
        members = {member.text: member for member in region.states}
        if region.is_listed and region.initial.text not in members:
            self._notes.error(
                region.initial.at,
                "bad-initial",
                f"found the initial {shown(region.initial.text)} {where}, "
                "which is not in its states",
                self._notes.hint(region.initial.text, members),
            )
        if not region.is_listed:
            members = {m.text: m for m in self._guessed(spoken, region)}
        for member in (*members.values(), *((region.final,) if region.final else ())):
            if self.expect(member, where):
                self._move(member, spoken, id_, where)

    def _guessed(self, spoken: Spoken, region: Region) -> Iterator[Named]:
        """Yield the states of a region that lists none: where its arrows begin."""
        yield region.initial
        for source, tag in self._tagged:
            state = self.states.get(source)
            if tag == region.name and state is not None:
                owner = state.parent.text if state.parent is not None else spoken.name
                if owner == spoken.name:
                    yield Named(source, state.at)

    def _move(self, member: Named, spoken: Spoken, id_: str, where: str) -> None:
        parent = self.parents[member.text]
        if parent in {None, spoken.name} and member.text != spoken.name:
            self.parents[member.text] = id_
        elif parent != id_ and id_ not in self._safely_above(member.text):
            inside = (
                f"in the region {shown(parent.partition(':')[2])}"
                if parent in self.regions
                else f"inside of {shown(parent)}"
            )
            self._notes.error(
                member.at,
                "bad-region",
                f"found {shown(member.text)} {where}, but it is {inside}",
                "a state is in one region",
            )

    def _safely_above(self, id_: str) -> list[str]:
        """Return the ancestors of a node where circles are not cut yet."""
        found: list[str] = []
        parent = self.parents.get(id_)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.parents.get(parent)
        return found

    def _cut_cycles(self) -> None:
        for name, spoken in self.states.items():
            if name in self._safely_above(name):
                self._notes.error(
                    spoken.parent.at if spoken.parent is not None else spoken.at,
                    "circle",
                    f"found {shown(name)} inside of itself, by its parents",
                )
                self.parents[name] = None

    def _check_points(self) -> None:
        for name, spoken in self.states.items():
            for point in (*spoken.entry_points, *spoken.exit_points):
                where = f"as a point of {shown(name)}"
                state = self.point(name, point.text)
                if not state:
                    self.expect(point, where)
                elif name not in self.above(state):
                    self._notes.error(
                        point.at,
                        "bad-point",
                        f"found {shown(point.text)} {where}, which is not inside of it",
                    )

    def _check_members(self) -> None:
        for name, spoken in self.states.items():
            parent = self.parents[name]
            above = self.states.get(parent) if parent is not None else None
            if above is None:
                continue
            if above.type == "parallel" and above.regions:
                names = [region.name for region in above.regions]
                self._notes.error(
                    spoken.at,
                    "no-region",
                    f"found {shown(name)} inside of the parallel state "
                    f"{shown(parent)}, but in none of its regions",
                    f"list it in the `states` of one of: {', '.join(names)}",
                )
            elif above.type in {"terminal", "choice"}:
                self._notes.error(
                    spoken.at,
                    "bad-parent",
                    f"found {shown(name)} inside of {shown(parent)}, "
                    f"but a {above.type} state has no children",
                )

"""The tree of a definition: its states as nodes, with what they are made of."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from smtui.definition import Arrow, Ask, Initial, Node, NodeKind, Position
from smtui.dialects.nodes import Field
from smtui.dialects.notes import Notes, shown
from smtui.dialects.pystator.arrows import HISTORY
from smtui.dialects.pystator.family import Family, region_id
from smtui.dialects.pystator.reading import Named
from smtui.dialects.pystator.states import Spoken

__all__ = ["Growing"]


class Growing:
    """Makes the nodes of a family, and says where they cannot be entered."""

    def __init__(self, family: Family, arrows: Sequence[Arrow], notes: Notes) -> None:
        self._family = family
        self._states = family.states
        self._arrows = arrows
        self._notes = notes

    def initial(self, at: Position, given: Field | None) -> Initial:
        """Return the state that is entered first; `given` is the list of all."""
        first = [s for s in self._states.values() if s.type == "initial"]
        if not self._states:
            if given is not None:
                self._notes.error(
                    given.at, "no-states", "found no states, expected at least one"
                )
            return Initial((), at)
        if not first:
            names = [*self._states]
            self._notes.error(
                at if given is None else given.at,
                "no-initial",
                "found no state with `type: initial`, expected one",
                f"perhaps {shown(names[0])}, the first",
            )
            return Initial((names[0],), at)
        for spoken in first[1:]:
            self._notes.error(
                spoken.at,
                "two-initials",
                f"found {shown(spoken.name)} with `type: initial` too, expected one",
                f"{shown(first[0].name)} in line {first[0].at.line} is the other; an "
                "inner state is entered first by `initial_child` of its parent",
            )
        if first[0].parent is not None:
            self._notes.error(
                first[0].at,
                "bad-initial",
                f"found the initial state {shown(first[0].name)} inside of "
                f"{shown(first[0].parent.text)}, expected it outside of all",
            )
        return Initial((first[0].name,), first[0].at)

    def nodes(
        self, asks: Mapping[str, Ask], stuck: Mapping[str, float]
    ) -> Iterator[Node]:
        """Yield the nodes, each before its children."""
        recalled = self._recalled()
        waiting = [*reversed(self._family.children.get(None, []))]
        while waiting:
            id_ = waiting.pop()
            if id_ in self._family.regions:
                yield self._region(id_)
            else:
                node = self._node(self._states[id_])
                ask, stuck_after = asks.get(id_), stuck.get(id_)
                yield replace(node, ask=ask, stuck_after_s=stuck_after)
            yield from recalled.get(id_, ())
            waiting += reversed(self._family.children.get(id_, []))

    def _region(self, id_: str) -> Node:
        _, region = self._family.regions[id_]
        where = f"in the region {shown(region.name)}"
        inside = [region.initial.text, *self._family.above(region.initial.text)]
        if self._family.expect(region.initial, where) and id_ not in inside:
            self._notes.error(
                region.initial.at,
                "bad-initial",
                f"found the initial {shown(region.initial.text)} {where}, "
                "which is not in it",
            )
        return Node(
            id=id_,
            at=region.at,
            kind=NodeKind.COMPOUND,
            parent=self._family.parents[id_],
            initial=Initial((region.initial.text,), region.initial.at),
            name=region.name,
            description=region.description,
            has_own_id=False,
        )

    def _node(self, spoken: Spoken) -> Node:
        kind, initial = self._kind(spoken)
        return Node(
            id=spoken.name,
            at=spoken.at,
            kind=kind,
            parent=self._family.parents[spoken.name],
            initial=initial,
            entry=(spoken.entry,) if spoken.entry else (),
            exit=(spoken.exit,) if spoken.exit else (),
            invokes=spoken.invokes,
            group=spoken.group,
            description=spoken.description,
            is_error=spoken.type == "error",
            metadata=spoken.metadata,
            when=spoken.when,
        )

    def _kind(self, spoken: Spoken) -> tuple[NodeKind, Initial | None]:
        children = self._family.children.get(spoken.name, [])
        if spoken.type == "parallel":
            if spoken.initial_child is not None:
                self._notes.error(
                    spoken.initial_child.at,
                    "bad-initial",
                    f"found `initial_child` of the parallel state "
                    f"{shown(spoken.name)}, which enters all its regions",
                    "write `initial` in each region",
                )
            return NodeKind.PARALLEL, None
        if spoken.initial_child is not None:
            self._check_child(spoken.initial_child, spoken)
        if spoken.type == "choice":
            return NodeKind.CHOICE, None
        if spoken.type == "terminal" or self._ends_region(spoken):
            return NodeKind.FINAL, None
        if spoken.initial_child is not None:
            first = Initial((spoken.initial_child.text,), spoken.initial_child.at)
            return NodeKind.COMPOUND, first
        if not children:
            return NodeKind.ATOMIC, None
        if self._is_entered(spoken.name):
            self._notes.error(
                spoken.at,
                "no-initial-child",
                f"found {shown(spoken.name)} entered, but it has children and no "
                "`initial_child`",
                f"write `initial_child: {children[0]}`",
            )
        return NodeKind.COMPOUND, Initial((children[0],), spoken.at)

    def _ends_region(self, spoken: Spoken) -> bool:
        region = self._family.regions.get(self._family.parents[spoken.name] or "")
        final = region[1].final if region is not None else None
        if final is None or final.text != spoken.name:
            return False
        if any(arrow.source == spoken.name for arrow in self._arrows):
            self._notes.error(
                final.at,
                "bad-final",
                f"found {shown(spoken.name)} as the final state of a region, "
                "but a transition leads out of it",
                "what is final stays: let a state behind it be the final one",
            )
        return True

    def _check_child(self, child: Named, spoken: Spoken) -> None:
        where = f"as the `initial_child` of {shown(spoken.name)}"
        if not self._family.expect(child, where):
            return
        parent = self._family.parents[child.text]
        if parent != spoken.name:
            actual = f"inside of {shown(parent)}" if parent else "inside of none"
            self._notes.error(
                child.at,
                "bad-initial",
                f"found {shown(child.text)} {where}, but it is {actual}",
                f"write `parent: {spoken.name}` in it",
            )

    def _is_entered(self, name: str) -> bool:
        """Say whether anything leads to a state itself, not to one inside of it."""
        targets = {target for arrow in self._arrows for target in arrow.targets}
        targets |= {s.name for s in self._states.values() if s.type == "initial"}
        targets |= {r.initial.text for _, r in self._family.regions.values()}
        targets |= {
            s.initial_child.text
            for s in self._states.values()
            if s.initial_child is not None
        }
        return bool(targets & {name, f"H({name})", f"H*({name})"})

    def _recalled(self) -> dict[str, list[Node]]:
        """Return the histories that arrows lead to, by the state they recall."""
        found: dict[str, Node] = {}
        for arrow in self._arrows:
            for target in arrow.targets:
                history = HISTORY.match(target)
                if history is not None and target not in found:
                    found[target] = self._history(target, history[2], arrow.at)
        kept: dict[str, list[Node]] = {}
        for node in found.values():
            kept.setdefault(node.parent or "", []).append(node)
        return kept

    def _history(self, id_: str, state: str, at: Position) -> Node:
        spoken = self._states[state]
        if spoken.type == "parallel":
            names = [region_id(state, region.name) for region in spoken.regions]
        elif spoken.initial_child is not None:
            names = [spoken.initial_child.text]
        else:
            names = self._family.children.get(state, [])[:1]
        is_deep = id_.startswith("H*")
        return Node(
            id=id_,
            at=at,
            kind=NodeKind.DEEP_HISTORY if is_deep else NodeKind.HISTORY,
            parent=state,
            initial=Initial(tuple(names), at),
            has_own_id=False,
        )

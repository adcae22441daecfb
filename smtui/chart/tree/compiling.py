"""A tree definition, compiled: numbers given, names resolved, guards closed.

Raises DefinitionError for what no loader lets through: an id used twice, a
parent or target that is not there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from smtui.chart.tree.code import Code
from smtui.chart.tree.contract import compile_contract
from smtui.chart.tree.domain import static_domain
from smtui.chart.tree.edits import compile_edit
from smtui.chart.tree.guards import compile_guard
from smtui.chart.tree.model import (
    ROOT,
    Do,
    Entry,
    Invoked,
    Phase,
    Site,
    State,
    Task,
    Transition,
    Tree,
)
from smtui.definition import Arrow, Initial, Node, NodeKind, TreeDefinition
from smtui.definition.content import Block, Call, If
from smtui.errors import DefinitionError, nearest

__all__ = ["compile_tree"]

_HISTORIES = frozenset({NodeKind.HISTORY, NodeKind.DEEP_HISTORY})
_ATOMIC = frozenset({NodeKind.ATOMIC, NodeKind.FINAL, NodeKind.CHOICE})


def compile_tree(definition: TreeDefinition) -> Tree:
    """Return the definition with everything a step asks looked up."""
    tree = _Compiler(definition).tree()
    domains = tuple([static_domain(tree, one) for one in tree.transitions])
    return replace(tree, domains=domains)


class _Compiler:
    """One definition on its way to a Tree."""

    def __init__(self, definition: TreeDefinition) -> None:
        self.definition = definition
        self.nodes = _in_document_order(definition.nodes)
        self.numbers: dict[str, int] = {}
        for number, node in enumerate(self.nodes, start=1):
            if node.id in self.numbers:
                raise DefinitionError(f"{node.at}: {node.id!r} is already a state")
            self.numbers[node.id] = number
        self.code = Code()
        self.sites: list[Site] = []
        self.parents = [-1] + [
            ROOT if node.parent is None else self.number(node.parent, node)
            for node in self.nodes
        ]
        self.below = [0] * (len(self.nodes) + 1)
        self.paths: list[tuple[int, ...]] = [()]
        for number, node in enumerate(self.nodes, start=1):
            parent = self.parents[number]
            self.paths.append((number, *self.paths[parent]))
            if node.kind not in _HISTORIES:
                for above in self.paths[parent]:
                    self.below[above] |= 1 << number
                self.below[ROOT] |= 1 << number

        self.joined = self.joins()

    def joins(self) -> frozenset[int]:
        """Return the compound states some arrow waits to be done.

        A final state in one of them ends it, and not the run.
        """
        prefix = self.definition.semantics.done_prefix
        waited = {event for arrow in self.definition.arrows for event in arrow.events}
        return frozenset(
            number
            for number, node in enumerate(self.nodes, start=1)
            if node.kind is NodeKind.COMPOUND and f"{prefix}{node.id}" in waited
        )

    def tree(self) -> Tree:
        definition = self.definition
        transitions = tuple(
            self.transition(number, arrow)
            for number, arrow in enumerate(definition.arrows)
        )
        states = tuple(self.states(transitions))
        if definition.semantics.awaits_calls:
            self.number_branches()
        return Tree(
            definition=definition,
            semantics=definition.semantics,
            states=states,
            numbers=self.numbers,
            transitions=transitions,
            sites=tuple(self.sites),
            code=self.code,
            declared=frozenset(_declared(definition)),
            history_ids=tuple(n.id for n in self.nodes if n.kind in _HISTORIES),
            invoked={one.site: one for state in states for one in state.invokes},
            restless=sum(state.bit for state in states if state.eventless),
            routed=sum(state.bit for state in states if state.routes),
            choosing=sum(s.bit for s in states if s.kind is NodeKind.CHOICE),
            is_plain=all(test.is_plain for t in transitions for test in t.tests),
            fallback=self.fallback(),
            contract=compile_contract(definition, self.code),
        )

    def states(self, transitions: Sequence[Transition]) -> Iterator[State]:
        arrows: list[list[Transition]] = [[] for _ in self.parents]
        for transition in sorted(transitions, key=lambda t: t.arrow.priority):
            arrows[transition.source].append(transition)
        children: list[list[int]] = [[] for _ in self.parents]
        for number, parent in enumerate(self.parents[1:], start=1):
            children[parent].append(number)
        initial = self.definition.initial
        yield self.state(ROOT, None, initial, arrows[ROOT], children[ROOT])
        for number, node in enumerate(self.nodes, start=1):
            yield self.state(
                number, node, node.initial, arrows[number], children[number]
            )

    def state(
        self,
        number: int,
        node: Node | None,
        initial: Initial | None,
        mine: Sequence[Transition],
        children: Sequence[int],
    ) -> State:
        real = [n for n in children if self.nodes[n - 1].kind not in _HISTORIES]
        kind = NodeKind.COMPOUND if node is None else node.kind
        eventless = tuple(t for t in mine if not t.names or kind is NodeKind.CHOICE)
        delays = tuple(t for t in mine if t.arrow.delay_s is not None)
        entry = () if node is None else tuple(map(self.site, node.entry))
        exit_ = () if node is None else tuple(map(self.site, node.exit))
        is_busy = bool(delays) or kind is NodeKind.FINAL
        if node is not None and (node.invokes or node.data):
            is_busy = True
        return State(
            number=number,
            id="" if node is None else node.id,
            kind=kind,
            node=node,
            parent=self.parents[number],
            children=tuple(real),
            histories=tuple(n for n in children if n not in real),
            bit=1 << number,
            above=sum(1 << n for n in self.paths[number][1:]),
            below=self.below[number],
            path=self.paths[number],
            hearing=self.hearing(number, kind),
            arrows=tuple(t for t in mine if t.names),
            eventless=eventless,
            routes=tuple(self.routes(mine)),
            entering=_entering(number, kind, entry, is_busy=is_busy),
            leaving=_leaving(number, exit_, is_busy=is_busy),
            exit=exit_,
            initial=None if initial is None else self.entry(initial),
            invokes=() if node is None else tuple(self.invokes(node)),
            delays=delays,
            is_atomic=kind in _ATOMIC,
            is_busy=is_busy,
        )

    def routes(self, mine: Sequence[Transition]) -> Iterator[Transition]:
        """Yield the transitions to states that data leads to, each once."""
        classification = self.definition.classification
        if classification is None or not classification.auto_route:
            return
        seen: set[int] = set()
        for one in mine:
            if len(one.targets) != 1 or one.arrow.origin < 0 or not one.names:
                continue
            when = self.nodes[one.targets[0] - 1].when
            if when is not None and one.arrow.origin not in seen:
                seen.add(one.arrow.origin)
                tests = (*compile_guard(when, self.code), *one.tests)
                yield replace(one, names=frozenset[str](), tests=tests)

    def hearing(self, number: int, kind: NodeKind) -> tuple[int, ...]:
        """Return the path, or of a deaf final state what is outside of regions."""
        path = self.paths[number]
        if kind is not NodeKind.FINAL or not self.definition.semantics.final_is_deaf:
            return path
        if path[1:2] and path[1] in self.joined:
            return path[1:]
        kinds = [self.nodes[above - 1].kind for above in path]
        if NodeKind.PARALLEL not in kinds:
            return ()
        return path[kinds.index(NodeKind.PARALLEL) :]

    def invokes(self, node: Node) -> Iterator[Invoked]:
        for number, invoke in enumerate(node.invokes):
            finalize = self.site(invoke.finalize) if invoke.finalize else None
            yield Invoked(f"{node.id}#{number}", invoke, finalize)

    def entry(self, initial: Initial) -> Entry:
        targets = tuple(self.number(id_, initial) for id_ in initial.targets)
        return Entry(targets, self.phase(initial.content))

    def transition(self, number: int, arrow: Arrow) -> Transition:
        targets = tuple(self.number(id_, arrow) for id_ in arrow.targets)
        kinds = [self.nodes[target - 1].kind for target in targets]
        names = arrow.events
        if not self.definition.semantics.exact_events:
            names = tuple(_descriptor(event) for event in names)
        return Transition(
            number=number,
            source=self.number(arrow.source, arrow),
            arrow=arrow,
            names=frozenset(names),
            targets=targets,
            tests=compile_guard(arrow.guard, self.code),
            phase=self.phase(arrow.content),
            choices=tuple(
                target
                for target, kind in zip(targets, kinds, strict=True)
                if kind is NodeKind.CHOICE
            ),
        )

    def fallback(self) -> Transition | None:
        target = self.definition.semantics.error_policy.fallback
        if not target:
            return None
        arrow = Arrow("", self.definition.initial.at, ("error.execution",), (target,))
        return Transition(
            number=-1,
            source=ROOT,
            arrow=arrow,
            names=frozenset(arrow.events),
            targets=(self.number(target, arrow),),
            tests=(),
            phase=_NOTHING,
            choices=(),
        )

    def phase(self, block: Block) -> Phase:
        return _running((self.site(block),)) if block else _NOTHING

    def site(self, block: Block) -> Site:
        site = Site(len(self.sites), block, compile_edit(block))
        self.sites.append(site)
        return site

    def number_branches(self) -> None:
        """Make branches with an author's action blocks of their own.

        Last of all: what is paused is kept by these numbers, and those of the
        other blocks are as they would be without.
        """
        for outer in self.sites:  # grows meanwhile: branches have branches
            for place, content in enumerate(outer.block):
                for number, branch in enumerate(
                    content.branches if isinstance(content, If) else ()
                ):
                    if _has_call(branch.block):
                        outer.inner[place, number] = self.site(branch.block)

    def number(self, id_: str, where: Node | Arrow | Initial) -> int:
        """Return a state's number. Raises DefinitionError when there is none."""
        found = self.numbers.get(id_)
        if found is None:
            raise DefinitionError(
                f"{where.at}: no state {id_!r}", hint=nearest(id_, [*self.numbers])
            )
        return found


def _has_call(block: Block) -> bool:
    return any(
        isinstance(content, Call)
        or (
            isinstance(content, If)
            and any(_has_call(branch.block) for branch in content.branches)
        )
        for content in block
    )


_NOTHING = Phase((), ())


def _running(sites: tuple[Site, ...]) -> Phase:
    edits = [site.edit for site in sites]
    ready = tuple(edit for edit in edits if edit is not None)
    tasks = tuple(Task(Do.RUN, ROOT, site) for site in sites)
    return Phase(tasks, ready if len(ready) == len(sites) else None)


def _entering(
    number: int, kind: NodeKind, entry: tuple[Site, ...], *, is_busy: bool
) -> Phase:
    own = _running(entry)
    tasks = (Task(Do.ENTER, number), *own.tasks)
    # a final state is completed after the default content of its entry, of
    # which it has none: so its own blocks end its entry
    if kind is NodeKind.FINAL:
        tasks = (*tasks, Task(Do.FINISH, number))
    return Phase(tasks, None if is_busy else own.edits)


def _leaving(number: int, exit_: tuple[Site, ...], *, is_busy: bool) -> Phase:
    own = _running(exit_)
    tasks = (*own.tasks, Task(Do.LEAVE, number))
    return Phase(tasks, None if is_busy else own.edits)


def _descriptor(event: str) -> str:
    """Return an event descriptor without what adds nothing: `a.*` and `a.` are `a`."""
    return event if event == "*" else event.removesuffix("*").removesuffix(".")


def _in_document_order(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """Return parents before their children and whole subtrees together.

    A list of nodes may name parents in any order; siblings keep theirs.
    """
    children: dict[str | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node)
    ordered: list[Node] = []
    waiting = [*reversed(children.get(None, []))]
    while waiting:
        node = waiting.pop()
        ordered.append(node)
        waiting += reversed(children.pop(node.id, []))
    if len(ordered) != len(nodes):
        lost = next(node for node in nodes if node not in ordered)
        raise DefinitionError(
            f"{lost.at}: parent {lost.parent!r} of {lost.id!r} is not above it"
        )
    return tuple(ordered)


def _declared(definition: TreeDefinition) -> Iterator[str]:
    yield from (item.id for item in definition.data)
    yield from (variable.key for variable in definition.variables)
    for node in definition.nodes:
        yield from (item.id for item in node.data)

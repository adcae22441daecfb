"""The text of a class of python-statemachine -> states and transitions.

It is read, never run. What is read: states and nested states declared in the
class or a base, `States` of a mapping or an enumeration; transitions made by
`to`, `from_`, `itself`, `any` and `|`, named by what they are assigned to, by
`event=`, or by the function they decorate; `cond`, `unless`, `initial`, `final`.
What a class makes its states by otherwise (a loop, a function) cannot be drawn
before it runs: a problem says so, with its place.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from smtui.definition import Arrow, Block, Guard, Initial, Node, NodeKind, Position
from smtui.definition.guards import AllOf, NamedGuard, NotGuard
from smtui.dialects.notes import Notes
from smtui.dialects.python_modules import Found, Module, Modules, words_of

__all__ = ["Machine", "read_class"]

_COMPOUND = {"Compound": NodeKind.COMPOUND, "Parallel": NodeKind.PARALLEL}
_HISTORY = "HistoryState"

_DECORATORS = frozenset({"after", "before", "cond", "on", "unless", "validators"})
"""What is hung on transitions; it makes none."""


@dataclass(slots=True)
class Machine:
    """What was found in one class."""

    nodes: dict[str, Node] = field(default_factory=dict[str, Node])
    arrows: list[Arrow] = field(default_factory=list[Arrow])
    initials: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Parent, '' for the root -> children marked initial."""
    calls: Block = ()
    """What its callbacks send to peers."""

    @property
    def events(self) -> frozenset[str]:
        """Return the events its transitions name."""
        return frozenset(event for arrow in self.arrows for event in arrow.events)


class _Way(NamedTuple):
    """A transition before it has the name of its event."""

    source: str
    targets: tuple[str, ...]
    call: ast.Call


def read_class(found: Found, modules: Modules, notes: Notes) -> Machine:
    """Return the states and transitions of a class and its bases."""
    reader = _Reader(modules, notes)
    lineage = [*modules.lineage(found)]
    for each in lineage:
        reader.inside(each.module)
        reader.bases(each)
        reader.states(each.node, None)
    for each in lineage:
        reader.inside(each.module)
        reader.transitions(each.node)
    _fill_initials(reader.machine)
    return reader.machine


def _fill_initials(machine: Machine) -> None:
    """Give every compound its initial child: the marked one, else the first."""
    for node in list(machine.nodes.values()):
        if node.kind is NodeKind.COMPOUND:
            children = [n for n, c in machine.nodes.items() if c.parent == node.id]
            marked = machine.initials.get(node.id) or children[:1]
            initial = Initial(tuple(marked[:1]), node.at)
            machine.nodes[node.id] = Node(
                node.id, node.at, node.kind, node.parent, initial, name=node.name
            )


class _Reader:
    def __init__(self, modules: Modules, notes: Notes) -> None:
        self._modules = modules
        self._module = modules.main
        self._notes = notes
        self.machine = Machine()

    def inside(self, module: Module) -> None:
        """Read on in a module."""
        self._module = module

    def bases(self, found: Found) -> None:
        """Tell of the bases of a class that are not to be found."""
        for base in found.node.bases:
            if self._modules.is_gone(base, found.module):
                self._notes.error(
                    self._at(base),
                    "class-not-found",
                    f"found the base {ast.unparse(base)!r} of {found.node.name}, "
                    "of a module that is neither beside the file nor installed",
                    "smtui imports as Python does, from the file's folder",
                )

    def _at(self, node: ast.expr | ast.stmt) -> Position:
        return Position(self._module.file, node.lineno, node.col_offset + 1)

    def _unread(self, node: ast.expr | ast.stmt, what: str) -> None:
        self._notes.error(
            self._at(node),
            "not-readable",
            f"found {what}, whose states or transitions cannot be read from the text",
            "declare states as `name = State()` and transitions with `to`",
        )

    # -------------------------------------------------------------------- states

    def states(self, body: ast.ClassDef, parent: str | None) -> None:
        """Read the states a class body declares, nested ones too."""
        for each in body.body:
            match each:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                    self._state(name, call, parent)
                case ast.ClassDef():
                    self._nested(each, parent)
                case _:
                    pass

    def _state(self, name: str, call: ast.Call, parent: str | None) -> None:
        kind = words_of(call.func)
        if kind == "State":
            marks = {each.arg: each.value for each in call.keywords}
            is_final = _is_true(marks.get("final"))
            self._add(name, NodeKind.FINAL if is_final else NodeKind.ATOMIC, call)
            self._place(name, parent, is_initial=_is_true(marks.get("initial")))
        elif kind == _HISTORY:
            deep = any(
                isinstance(each.value, ast.Constant) and each.value.value == "deep"
                for each in call.keywords
            )
            self._add(name, NodeKind.DEEP_HISTORY if deep else NodeKind.HISTORY, call)
            self._place(name, parent, is_initial=False)
        elif kind == "from_enum" and not self._enumerated(call, parent):
            self._unread(call, f"{ast.unparse(call.func)}()")
        elif kind == "States":
            match call.args:
                case [ast.Dict(keys=keys, values=values)]:
                    self._mapped(keys, values, parent)
                case _:
                    self._unread(call, "States()")

    def _mapped(
        self,
        keys: Sequence[ast.expr | None],
        values: Sequence[ast.expr],
        parent: str | None,
    ) -> None:
        """Read `States({NAME: State(...), ...})`."""
        for key, value in zip(keys, values, strict=True):
            match key, value:
                case ast.Constant(value=str() as name), ast.Call():
                    self._state(name, value, parent)
                case _:
                    self._unread(value, "a state of States()")

    def _enumerated(self, call: ast.Call, parent: str | None) -> bool:
        """Read `States.from_enum(E, initial=E.a, final=E.b)`; say whether it could."""
        given = {each.arg: each.value for each in call.keywords}
        of = call.args[0] if call.args else given.get("enum_type", call.func)
        found = self._modules.find(of, self._module)
        if found is None:
            return False
        by_place = dict(zip(("enum_type", "initial", "final"), call.args, strict=False))
        initial = given.get("initial", by_place.get("initial"))
        final = given.get("final", by_place.get("final"))
        finals = {words_of(each) for each in _each(final)}
        for each in found.node.body:
            match each:
                case ast.Assign(targets=[ast.Name(id=name)]) if name[0] != "_":
                    kind = NodeKind.FINAL if name in finals else NodeKind.ATOMIC
                    self._add(name, kind, call)
                    is_initial = initial is not None and words_of(initial) == name
                    self._place(name, parent, is_initial=is_initial)
                case _:
                    pass
        return True

    def _nested(self, body: ast.ClassDef, parent: str | None) -> None:
        kinds = [_COMPOUND[w] for b in body.bases if (w := words_of(b)) in _COMPOUND]
        if not kinds:
            return
        self._add(body.name, kinds[0], body)
        is_initial = any(
            each.arg == "initial" and _is_true(each.value) for each in body.keywords
        )
        self._place(body.name, parent, is_initial=is_initial)
        self.states(body, body.name)

    def _add(self, name: str, kind: NodeKind, at: ast.expr | ast.stmt) -> None:
        self.machine.nodes[name] = Node(name, self._at(at), kind)

    def _place(self, name: str, parent: str | None, *, is_initial: bool) -> None:
        node = self.machine.nodes[name]
        self.machine.nodes[name] = Node(name, node.at, node.kind, parent)
        if is_initial:
            self.machine.initials.setdefault(parent or "", []).append(name)

    # --------------------------------------------------------------- transitions

    def transitions(self, body: ast.ClassDef) -> None:
        """Read the transitions a class body makes, nested ones too."""
        for each in body.body:
            match each:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._named(name, value)
                case ast.Expr(value=value):
                    self._arrows("", value)
                case ast.FunctionDef(name=name, decorator_list=marks):
                    for mark in marks:
                        self._arrows(name, mark)
                        self._guarded(name, mark)
                case ast.ClassDef() if each.name in self.machine.nodes:
                    self.transitions(each)
                case _:
                    pass

    def _named(self, name: str, value: ast.expr) -> None:
        """Read what is assigned; `Event(transitions, id=...)` names itself."""
        if isinstance(value, ast.Call) and words_of(value.func) == "Event":
            given = {each.arg: each.value for each in value.keywords}
            own = given.get("id")
            if isinstance(own, ast.Constant) and isinstance(own.value, str):
                name = own.value
            inner = value.args[0] if value.args else given.get("transitions")
            if inner is not None:
                self._arrows(name, inner)
            return
        self._arrows(name, value)

    def _arrows(self, event: str, value: ast.expr) -> None:
        for way in self._ways(value):
            given = {each.arg: each.value for each in way.call.keywords}
            events = tuple(event.split()) or ()
            said = given.get("event")
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                events = (*events, *said.value.split())
            is_internal = _is_true(given.get("internal"))
            self.machine.arrows.append(
                Arrow(
                    source=way.source,
                    at=self._at(way.call),
                    events=events,
                    targets=way.targets,
                    guard=self._guard(given),
                    is_internal=is_internal,
                )
            )

    def _ways(self, value: ast.expr) -> Iterator[_Way]:
        """Yield the transitions an expression makes."""
        match value:
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                yield from self._ways(left)
                yield from self._ways(right)
            case ast.Call(func=ast.Attribute(attr=verb, value=owner)):
                if verb in _DECORATORS:
                    yield from self._ways(owner)
                else:
                    yield from self._made(verb, owner, value)
            case ast.Attribute(attr=verb, value=inner) if verb in _DECORATORS:
                yield from self._ways(inner)
            case _:
                pass

    def _made(self, verb: str, owner: ast.expr, call: ast.Call) -> Iterator[_Way]:
        """Yield what `owner.verb(...)` makes; `owner` is `state.to` for some."""
        state = owner.value if isinstance(owner, ast.Attribute) else owner
        match verb:
            case "to":
                targets = self._known(call.args)
                for name in self._known([owner]):
                    yield _Way(name, targets, call)
            case "from_":
                for name in self._known(call.args):
                    yield _Way(name, self._known([owner]), call)
            case "itself" if words_of(owner) == "to":
                for name in self._known([state]):
                    yield _Way(name, (name,), call)
            case "any" if words_of(owner) == "from_":
                for node in list(self.machine.nodes.values()):
                    if node.kind is not NodeKind.FINAL:
                        yield _Way(node.id, self._known([state]), call)
            case _:
                pass

    def _known(self, names: list[ast.expr]) -> tuple[str, ...]:
        found = tuple(
            n for each in names if (n := words_of(each)) in self.machine.nodes
        )
        for each in names:
            is_state = isinstance(each, ast.Name | ast.Attribute)
            if is_state and words_of(each) not in self.machine.nodes:
                self._unread(each, f"a transition of {ast.unparse(each)!r}")
        return found

    def _guard(self, given: Mapping[str | None, ast.expr]) -> Guard | None:
        """Return what decides; a validator does so by raising."""
        every: list[Guard] = [*self._guards(given.get("cond"))]
        every += [NotGuard(each) for each in self._guards(given.get("unless"))]
        every += self._guards(given.get("validators"))
        return _all_of(every)

    def _guarded(self, name: str, mark: ast.expr) -> None:
        """Read `@EVENT.cond` over a function: it decides all of that name."""
        match mark:
            case ast.Attribute(attr="cond" | "unless" | "validators" as how, value=of):
                own = NamedGuard(name, self._at(mark))
                guard = NotGuard(own) if how == "unless" else own
            case _:
                return
        for n, arrow in enumerate(self.machine.arrows):
            if words_of(of) in arrow.events:
                guards = [each for each in (arrow.guard, guard) if each is not None]
                self.machine.arrows[n] = replace(arrow, guard=_all_of(guards))

    def _guards(self, given: ast.expr | None) -> Iterator[NamedGuard]:
        match given:
            case None:
                return
            case ast.List(elts=each) | ast.Tuple(elts=each):
                for one in each:
                    yield from self._guards(one)
            case ast.Constant(value=str() as name):
                yield NamedGuard(name, self._at(given))
            case _:
                yield NamedGuard(ast.unparse(given), self._at(given))


def _all_of(guards: Sequence[Guard]) -> Guard | None:
    flat = [
        g
        for each in guards
        for g in (each.guards if isinstance(each, AllOf) else (each,))
    ]
    if len(flat) > 1:
        return AllOf(tuple(flat))
    return flat[0] if flat else None


def _each(value: ast.expr | None) -> list[ast.expr]:
    """Return what is listed, or the one thing that is given."""
    match value:
        case None:
            return []
        case ast.List(elts=each) | ast.Tuple(elts=each) | ast.Set(elts=each):
            return each
        case _:
            return [value]


def _is_true(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is True

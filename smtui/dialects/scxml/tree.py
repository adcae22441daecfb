"""States and transitions of a document (SCXML 3): elements in, nodes and arrows out."""

from collections.abc import Callable, Iterator

from smtui.definition import (
    Arrow,
    DataItem,
    DoneData,
    Expression,
    Initial,
    Invoke,
    Language,
    Node,
    NodeKind,
    Position,
    TreeDefinition,
)
from smtui.definition.content import Assign, Block, Branch, If
from smtui.definition.expression import Param
from smtui.definition.guards import ExprGuard
from smtui.dialects.notes import shown
from smtui.dialects.scxml.content import read_block
from smtui.dialects.scxml.reader import Attribute, Element
from smtui.dialects.scxml.values import Reading, text_value

__all__ = ["STATES", "Tree", "read_data", "read_initial"]

STATES = frozenset({"state", "parallel", "final"})

ReadChild = Callable[[Element], TreeDefinition | None]


class Tree:
    """The nodes and arrows of a document, collected in document order."""

    def __init__(self, reading: Reading, read_child: ReadChild) -> None:
        self.nodes: list[Node] = []
        self.arrows: list[Arrow] = []
        self.target_places: dict[Position, Position] = {}
        """Where the targets of an arrow stand, by where the arrow does."""
        self._reading = reading
        self._read_child = read_child
        self._ids: dict[int, str] = {}
        """Of the elements, by identity; the made-up ones too."""

    def read(self, root: Element) -> None:
        """Collect all states below the root."""
        self._name_all(root)
        for child in root.elements:
            if child.name in STATES:
                self._node(child, None)
        for child in root.elements:
            if child.name == "transition":
                self._root_arrow(child)

    def _root_arrow(self, element: Element) -> None:
        """Read a transition of the document itself, which early drafts had.

        It is one of every outermost state, behind their own.
        """
        self._reading.notes.warning(
            element.at,
            "not-standard",
            "found <transition> in <scxml>, which SCXML 1.0 has not; it is read as "
            "one of every outermost state",
            "write one state around all others, and the transition in it",
        )
        for node in self.nodes:
            if node.parent is None and node.kind is not NodeKind.FINAL:
                self.arrows.append(self._arrow(element, node.id))

    def id_of(self, element: Element) -> str:
        """Return the id of a state, given or made up."""
        return self._ids[id(element)]

    def _name_all(self, root: Element) -> None:
        given = {
            e.attributes["id"].value for e in _states(root) if "id" in e.attributes
        }
        count = 0
        for element in _states(root):
            if "id" in element.attributes:
                self._ids[id(element)] = element.attributes["id"].value
                continue
            made = ""
            while not made or made in given:
                count += 1
                made = f"{element.name}_{count}"
            self._ids[id(element)] = made

    def _node(self, element: Element, parent: str | None) -> None:
        name = self.id_of(element)
        children = [c for c in element.elements if c.name in STATES]
        self.nodes.append(
            Node(
                id=name,
                at=element.at,
                kind=_kind(element, children),
                parent=parent,
                initial=self._initial(element, children),
                entry=self._blocks(element, "onentry"),
                exit=self._blocks(element, "onexit"),
                invokes=tuple(self._invokes(element)),
                done=self._done(element),
                data=read_data(element, self._reading),
                has_own_id="id" in element.attributes,
            )
        )
        for child in element.elements:
            if child.name in STATES or child.name == "history":
                self._node(child, name)
            elif child.name == "transition" and element.name != "history":
                self.arrows.append(self._arrow(child, name))

    def _initial(self, element: Element, children: list[Element]) -> Initial | None:
        if element.name == "history":
            return self._default(element)
        if element.name != "state" or not children:
            return None
        return read_initial(element, self._reading, self.id_of(children[0]))

    def _default(self, element: Element) -> Initial:
        """Return where a history leads that remembers nothing yet."""
        found = [c for c in element.elements if c.name == "transition"]
        if len(found) != 1:
            self._reading.notes.error(
                element.at,
                "missing-key",
                f"found {len(found)} transitions in <history>, expected one, "
                "for when it remembers nothing",
            )
        if not found:
            return Initial((), element.at)
        return _initial_of(found[0], self._reading, "history")

    def _blocks(self, element: Element, name: str) -> tuple[Block, ...]:
        return tuple(
            read_block(child, self._reading)
            for child in element.elements
            if child.name == name
        )

    def _arrow(self, element: Element, source: str) -> Arrow:
        given = element.attributes
        cond = given.get("cond")
        type_ = given.get("type")
        if type_ is not None and type_.value not in {"internal", "external"}:
            self._reading.notes.error(
                type_.at,
                "bad-value",
                f"found the type {shown(type_.value)}, expected internal or external",
            )
        guard = None
        if cond is not None:
            guard = self._reading.condition(cond)
        if "target" in given:
            self.target_places[element.at] = given["target"].at
        return Arrow(
            source=source,
            at=element.at,
            events=_descriptors(given.get("event")),
            targets=tuple(given["target"].value.split()) if "target" in given else (),
            guard=guard,
            content=read_block(element, self._reading),
            is_internal=type_ is not None and type_.value == "internal",
        )

    def _done(self, element: Element) -> DoneData | None:
        found = [child for child in element.elements if child.name == "donedata"]
        if not found:
            return None
        params = self._reading.params(found[0])
        content = self._reading.content(found[0])
        if params and content is not None:
            self._reading.exclusive(content.at, found[0], "content", "param")
        return DoneData(params, content)

    # ------------------------------------------------------------- invoke

    def _invokes(self, element: Element) -> Iterator[Invoke]:
        for child in element.elements:
            if child.name == "invoke":
                yield self._invoke(child)

    def _invoke(self, element: Element) -> Invoke:
        reading, given = self._reading, element.attributes
        id_ = given.get("id")
        location = reading.location(element, "idlocation")
        if id_ is not None and location is not None:
            reading.exclusive(location.at, element, "id", "idlocation")
        params = reading.params(element)
        src = reading.either(element, "src", "srcexpr")
        if "src" in given and "typeexpr" not in given:
            self._check_child(given["src"], given.get("type"))
        content = self._invoked(element)
        is_machine = "type" in given and given["type"].value == "machine"
        if src is not None and content is not None and not is_machine:
            reading.exclusive(src.at, element, "src", "content")
        return Invoke(
            element.at,
            id=id_.value if id_ is not None else "",
            id_location=location,
            type=reading.either(element, "type", "typeexpr"),
            src=src,
            content=content,
            params=params,
            autoforward=self._flag(element, "autoforward"),
            finalize=self._finalize(element, params),
        )

    def _check_child(self, src: Attribute, type_: Attribute | None) -> None:
        """Warn of a child whose file cannot be read: it gives error.communication."""
        if type_ is not None and "scxml" not in type_.value.lower():
            return
        try:
            self._reading.fetch(src.value)
        except (OSError, ValueError) as error:
            self._reading.notes.warning(
                src.at,
                "missing-file",
                f"found the src {shown(src.value)}, which cannot be read: {error}",
                "a path is taken from the folder of this document",
            )

    def _invoked(self, element: Element) -> "Expression | TreeDefinition | None":
        for child in element.elements:
            if child.name != "content":
                continue
            inner = [c for c in child.elements if c.name == "scxml" and c.is_ours]
            if inner:
                return self._read_child(inner[0])
            return self._reading.content(element)
        return None

    def _flag(self, element: Element, name: str) -> bool:
        given = element.attributes.get(name)
        if given is not None and given.value not in {"true", "false"}:
            self._reading.notes.error(
                given.at,
                "bad-value",
                f"found {name}={shown(given.value)}, expected true or false",
            )
        return given is not None and given.value == "true"

    def _finalize(self, element: Element, params: tuple[Param, ...]) -> Block:
        """Return the handler; an empty one takes the params' places back (6.5.2)."""
        for child in element.elements:
            if child.name == "finalize":
                return read_block(child, self._reading) or tuple(
                    self._taken_back(param) for param in params
                )
        return ()

    def _taken_back(self, param: Param) -> If:
        at, language = param.at, self._reading.language
        test = f"_event.data && {param.name!r} in _event.data"
        value = f"_event.data[{param.name!r}]"
        assign = Assign(param.value, Expression(language, value, at), at)
        guard = ExprGuard(Expression(language, test, at))
        return If((Branch(guard, (assign,)),), at)


def _states(element: Element) -> Iterator[Element]:
    """Yield the states and histories below an element, in document order."""
    for child in element.elements:
        if child.name in STATES or child.name == "history":
            yield child
            yield from _states(child)


def _kind(element: Element, children: list[Element]) -> NodeKind:
    match element.name:
        case "final":
            return NodeKind.FINAL
        case "history":
            given = element.attributes.get("type")
            is_deep = given is not None and given.value == "deep"
            return NodeKind.DEEP_HISTORY if is_deep else NodeKind.HISTORY
        case _ if not children:
            return NodeKind.ATOMIC
        case "parallel":
            return NodeKind.PARALLEL
        case _:
            return NodeKind.COMPOUND


def _descriptors(given: Attribute | None) -> tuple[str, ...]:
    """Return event descriptors; `a`, `a.` and `a.*` are the same (SCXML 3.12.1)."""
    if given is None:
        return ()
    words = (
        word if word == "*" else word.removesuffix("*") for word in given.value.split()
    )
    return tuple(word.rstrip(".") or word for word in words)


def read_initial(element: Element, reading: Reading, first: str) -> Initial:
    """Return how a state or the document is entered: told, or its first child."""
    given = element.attributes.get("initial")
    found = [child for child in element.elements if child.name == "initial"]
    if given is not None and found:
        reading.exclusive(given.at, element, "initial", "<initial>")
    if given is not None:
        return Initial(tuple(given.value.split()), given.at)
    if not found:
        return Initial((first,) if first else (), element.at)
    transitions = [c for c in found[0].elements if c.name == "transition"]
    if len(transitions) != 1:
        reading.notes.error(
            found[0].at,
            "missing-key",
            f"found {len(transitions)} transitions in <initial>, expected one",
        )
    if not transitions:
        return Initial((first,), found[0].at)
    return _initial_of(transitions[0], reading, "initial")


def _initial_of(transition: Element, reading: Reading, where: str) -> Initial:
    for name in ("event", "cond"):
        if name in transition.attributes:
            reading.notes.error(
                transition.attributes[name].at,
                "unknown-key",
                f"found the attribute {name!r} in the transition of <{where}>, "
                "which is always taken",
            )
    target = transition.attributes.get("target")
    if target is None:
        reading.notes.error(
            transition.at, "missing-key", f"found no 'target' in <{where}>"
        )
        return Initial((), transition.at, read_block(transition, reading))
    content = read_block(transition, reading)
    return Initial(tuple(target.value.split()), target.at, content)


def read_data(element: Element, reading: Reading) -> tuple[DataItem, ...]:
    """Return the variables declared right inside an element."""
    found: list[DataItem] = []
    for model in element.elements:
        if model.name != "datamodel":
            continue
        if reading.language is Language.NULL and model.elements:
            reading.notes.error(
                model.at,
                "no-data",
                "found data, but datamodel='null' has none",
                "write datamodel='ecmascript'",
            )
        found.extend(_item(child, reading) for child in model.elements)
    return tuple(found)


def _item(element: Element, reading: Reading) -> DataItem:
    given = element.attributes
    src, expr = given.get("src"), given.get("expr")
    has_text = bool(element.inner.strip())
    if src is not None and (expr is not None or has_text):
        reading.exclusive(
            src.at, element, "src", "expr" if expr is not None else "text"
        )
    if expr is not None and has_text:
        reading.exclusive(expr.at, element, "expr", "text")
    value: Expression | None = None
    if expr is not None:
        value = reading.expression(expr)
    elif src is not None:
        text = reading.fetched(src)
        if text is not None:
            value = Expression(Language.LITERAL, text, src.at, text_value(text))
    elif has_text:
        value = reading.inline(element)
    return DataItem(
        given["id"].value, element.at, value, src.value if src is not None else ""
    )

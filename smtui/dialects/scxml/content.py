"""Executable content (SCXML 4 and 6): elements in, contents out."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from smtui.definition.content import (
    Assign,
    Block,
    Branch,
    Cancel,
    Content,
    ForEach,
    If,
    Log,
    Raise,
    Script,
    Send,
)
from smtui.definition.guards import ExprGuard
from smtui.dialects.scxml.reader import Attribute, Element
from smtui.dialects.scxml.values import Reading

__all__ = ["read_block", "read_script"]


def read_block(element: Element, reading: Reading) -> Block:
    """Return what stands in an <onentry>, a <transition> and so on."""
    return _block(element.elements, reading)


def _block(elements: Sequence[Element], reading: Reading) -> Block:
    found = (_content(element, reading) for element in elements)
    return tuple(content for content in found if content is not None)


def _content(element: Element, reading: Reading) -> Content | None:
    read = _READERS.get(element.name)
    return None if read is None else read(element, reading)


def _raise(element: Element, _: Reading) -> Content:
    return Raise(element.attributes["event"].value, element.at)


def _if(element: Element, reading: Reading) -> Content:
    branches: list[Branch] = []
    guard: ExprGuard | None = _guard(element, reading)
    inside: list[Element] = []
    for child in element.elements:
        if child.name not in {"elseif", "else"}:
            inside.append(child)
            continue
        if guard is None:
            reading.notes.error(
                child.at, "after-else", f"found <{child.name}> behind <else/>"
            )
        branches.append(Branch(guard, _block(inside, reading)))
        guard = _guard(child, reading) if child.name == "elseif" else None
        inside = []
    branches.append(Branch(guard, _block(inside, reading)))
    return If(tuple(branches), element.at)


def _guard(element: Element, reading: Reading) -> ExprGuard:
    return ExprGuard(reading.expression(element.attributes["cond"], what="condition"))


def _foreach(element: Element, reading: Reading) -> Content:
    index, item = element.attributes.get("index"), element.attributes["item"].value
    reading.declared.update({item, index.value if index is not None else item})
    return ForEach(
        reading.expression(element.attributes["array"]),
        item,
        read_block(element, reading),
        element.at,
        index.value if index is not None else "",
    )


def _log(element: Element, reading: Reading) -> Content:
    label = element.attributes.get("label")
    expr = element.attributes.get("expr")
    return Log(
        label.value if label is not None else "",
        reading.expression(expr) if expr is not None else None,
        element.at,
    )


def _assign(element: Element, reading: Reading) -> Content:
    place = reading.expression(element.attributes["location"], what="location")
    expr = element.attributes.get("expr")
    if expr is None:
        return Assign(place, reading.inline(element), element.at)
    if element.inner.strip():
        reading.exclusive(expr.at, element, "expr", "text")
    return Assign(place, reading.expression(expr), element.at)


def read_script(element: Element, reading: Reading) -> Script | None:
    """Return a script, its file read when it has one."""
    src = element.attributes.get("src")
    if src is None:
        return Script(reading.script(element.text, element.text_at), element.at)
    if element.text.strip():
        reading.exclusive(src.at, element, "src", "text")
    text = reading.fetched(src)
    if text is None:
        return None
    return Script(reading.script(text, src.at), element.at)


def _send(element: Element, reading: Reading) -> Content:
    event = reading.either(element, "event", "eventexpr")
    params = reading.params(element)
    content = reading.content(element)
    if content is not None and params:
        reading.exclusive(content.at, element, "content", "param")
    if event is None and content is None and "type" not in element.attributes:
        reading.notes.error(
            element.at, "missing-key", "found neither 'event' nor 'eventexpr' in <send>"
        )
    id_ = element.attributes.get("id")
    location = reading.location(element, "idlocation")
    if id_ is not None and location is not None:
        reading.exclusive(location.at, element, "id", "idlocation")
    return Send(
        event,
        element.at,
        target=reading.either(element, "target", "targetexpr"),
        type=reading.either(element, "type", "typeexpr"),
        delay=reading.delay(element),
        id=id_.value if id_ is not None else "",
        id_location=location,
        params=params,
        content=content,
    )


def _cancel(element: Element, reading: Reading) -> Content:
    send_id = reading.either(element, "sendid", "sendidexpr")
    if send_id is None:
        reading.notes.error(
            element.at, "missing-key", "found neither 'sendid' nor 'sendidexpr'"
        )
        send_id = reading.literal(Attribute("", element.at))
    return Cancel(send_id, element.at)


_Read = Callable[[Element, Reading], Content | None]

_READERS: Mapping[str, _Read] = MappingProxyType({
    "assign": _assign,
    "cancel": _cancel,
    "foreach": _foreach,
    "if": _if,
    "log": _log,
    "raise": _raise,
    "script": read_script,
    "send": _send,
})  # fmt: skip

"""XML documents as values: read with the names the DOM has, never changed.

Declarations of entities are refused, so no text grows when it is read.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from html import escape
from types import MappingProxyType
from typing import NoReturn
from xml.parsers import expat

from smtui.expr.ecmascript.given import text_at
from smtui.expr.ecmascript.values import UNDEFINED, Function, Value

__all__ = ["Document", "Element", "read_document"]

MOST_DEEP = 200
"""Elements inside elements."""


class Element:
    """An element of a document."""

    __slots__ = ("attributes", "name", "parts")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.parts: list[Element | str] = []
        """Elements and texts in order."""

    def below(self) -> Iterator["Element"]:
        """Yield the elements inside this one, in document order."""
        for part in self.parts:
            if isinstance(part, Element):
                yield part
                yield from part.below()

    @property
    def content(self) -> str:
        """Return the text inside, without tags."""
        return "".join(p if isinstance(p, str) else p.content for p in self.parts)

    @property
    def text(self) -> str:
        """Return the element as XML."""
        attributes = "".join(
            f' {name}="{escape(value)}"' for name, value in self.attributes.items()
        )
        inner = "".join(_inner(part) for part in self.parts)
        tail = f">{inner}</{self.name}>" if inner else "/>"
        return f"<{self.name}{attributes}{tail}"

    def member(self, name: str) -> Value:
        """Return a property the DOM gives an element, or UNDEFINED."""
        work = _ELEMENT.get(name)
        return UNDEFINED if work is None else work(self)

    @property
    def inside(self) -> list[Value]:
        """Return the elements right inside this one."""
        return [part for part in self.parts if isinstance(part, Element)]


def _inner(part: Element | str) -> str:
    return part.text if isinstance(part, Element) else escape(part, quote=False)


class Document:
    """A whole document."""

    __slots__ = ("_text", "root")

    def __init__(self, root: Element, text: str) -> None:
        self.root = root
        self._text = text

    @property
    def text(self) -> str:
        """Return the document as it was written."""
        return self._text

    def member(self, name: str) -> Value:
        """Return a property the DOM gives a document, or UNDEFINED."""
        work = _DOCUMENT.get(name)
        return UNDEFINED if work is None else work(self)

    def all(self) -> Iterator[Element]:
        """Yield every element in document order."""
        yield self.root
        yield from self.root.below()


def _method(name: str, work: Callable[[str], Value]) -> Function:
    return Function(name, lambda _, given: work(text_at(given, 0)))


def _named(elements: Iterator[Element], tag: str) -> list[Value]:
    return [element for element in elements if tag in {"*", element.name}]


_ELEMENT: Mapping[str, Callable[[Element], Value]] = MappingProxyType({
    "childNodes": lambda e: [*e.parts],
    "children": lambda e: e.inside,
    "firstElementChild": lambda e: (*e.inside, None)[0],
    "getAttribute": lambda e: _method("getAttribute", e.attributes.get),
    "getAttributeNames": lambda e: _method(
        "getAttributeNames", lambda _: list(e.attributes)),
    "getElementsByTagName": lambda e: _method(
        "getElementsByTagName", lambda tag: _named(e.below(), tag)),
    "hasAttribute": lambda e: _method("hasAttribute", lambda key: key in e.attributes),
    "localName": lambda e: e.name.rpartition(":")[2],
    "nodeName": lambda e: e.name,
    "nodeType": lambda _: 1,
    "outerHTML": lambda e: e.text,
    "tagName": lambda e: e.name,
    "textContent": lambda e: e.content,
    "toString": lambda e: _method("toString", lambda _: e.text),
})  # fmt: skip

_DOCUMENT: Mapping[str, Callable[[Document], Value]] = MappingProxyType({
    "childNodes": lambda d: [d.root],
    "children": lambda d: [d.root],
    "documentElement": lambda d: d.root,
    "firstElementChild": lambda d: d.root,
    "getElementsByTagName": lambda d: _method(
        "getElementsByTagName", lambda tag: _named(d.all(), tag)),
    "nodeName": lambda _: "#document",
    "nodeType": lambda _: 9,
    "toString": lambda d: _method("toString", lambda _: d.text),
})  # fmt: skip


@lru_cache(maxsize=256)
def read_document(text: str) -> Document:
    """Return the document. Raises ValueError when the text is none."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    top = Element("", {})
    open_: list[Element] = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) > MOST_DEEP:
            raise ValueError(f"elements are nested deeper than {MOST_DEEP}")
        element = Element(name, attributes)
        open_[-1].parts.append(element)
        open_.append(element)

    def end(name: str) -> None:
        del name
        open_.pop()

    def text_found(data: str) -> None:
        open_[-1].parts.append(data)

    def refuse(*_: object) -> NoReturn:
        raise ValueError("a document that declares entities is not read")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text_found
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None
    return Document(next(top.below()), text)

"""Expressions, texts and inline values of a document, as definitions keep them.

A bad expression is a warning: SCXML wants it to fail when it is evaluated, as
an event `error.execution`, and documents that run today rely on that.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from smtui.definition import Expression, Json, Language, Position
from smtui.definition.expression import Param
from smtui.definition.guards import ExprGuard, PeerGuard
from smtui.dialects.notes import Notes, shown
from smtui.dialects.scxml.reader import Attribute, Element
from smtui.errors import EvaluationError
from smtui.expr import compile_expression, parse_json
from smtui.expr.ecmascript import fault_in, names_in
from smtui.expr.ecmascript.documents import read_document
from smtui.expr.ecmascript.kept import document
from smtui.expr.ecmascript.peers import PeerCall, peer_calls

__all__ = ["Fetch", "Reading", "text_value"]

Fetch = Callable[[str], str]
"""Path as written -> the text of the file. Raises OSError or ValueError."""

_DELAY = re.compile(r"\d*\.?\d+(?:ms|s|m|h|d)|\d+\.(?:ms|s|m|h|d)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parts of a loader share while one document is read."""

    file: str
    language: Language
    notes: Notes
    fetch: Fetch
    read: list[tuple[Attribute, frozenset[str]]] = field(
        default_factory=list[tuple[Attribute, frozenset[str]]]
    )
    """Every expression and script with the variables it reads."""
    declared: set[str] = field(default_factory=set[str])
    """Variables that scripts and loops make."""
    peers: list[tuple[Attribute, PeerCall, bool]] = field(
        default_factory=list[tuple[Attribute, PeerCall, bool]]
    )
    """Every InPeer: where it stands, and whether in the cond of a transition."""

    def expression(self, given: Attribute, *, what: str = "expression") -> Expression:
        """Return an expression of the document's language."""
        self._check(given, what)
        if self.language is Language.ECMASCRIPT:
            names = names_in(given.value)
            self.read.append((given, names.read))
            self._note_peers(given)
            if names.assigns:
                self.notes.warning(
                    given.at,
                    "no-effect",
                    f"found an assignment in the {what} {shown(given.value)}, "
                    "which changes nothing",
                    "write <assign> or <script>",
                )
        return Expression(self.language, given.value, given.at)

    def condition(self, given: Attribute) -> ExprGuard:
        """Return the cond of a transition; it may look at other machines."""
        told = len(self.peers)
        expression = self.expression(given, what="condition")
        calls = [call for _, call, _ in self.peers[told:]]
        self.peers[told:] = [(given, call, True) for call in calls]
        peers = (
            PeerGuard(call.names[0], call.names[1:2], given.place(call.offset), *rest)
            for call in calls
            if call.names
            for rest in [call.names[2:]]
        )
        return ExprGuard(expression, tuple(peers))

    def _note_peers(self, written: Attribute) -> None:
        calls = peer_calls(written.value)
        self.peers.extend((written, call, False) for call in calls)

    def script(self, text: str, at: Position) -> Expression:
        """Return statements of the document's language; `at` is of the first."""
        written = Attribute(text.strip(), at)
        if self.language is Language.ECMASCRIPT:
            fault = fault_in(written.value, is_script=True)
            if fault is not None:
                place = written.place_at(fault.line, fault.column)
                self._warn(place, fault.message, fault.hint)
            names = names_in(written.value, is_script=True)
            self.declared.update(names.declared)
            self.read.append((written, names.read))
            self._note_peers(written)
        else:
            self.notes.error(
                at,
                "no-script",
                f"found a script, but datamodel={self.language.value!r} runs none",
                "write datamodel='ecmascript'",
            )
        return Expression(self.language, written.value, at)

    def literal(self, given: Attribute) -> Expression:
        """Return an attribute's text as a value."""
        return Expression(Language.LITERAL, given.value, given.at, given.value)

    def either(self, element: Element, plain: str, computed: str) -> Expression | None:
        """Return `event` or `eventexpr` and the like; both are an error."""
        first = element.attributes.get(plain)
        second = element.attributes.get(computed)
        if first is not None and second is not None:
            self.exclusive(second.at, element, plain, computed)
        if first is not None:
            return self.literal(first)
        return None if second is None else self.expression(second)

    def location(self, element: Element, name: str) -> Expression | None:
        """Return a place in the data to assign to, None when not given."""
        given = element.attributes.get(name)
        return None if given is None else self.expression(given, what="location")

    def exclusive(self, at: Position, element: Element, one: str, other: str) -> None:
        """Note that two things are given of which one is enough."""
        self.notes.error(
            at,
            "conflict",
            f"found both {one!r} and {other!r} in <{element.name}>",
            "leave one of them out",
        )

    def params(self, element: Element) -> tuple[Param, ...]:
        """Return the names of the namelist, then the params."""
        found: list[Param] = []
        given = element.attributes.get("namelist")
        if given is not None:
            for match in re.finditer(r"\S+", given.value):
                at = given.place(match.start())
                value = self.expression(Attribute(match[0], at), what="name")
                found.append(Param(match[0], value, at))
        children = (c for c in element.elements if c.name == "param")
        return (*found, *(self._param(child) for child in children))

    def _param(self, element: Element) -> Param:
        name = element.attributes["name"]
        expr = element.attributes.get("expr")
        location = element.attributes.get("location")
        if expr is not None and location is not None:
            self.exclusive(location.at, element, "expr", "location")
        given = expr or location
        if given is None:
            self.notes.error(
                element.at,
                "missing-key",
                "found neither 'expr' nor 'location' in <param>",
            )
            given = Attribute("undefined", element.at)
        return Param(name.value, self.expression(given), name.at)

    def content(self, element: Element) -> Expression | None:
        """Return the value of the <content> in an element, None without one."""
        found = [child for child in element.elements if child.name == "content"]
        for second in found[1:]:
            self.notes.error(second.at, "duplicate", "found a second <content>")
        return self.content_value(found[0]) if found else None

    def content_value(self, element: Element) -> Expression:
        """Return the value of a <content>."""
        expr = element.attributes.get("expr")
        if expr is None:
            return self.inline(element)
        if element.inner.strip():
            self.exclusive(expr.at, element, "expr", "text")
        return self.expression(expr)

    def inline(self, element: Element) -> Expression:
        """Return what stands in an element as a value: JSON, XML or a text."""
        value = _inline_value(element, self.language)
        return Expression(Language.LITERAL, element.inner, element.text_at, value)

    def delay(self, element: Element) -> Expression | None:
        """Return the delay of a <send>; one that is no time is an error."""
        given = element.attributes.get("delay")
        if given is not None and not _DELAY.fullmatch(given.value.strip()):
            self.notes.error(
                given.at,
                "bad-delay",
                f"found the delay {shown(given.value)}, expected a number with a unit",
                "write '1s', '500ms' or '.5s'",
            )
        return self.either(element, "delay", "delayexpr")

    def fetched(self, src: Attribute) -> str | None:
        """Return the text of a file, None when a note says why there is none."""
        try:
            return self.fetch(src.value)
        except (OSError, ValueError) as error:
            self.notes.error(
                src.at,
                "missing-file",
                f"found the src {shown(src.value)}, which cannot be read: {error}",
                "a path is taken from the folder of this document",
            )
            return None

    def _check(self, given: Attribute, what: str) -> None:
        text = given.value
        if self.language is Language.ECMASCRIPT:
            fault = fault_in(text)
            if fault is not None:
                place = given.place_at(fault.line, fault.column)
                self._warn(place, fault.message, fault.hint)
            return
        try:
            compile_expression(self.language, text)
        except EvaluationError as error:
            words = f"found the {what} {shown(text)}: {error.message}"
            self._warn(given.at, words, error.hint)

    def _warn(self, at: Position, message: str, hint: str) -> None:
        self.notes.warning(
            at,
            "bad-expression",
            f"{message}; it gives error.execution when it is evaluated",
            hint,
        )


def _inline_value(element: Element, language: Language) -> Json:
    """Return the value of inline content (SCXML B.2.1 and B.2.8.1)."""
    if element.elements and language is Language.ECMASCRIPT:
        return {**document(element.inner.strip())}
    text = element.text
    if language is Language.ECMASCRIPT:
        return text_value(text)
    return " ".join(text.split())


def text_value(text: str) -> Json:
    """Return what a text stands for: JSON, an XML document, or itself.

    Of a text that is neither, blanks are normalised.
    """
    try:
        return parse_json(text)
    except ValueError:
        return _document_or_text(text)


def _document_or_text(text: str) -> Json:
    if text.lstrip().startswith("<"):
        try:
            read_document(text.strip())
        except ValueError:
            pass
        else:
            return {**document(text.strip())}
    return " ".join(text.split())

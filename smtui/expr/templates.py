"""Placeholders in text: `{name}`, `{a.b}`, `{list|length}`, `{x|default:0}`.

Semantics of the engine dialect. A text that is one placeholder keeps the type
of its value; inside other text the value is written as text. A name that is
missing or null leaves the placeholder as it stands, unless a filter gives it a
value. Dots go into mappings only. There is one pass: a value that holds braces
is not expanded again. There is no escape: `{{n}}` is `{`, the value, `}`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from smtui.definition import Json
from smtui.expr.literals import parse_json

__all__ = ["MISSING", "Lookup", "Placeholder", "fill", "find", "lookup_in", "names_in"]

_NAME = r"[a-zA-Z_][a-zA-Z0-9_.]*"
_DEFAULT = r"default\s*:(?:\s*'[^']*'\s*|\s*\"[^\"]*\"\s*|[^|{}'\"]*)"
_FILTER = rf"\|\s*(?:length\s*|{_DEFAULT})"
_PLACEHOLDER: Final = re.compile(
    r"\{(?P<names>"
    + _NAME
    + r"(?:\|"
    + _NAME
    + r")*?)(?P<filters>(?:"
    + _FILTER
    + r")*)\}"
)
_FILTERS: Final = re.compile(_FILTER)


class _Missing:
    """The value of a name nobody set."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()

Lookup: TypeAlias = Callable[[str], "Json | _Missing"]
"""Dotted name -> value; MISSING when there is none."""


class Placeholder(NamedTuple):
    """One `{...}` of a text."""

    text: str
    start: int
    end: int
    names: tuple[str, ...]
    """More than one for `{a|b}`: the first that has a value counts."""
    filters: tuple[tuple[str, Json], ...]

    def value(self, look: Lookup, *, choose: bool) -> "Json | _Missing":
        """Return what stands here, or MISSING to leave the text alone.

        `{a|b}` is a choice only where the caller allows it (a shell command
        with a job in hand); elsewhere it stays as it is.
        """
        if len(self.names) > 1 and not choose:
            return MISSING
        found: Json | _Missing = MISSING
        for name in self.names:
            found = look(name)
            if found is not MISSING and found is not None:
                break
        for name, given in self.filters:
            found = _filtered(name, given, found)
        return MISSING if found is None else found


def _filtered(name: str, given: Json, found: "Json | _Missing") -> "Json | _Missing":
    if name == "default":
        return given if found is None or found is MISSING else found
    if isinstance(found, str | list | dict):
        return len(found)
    return MISSING


@lru_cache(maxsize=4096)
def find(text: str) -> tuple[Placeholder, ...]:
    """Return the placeholders of a text in order."""
    return tuple(_found(text)) if "{" in text else ()


def _found(text: str) -> Iterator[Placeholder]:
    for match in _PLACEHOLDER.finditer(text):
        filters = tuple(
            _filter(part) for part in _FILTERS.findall(match["filters"] or "")
        )
        names = tuple(match["names"].split("|"))
        yield Placeholder(match[0], match.start(), match.end(), names, filters)


def _filter(part: str) -> tuple[str, Json]:
    name, _, value = part[1:].strip().partition(":")
    return name.strip(), _literal(value.strip())


def _literal(text: str) -> Json:
    if text[:1] in {"'", '"'} and text[-1:] == text[:1]:
        return text[1:-1]
    try:
        return parse_json(text)
    except ValueError:
        return text


def lookup_in(data: Mapping[str, Json]) -> Lookup:
    """Return a lookup of dotted names that goes into mappings only."""

    def look(name: str) -> "Json | _Missing":
        head, *rest = name.split(".")
        if head not in data:
            return MISSING
        value = data[head]
        for part in rest:
            if not isinstance(value, dict) or part not in value:
                return MISSING
            value = value[part]
        return value

    return look


def fill(value: Json, look: Lookup) -> Json:
    """Return the value with every placeholder of its texts filled, at any depth.

    Keys of mappings are not touched.
    """
    if isinstance(value, str):
        return _fill_text(value, look)
    if isinstance(value, list):
        return [fill(item, look) for item in value]
    if isinstance(value, dict):
        return {key: fill(item, look) for key, item in value.items()}
    return value


def _fill_text(text: str, look: Lookup) -> Json:
    places = find(text)
    if not places:
        return text
    first = places[0]
    if first.start == 0 and first.end == len(text):
        found = first.value(look, choose=False)
        return text if isinstance(found, _Missing) else found
    parts: list[str] = []
    end = 0
    for place in places:
        found = place.value(look, choose=False)
        parts.append(text[end : place.start])
        parts.append(place.text if isinstance(found, _Missing) else str(found))
        end = place.end
    parts.append(text[end:])
    return "".join(parts)


def names_in(value: Json) -> frozenset[str]:
    """Return the first part of every name the value's placeholders ask for."""
    if isinstance(value, str):
        return frozenset(
            name.split(".")[0] for place in find(value) for name in place.names
        )
    children = value.values() if isinstance(value, dict) else value
    if isinstance(children, str | int | float | bool | None):
        return frozenset()
    return frozenset[str]().union(*(names_in(child) for child in children))

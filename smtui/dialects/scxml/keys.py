"""Every element and attribute of SCXML 1.0: the one table of what may stand where.

Source: W3C SCXML 1.0, sections 3 to 6.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["ELEMENTS", "EXECUTABLE", "ElementSpec"]


class ElementSpec(NamedTuple):
    """What an element may have."""

    attributes: frozenset[str]
    children: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    has_text: bool = False
    """It may hold text or foreign elements."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


EXECUTABLE = _words("raise if foreach log assign script send cancel")
"""Executable content (SCXML 4)."""

_STATES = "state parallel final"

ELEMENTS: Mapping[str, ElementSpec] = MappingProxyType({
    "scxml": ElementSpec(
        _words("initial name version datamodel binding xmlns exmode"),
        _words(f"{_STATES} datamodel script transition"),
    ),
    "state": ElementSpec(
        _words("id initial"),
        _words(f"{_STATES} history datamodel invoke onentry onexit transition initial"),
    ),
    "parallel": ElementSpec(
        _words("id"),
        _words("state parallel history datamodel invoke onentry onexit transition"),
    ),
    "final": ElementSpec(_words("id"), _words("onentry onexit donedata")),
    "initial": ElementSpec(frozenset(), _words("transition")),
    "history": ElementSpec(_words("id type"), _words("transition")),
    "transition": ElementSpec(_words("event cond target type"), EXECUTABLE),
    "onentry": ElementSpec(frozenset(), EXECUTABLE),
    "onexit": ElementSpec(frozenset(), EXECUTABLE),
    "raise": ElementSpec(_words("event"), required=("event",)),
    "if": ElementSpec(
        _words("cond"), EXECUTABLE | {"elseif", "else"}, required=("cond",)
    ),
    "elseif": ElementSpec(_words("cond"), required=("cond",)),
    "else": ElementSpec(frozenset()),
    "foreach": ElementSpec(
        _words("array item index"), EXECUTABLE, required=("array", "item")
    ),
    "log": ElementSpec(_words("label expr")),
    "datamodel": ElementSpec(frozenset(), _words("data")),
    "data": ElementSpec(_words("id src expr"), required=("id",), has_text=True),
    "assign": ElementSpec(
        _words("location expr"), required=("location",), has_text=True
    ),
    "donedata": ElementSpec(frozenset(), _words("content param")),
    "content": ElementSpec(_words("expr"), has_text=True),
    "param": ElementSpec(_words("name expr location"), required=("name",)),
    "script": ElementSpec(_words("src"), has_text=True),
    "send": ElementSpec(
        _words(
            "event eventexpr target targetexpr type typeexpr id idlocation delay"
            " delayexpr namelist"
        ),
        _words("content param"),
    ),
    "cancel": ElementSpec(_words("sendid sendidexpr")),
    "invoke": ElementSpec(
        _words("type typeexpr src srcexpr id idlocation namelist autoforward"),
        _words("param finalize content"),
    ),
    "finalize": ElementSpec(frozenset(), EXECUTABLE),
})  # fmt: skip

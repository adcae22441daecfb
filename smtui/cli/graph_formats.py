"""A subject in each format of `smtui graph`: what is printed, or goes to files.

Text, colours, SVG and JSON show the drawing on the character grid; Mermaid and
dot hold the graph itself, and whoever reads them lays it out anew.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from smtui.cli.graph_sources import Subject
from smtui.definition import Json
from smtui.view.graph import (
    Direction,
    Drawing,
    Glow,
    Overlay,
    Violation,
    caption,
    check,
    draw_within,
    highlight,
    lamp_of,
    merged,
    mermaid,
    mermaid_set,
    to_ansi,
    to_document,
    to_dot,
    to_svg,
    to_text,
)

__all__ = ["Format", "Picture"]


class Format(StrEnum):
    """How a drawing leaves the program."""

    TEXT = "text"
    ANSI = "ansi"
    SVG = "svg"
    MERMAID = "mermaid"
    DOT = "dot"
    JSON = "json"


_ENDINGS = {Format.TEXT: "txt", Format.MERMAID: "mermaid"}


@dataclass(frozen=True)
class Picture:
    """A subject, and how it is wanted."""

    subject: Subject
    width: int | None = None
    """Cells; None is any."""
    direction: Direction | None = None
    is_ascii: bool = False

    @cached_property
    def drawing(self) -> Drawing:
        """Return the drawing."""
        return draw_within(self.subject.graph, self.width, self.direction)

    @property
    def excess(self) -> int:
        """Return by how many cells it is wider than wanted."""
        return max(0, self.drawing.width - self.width) if self.width else 0

    @cached_property
    def faults(self) -> tuple[Violation, ...]:
        """Return what its own checker finds wrong with the drawing."""
        return check(self.drawing)

    def text(self, format_: Format) -> str:
        """Return it in a format, with a line end at the end."""
        ways: Mapping[Format, Callable[[], str]] = {
            Format.TEXT: lambda: to_text(
                self.drawing, self._overlay, is_ascii=self.is_ascii
            ),
            Format.ANSI: lambda: to_ansi(
                self.drawing, self._overlay, is_ascii=self.is_ascii
            ),
            Format.SVG: lambda: to_svg(self.drawing, self._states, self._edges),
            Format.MERMAID: lambda: mermaid(self.subject.graph),
            Format.DOT: lambda: to_dot(
                self.subject.graph, self.direction or Direction.TB
            ),
            Format.JSON: lambda: json.dumps(self.document(), ensure_ascii=False) + "\n",
        }
        return ways[format_]()

    def files(self, format_: Format, stem: str) -> dict[str, str]:
        """Return it as files: relative path -> text.

        Mermaid gives one of everything and, in a folder, the diagrams of the
        sections of the definition.
        """
        name = f"{stem}.{_ENDINGS.get(format_, format_.value)}"
        found = {name: self.text(format_)}
        if format_ is Format.MERMAID:
            parts = mermaid_set(self.subject.graph)
            if len(parts) > 1:
                for part, text in parts.items():
                    found[f"{stem}/{part}.mermaid"] = text
        return found

    def document(self) -> dict[str, Json]:
        """Return the drawing as JSON, with what is lit in it."""
        active: dict[str, Json] = dict(self.subject.active)
        return {
            "name": self.subject.name,
            "direction": self.drawing.options.direction.value,
            **to_document(self.drawing, self.subject.lit, is_ascii=self.is_ascii),
            "active": active,
        }

    @property
    def _states(self) -> dict[str, Glow]:
        return dict.fromkeys(self.subject.active, Glow(self.subject.style))

    @property
    def _edges(self) -> dict[str, Glow]:
        """Return the edges that were seen."""
        seen = (id_ for id_, facts in self.subject.lit.items() if facts.get("count"))
        return dict.fromkeys(seen, Glow("lit"))

    @property
    def _overlay(self) -> Overlay:
        lit = highlight(lamp_of(self.drawing), self._states, self._edges)
        if sum(self.subject.active.values()) <= 1:
            return lit
        counts = (
            caption(
                self.drawing,
                state,
                f"\N{MULTIPLICATION SIGN}{count}",
                self.subject.style,
            )
            for state, count in self.subject.active.items()
        )
        return merged(lit, *counts)

"""Loading texts in tests, and problems in a shape that is easy to compare."""

from textwrap import dedent

from smtui.definition import Definition, Problem
from smtui.dialects import load_text

__all__ = ["definition", "places", "problems", "problems_of"]


def definition(
    text: str, file: str = "m.yaml", custom: frozenset[str] = frozenset()
) -> Definition:
    """Return the definition of a text that must load, warnings allowed."""
    loaded = load_text(dedent(text), file, custom=custom)
    assert isinstance(loaded.definition, Definition), loaded.problems
    return loaded.definition


def problems(
    text: str, file: str = "m.yaml", custom: frozenset[str] = frozenset()
) -> tuple[Problem, ...]:
    """Return everything wrong with a text."""
    return load_text(dedent(text), file, custom=custom).problems


def problems_of(found: tuple[Problem, ...]) -> list[tuple[str, str]]:
    """Return each problem as (severity, code)."""
    return [(p.severity.value, p.code) for p in found]


def places(found: tuple[Problem, ...]) -> list[tuple[int, int, str]]:
    """Return each problem as (line, column, code)."""
    return [(p.at.line, p.at.column, p.code) for p in found]

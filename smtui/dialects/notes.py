"""Notes: the problems found so far, in one place, bounded.

A loader never stops at the first problem. Everything it finds goes here, and
comes out sorted by place, so that an author mends a file from top to bottom.
"""

from collections.abc import Iterable

from smtui.definition import Position, Problem, Severity
from smtui.errors import closest

__all__ = ["Notes", "shown"]

MOST_PROBLEMS = 500
"""More than anybody reads; bounds the work a hostile file can cause."""

MOST_COMPARED = 50_000
"""Names looked through for near ones, about a second's work; then no hints."""

LONGEST_SHOWN = 60
"""Characters of a found value in a message: a line, not a page."""


class Notes:
    """A growing list of problems."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._compared = 0

    def error(self, at: Position, code: str, message: str, hint: str = "") -> None:
        """Note something that keeps the definition from running."""
        self._add(Problem(at, code, message, hint, Severity.ERROR))

    def warning(self, at: Position, code: str, message: str, hint: str = "") -> None:
        """Note something that runs, and hardly as meant."""
        self._add(Problem(at, code, message, hint, Severity.WARNING))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over problems found elsewhere."""
        for problem in problems:
            self._add(problem)

    def closest(self, name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
        """Return the known name most like `name`, or ''; '' too when it costs."""
        names = list(known)
        self._compared += len(names)
        if self._is_full() or self._compared > MOST_COMPARED:
            return ""
        return closest(name, names, cutoff)

    def hint(self, name: str, known: Iterable[str]) -> str:
        """Return `did you mean X?` or the names there are, or ''."""
        names = list(known)
        found = self.closest(name, names)
        if found:
            return f"did you mean {found!r}?"
        few = 12
        if not 0 < len(names) <= few:
            return ""
        return "known: " + ", ".join(shown(name)[1:-1] for name in names)

    def has_errors(self) -> bool:
        """Say whether anything here keeps the definition from running."""
        return any(p.severity is Severity.ERROR for p in self._problems)

    def sorted(self) -> tuple[Problem, ...]:
        """Return all problems in the order of the file."""
        return tuple(sorted(self._problems, key=lambda p: (p.at.line, p.at.column)))

    def _add(self, problem: Problem) -> None:
        if not self._is_full():
            self._problems.append(problem)
        elif problem.severity is Severity.ERROR and not self.has_errors():
            self._problems[-1] = problem

    def _is_full(self) -> bool:
        return len(self._problems) >= MOST_PROBLEMS


def shown(value: object) -> str:
    """Return a found value for a message: its repr, cut when long."""
    text = repr(value)
    if len(text) <= LONGEST_SHOWN:
        return text
    return text[: LONGEST_SHOWN - 4] + "..." + text[-1]

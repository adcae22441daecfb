"""One case of an orchestrator: what it does, and why it differs if it does."""

from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Case", "Cases", "same", "says"]


@dataclass(frozen=True, slots=True)
class Case:
    """A snippet with its number."""

    number: int
    run: Callable[[], None]
    better: str = ""
    """What we do instead of what was observed, and why; '' for the same."""


@dataclass(slots=True)
class Cases:
    """The cases of a file, by number."""

    found: dict[int, Case] = field(default_factory=dict[int, Case])

    def __call__(
        self, number: int, better: str = ""
    ) -> Callable[[Callable[[], None]], Callable[[], None]]:
        """Return a decorator that adds a case."""

        def add(run: Callable[[], None]) -> Callable[[], None]:
            self.found[number] = Case(number, run, better)
            return run

        return add


def same(expected: object, got: object) -> None:
    """Raise AssertionError unless both are equal."""
    if expected != got:
        raise AssertionError(f"expected {expected!r}, got {got!r}")


def says(kind: type[Exception], text: str, act: Callable[[], object]) -> None:
    """Raise AssertionError unless the act raises that, saying that."""
    try:
        act()
    except kind as error:
        if text in str(error):
            return
        raise AssertionError(f"expected {text!r}, got {error}") from error
    raise AssertionError(f"expected {kind.__name__}, and nothing was raised")

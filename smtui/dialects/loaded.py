"""What loading a text gives."""

from dataclasses import dataclass

from smtui.definition import AnyDefinition, Problem, Severity

__all__ = ["Loaded"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A definition, or the reasons why there is none; warnings beside either."""

    definition: AnyDefinition | None
    """None exactly when a problem is an error."""
    problems: tuple[Problem, ...]
    """In the order of the file."""
    dialect: str = ""
    """The dialect the text is written in, built or not; '' when it is no
    definition of a machine or cannot be read."""
    name: str = ""
    """What the machine calls itself, known even when something is wrong."""
    actions_root: str = ""
    """Where the author says the action files are, or ''."""
    draft: AnyDefinition | None = None
    """What could be read, although something is wrong: to be looked at for what
    else is wrong, never to be run."""
    parts: tuple[str, ...] = ()
    """Other files it was read from."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that keep the definition from running."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

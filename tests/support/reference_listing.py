"""A list of actions that the naive machine goes through."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from smtui.definition import Action

__all__ = ["Listing", "types_of"]


@dataclass(eq=False)
class Listing:
    """A list under way."""

    actions: Sequence[Action]
    index: int = 0
    passes: int = 0
    took: bool = False
    looped: bool = False
    rearm: bool = False
    only: list[int] | None = None
    since: dict[str, int] = field(default_factory=dict)
    watches: bool = False
    until: float | None = None

    def again(self, actions: Sequence[Action], only: list[int] | None) -> None:
        self.actions, self.only = actions, only
        self.index, self.passes, self.since = 0, self.passes + 1, {}
        self.took = self.looped = self.rearm = self.watches = False

    def watch(self, until: float | None) -> None:
        self.watches, self.until = True, until

    def deferred(self) -> set[str]:
        """Events of these names wait for a check_events that will look."""
        names: set[str] = set()
        if self.watches:
            names |= {topic[6:] for topic in self.since if topic.startswith("inbox/")}
        if not self.is_at_end or self.rearm:
            for action in self.actions:
                if action.type == "check_events":
                    names |= set(types_of(action))
        return names

    @property
    def is_at_end(self) -> bool:
        return self.index >= len(self.actions)


def types_of(action: Action) -> list[str]:
    types = action.args["event_types"]
    return [str(t) for t in types] if isinstance(types, list) else [str(types)]

"""Where the dialects' meanings of a statechart differ, as one value.

The chart room knows no dialect: it reads these words only.
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "PYSTATOR",
    "SCXML",
    "Checking",
    "Domain",
    "ErrorPolicy",
    "Normalizer",
    "Semantics",
    "Strays",
]


class Domain(StrEnum):
    """Which states a transition leaves."""

    SCXML = "scxml"
    """SCXML 3.13: all below the least common compound ancestor, the source
    and a target that is its ancestor included; internal ones spare the source."""
    LOCAL = "local"
    """All below the lowest common ancestor-or-self of the active leaf and the
    leaf it leads to: what is in both stays entered."""


class Checking(StrEnum):
    """How the data is held to the declared variables and the invariants."""

    OFF = "off"
    KEPT = "kept"
    """No step may break what held before it."""
    ASKED = "asked"
    """And an event is taken only where all of it holds, its payload included."""


class Normalizer(StrEnum):
    """What is done to an incoming event's name; the loader does it to those written."""

    NONE = ""
    LOWER = "lower"
    UPPER = "upper"

    def written(self, event: str) -> str:
        """Return an event's name as the machine writes it."""
        match self:
            case Normalizer.LOWER:
                return event.lower()
            case Normalizer.UPPER:
                return event.upper()
            case Normalizer.NONE:
                return event


class Strays(StrEnum):
    """What becomes of an event that a strict chart has no transition for."""

    OFF = "off"
    """It is rejected."""
    HINT = "hint"
    """It is rejected with the name of the error policy's fallback."""
    PERSIST = "persist"
    """The instance goes to the fallback. Never for a guard that said no."""


@dataclass(frozen=True, slots=True)
class ErrorPolicy:
    """What happens when an author's action fails."""

    retry_attempts: int = 0
    """Further attempts, each a new group of its idempotency key."""
    fallback: str = ""
    """The state the instance goes to when they have failed too, or ''. Never
    taken for a guard that said no."""


@dataclass(frozen=True, slots=True)
class Semantics:
    """The rules a chart is run by."""

    domain: Domain = Domain.SCXML
    exact_events: bool = False
    """Descriptors are whole names; else prefixes of dotted names, and `*`."""
    is_strict: bool = False
    """An event no transition takes is rejected, not ignored."""
    normalizer: Normalizer = Normalizer.NONE
    final_is_deaf: bool = False
    """While a final node is active nothing above it takes an event; a final
    leaf outside of regions ends the run, at any depth."""
    merges_payload: bool = False
    """An event's payload becomes part of the data for good when it is taken,
    and is seen by its guards before; else it is only `_event.data`."""
    guard_error_is_event: bool = True
    """A guard that fails raises error.execution; else it only counts as no."""
    awaits_calls: bool = False
    """Author's actions are done one by one, and the step goes on after each."""
    done_prefix: str = "done.state."
    """Name of the event of a completed node, before the node's id."""
    error_policy: ErrorPolicy = ErrorPolicy()
    strays: Strays = Strays.OFF
    checking: Checking = Checking.OFF
    is_many: bool = False
    """Each event is for an entity, an instance of its own that begins with it."""

    def makes(self, event: str) -> bool:
        """Say whether the core makes events of this name itself.

        In SCXML done.* and error.* are the platform's (3.12.1); elsewhere an
        author may call an event so.
        """
        if not self.done_prefix.startswith("done."):
            return event.startswith(self.done_prefix)
        return event in {"done", "error"} or event.startswith(("done.", "error."))


SCXML = Semantics()

PYSTATOR = Semantics(
    domain=Domain.LOCAL,
    exact_events=True,
    is_strict=True,
    final_is_deaf=True,
    merges_payload=True,
    guard_error_is_event=False,
    awaits_calls=True,
    done_prefix="_join_",
    is_many=True,
)
"""What a definition of PyStator begins from; its `meta` changes some."""

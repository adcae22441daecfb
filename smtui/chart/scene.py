"""What an action can see when its turn comes, and the shape of its answer."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from smtui.chart.values import At, Kind, Log
from smtui.chart.verdicts import Verdict
from smtui.definition import Json
from smtui.errors import StepError
from smtui.expr import Lookup, lookup_in

__all__ = ["Asked", "Did", "Request", "Scene", "names", "needs"]


class Scene(NamedTuple):
    """What an action can see when its turn comes."""

    data: Mapping[str, Json]
    state: str
    at: At
    held: Mapping[str, str]
    custom: frozenset[str]

    def look(self) -> Lookup:
        """Return the lookup of names in templates."""
        return lookup_in({**self.data, "current_state": self.state})

    def job_in_hand(self) -> str | None:
        """Return the id of the current job, if there is one."""
        job = self.data.get("current_job")
        found = job.get("id") or job.get("job_id") if isinstance(job, dict) else None
        return None if found is None else str(found)


class Asked(NamedTuple):
    """A Store or World action to perform."""

    kind: Kind
    action: str
    args: Mapping[str, Json]
    topics: tuple[str, ...] = ()
    """Store actions: the change counters their answer depends on."""


class Did(NamedTuple):
    """A Pure action, done."""

    verdict: Verdict
    logs: tuple[Log, ...] = ()
    topics: tuple[str, ...] = ()
    """Lists of the data it looked for something in, as `data/KEY`."""


Request: TypeAlias = Asked | Did


def names(value: Json) -> tuple[str, ...]:
    """Return a text or a list of texts as a tuple."""
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return () if value is None else (str(value),)


def needs(type_: str, args: Mapping[str, Json], *keys: str) -> None:
    """Raise StepError, in the original's words, when a key is missing."""
    label = "".join(part.capitalize() for part in type_.split("_")) + "Action"
    for key in keys:
        if key not in args:
            raise StepError(f"{label} requires {key!r} parameter")

"""Events for machines that have an instance for each entity."""

from smtui.cli.charts import chart_of
from smtui.errors import UsageError
from smtui.store import SOLE_INSTANCE, Reader
from smtui.view.entities import has_entities

__all__ = ["refuse_nobody", "refuse_unfit"]

LONGEST_ID = 200
"""Characters of an id: more is a payload."""


async def refuse_nobody(reader: Reader, machine: str) -> None:
    """Raise UsageError where it must be said which instance is meant."""
    if await reader.instance(machine, SOLE_INSTANCE) is not None:
        return  # it was invoked, and so has one instance like any other
    if has_entities(await chart_of(reader, machine)):
        raise UsageError(
            f"{machine} has an instance for each entity: say which one",
            hint="--instance ID; the first event for an id begins it",
        )


def refuse_unfit(id_: str) -> None:
    """Raise UsageError for an id that nobody could read or type again."""
    if not id_:
        raise UsageError("an instance needs an id", hint="like --instance A-17")
    if len(id_) > LONGEST_ID or not id_.isprintable():
        raise UsageError(
            f"the id of an instance is printable and has at most {LONGEST_ID}"
            f" characters, found {id_[:40]!r} of {len(id_)}",
        )

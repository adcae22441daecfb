"""What is known of definitions, for telling steps the way people know them.

Only what has states inside of states, or delays by names of our own, is read:
a step of a flat machine is told as it stands in the journal.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from smtui.store.rows import DefinitionRow

if TYPE_CHECKING:
    from smtui.store.reader import Reader
    from smtui.view.facts import Facts

__all__ = ["facts_in", "known_by", "known_of"]

FLAT = frozenset({"engine"})
"""Dialects without nested states."""


async def known_by(reader: "Reader", hashes: Iterable[str]) -> "dict[str, Facts]":
    """Return the facts of definitions by their hash, as far as they are needed."""
    found: dict[str, Facts] = {}
    for hash_ in dict.fromkeys(hashes):
        kept = await reader.definition(hash_)
        facts = None if kept is None else facts_in(kept)
        if facts is not None:
            found[hash_] = facts
    return found


async def known_of(reader: "Reader", machine: str) -> "Facts":
    """Return the facts of what a machine runs now."""
    from smtui.view.facts import NOTHING_KNOWN  # late: with the rest

    rows = {row.name: row.definition_hash for row in await reader.machines()}
    known = await known_by(reader, [rows.get(machine, "")])
    return next(iter(known.values()), NOTHING_KNOWN)


def facts_in(kept: DefinitionRow) -> "Facts | None":
    """Return the facts of a text, None when they say no more than the journal."""
    if kept.dialect in FLAT:
        return None
    from smtui.dialects import load_text  # late: a flat machine needs none
    from smtui.view.facts import facts_of  # late: as above

    definition = load_text(kept.text, kept.file).definition
    return None if definition is None else facts_of(definition)

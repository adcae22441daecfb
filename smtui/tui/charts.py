"""Definitions by hash, read from the store and compiled off the event loop.

Compiling pure Python in a thread keeps the screen answering while 200
definitions are read; each version is compiled once and kept.
"""

import asyncio
from typing import NamedTuple

from smtui.chart import Chart, compile_chart
from smtui.dialects import load_text
from smtui.tui.sources import Records
from smtui.view.facts import NOTHING_KNOWN, Facts, facts_of

__all__ = ["Charts", "Compiled"]


class Compiled(NamedTuple):
    """What one version of a definition gave."""

    facts: Facts
    chart: Chart | None
    """None when the text cannot be read any more."""


_UNREADABLE = Compiled(NOTHING_KNOWN, None)


class Charts:
    """Compiled definitions."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._kept: dict[tuple[str, frozenset[str]], Compiled] = {}

    async def get(self, hash_: str, custom: frozenset[str] = frozenset()) -> Compiled:
        """Return the definition of that hash, compiled.

        Raises StoreError when the store cannot be read.
        """
        key = (hash_, custom)
        if key not in self._kept:
            row = await self._records.definition(hash_)
            if row is None:
                return _UNREADABLE
            self._kept[key] = await asyncio.to_thread(
                _compile, row.text, row.file, custom
            )
        return self._kept[key]


def _compile(text: str, file: str, custom: frozenset[str]) -> Compiled:
    definition = load_text(text, file, custom=custom).definition
    if definition is None:
        return _UNREADABLE
    return Compiled(facts_of(definition), compile_chart(definition, custom))

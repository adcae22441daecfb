"""`smtui history NAME --export FILE`: a journal to take along.

The file holds all that a replay needs, and secrets only when they were asked
for. It is written line by line, whatever the size of the journal.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from smtui import __version__
from smtui.cli.console import Console
from smtui.view.masks import masked, may_be_masked

if TYPE_CHECKING:
    from smtui.store.past import PastReader

__all__ = ["export"]


async def export(
    reader: "PastReader",
    console: Console,
    file: Path,
    names: Sequence[str],
    *,
    instance: str | None,
    since: float,
) -> int:
    """Write the past of machines into a new file; return how many steps.

    Raises SmtuiError when the file is there or cannot be written.
    """
    from smtui.store.past_file import ExportFile  # late: only an export writes one
    from smtui.store.past_lines import Head, head_line  # late: as above

    head = Head(
        __version__,
        console.clock.now(),
        tuple(names),
        is_masked=not console.reveal,
    )
    with ExportFile(file) as target:
        target.write(head_line(head))
        for name in names:
            async for line in reader.past_lines(name, instance, since):
                text = line.text if console.reveal else _masked(line.text)
                target.write(text, is_step=line.is_step)
    return target.steps


def _masked(text: str) -> str:
    """Mask a line; only one that has such a word is looked at closely."""
    if not may_be_masked(text):
        return text
    return json.dumps(masked(json.loads(text)), separators=(",", ":"))

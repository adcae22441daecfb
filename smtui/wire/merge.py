"""Coalescing of Updates: two become one, and the later row wins.

Pure. The supervisor merges what happened between two ticks, a client what
came in while it painted; both may drop the older row because rows are whole
and counters are cumulative.
"""

from smtui.wire.messages import MachineView, Update

__all__ = ["merge"]

MOST_NOTICES = 20
"""For who did not read; the latest tell most."""


def merge(older: Update, newer: Update) -> Update:
    """Return one Update that says what both said."""
    rows: dict[str, MachineView] = {row.name: row for row in older.machines}
    gone = dict.fromkeys(older.gone)
    for name in newer.gone:
        rows.pop(name, None)
        gone[name] = None
    for row in newer.machines:
        rows[row.name] = row
        gone.pop(row.name, None)
    problems = older.problems if newer.problems is None else newer.problems
    return Update(
        at=newer.at,
        machines=tuple(rows.values()),
        gone=tuple(gone),
        problems=problems,
        changes=newer.changes,
        free_disk_bytes=newer.free_disk_bytes,
        notices=(older.notices + newer.notices)[-MOST_NOTICES:],
    )

"""`smtui ps --all`: every fleet of this user, whatever its data directory."""

from smtui.cli.console import Console
from smtui.clock import rfc3339
from smtui.definition import Json
from smtui.supervisor import list_supervisors

__all__ = ["show_all"]


def show_all(console: Console) -> int:
    """Print one line a supervisor; there may be none."""
    fleets = list_supervisors()
    if console.json:
        documents: list[Json] = [
            {
                "data": str(one.data_dir),
                "pid": one.pid,
                "paths": [str(path) for path in one.paths],
                "started_at": rfc3339(one.started_at),
            }
            for one in fleets
        ]
        console.document(documents)
        return 0
    if not fleets:
        console.line("no supervisor of this user runs")
        return 0
    rows = [
        [
            str(one.pid),
            console.when(one.started_at),
            str(one.data_dir),
            " ".join(str(path) for path in one.paths),
        ]
        for one in fleets
    ]
    console.table(["PID", "SINCE", "DATA", "PATHS"], rows)
    return 0

"""What every kind of chart begins a run from, and asks of a snapshot first."""

from typing import Protocol

from smtui.chart.values import Data, Given, Snapshot, Status
from smtui.errors import StepError

__all__ = ["require_own", "unborn"]


class _Hashed(Protocol):
    @property
    def hash(self) -> str: ...


def unborn(chart: _Hashed, data: Data, given: Given) -> Snapshot:
    """Return the snapshot of a run in which nothing has happened yet."""
    return Snapshot(
        chart_hash=chart.hash,
        instance=given.instance,
        run=given.run,
        configuration=(),
        data=data,
        history={},
        pending={},
        cursor=None,
        held=dict.fromkeys(given.held, "claim"),
        seq=0,
        status=Status.RUNNING,
        since=given.at,
        turn=0,
        stepped=given.at,
        lineage=given.lineage,
    )


def require_own(chart: _Hashed, snapshot: Snapshot) -> None:
    """Raise StepError when the snapshot is of another chart."""
    if snapshot.chart_hash != chart.hash:
        raise StepError(
            f"the snapshot is of definition {snapshot.chart_hash}, "
            f"the chart of {chart.hash}",
            hint="migrate the snapshot first",
        )

"""Builders of core and store values for tests of the runtime's pure parts."""

from textwrap import dedent

from smtui.chart import ListChart, compile_chart
from smtui.chart.values import At, Given, Snapshot
from smtui.definition import Definition, Json
from smtui.dialects import load_text
from smtui.stepper import Chart, start
from smtui.store import InboxKind, InboxRow, InboxStatus

NOW = At(100.0, 50.0, "boot")


def chart_of(text: str) -> ListChart:
    """Return the compiled definition in the text."""
    loaded = load_text(dedent(text), "m.yaml")
    assert isinstance(loaded.definition, Definition), loaded.problems
    return compile_chart(loaded.definition)


def begun(chart: Chart, **data: Json) -> Snapshot:
    """Return the snapshot of a run that has just begun."""
    return start(chart, data, Given("m", "main", 1, "cause", NOW)).snapshot


def row_of(
    event: str,
    seq: int = 1,
    payload: Json = None,
    *,
    kind: InboxKind = InboxKind.EVENT,
    instance: str = "main",
    if_state: str | None = None,
) -> InboxRow:
    """Return a row of the inbox that waits."""
    return InboxRow(
        seq=seq,
        id=f"e{seq}",
        machine="m",
        instance=instance,
        kind=kind,
        event=event,
        payload=payload,
        source="test",
        job_id=None,
        key=None,
        if_state=if_state,
        status=InboxStatus.PENDING,
        why="",
        at=1.0,
        handled_at=None,
        crashes=0,
        journal_id=None,
    )

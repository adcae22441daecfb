"""How a machine's run is found by the process that takes it over.

Nothing is performed here and nothing is written: it says what there is to do.
A query without a stored result never happened and is made again. A World
action without a result may have happened: it is performed again under the
same key, unless it must not be or has crashed the process too often.
"""

from dataclasses import dataclass, field

from smtui.chart import decode
from smtui.chart.values import Done, Given, Kind, Query, Run, RunEntry, Snapshot
from smtui.errors import DefinitionError
from smtui.runtime.adopt import Blocked, adopt
from smtui.runtime.alarm import at_now
from smtui.runtime.hands import crashed
from smtui.runtime.patience import Patience
from smtui.runtime.setup import Setup, Tools
from smtui.runtime.turns import Batch, begin
from smtui.stepper import Chart
from smtui.store import Loaded, Writer
from smtui.store.ids import ulid
from smtui.wire import BLOCKED

__all__ = ["Start", "load", "old_chart", "resumed"]


@dataclass(slots=True)
class Start:
    """Where a run begins or goes on."""

    snapshot: Snapshot | None = None
    """None when the run has not begun."""
    first: Batch | None = None
    """The batch that begins it."""
    done: list[Done] = field(default_factory=list[Done])
    """Results no step has consumed."""
    queries: list[Query] = field(default_factory=list[Query])
    """To be made again."""
    runs: list[Run] = field(default_factory=list[Run])
    """To be performed again."""
    problem: str = ""
    is_blocked: bool = False


async def load(setup: Setup, tools: Tools, store: Patience) -> Start:
    """Return where the machine's run goes on.

    Raises StoreError and StepError when what is kept cannot be read.
    """
    (loaded, *_) = await store.call(Writer.load, setup.name)
    if loaded.snapshot is None:
        return Start(first=_first(setup, tools, loaded))
    kept = decode(loaded.snapshot)
    old = await old_chart(setup, tools, kept)
    snapshot = adopt(old, setup.chart, kept, at_now(tools.clock))
    if isinstance(snapshot, Blocked):
        return Start(kept, problem=BLOCKED + snapshot.why, is_blocked=True)
    return resumed(snapshot, loaded, tools)


def _first(setup: Setup, tools: Tools, loaded: Loaded) -> Batch:
    given = Given(
        machine=setup.name,
        instance=loaded.instance,
        run=loaded.run,
        id=ulid(tools.clock.now()),
        at=at_now(tools.clock),
        reserved={"machine_name": setup.name},
        held=loaded.handed,
        lineage=setup.lineage,
    )
    return begin(setup.chart, setup.context, given)


async def old_chart(setup: Setup, tools: Tools, kept: Snapshot) -> Chart | None:
    """Return the chart a snapshot was made with, None when it cannot be read."""
    if kept.chart_hash == setup.chart.hash:
        return setup.chart
    file, custom = setup.chart.definition.file, setup.author.catalogue.types
    try:
        return await tools.library.chart(kept.chart_hash, file, custom)
    except DefinitionError:
        return None


def resumed(snapshot: Snapshot, loaded: Loaded, tools: Tools) -> Start:
    """Return what an instance has to take up where the last process left it."""
    now = at_now(tools.clock)
    start = Start(snapshot)
    for id_, entry in snapshot.pending.items():
        if not isinstance(entry, RunEntry):
            continue
        if id_ in loaded.results:
            start.done.append(Done(id_, loaded.results[id_], now))
        elif entry.kind is Kind.STORE:
            start.queries.append(Query(id_, entry))
        else:
            failed = crashed(entry)
            if failed is None:
                start.runs.append(Run(id_, entry))
            else:
                start.done.append(Done(id_, failed, now))
    return start

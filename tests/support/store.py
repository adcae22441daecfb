"""Builders for tests of the store: a clock to move, a writer, steps to commit.

Snapshots are made and encoded by the real chart room, so that what the store
reads of them is what the core writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict, Unpack

from smtui.chart import encode
from smtui.chart.values import (
    At,
    Finish,
    Kind,
    Pending,
    Query,
    Raised,
    Result,
    RunEntry,
    Settle,
    Snapshot,
    Status,
    TimerEntry,
    WatchEntry,
)
from smtui.definition import Json
from smtui.store import (
    Durability,
    Handled,
    JournalRow,
    MachineRow,
    Owner,
    StepWrite,
    Writer,
)

BEGAN = 1_800_000_000.0
BOOT = "boot-1"


@dataclass
class HandClock:
    """A clock that moves when it is told to."""

    wall: float = BEGAN
    boot: float = 1000.0
    boot_name: str = BOOT

    def now(self) -> float:
        """Return wall time."""
        return self.wall

    def elapsed(self) -> float:
        """Return boot time."""
        return self.boot

    def boot_id(self) -> str:
        """Return the id of this boot."""
        return self.boot_name

    def pass_s(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self.wall += seconds
        self.boot += seconds

    def reboot(self, *, down_s: float = 0.0) -> None:
        """Begin another boot, after the computer was down for a while."""
        self.wall += down_s
        self.boot = 5.0
        self.boot_name += "'"

    def at(self) -> At:
        """Return the present instant."""
        return At(self.wall, self.boot, self.boot_name)


def open_writer(
    folder: Path,
    clock: HandClock | None = None,
    durability: Durability = "normal",
) -> Writer:
    """Open the store of a folder."""
    return Writer(folder / "smtui.db", durability, clock or HandClock())


def machine_row(name: str, *, child: str = "", template: bool = False) -> MachineRow:
    """Return a machine whose child has its name."""
    file = f"/machines/{name}.yaml"
    return MachineRow(
        name, child or name, "engine", "0123456789abcdef", file, "/machines", template
    )


def own(writer: Writer, name: str, *, crashed: bool = True) -> Owner:
    """Make a machine known and own it."""
    writer.put_machine(machine_row(name))
    return Owner(name, writer.raise_epoch(name, [name], crashed=crashed))


# ---------------------------------------------------------------- snapshots


class SnapshotParts(TypedDict, total=False):
    """What a test says of a snapshot."""

    configuration: tuple[str, ...]
    data: Mapping[str, Json]
    pending: Mapping[str, Pending]
    held: Mapping[str, str]
    seq: int
    run: int
    status: Status


def snapshot(**parts: Unpack[SnapshotParts]) -> Snapshot:
    """Return a snapshot of `main`, in state `a` unless told otherwise."""
    at = At(BEGAN, 1000.0, BOOT)
    base = Snapshot(
        chart_hash="0123456789abcdef",
        instance="main",
        run=1,
        configuration=("a",),
        data={},
        history={},
        pending={},
        cursor=None,
        held={},
        seq=1,
        status=Status.RUNNING,
        since=at,
        turn=1,
        stepped=at,
    )
    return base._replace(**parts)


def timer(seconds: float, event: str = "timeout(5)") -> TimerEntry:
    """Return a delay that is due some seconds after BEGAN."""
    due = At(BEGAN + seconds, 1000.0 + seconds, BOOT)
    return TimerEntry(due, event, "cause", "a")


def world(action: str = "bash", attempt: int = 1, **args: Json) -> RunEntry:
    """Return a World action in hand."""
    return RunEntry(Kind.WORLD, action, args, "key", "entry", attempt)


def watch(*topics: str) -> WatchEntry:
    """Return a watch on topics."""
    return WatchEntry(topics, {}, None, "cause", "entry")


def query(action: str, id_: str = "1.1", **args: Json) -> Query:
    """Return a Store action to perform."""
    return Query(id_, RunEntry(Kind.STORE, action, args, "key", "entry"))


def telling(asked: Query, *topics: str) -> Query:
    """Return the query with change counters to read beside its answer."""
    return asked._replace(entry=asked.entry._replace(topics=topics))


def settling(asked: Query, *settle: Settle) -> Query:
    """Return the query with held jobs to settle before it."""
    return asked._replace(entry=asked.entry._replace(settle=settle))


# -------------------------------------------------------------------- steps


def row(seq: int = 1, *, run: int = 1, event: str = "go") -> JournalRow:
    """Return a journal row of a step from a to b."""
    return JournalRow(
        seq=seq,
        run=run,
        at=BEGAN,
        cause="cause",
        event=event,
        from_=("a",),
        to=("b",),
        outcome="taken",
    )


class StepParts(TypedDict, total=False):
    """What a test says of a step."""

    instance: str
    journal: JournalRow | None
    inbox: tuple[Handled, ...]
    consumed: tuple[str, ...]
    queries: tuple[Query, ...]
    settles: tuple[Settle, ...]
    finish: Finish | None


def step(after: Snapshot | None = None, **parts: Unpack[StepParts]) -> StepWrite:
    """Return the write of a step that leads to a snapshot."""
    kept = after or snapshot()
    base = StepWrite(
        instance=kept.instance,
        snapshot=encode(kept),
        status=kept.status.value,
        configuration=kept.configuration,
    )
    return replace(base, **parts)


def ask(
    writer: Writer, owner: Owner, asked: Query, after: Snapshot | None = None
) -> Result | Raised:
    """Commit a step that asks the store; return the answer."""
    committed = writer.commit(owner, [step(after, queries=(asked,))])
    return committed.answers["main", asked.id]


def value(answer: Result | Raised) -> Mapping[str, Json]:
    """Return what an action gave; one that raised fails the test."""
    assert isinstance(answer, Result), answer
    return answer.value

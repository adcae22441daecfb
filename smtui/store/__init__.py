"""The store room: what happened, what waits, what is wanted, in one SQLite file.

    Writer       one function, one transaction, in the thread that opened it
    StoreThread  the async door to a Writer
    Reader       pages for screens and commands
    PastReader   a Reader that finds its way in a journal

Values and errors are here at once; the doors are imported when they are
first named (PEP 562), because they bring SQLite, threads and asyncio along and
the pure view, which only wants the rows, must not.
"""

from typing import TYPE_CHECKING

from smtui.store.documents import (
    event_document,
    instance_document,
    job_document,
    step_document,
)
from smtui.store.faults import GoneError, StoreBusyError, StoreFullError
from smtui.store.ids import ulid
from smtui.store.past_rows import PastPatch, PastState, Place, RunSpan
from smtui.store.rows import (
    SOLE_INSTANCE,
    ChildRow,
    DefinitionRow,
    Desired,
    InboxKind,
    InboxRow,
    InboxStatus,
    InstanceRow,
    InstanceSize,
    Invocation,
    InvocationStatus,
    JobCount,
    JobRow,
    JobState,
    JournalEntry,
    JournalRow,
    MachineRow,
    TimerRow,
)
from smtui.store.values import (
    MAX_STEPS,
    MOST_RUNG,
    Accepted,
    Added,
    Changed,
    Committed,
    Due,
    Durability,
    Handled,
    Loaded,
    Look,
    Owner,
    Promoted,
    Seen,
    Sight,
    StepWrite,
    Trimmed,
)

if TYPE_CHECKING:
    from smtui.store.past import PastReader
    from smtui.store.reader import Reader
    from smtui.store.thread import StoreThread
    from smtui.store.writer import Writer

__all__ = [
    "MAX_STEPS",
    "MOST_RUNG",
    "SOLE_INSTANCE",
    "Accepted",
    "Added",
    "Changed",
    "ChildRow",
    "Committed",
    "DefinitionRow",
    "Desired",
    "Due",
    "Durability",
    "GoneError",
    "Handled",
    "InboxKind",
    "InboxRow",
    "InboxStatus",
    "InstanceRow",
    "InstanceSize",
    "Invocation",
    "InvocationStatus",
    "JobCount",
    "JobRow",
    "JobState",
    "JournalEntry",
    "JournalRow",
    "Loaded",
    "Look",
    "MachineRow",
    "Owner",
    "PastPatch",
    "PastReader",
    "PastState",
    "Place",
    "Promoted",
    "Reader",
    "RunSpan",
    "Seen",
    "Sight",
    "StepWrite",
    "StoreBusyError",
    "StoreFullError",
    "StoreThread",
    "TimerRow",
    "Trimmed",
    "Writer",
    "event_document",
    "instance_document",
    "job_document",
    "step_document",
    "ulid",
]


def __getattr__(name: str) -> object:
    """Import a door when it is first named."""
    match name:
        case "PastReader":
            from smtui.store.past import PastReader

            return PastReader
        case "Reader":
            from smtui.store.reader import Reader

            return Reader
        case "StoreThread":
            from smtui.store.thread import StoreThread

            return StoreThread
        case "Writer":
            from smtui.store.writer import Writer

            return Writer
        case _:
            raise AttributeError(f"module 'smtui.store' has no attribute {name!r}")

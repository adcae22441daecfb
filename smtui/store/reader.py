"""The read side of the store for screens and commands, page by page.

The laws of this file: a page is one SELECT that is fetched whole, so the read
transaction has ended before the caller sees a row and nothing keeps the WAL
from being checkpointed; nothing here writes.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import aiosqlite

from smtui.errors import StoreError
from smtui.store import reading
from smtui.store.failures import translate
from smtui.store.rows import (
    ChildRow,
    Data,
    DefinitionRow,
    InboxRow,
    InboxStatus,
    InstanceRow,
    JobCount,
    JobRow,
    JobState,
    JournalEntry,
    MachineRow,
    TimerRow,
)
from smtui.store.schema import check_version
from smtui.store.statements import Statements

__all__ = ["Reader"]

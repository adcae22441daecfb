"""Rows of SQLite become values here, and values become columns.

The laws of this file: pure; each row type is made in exactly one function.
"""

import json
import sqlite3
from collections.abc import Mapping

from smtui.chart.values import Raised, Result
from smtui.definition import Json
from smtui.store.rows import (
    ChildRow,
    Data,
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

__all__ = [
    "answer_text",
    "child",
    "definition",
    "dumps",
    "inbox_row",
    "instance",
    "instance_size",
    "job",
    "job_count",
    "journal_entry",
    "loads",
    "machine",
    "mapping",
    "parse_answer",
    "plain",
    "timer",
]


_ENCODE = json.JSONEncoder(separators=(",", ":")).encode
"""Made once: json.dumps makes an encoder a call, half of the cost of a row."""


def dumps(value: object) -> str:
    """Return compact ASCII JSON: no text can then be refused by SQLite."""
    return _ENCODE(value)


def loads(text: str) -> Json:
    """Return the value of a JSON column."""
    value: Json = json.loads(text)
    return value


def mapping(text: str) -> dict[str, Json]:
    """Return the value of a JSON column that holds an object."""
    value = loads(text)
    return value if isinstance(value, dict) else {}


def plain(text: str) -> str:
    """Return text that UTF-8 can say; what it cannot is written with escapes."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def answer_text(answer: Result | Raised) -> str:
    """Return what a Store action gave as JSON."""
    match answer:
        case Result(value, counters):
            return dumps({"value": dict(value), "counters": dict(counters)})
        case Raised(message, kind):
            return dumps({"raised": message, "kind": kind})


def parse_answer(text: str) -> Result | Raised:
    """Return the answer that `answer_text` wrote."""
    found = json.loads(text)
    if "raised" in found:
        return Raised(found["raised"], found["kind"])
    return Result(found["value"], found["counters"])


def inbox_row(row: sqlite3.Row) -> InboxRow:
    """Make an InboxRow."""
    return InboxRow(
        seq=row["seq"],
        id=row["id"],
        machine=row["machine"],
        instance=row["instance"],
        kind=InboxKind(row["kind"]),
        event=row["event"],
        payload=loads(row["payload_json"]),
        source=row["source"],
        job_id=row["job_id"],
        key=row["key"],
        if_state=row["if_state"],
        status=InboxStatus(row["status"]),
        why=row["why"],
        at=row["accepted_at"],
        handled_at=row["handled_at"],
        crashes=row["crashes"],
        journal_id=row["journal_id"],
        message=_message(row),
    )


def _message(row: sqlite3.Row) -> Data | None:
    """Return what came with an event; a store not yet brought up to date has none."""
    text = row["message_json"] if "message_json" in row.keys() else None  # noqa: SIM118
    found = None if text is None else loads(text)
    return found if isinstance(found, dict) else None


def job(row: sqlite3.Row) -> JobRow:
    """Make a JobRow."""
    result = row["result_json"]
    return JobRow(
        seq=row["seq"],
        id=row["id"],
        job_type=row["job_type"],
        machine_type=row["machine_type"],
        status=JobState(row["status"]),
        priority=row["priority"],
        data=loads(row["data_json"]),
        result=None if result is None else loads(result),
        error=row["error"],
        key=row["key"],
        attempts=row["attempts"],
        max_attempts=row["max_attempts"],
        source_job_id=row["source_job_id"],
        source=row["source"],
        created_at=row["created_at"],
        due_at=row["due_wall"],
        claimed_at=row["claimed_at"],
        ended_at=row["ended_at"],
        machine=row["machine"],
        instance=row["instance"],
        epoch=row["epoch"],
    )


def job_count(row: sqlite3.Row) -> JobCount:
    """Make a JobCount."""
    return JobCount(
        row["job_type"], row["machine_type"] or None, JobState(row["status"]), row["n"]
    )


def child(row: sqlite3.Row) -> ChildRow:
    """Make a ChildRow."""
    return ChildRow(
        name=row["name"],
        spec=mapping(row["spec_json"]),
        desired=Desired(row["desired"]),
        reason=row["reason"],
        who=row["who"],
        desired_at=row["desired_at"],
        state=row["state"],
        state_reason=row["state_reason"],
        state_since=row["state_since"],
        pid=row["pid"],
        restarts=row["restarts"],
        version=row["version"],
    )


def invocation(row: sqlite3.Row) -> Invocation:
    """Make an Invocation."""
    return Invocation(
        machine=row["machine"],
        token=row["token"],
        parent=row["parent"],
        parent_instance=row["parent_instance"],
        invoke_id=row["invoke_id"],
        src=row["src"],
        data=mapping(row["data_json"]),
        status=InvocationStatus(row["status"]),
        at=row["at"],
    )


def machine(row: sqlite3.Row) -> MachineRow:
    """Make a MachineRow."""
    return MachineRow(
        name=row["name"],
        child=row["child"],
        dialect=row["dialect"],
        definition_hash=row["definition_hash"],
        file=row["file"],
        folder=row["folder"],
        template=bool(row["template"]),
        epoch=row["epoch"],
    )


def definition(row: sqlite3.Row) -> DefinitionRow:
    """Make a DefinitionRow."""
    return DefinitionRow(
        hash=row["hash"],
        dialect=row["dialect"],
        name=row["name"],
        file=row["file"],
        text=row["text"],
        added_at=row["added_at"],
    )


def instance(row: sqlite3.Row) -> InstanceRow:
    """Make an InstanceRow."""
    snapshot = row["snapshot_json"]
    return InstanceRow(
        machine=row["machine"],
        id=row["id"],
        run=row["run"],
        status=row["status"],
        configuration=tuple(json.loads(row["configuration_json"])),
        seq=row["seq"],
        updated_at=row["updated_at"],
        snapshot=None if snapshot is None else mapping(snapshot),
    )


def instance_size(row: sqlite3.Row) -> InstanceSize:
    """Make an InstanceSize."""
    return InstanceSize(
        row["status"], tuple(json.loads(row["configuration_json"])), row["n"]
    )


def timer(row: sqlite3.Row) -> TimerRow:
    """Make a TimerRow."""
    return TimerRow(
        row["machine"], row["instance"], row["id"], row["event"], row["due_wall"]
    )


def journal_entry(row: sqlite3.Row) -> JournalEntry:
    """Make a JournalEntry; `body` is the blob of a big patch, or null."""
    answers = row["answers_json"]
    return JournalEntry(
        row["id"],
        row["machine"],
        row["instance"],
        JournalRow(
            seq=row["seq"],
            run=row["run"],
            at=row["at"],
            cause=row["cause"],
            event=row["event"],
            from_=tuple(json.loads(row["from_json"])),
            to=tuple(json.loads(row["to_json"])),
            outcome=row["outcome"],
            why=row["why"],
            micro=tuple(json.loads(row["micro_json"])),
            answers=None if answers is None else loads(answers),
            data_patch=_patch(row["patch_json"], row["body"]),
            effects=tuple(json.loads(row["effects_json"])),
            duration_s=row["duration_s"],
            definition_hash=row["definition_hash"],
        ),
    )


def _patch(text: str | None, body: str | None) -> Mapping[str, Json] | None:
    kept = text if body is None else body
    return None if kept is None else mapping(kept)

"""Rows as JSON documents: the stable contract of `--json`. Pure.

Keys are those of `smtui help cli`; more may be added, none is renamed. Times
are RFC 3339 in UTC. Secrets are not masked here: the store keeps what it is
given, and the command that prints decides.
"""

from collections.abc import Mapping

from smtui.chart.foreign_news import values_of
from smtui.clock import rfc3339
from smtui.definition import Json
from smtui.store.rows import InboxRow, InstanceRow, JobRow, JournalEntry

__all__ = ["event_document", "instance_document", "job_document", "step_document"]


def event_document(row: InboxRow) -> dict[str, Json]:
    """Return an entry of `smtui events --json`."""
    return {
        "id": row.id,
        "at": rfc3339(row.at),
        "machine": row.machine,
        "instance": row.instance,
        "kind": row.kind.value,
        "event": row.event,
        "payload": row.payload,
        "source": row.source,
        "job_id": row.job_id,
        "status": row.status.value,
        "why": row.why,
        "handled_at": _at(row.handled_at),
    }


def step_document(entry: JournalEntry) -> dict[str, Json]:
    """Return an entry of `smtui history --json`."""
    row = entry.row
    patch = row.data_patch
    return {
        "seq": row.seq,
        "at": rfc3339(row.at),
        "machine": entry.machine,
        "instance": entry.instance,
        "run": row.run,
        "event": row.event,
        "from": list(row.from_),
        "to": list(row.to),
        "outcome": row.outcome,
        "why": row.why,
        "cause": row.cause,
        "duration_ms": round(row.duration_s * 1000, 3),
        "data_patch": None if patch is None else _patch(patch),
    }


def job_document(row: JobRow) -> dict[str, Json]:
    """Return an entry of `smtui jobs list --json`."""
    return {
        "id": row.id,
        "type": row.job_type,
        "status": row.status.value,
        "priority": row.priority,
        "machine": row.machine,
        "machine_type": row.machine_type,
        "attempts": row.attempts,
        "max_attempts": row.max_attempts,
        "data": row.data,
        "result": row.result,
        "error": row.error or None,
        "key": row.key,
        "source": row.source,
        "source_job_id": row.source_job_id,
        "created_at": rfc3339(row.created_at),
        "due_at": _at(row.due_at),
        "claimed_at": _at(row.claimed_at),
        "ended_at": _at(row.ended_at),
    }


def instance_document(row: InstanceRow) -> dict[str, Json]:
    """Return an entry of `smtui instances --json`."""
    return {
        "machine": row.machine,
        "id": row.id,
        "run": row.run,
        "status": row.status,
        "configuration": list(row.configuration),
        "data": values_of(row.data),
        "updated_at": rfc3339(row.updated_at),
    }


def _patch(patch: Mapping[str, Json]) -> dict[str, Json]:
    """Return a change of data without what only smtui itself needs."""
    changed = patch.get("set")
    if not isinstance(changed, dict):
        return dict(patch)
    return {**patch, "set": values_of(changed)}


def _at(at: float | None) -> Json:
    return None if at is None else rfc3339(at)

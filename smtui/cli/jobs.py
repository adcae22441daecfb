"""`smtui jobs`: the queue, seen and repaired from outside."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from smtui.cli import datadir
from smtui.cli.command import Command, needs_part
from smtui.cli.console import Console
from smtui.cli.moments import count, seconds
from smtui.cli.payloads import json_mapping
from smtui.definition import Json
from smtui.errors import UsageError
from smtui.store.documents import job_document
from smtui.store.rows import JobRow, JobState

if TYPE_CHECKING:
    from smtui.store.reader import Reader  # aiosqlite, for types only here

__all__ = ["JOBS"]

DEFAULT_ROWS = 50
SHORT_DATA = 60


# ---------------------------------------------------------------------- list


def _list_arguments(parser: ArgumentParser) -> None:
    states = [state.value for state in JobState]
    parser.add_argument(
        "--status", choices=states, metavar="S", help=" | ".join(states)
    )
    parser.add_argument("--type", metavar="TYPE", help="only of this type")
    parser.add_argument("--machine", metavar="NAME", help="only claimed by this one")
    parser.add_argument(
        "--limit", metavar="N", type=count, default=DEFAULT_ROWS, help="newest first"
    )


def _list(console: Console, found: Namespace) -> int:
    from smtui.cli.records import read  # late: SQLite
    from smtui.view.masks import compact  # late: with the table

    data = datadir.existing(console)
    status = JobState(found.status) if found.status else None
    rows = read(
        data,
        lambda reader: reader.jobs_page(
            status=status, job_type=found.type, machine=found.machine, limit=found.limit
        ),
    )
    if console.json:
        console.document([job_document(row) for row in rows])
        return 0
    if not rows:
        console.line("no jobs" + (" like that" if status or found.type else ""))
        return 0
    heads = ["NO", "ID", "TYPE", "STATUS", "TRY", "PRIO", "MACHINE", "ADDED", "DATA"]
    table = [
        [
            str(row.seq),
            row.id,
            row.job_type,
            row.status.value,
            f"{row.attempts}/{row.max_attempts}",
            str(row.priority),
            row.machine or "-",
            console.moment(row.created_at),
            compact(row.data, reveal=console.reveal)[:SHORT_DATA],
        ]
        for row in rows
    ]
    console.table(heads, table)
    return 0


LIST = Command(
    name="list",
    summary="List jobs, newest first.",
    run=_list,
    arguments=_list_arguments,
    examples=("smtui jobs list", "smtui jobs list --status discarded --json"),
)


# ---------------------------------------------------------------------- show


def _one_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="its id or number, or `last`")


def _show(console: Console, found: Namespace) -> int:
    data = datadir.existing(console)
    _print(console, _find(data, found.id))
    return 0


def _print(console: Console, row: JobRow) -> None:
    if console.json:
        console.document(job_document(row))
        return
    from smtui.view.masks import compact  # late: with the text

    rows = [
        ("id", f"{row.id}, number {row.seq}"),
        ("type", row.job_type),
        ("status", f"{row.status.value}, try {row.attempts}/{row.max_attempts}"),
        ("priority", str(row.priority)),
        ("for", row.machine_type or "any machine"),
        ("claimed by", row.machine or "-"),
        ("added", f"{console.when(row.created_at)} by {row.source}"),
        ("due", console.when(row.due_at)),
        ("ended", console.when(row.ended_at)),
        ("data", compact(row.data, reveal=console.reveal)),
        (
            "result",
            "-" if row.result is None else compact(row.result, reveal=console.reveal),
        ),
        ("error", row.error or "-"),
    ]
    for name, value in rows:
        console.line(f"{name:<11} {value}")


SHOW = Command(
    name="show",
    summary="Show all there is to know of a job.",
    run=_show,
    arguments=_one_arguments,
    examples=("smtui jobs show last", "smtui jobs show last --json"),
    details="`last` is the newest job, a number that of `smtui jobs list`.",
)


# ----------------------------------------------------------------------- add


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("type", metavar="TYPE", help="what check_database_queue asks")
    parser.add_argument(
        "--priority", metavar="N", type=count, default=5, help="1 first"
    )
    parser.add_argument("--machine-type", metavar="T", help="who may take it")
    parser.add_argument("--key", metavar="KEY", help="no second job with this key")
    parser.add_argument("--delay", metavar="S", type=seconds, default=0.0)
    parser.add_argument("--max-attempts", metavar="N", type=count, default=3)
    parser.add_argument("--id", metavar="ID", help="instead of a made-up one")


def _add(console: Console, found: Namespace) -> int:
    from smtui.cli.link import ring_bells  # late: asyncio
    from smtui.cli.records import writer  # late: SQLite
    from smtui.wire.who import who  # late: with the write

    content = json_mapping(found.job_data or "{}", "--data")
    data = datadir.existing(console)
    with writer(console, data) as store:
        added = store.add_job(
            found.type,
            content,
            source=who(),
            priority=found.priority,
            machine_type=found.machine_type,
            key=found.key,
            delay_s=found.delay,
            max_attempts=found.max_attempts,
            job_id=found.id,
        )
    ring_bells(data, added.bells, supervisor=added.due is not None)
    if console.json:
        console.document({"id": added.id, "type": found.type, "added": added.is_new})
    elif added.is_new:
        console.line(f"job {added.id} added")
    else:
        console.line(f"job {added.id} was there already, none added")
    return 0


ADD = Command(
    name="add",
    summary="Put a job into the queue.",
    run=_add,
    arguments=_add_arguments,
    examples=(
        """smtui jobs add count --data '{"package": "json"}'""",
        """smtui jobs add count --data '{"package": "re"}' --key once --priority 1""",
    ),
    details="--data with a JSON object is the job's; --data DIR names the folder.",
    has_json_data=True,
)


# ------------------------------------------------------- retry, cancel, release


def _retry(console: Console, found: Namespace) -> int:
    given = found.job_data
    content = None if given is None else json_mapping(given, "--data")
    return _change(console, found, "retry", content=content)


def _cancel(console: Console, found: Namespace) -> int:
    return _change(console, found, "cancel", force=found.force)


def _release(console: Console, found: Namespace) -> int:
    return _change(console, found, "release", force=found.force)


def _force_arguments(parser: ArgumentParser) -> None:
    _one_arguments(parser)
    parser.add_argument("--force", action="store_true", help="even while it is held")


def _change(
    console: Console,
    found: Namespace,
    verb: str,
    *,
    content: dict[str, Json] | None = None,
    force: bool = False,
) -> int:
    from smtui.cli.link import ring_bells  # late: asyncio
    from smtui.cli.records import writer  # late: SQLite
    from smtui.wire.who import who  # late: with the write

    data = datadir.existing(console)
    id_ = _find(data, found.id).id
    with writer(console, data) as store:
        match verb:
            case "retry":
                changed = store.retry_job(id_, who(), content)
            case "cancel":
                changed = store.cancel_job(id_, who(), force=force)
            case _:
                changed = store.release_job(id_, who(), force=force)
    ring_bells(data, changed.bells)
    if console.json:
        console.document({"id": changed.id, "status": changed.status.value})
    else:
        console.line(f"job {changed.id} is {changed.status.value}")
    return 0


RETRY = Command(
    name="retry",
    summary="Make a job available again, with all its attempts before it.",
    run=_retry,
    arguments=_one_arguments,
    examples=(
        "smtui jobs retry last",
        """smtui jobs retry last --data '{"package": "json"}'""",
    ),
    details="--data with a JSON object replaces the job's data first.",
    has_json_data=True,
)

CANCEL = Command(
    name="cancel",
    summary="Take a job out of the queue.",
    run=_cancel,
    arguments=_force_arguments,
    examples=("smtui jobs cancel last", "smtui jobs cancel last --force"),
)

RELEASE = Command(
    name="release",
    summary="Give a running job back to the queue; the attempt does not count.",
    run=_release,
    arguments=_force_arguments,
    examples=("smtui jobs release last", "smtui jobs release last --force"),
)


# ----------------------------------------------------------------- all of them


def _find(data: Path, wanted: str) -> JobRow:
    """Return the job meant; raises UsageError when there is none."""
    from smtui.cli.records import read  # late: SQLite

    found = read(data, lambda reader: _look(reader, wanted))
    if found is None:
        raise UsageError(f"no job {wanted!r}", hint="`smtui jobs list` shows them")
    return found


async def _look(reader: "Reader", wanted: str) -> JobRow | None:
    exact = await reader.job(wanted)
    if exact is not None:
        return exact
    if wanted != "last" and not wanted.isdecimal():
        return None
    before = None if wanted == "last" else int(wanted) + 1
    rows = await reader.jobs_page(before=before, limit=1)
    is_meant = rows and (wanted == "last" or rows[0].seq == int(wanted))
    return rows[0] if is_meant else None


JOBS = Command(
    name="jobs",
    summary="See and repair the queue: add, list, show, retry, cancel, release.",
    run=needs_part,
    examples=("smtui jobs list", "smtui jobs show last"),
    parts=(ADD, LIST, SHOW, RETRY, CANCEL, RELEASE),
)

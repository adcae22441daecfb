"""`smtui jobs`: the queue, seen and repaired from outside."""

from argparse import ArgumentParser, Namespace

from smtui.cli import datadir
from smtui.cli.command import Command, needs_part
from smtui.cli.console import Console
from smtui.cli.job_acts import ADD, CANCEL, RELEASE, RETRY
from smtui.cli.job_lookup import find_job, job_argument
from smtui.cli.moments import count
from smtui.store.documents import job_document
from smtui.store.rows import JobRow, JobState

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


def _show(console: Console, found: Namespace) -> int:
    data = datadir.existing(console)
    _print(console, find_job(data, found.id))
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
    arguments=job_argument,
    examples=("smtui jobs show last", "smtui jobs show last --json"),
    details="`last` is the newest job, a number that of `smtui jobs list`.",
)


JOBS = Command(
    name="jobs",
    summary="See and repair the queue: add, list, show, retry, cancel, release.",
    run=needs_part,
    examples=("smtui jobs list", "smtui jobs show last"),
    parts=(ADD, LIST, SHOW, RETRY, CANCEL, RELEASE),
)

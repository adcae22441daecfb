"""`smtui jobs add, retry, cancel, release`: what changes the queue."""

from argparse import ArgumentParser, Namespace

from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.cli.job_lookup import find_job, job_argument
from smtui.cli.moments import count, seconds
from smtui.cli.payloads import json_mapping
from smtui.definition import Json

__all__ = ["ADD", "CANCEL", "RELEASE", "RETRY"]


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
    job_argument(parser)
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
    id_ = find_job(data, found.id).id
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
    arguments=job_argument,
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

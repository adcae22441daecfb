"""`smtui events` and `smtui inbox`: what came in, and what became of it."""

from argparse import ArgumentParser, Namespace
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from smtui.chart.foreign_news import said
from smtui.cli import datadir
from smtui.cli.command import Command, needs_part
from smtui.cli.console import Console
from smtui.cli.members import members
from smtui.cli.moments import count, since
from smtui.cli.payloads import json_value
from smtui.cli.signals import heeded_interrupts
from smtui.errors import UsageError
from smtui.store.documents import event_document
from smtui.store.rows import SOLE_INSTANCE, InboxRow, InboxStatus

if TYPE_CHECKING:
    from smtui.store.reader import Reader

__all__ = ["EVENTS", "INBOX"]

DEFAULT_ROWS = 50
_MOST_DIGITS = 18
"""More are no number of SQLite."""

STATES = [status.value for status in InboxStatus]


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="only of this machine")
    parser.add_argument(
        "--status", choices=STATES, metavar="S", help=" | ".join(STATES)
    )
    parser.add_argument("--since", metavar="WHEN", help="10m, 08:15, a date")
    parser.add_argument(
        "--limit", metavar="N", type=count, default=DEFAULT_ROWS, help="the newest N"
    )
    parser.add_argument("--follow", action="store_true", help="go on with what comes")


def _run(console: Console, found: Namespace) -> int:
    from smtui.cli.records import read  # late: SQLite

    data = datadir.existing(console)
    with heeded_interrupts() if found.follow else nullcontext():
        read(data, lambda reader: _show(data, reader, console, found))
    return 0


async def _show(
    data: Path, reader: "Reader", console: Console, found: Namespace
) -> None:
    names: list[str | None] = [None]
    if found.name is not None:
        names = [*await members(reader, found.name)]
    now = console.clock.now()
    start = since(found.since, now, console.zone) if found.since else 0.0
    status = InboxStatus(found.status) if found.status else None
    rows: list[InboxRow] = []
    for name in names:
        rows += await reader.events_page(
            name, status=status, since=start, limit=found.limit
        )
    rows = sorted(rows, key=lambda row: row.seq)[-found.limit :]
    if console.json and not found.follow:
        console.document([event_document(row) for row in rows])
    elif not rows and not found.follow:
        console.line("no events")
    else:
        _print(console, rows)
    if found.follow:
        last = rows[-1].seq if rows else await _newest(reader)
        meant = None if None in names else {*names}
        await _follow(data, reader, console, meant, last)


async def _newest(reader: "Reader") -> int:
    rows = await reader.events_page(limit=1)
    return rows[0].seq if rows else 0


async def _follow(
    data: Path,
    reader: "Reader",
    console: Console,
    names: set[str | None] | None,
    last: int,
) -> None:
    """Print what comes, until interrupted."""
    from smtui.cli.news import News  # late: as SQLite

    version = -1
    async with News(data) as news:
        while True:
            seen = await reader.data_version()
            if seen == version:
                await news.wait()
                continue
            version = seen
            rows = await reader.events_page(after=last)
            _print(console, [r for r in rows if names is None or r.machine in names])
            last = rows[-1].seq if rows else last


def _print(console: Console, rows: list[InboxRow]) -> None:
    from smtui.view.masks import compact  # late: with the rows

    for row in rows:
        if console.json:
            console.document(event_document(row))
            continue
        payload = compact(row.payload, reveal=console.reveal) if row.payload else ""
        why = f"  {row.why}" if row.why else ""
        is_sole = row.instance == SOLE_INSTANCE
        whose = row.machine if is_sole else f"{row.machine}/{row.instance}"
        event = said(row.event, row.payload)
        console.line(
            f"{row.seq:>4} {console.moment(row.at)}  {whose:<12} {event:<16} "
            f"{row.status.value:<8} from {row.source}  {payload}{why}".rstrip()
        )


EVENTS = Command(
    name="events",
    summary="Show the events machines got, and what became of each.",
    run=_run,
    arguments=_arguments,
    examples=("smtui events", "smtui events librarian --since 10m --json"),
)


# ------------------------------------------------------------------------ inbox


def _inbox_id(parser: ArgumentParser) -> None:
    parser.add_argument(
        "id", metavar="ID", help="of an event: its number in `smtui events`, or its id"
    )


def _inbox_edit(parser: ArgumentParser) -> None:
    _inbox_id(parser)
    parser.add_argument("--payload", metavar="JSON", required=True)


async def _meant(reader: "Reader", word: str) -> InboxRow | None:
    """Return the event of an id, or of a number as `smtui events` prints it."""
    row = await reader.event(word)
    if row is None and word.isdecimal() and len(word) <= _MOST_DIGITS:
        found = await reader.events_page(before=int(word) + 1, limit=1)
        row = found[0] if found and found[0].seq == int(word) else None
    return row


def _change(console: Console, found: Namespace, verb: str) -> int:
    from smtui.cli.link import ring_bells  # late: asyncio
    from smtui.cli.records import read, writer  # late: SQLite
    from smtui.wire.who import who  # late: with the write

    data = datadir.existing(console)
    row = read(data, lambda reader: _meant(reader, found.id))
    if row is None:
        raise UsageError(f"no event {found.id!r}", hint="smtui events lists them")
    with writer(console, data) as store:
        match verb:
            case "drop":
                store.drop_event(row.id, who())
                new_id = row.id
            case "requeue":
                new_id = store.requeue_event(row.id, who()).id
            case _:
                payload = json_value(found.payload, "--payload")
                new_id = store.edit_event(row.id, payload, who()).id
    ring_bells(data, [row.machine])
    past = "dropped" if verb == "drop" else f"waits again as {new_id}"
    if console.json:
        console.document({"id": new_id, "machine": row.machine, "verb": verb})
    else:
        console.line(f"event {said(row.event, row.payload)} of {row.machine}: {past}")
    return 0


INBOX = Command(
    name="inbox",
    summary="Mend an inbox: drop, requeue, or edit an event.",
    run=needs_part,
    examples=("smtui inbox --help", "smtui inbox requeue --help"),
    parts=(
        Command(
            name="drop",
            summary="Drop an event that waits or is parked.",
            run=lambda console, found: _change(console, found, "drop"),
            arguments=_inbox_id,
            examples=("smtui inbox drop --help", "smtui events --status pending"),
        ),
        Command(
            name="requeue",
            summary="Put an event at the end of the inbox again.",
            run=lambda console, found: _change(console, found, "requeue"),
            arguments=_inbox_id,
            examples=("smtui inbox requeue --help", "smtui events --status parked"),
        ),
        Command(
            name="edit",
            summary="Put an event at the end of the inbox with another payload.",
            run=lambda console, found: _change(console, found, "edit"),
            arguments=_inbox_edit,
            examples=("smtui inbox edit --help", "smtui events --status rejected"),
        ),
    ),
)

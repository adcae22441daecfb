"""`smtui send`: put an event into a machine's inbox, from anywhere.

The row is written first, then the bell is rung: it works without a supervisor,
and then nobody is there to take it yet. A machine or an event that nobody
knows is refused with the nearest name, because a typing error that is accepted
is found out an hour later.
"""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.cli.members import split_instance
from smtui.cli.moments import seconds
from smtui.cli.payloads import json_value
from smtui.definition import Json
from smtui.errors import UsageError, nearest

if TYPE_CHECKING:
    from smtui.chart import Chart
    from smtui.store.reader import Reader
    from smtui.store.rows import InboxRow, JournalEntry
    from smtui.view.facts import Facts

__all__ = ["SEND"]

DEFAULT_WAIT_S = 30.0
LOOK_AGAIN_S = 0.02
"""While waiting: a page of the store costs a tenth of a millisecond."""

PENDING = "pending"


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "name",
        metavar="NAME",
        help="a machine; NAME#* is all replicas, NAME/ID an instance",
    )
    parser.add_argument("event", metavar="EVENT", help="the event's name")
    parser.add_argument(
        "--payload", metavar="JSON", default="{}", help="what it brings; @FILE, or -"
    )
    parser.add_argument(
        "--instance", metavar="ID", help="which instance of the machine"
    )
    parser.add_argument("--job-id", metavar="ID", help="the job it is about")
    parser.add_argument(
        "--id", metavar="KEY", dest="key", help="accepted once for this key"
    )
    parser.add_argument(
        "--if-state", metavar="S", help="has an effect only while in this state"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="tell what it would do, and send nothing"
    )
    parser.add_argument("--wait", action="store_true", help="wait for its outcome")
    parser.add_argument(
        "--timeout",
        metavar="S",
        type=seconds,
        default=DEFAULT_WAIT_S,
        help="with --wait",
    )
    parser.add_argument(
        "--force", action="store_true", help="also an event that no state knows"
    )


@dataclass(frozen=True, slots=True)
class _Sent:
    """One event in one inbox, and what is known of its fate."""

    machine: str
    event: str
    id: str
    is_new: bool
    is_heard: bool
    """Somebody answers for the machine's doorbell."""
    row: "InboxRow | None" = None
    step: "JournalEntry | None" = None
    facts: "Facts | None" = None
    """Of the version of the definition that took the step."""

    @property
    def outcome(self) -> str | None:
        """What became of it; None while it waits."""
        if self.row is None or self.row.status.value == PENDING:
            return None
        return self.row.status.value


def _run(console: Console, found: Namespace) -> int:
    data = datadir.existing(console)
    payload = json_value(found.payload, "--payload")
    split_instance(found)
    targets = _targets(console, data, found.name)
    if found.instance is None:
        found.instance = _told(data, targets[0], payload)
    _refuse_unknown(data, targets, found)
    if found.dry_run:
        from smtui.cli.dry_run import dry_run  # late: the core

        return dry_run(console, data, targets, found, payload)
    sent = _send(console, data, targets, found, payload)
    if found.wait or not all(one.is_new for one in sent):
        sent = _wait(console, data, sent, found.timeout if found.wait else 0.0)
        sent = sent if console.json else _with_facts(data, sent)
    _report(console, sent, found)
    if not found.wait:
        return 0
    return 0 if all(one.outcome == "taken" for one in sent) else 1


def _targets(console: Console, data: Path, name: str) -> tuple[str, ...]:
    """Return the machines meant; raises UsageError for an unknown name."""
    from smtui.cli.members import machine_names, unknown_machine  # late: as these
    from smtui.cli.records import read, writer  # late: SQLite

    known = read(data, machine_names)
    if name.removesuffix("#*") not in known:
        raise unknown_machine(name, known)
    with writer(console, data) as store:
        return store.resolve(name)


def _told(data: Path, machine: str, payload: Json) -> str | None:
    """Return which instance the payload itself says it is for."""
    if not isinstance(payload, dict) or not payload:
        return None
    from smtui.cli.charts import chart_of  # late: the core and the dialects
    from smtui.cli.records import read  # late: SQLite
    from smtui.view.entities import told_by  # late: the core

    return told_by(read(data, lambda reader: chart_of(reader, machine)), payload)


# --------------------------------------------------------------- known events


def _refuse_unknown(data: Path, targets: tuple[str, ...], found: Namespace) -> None:
    """Raise UsageError for an event, an instance or a state there is not."""
    from smtui.cli.records import read  # late: SQLite

    chart = read(data, lambda reader: _chart(reader, targets[0], found.instance))
    if found.force:
        return
    if chart is not None and found.if_state and found.if_state not in chart.states:
        states = list(chart.states)
        raise UsageError(
            f"--if-state: {targets[0]!r} has no state {found.if_state!r}",
            hint=nearest(found.if_state, states) or f"it has {', '.join(states)}",
        )
    if chart is None or chart.knows(found.event):
        return
    names = list(chart.event_names())
    listed = f"it knows {', '.join(names)}" if names else "it knows no event"
    raise UsageError(
        f"no state of {targets[0]!r} knows the event {found.event!r}",
        hint=f"{nearest(found.event, names) or listed} (--force sends it all the same)",
    )


async def _chart(
    reader: "Reader", machine: str, instance: str | None
) -> "Chart | None":
    """Return the chart of whom the event is for; raises UsageError for nobody."""
    from smtui.cli.charts import (  # late: the core and the dialects
        chart_of,
        chart_of_instance,
    )
    from smtui.cli.entities import refuse_nobody, refuse_unfit  # late: as these

    if instance is None:
        await refuse_nobody(reader, machine)
        return await chart_of(reader, machine)
    refuse_unfit(instance)
    own = await chart_of(reader, machine)
    if own is None:
        return None
    return await chart_of_instance(reader, machine, instance, own)


# ---------------------------------------------------------------------- send


def _send(
    console: Console,
    data: Path,
    targets: tuple[str, ...],
    found: Namespace,
    payload: Json,
) -> list[_Sent]:
    from smtui.cli.link import ring_bells  # late: asyncio
    from smtui.cli.records import writer  # late: SQLite
    from smtui.wire.who import who  # late: with the write

    sent: list[_Sent] = []
    with writer(console, data) as store:
        for machine in targets:
            accepted = store.accept(
                machine,
                found.event,
                payload,
                source=who(),
                instance=found.instance,
                job_id=found.job_id,
                key=found.key,
                if_state=found.if_state,
            )
            heard = ring_bells(data, [machine]) > 0
            sent.append(
                _Sent(machine, found.event, accepted.id, accepted.is_new, heard)
            )
    return sent


def _wait(
    console: Console, data: Path, sent: list[_Sent], timeout_s: float
) -> list[_Sent]:
    """Wait until every event is handled, or the time is over."""
    from smtui.cli.records import read  # late: SQLite

    deadline = console.clock.elapsed() + timeout_s
    return read(data, lambda reader: _until_handled(reader, console, sent, deadline))


async def _until_handled(
    reader: "Reader", console: Console, sent: list[_Sent], deadline: float
) -> list[_Sent]:
    import asyncio  # late: as SQLite

    while True:
        seen = [await _look(reader, one) for one in sent]
        if all(one.outcome for one in seen) or console.clock.elapsed() > deadline:
            return seen
        await asyncio.sleep(LOOK_AGAIN_S)


def _with_facts(data: Path, sent: list[_Sent]) -> list[_Sent]:
    from smtui.cli.known import known_by  # late: only with --wait
    from smtui.cli.records import read  # late: SQLite

    hashes = [one.step.row.definition_hash for one in sent if one.step is not None]
    known = read(data, lambda reader: known_by(reader, hashes))
    return [
        one
        if one.step is None
        else replace(one, facts=known.get(one.step.row.definition_hash))
        for one in sent
    ]


async def _look(reader: "Reader", one: _Sent) -> _Sent:
    row = await reader.event(one.id)
    step = None
    if row is not None and row.journal_id is not None:
        step = await reader.journal_entry(row.journal_id)
    return _Sent(one.machine, one.event, one.id, one.is_new, one.is_heard, row, step)


# -------------------------------------------------------------------- report


def _report(console: Console, sent: list[_Sent], found: Namespace) -> None:
    if console.json:
        documents: list[Json] = [_document(one) for one in sent]
        console.document(documents if found.name.endswith("#*") else documents[0])
        return
    for one in sent:
        console.line(_sentence(one, found))


def _document(one: _Sent) -> dict[str, Json]:
    return {
        "id": one.id,
        "machine": one.machine,
        "event": one.event,
        "accepted": True,
        "is_new": one.is_new,
        "heard": one.is_heard,
        "outcome": one.outcome,
        "why": _why(one),
        "from": list(one.step.row.from_) if one.step else None,
        "to": list(one.step.row.to) if one.step else None,
    }


def _why(one: _Sent) -> str:
    if one.row is not None and one.row.why:
        return one.row.why
    return one.step.row.why if one.step else ""


def _sentence(one: _Sent, found: Namespace) -> str:
    of = f" (of {found.name})" if one.machine != found.name else ""
    head = f"{one.machine}{of}: {one.event}"
    if not one.is_new:
        head += f" was accepted before under the key {found.key!r}{_whose(one, found)}"
        head += f", id {one.id}"
    else:
        head += f" accepted, id {one.id}"
    if one.outcome is not None:
        why = _why(one)
        move = ""
        if one.step is not None and one.outcome == "taken":
            from smtui.view.facts import NOTHING_KNOWN  # late: only with --wait
            from smtui.view.moves import move_of  # late: as above

            facts = one.facts or NOTHING_KNOWN
            source, target = move_of(one.step.row, facts.leaves)
            move = f"  {source} -> {target}"
        return f"{head}; {one.outcome}{move}{f'  {why}' if why else ''}"
    if found.wait:
        head += f"; still waiting after {found.timeout:g} s"
    return head if one.is_heard else f"{head}; nobody runs it, it waits in the inbox"


def _whose(one: _Sent, found: Namespace) -> str:
    """Return for which other instance an event with this key was accepted."""
    is_other = one.row is not None and found.instance not in (None, one.row.instance)
    return f" for instance {one.row.instance}" if is_other and one.row else ""


SEND = Command(
    name="send",
    summary="Send an event to a machine.",
    run=_run,
    arguments=_arguments,
    examples=(
        "smtui send janitor sweep --dry-run",
        """smtui send janitor sweep --payload '{"by": "hand"}' --wait""",
    ),
    details="""\
With --wait the exit code is 0 when it was taken, 1 when it was ignored,
rejected, or not handled in time. With --dry-run likewise, for what would be.""",
)

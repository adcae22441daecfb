"""Builders of what the supervisor and the store would say, for view and tui.

`night_fleet()` is the fleet of the design page: one of each trouble, so that
the order of attention, every mark and every reason can be seen at once.
"""

from collections.abc import Mapping
from dataclasses import replace

from smtui.definition import Json
from smtui.store.rows import (
    DefinitionRow,
    InboxKind,
    InboxRow,
    InboxStatus,
    JobCount,
    JobRow,
    JobState,
    JournalEntry,
    JournalRow,
)
from smtui.wire.messages import (
    ChildState,
    Fleet,
    Frame,
    MachineView,
    ProblemView,
    RunningAction,
    TimerView,
    Update,
)

NOW = 1_795_308_921.0
"""2026-11-22 00:55:21 UTC."""

CRAWLER = """\
initial_state: idle
states: [idle, queued, fetching, parsing, waiting, done]
events:
  url:
    context_map: {u: payload.u, depth: payload.depth}
  "429":
    context_map: {after: payload.after}
transitions:
  - {from: idle, to: queued, event: start}
  - {from: queued, to: fetching, event: url}
  - {from: fetching, to: parsing, event: ok}
  - {from: fetching, to: waiting, event: "429"}
  - {from: fetching, to: idle, event: cancel}
  - {from: waiting, to: queued, event: timeout(15)}
  - {from: parsing, to: queued, event: store}
  - {from: "*", to: idle, event: drain}
"""

APPROVALS = """\
initial_state: await_ok
states: [await_ok, published, rejected]
asks:
  await_ok: {text: "Publish the report of week 47?", answers: [approve, reject]}
transitions:
  - {from: await_ok, to: published, event: approve}
  - {from: await_ok, to: rejected, event: reject}
  - {from: published, to: await_ok, event: next}
  - {from: rejected, to: await_ok, event: next}
"""

BILLING = """\
initial_state: idle
stuck_after: {charging: 600}
states: [idle, charging, paid, refused]
events: [amount_due, paid, refused, cancel]
transitions:
  - {from: idle, to: charging, event: amount_due}
  - {from: charging, to: paid, event: paid}
  - {from: charging, to: refused, event: refused}
  - {from: charging, to: idle, event: cancel}
  - {from: paid, to: idle, event: next}
  - {from: refused, to: idle, event: next}
"""

THUMBS = """\
initial_state: idle
states: [idle, resizing]
transitions:
  - {from: idle, to: resizing, event: job}
  - {from: resizing, to: idle, event: done}
  - {from: resizing, to: idle, event: error}
"""

TEXTS = {
    "crawler": CRAWLER,
    "approvals": APPROVALS,
    "billing": BILLING,
    "thumbs": THUMBS,
}


def frame(name: str, state: str, since: float = NOW - 12, **parts: object) -> Frame:
    """Return the frame of a machine in a state."""
    base = Frame(name, "main", (state,), "running", since, seq=10, read=10)
    return replace(base, **parts)  # type: ignore[arg-type] # tests name fields


def machine(
    name: str,
    state: ChildState = ChildState.READY,
    now_in: Frame | None = None,
    **parts: object,
) -> MachineView:
    """Return a machine as the supervisor sees it."""
    base = MachineView(
        name=name,
        child=name,
        dialect="engine",
        definition=f"hash-{name.partition('#')[0]}",
        file=f"machines/{name.partition('#')[0]}.yaml",
        state=state,
        pid=4000 + sum(map(ord, name)) % 900,
        state_since=NOW - 8040,
        started_at=NOW - 8040,
        frame=now_in,
    )
    return replace(base, **parts)  # type: ignore[arg-type] # tests name fields


def night_machines() -> tuple[MachineView, ...]:
    """Return one machine for every standing."""
    curl = RunningAction(
        "bash", "curl -s https://ex.org/a", NOW - 41, pid=4390, timeout_s=60.0
    )
    return (
        machine(
            "crawler#1",
            now_in=frame("crawler#1", "fetching", NOW - 41, running=(curl,), inbox=2),
            replica_of="crawler",
            jobs=5,
        ),
        machine(
            "crawler#2",
            now_in=frame(
                "crawler#2",
                "waiting",
                NOW - 3,
                timers=(TimerView("timeout(15)", NOW + 12),),
            ),
            replica_of="crawler",
            jobs=4,
        ),
        machine("mailer", now_in=frame("mailer", "idle")),
        machine(
            "billing",
            now_in=frame(
                "billing",
                "charging",
                NOW - 2460,
                inbox=3,
                ignored=1,
                last_problem='ignored amount_due: no "amount_due" in charging',
                last_problem_at=NOW - 90,
            ),
            restarts=1,
        ),
        machine("approvals", now_in=frame("approvals", "await_ok", NOW - 8040)),
        machine(
            "indexer",
            ChildState.STARTING,
            pid=4555,
            state_since=NOW - 3,
            started_at=NOW - 3,
        ),
        machine(
            "uploader",
            ChildState.BACKOFF,
            frame("uploader", "sending", NOW - 150, inbox=4),
            pid=None,
            state_since=NOW - 2,
            retry_at=NOW + 8,
            restarts=3,
            failures=3,
            reason='exit 111 in bash "scp": connection refused',
            jobs=1,
        ),
        machine(
            "thumbs",
            ChildState.FAILED,
            frame(
                "thumbs",
                "resizing",
                NOW - 540,
                last_problem=(
                    "OSError: cannot identify image file '/data/in/881.heic'\n"
                    "same event #17990 each time"
                ),
                last_problem_at=NOW - 540,
            ),
            pid=None,
            state_since=NOW - 540,
            restarts=4,
            failures=5,
            reason='5 exits in 60 s: exit 1 in bash "resize"',
            jobs=2,
        ),
        machine(
            "nightly",
            ChildState.STOPPED,
            pid=None,
            state_since=NOW - 7200,
            reason="stopped by anna@pts/3",
            desired="down",
        ),
        machine("migrate", ChildState.DONE, pid=None, state_since=NOW - 90000),
    )


def night_fleet() -> Fleet:
    """Return the fleet of the design page."""
    return Fleet(
        at=NOW,
        data_dir="/srv/demo/.smtui",
        paths=("machines/",),
        pid=4100,
        machines=night_machines(),
        problems=(bad_target(),),
        changes=7,
        free_disk_bytes=42 << 30,
    )


def bad_target() -> ProblemView:
    """Return a problem of a definition."""
    return ProblemView(
        file="machines/parser.yaml",
        line=6,
        column=10,
        code="unknown-state",
        severity="error",
        message="found 'parsign', expected a state of this machine",
        hint="did you mean 'parsing'?",
    )


def update(*machines: MachineView, changes: int = 8) -> Update:
    """Return an update with these rows."""
    return Update(at=NOW + 1, machines=machines, changes=changes)


def entry(
    number: int,
    name: str,
    source: str,
    event: str,
    target: str,
    *,
    at: float = NOW - 60,
    outcome: str = "taken",
    why: str = "",
    patch: Mapping[str, Json] | None = None,
) -> JournalEntry:
    """Return a journal entry."""
    row = JournalRow(
        seq=number,
        run=1,
        at=at,
        cause=f"01J{number:023}",
        event=event,
        from_=(source,),
        to=(target,),
        outcome=outcome,
        why=why,
        micro=(
            ({"from": source, "event": event, "to": target, "loop": False},)
            if outcome == "taken"
            else ()
        ),
        data_patch=patch,
        duration_s=0.0004,
        definition_hash=f"hash-{name}",
    )
    return JournalEntry(number, name, "main", row)


def mail(
    seq: int,
    name: str,
    event: str,
    *,
    payload: Json = None,
    source: str = "anna@pts/3",
    status: InboxStatus = InboxStatus.TAKEN,
    why: str = "",
    at: float = NOW - 60,
    kind: InboxKind = InboxKind.EVENT,
) -> InboxRow:
    """Return a row of an inbox."""
    return InboxRow(
        seq=seq,
        id=f"01JMAIL{seq:019}",
        machine=name,
        instance="main",
        kind=kind,
        event=event,
        payload=payload,
        source=source,
        job_id=None,
        key=None,
        if_state=None,
        status=status,
        why=why,
        at=at,
        handled_at=None if status is InboxStatus.PENDING else at + 0.001,
        crashes=0,
        journal_id=None,
    )


def job(
    seq: int,
    job_type: str,
    status: JobState,
    *,
    machine: str | None = None,
    attempts: int = 0,
    age_s: float = 40.0,
    data: Json = None,
    error: str = "",
) -> JobRow:
    """Return a job."""
    return JobRow(
        seq=seq,
        id=f"01JJOB{seq:020}",
        job_type=job_type,
        machine_type=None,
        status=status,
        priority=5,
        data={"n": seq} if data is None else data,
        result=None,
        error=error,
        key=None,
        attempts=attempts,
        max_attempts=5,
        source_job_id=None,
        source="crawler",
        created_at=NOW - age_s,
        due_at=None,
        claimed_at=None,
        ended_at=None,
        machine=machine,
        instance="main" if machine else None,
        epoch=1 if machine else None,
    )


def night_jobs() -> tuple[JobRow, ...]:
    """Return a queue with something in every state."""
    heic = "OSError: cannot identify image file '/data/in/881.heic'"
    return (
        job(9812, "fetch_url", JobState.RUNNING, machine="crawler#1", attempts=1),
        job(9813, "fetch_url", JobState.AVAILABLE, age_s=38),
        job(9814, "fetch_url", JobState.AVAILABLE, age_s=31),
        job(9815, "report", JobState.SCHEDULED, age_s=12),
        job(9809, "put", JobState.RETRYABLE, machine="uploader", attempts=3, age_s=120),
        job(
            9777,
            "resize",
            JobState.DISCARDED,
            machine="thumbs",
            attempts=5,
            age_s=540,
            data={"src": "/data/in/881.heic", "api_key": "s3cr3t"},
            error=heic,
        ),
        job(
            9776, "resize", JobState.DISCARDED, machine="thumbs", attempts=5, age_s=552
        ),
        job(9700, "fetch_url", JobState.COMPLETED, machine="crawler#2", age_s=900),
    )


def counts_of(jobs: tuple[JobRow, ...]) -> tuple[JobCount, ...]:
    """Return how many jobs are in each state."""
    return tuple(
        JobCount("any", None, status, n)
        for status in JobState
        if (n := sum(1 for one in jobs if one.status is status))
    )


def night_steps() -> tuple[JournalEntry, ...]:
    """Return a journal with each outcome."""
    return (
        entry(1, "mailer", "sending", "sent", "idle", at=NOW - 12.0),
        entry(2, "crawler#1", "queued", "url", "fetching", at=NOW - 41.2),
        entry(3, "crawler#2", "fetching", "429", "waiting", at=NOW - 3.1),
        entry(4, "billing", "idle", "amount_due", "charging", at=NOW - 2460),
        entry(
            5,
            "billing",
            "charging",
            "amount_due",
            "charging",
            at=NOW - 90,
            outcome="ignored",
            why='no "amount_due" in charging (taken in idle)',
        ),
        entry(6, "thumbs", "idle", "job", "resizing", at=NOW - 540.2),
        entry(
            7,
            "mailer",
            "idle",
            "pay",
            "idle",
            at=NOW - 20,
            outcome="rejected",
            why="guard amount>0: amount is 0",
        ),
    )


def night_mail() -> tuple[InboxRow, ...]:
    """Return events an operator and a machine sent."""
    return (
        mail(18231, "crawler#2", "cancel", at=NOW - 5.1),
        mail(
            18230,
            "crawler#1",
            "url",
            payload={"u": "https://ex.org/a", "token": "x"},
            at=NOW - 41.3,
            source="scout",
        ),
    )


def definition_rows() -> dict[str, DefinitionRow]:
    """Return the texts of the night fleet's definitions by hash."""
    return {
        f"hash-{name}": DefinitionRow(
            f"hash-{name}", "engine", name, f"machines/{name}.yaml", text
        )
        for name, text in TEXTS.items()
    }

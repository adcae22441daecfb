"""Builders of what the supervisor would say, for view and tui.

`night_fleet()` is the fleet of the design page: one of each trouble, so that
the order of attention, every mark and every reason can be seen at once.
"""

from dataclasses import replace

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

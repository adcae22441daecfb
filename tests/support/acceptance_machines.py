"""Machines whose work can be counted afterwards: what was done, and how often.

An action writes a line into NAME.tries each time it runs, and its effect into
NAME.done.KEY once for its key (SMTUI_ACTION_KEY): a receiver as every
at-least-once sender needs.
"""

import time

from smtui.definition import Json
from tests.support.acceptance import Place
from tests.support.acceptance_processes import pause
from tests.support.acceptance_stream import LIMIT_S

__all__ = [
    "DOOR",
    "WORKER",
    "add_parcels",
    "assert_all_parcels",
    "assert_sequence",
    "effects",
    "once",
    "sequence",
    "tries",
    "until_effects",
]

N_STEPS = 20

DOOR = """
initial_state: closed
events:
  push: {context_map: {who: payload.who}}
transitions:
  - {from: closed, to: open, event: push}
  - {from: open, to: closed, event: pull}
  - {from: "*", to: stopped, event: stop}
actions:
  open:
    - {type: log, message: "open"}
"""
"""A machine that does nothing by itself."""


def once(word: str, pause_s: float = 0.0) -> str:
    """Return a shell command whose effect is `word`, once for its key."""
    name = '"$SMTUI_MACHINE"'
    effect = f"{name}.done.$SMTUI_ACTION_KEY"
    pause = f"sleep {pause_s}; " if pause_s else ""
    return (
        f"echo {word} >> {name}.tries; {pause}[ -e {effect} ] || "
        f"{{ echo {word} > new.$$; mv -n new.$$ {effect}; }}"
    )


def sequence(
    pause_s: float = 0.03, steps: int = N_STEPS, gate: int | None = None
) -> str:
    """Return a machine of so many shell commands, one after the other.

    The one whose number is `gate` waits for a file `go`.
    """
    lines = ["initial_state: q0", "transitions:"]
    for n in range(steps):
        target = "completed" if n == steps - 1 else f"q{n + 1}"
        lines.append(f"  - {{from: q{n}, to: {target}, event: s{n}}}")
    lines.append("actions:")
    for n in range(steps):
        command = once(str(n), pause_s)
        if n == gate:
            command = f"until [ -e go ]; do sleep 0.05; done; {command}"
        lines.append(f"  q{n}:")
        lines.append(f"    - {{type: bash, success: s{n}, command: '{command}'}}")
    return "\n".join(lines)


WORKER = f"""
initial_state: waiting
transitions:
  - {{from: waiting, to: working, event: new_job}}
  - {{from: waiting, to: waiting, event: no_jobs}}
  - {{from: working, to: waiting, event: packed}}
  - {{from: "*", to: stopped, event: stop}}
actions:
  waiting:
    - {{type: check_database_queue, job_type: parcel}}
  working:
    - {{type: bash, success: packed, command: '{once("{id}", 0.05)}'}}
"""
"""Takes jobs of type `parcel`, one after the other."""


def tries(place: Place, machine: str) -> list[str]:
    """Return what a machine's actions began, in order."""
    return place.text(f"{machine}.tries").split()


def effects(place: Place, machine: str) -> list[str]:
    """Return what a machine's actions did, once for each key, in order."""
    found = [*place.work.glob(f"{machine}.done.*")]
    found.sort(key=lambda file: file.stat().st_mtime_ns)
    return [file.read_text("utf-8").strip() for file in found]


def until_effects(place: Place, machine: str, count: int) -> None:
    """Wait until so many effects are there: files, which ring no bell."""
    deadline = time.perf_counter() + LIMIT_S
    while len(found := effects(place, machine)) < count:
        assert time.perf_counter() < deadline, f"{machine}: {found}"
        pause(0.02)


def assert_sequence(place: Place, machine: str, steps: int = N_STEPS) -> None:
    """Assert that a sequence has come to its end, each step once."""
    rows = place.steps(machine)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1)), machine
    events = [row["event"] for row in rows if row["event"]]
    assert events == [f"s{n}" for n in range(steps)], machine
    assert sorted(map(int, effects(place, machine))) == list(range(steps)), machine


def add_parcels(place: Place, count: int) -> list[str]:
    """Queue jobs for WORKER; return their ids."""
    ids: list[str] = []
    with place.writer() as writer:
        for n in range(count):
            data: dict[str, Json] = {"n": n}
            added = writer.add_job("parcel", data, source="test", job_id=f"p{n}")
            ids.append(added.id)
    return ids


def assert_all_parcels(place: Place, ids: list[str], *workers: str) -> None:
    """Assert that each job was done once, and none is left."""
    with place.writer() as writer:
        jobs = [writer.job(id_) for id_ in ids]
    states = {job.id: job.status.value for job in jobs if job}
    assert states == dict.fromkeys(ids, "completed")
    done = [each for worker in workers for each in effects(place, worker)]
    assert sorted(done) == sorted(ids)

"""Processes that use the store until they are killed or there is nothing left.

    python -m tests.support.store_worker step DIR EPOCH   steps until killed
    python -m tests.support.store_worker claim DIR NAME   claims until none is left

Each prints a line after a commit, never before: what is printed was promised.
"""

import sys
from pathlib import Path

from smtui.clock import SystemClock
from smtui.store import Handled, InboxStatus, Owner, Writer
from tests.support.store import ask, own, query, row, snapshot, step, value


def main(arguments: list[str]) -> None:
    """Do one of them."""
    what, folder, last = arguments
    with Writer(Path(folder) / "smtui.db", "normal", SystemClock()) as writer:
        if what == "step":
            take_steps(writer, Owner("m", int(last)))
        else:
            claim_all(writer, last)


def take_steps(writer: Writer, owner: Owner) -> None:
    """Send an event to oneself, handle it, add a job: for ever."""
    (loaded,) = writer.load(owner.machine)
    seq = int(str(loaded.snapshot["seq"])) if loaded.snapshot else 0
    left = tuple(loaded.results)
    for waiting in writer.read_inbox(owner.machine):
        seq += 1
        handle(writer, owner, seq, waiting.seq, left)
        left = (str(seq),)
    while True:
        seq += 1
        event = writer.accept(owner.machine, "go", {"seq": seq}, source="test")
        say(f"accepted {event.id}")
        handle(writer, owner, seq, event.seq, left)
        left = (str(seq),)


def handle(
    writer: Writer, owner: Owner, seq: int, inbox_seq: int, left: tuple[str, ...]
) -> None:
    """Commit one step."""
    asked = query("add_job", str(seq), job_type="t")
    write = step(
        snapshot(seq=seq, pending={asked.id: asked.entry}),
        journal=row(seq),
        inbox=(Handled(inbox_seq, InboxStatus.TAKEN),),
        consumed=left,
        queries=(asked,),
    )
    writer.commit(owner, [write])
    say(f"stepped {seq}")


def claim_all(writer: Writer, name: str) -> None:
    """Claim and complete, one after the other."""
    owner = own(writer, name)
    n = 0
    while True:
        n += 1
        asked = query("check_database_queue", f"c.{n}", job_type="t")
        job = value(ask(writer, owner, asked))["job"]
        if not isinstance(job, dict):
            return
        done = query("complete_job", f"d.{n}", job_id=job["id"])
        consumed = (f"c.{n}", f"d.{n - 1}")
        writer.commit(owner, [step(queries=(done,), consumed=consumed)])
        say(f"claimed {job['id']}")


def say(line: str) -> None:
    """Print a promise."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

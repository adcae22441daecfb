"""A disk that is full, a store that is locked, events that are too many or big."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from smtui.clock import SystemClock
from smtui.definition import Json
from smtui.store import Writer
from tests.support.acceptance import Place
from tests.support.acceptance_machines import (
    DOOR,
    assert_sequence,
    sequence,
    tries,
)

pytestmark = pytest.mark.acceptance

BURST = 2_000

COUNTER = """
initial_state: counting
events:
  tick: {context_map: {n: payload.n, who: payload.who}}
transitions:
  - {from: counting, to: counting, event: tick}
  - {from: counting, to: completed, event: enough}
"""

LOCKER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""

# --------------------------------------------------------------- a full disk


@contextmanager
def a_small_disk(folder: Path) -> Generator[None, None, None]:
    """Mount 4 MB of memory as a folder; skip the test where that is refused."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=700", "smtui-test"]
    done = subprocess.run(  # noqa: S603 - a small disk for this test
        [*mount, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607


def fill(file: Path) -> None:
    """Write a file until the disk is full."""
    with file.open("wb", buffering=0) as out:
        for size in (1 << 16, 1 << 10, 1):
            try:
                while True:
                    out.write(b"x" * size)
            except OSError:
                continue


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_on_a_full_disk_a_machine_waits_and_goes_on_when_there_is_room(
    place: Place,
) -> None:
    with a_small_disk(place.data):
        place.define("seq", sequence(pause_s=0.05))
        place.define("door", DOOR)
        run = place.headless()
        run.step("seq", to="q3")
        ballast = place.data / "ballast"

        fill(ballast)
        place.views(lambda rows: (frame := rows["seq"].frame) and frame.waits_store)
        done = len(tries(place, "seq"))
        refused = place("send", "door", "push")
        shown = place.view("seq")

        assert done < 20
        assert refused.code == 1
        assert "full" in refused.err
        assert shown.state == "ready"
        assert len(tries(place, "seq")) == done, "it went on without a commit"
        ballast.unlink()
        run.child("seq", "done")
        assert tries(place, "seq") == [str(n) for n in range(20)]
        assert_sequence(place, "seq")
        assert place.view("seq").restarts == 0
        assert place("send", "door", "push", "--wait").code == 0
        assert run.stop() == 0


# ------------------------------------------------------------ a locked store


def test_a_stranger_that_locks_the_store_is_named_and_nothing_is_lost(
    place: Place,
) -> None:
    place.define("door", DOOR)
    run = place.headless()
    run.step("door", to="closed")
    stranger = subprocess.Popen(  # noqa: S603 - this Python
        [sys.executable, "-c", LOCKER, str(place.data / "smtui.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert stranger.stdout is not None
    assert stranger.stdout.readline() == b"locked\n"

    try:
        problem = run.until(lambda line: line.kind == "problem").told
        refused = place("send", "door", "push")
    finally:
        stranger.kill()
        stranger.communicate()

    assert problem["code"] == "store-locked"
    assert f"by pid {stranger.pid} (python" in str(problem["message"])
    assert problem["hint"] == f"end that process: kill {stranger.pid}"
    assert refused.code == 1
    assert "locked, another process has been writing" in refused.err
    assert f"it is pid {stranger.pid} (python" in refused.err
    assert place("send", "door", "push", "--wait").code == 0
    assert place.view("door").restarts == 0
    place.until_no_problem()
    assert run.stop() == 0


# ----------------------------------------------------------- a hung machine


def test_a_machine_that_is_stopped_is_found_hung_until_it_goes_on(
    place: Place,
) -> None:
    place.define("door", DOOR)
    place.project("settings: {hang_after: 1}")
    run = place.headless()
    pid = run.child("door", "ready").pid
    run.step("door", to="closed")

    os.kill(pid, signal.SIGSTOP)
    place.send("door", "push")

    hung = run.child("door", "hung")
    assert "has not answered for" in hung.why
    assert "'push' waits" in hung.why
    assert place("health").code == 1
    os.kill(pid, signal.SIGCONT)
    run.step("door", event="push")
    run.child("door", "ready", count=2)
    assert place("health").code == 0
    assert run.stop() == 0


# --------------------------------------------------------- too big, too many


def test_a_payload_of_10_mb_is_refused_with_its_size(place: Place) -> None:
    place.define("door", DOOR)
    run = place.headless()
    run.step("door", to="closed")
    big = place.folder / "big.json"
    big.write_text(json.dumps({"who": "x" * 10_000_000}))

    for words, given in ((f"@{big}", None), ("-", big.read_text())):
        refused = place("send", "door", "push", "--payload", words, given=given)
        assert refused.code == 1
        assert "is 10,000,010 bytes, the limit is 1,048,576" in refused.err

    assert place("events", "door", "--json").rows() == []
    assert run.stop() == 0


def test_2000_events_in_a_burst_are_all_handled_once_and_in_order(
    place: Place,
) -> None:
    place.define("counter", COUNTER)
    run = place.headless()
    run.step("counter", to="counting")

    def send(who: str) -> None:
        with Writer(place.data / "smtui.db", "normal", SystemClock()) as writer:
            for n in range(BURST // 2):
                payload: Json = {"n": n, "who": who}
                writer.accept("counter", "tick", payload, source=who)
                place.ring("counter")

    senders = [threading.Thread(target=send, args=(who,)) for who in ("ann", "bob")]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    place.send("counter", "enough")
    run.child("counter", "done")

    assert run.ends() == 0, "all machines are done, so it ends by itself"
    rows = place.read(lambda reader: reader.events_page("counter", limit=BURST + 9))
    rows.sort(key=lambda row: row.seq)
    assert [row.status.value for row in rows] == ["taken"] * (BURST + 1)
    steps = [line for line in run.lines if line.event in {"tick", "enough"}]
    assert [line.told["cause"] for line in steps] == [row.id for row in rows]
    for who in ("ann", "bob"):
        sent = [row.payload for row in rows if row.source == who]
        assert sent == [{"n": n, "who": who} for n in range(BURST // 2)]

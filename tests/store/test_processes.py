"""Real processes: killed while they commit, and many at one queue."""

import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from smtui.clock import SystemClock
from smtui.store import JobState, Writer
from tests.support.store import machine_row

pytestmark = pytest.mark.acceptance


def open_real(folder: Path) -> Writer:
    return Writer(folder / "smtui.db", "normal", SystemClock())


def spawn(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "tests.support.store_worker", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill_after(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """Read what it promises, and kill -9 it some time after its first word."""
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    killer = threading.Timer(seconds, process.kill)
    killer.start()
    lines += process.stdout.readlines()
    killer.join()
    process.communicate()
    # the last line may be cut: that much was not promised
    return [line.strip() for line in lines if line.endswith("\n")]


def count(writer: Writer, sql: str) -> int:
    with writer._db.reading() as tx:
        found = tx.one(sql)
    assert found is not None
    return int(found[0])


def test_kill_9_at_any_instant_loses_and_repeats_nothing(tmp_path: Path) -> None:
    instants = random.Random(7)  # noqa: S311 - instants, no secrets
    promised: list[str] = []
    for _ in range(12):
        with open_real(tmp_path) as writer:
            writer.put_machine(machine_row("m"))
            epoch = writer.raise_epoch("m", ["m"], crashed=False)
        process = spawn("step", str(tmp_path), str(epoch))
        promised += kill_after(process, instants.uniform(0.0, 0.15))

    with open_real(tmp_path) as writer:
        with writer._db.reading() as tx:
            health = [row[0] for row in tx.every("PRAGMA integrity_check")]
        steps = count(writer, "SELECT count(*) FROM journal")
        (loaded,) = writer.load("m")
        accepted = {line.split()[1] for line in promised if "accepted" in line}
        stepped = [int(line.split()[1]) for line in promised if "stepped" in line]
        with writer._db.reading() as tx:
            kept = {row["id"] for row in tx.every("SELECT id FROM inbox")}
            order = [row["seq"] for row in tx.every("SELECT seq FROM journal")]
        handled = count(writer, "SELECT count(*) FROM inbox WHERE status = 'taken'")
        jobs = count(writer, "SELECT count(*) FROM jobs")

    assert health == ["ok"]
    assert len(stepped) > 10
    assert accepted <= kept
    assert set(stepped) <= set(order)
    assert order == list(range(1, steps + 1))
    assert loaded.snapshot is not None
    assert loaded.snapshot["seq"] == steps == handled == jobs
    assert set(loaded.results) == {str(steps)}


def test_many_processes_may_make_one_new_store(tmp_path: Path) -> None:
    workers = [spawn("claim", str(tmp_path), f"w{n}") for n in range(6)]

    said = [worker.communicate(timeout=60)[1] for worker in workers]

    assert said == [""] * 6


def test_four_processes_never_claim_one_job_twice(tmp_path: Path) -> None:
    with open_real(tmp_path) as writer:
        ids = [writer.add_job("t", {}, source="test").id for _ in range(400)]

    workers = [spawn("claim", str(tmp_path), f"w{n}") for n in range(4)]
    said = [worker.communicate(timeout=60)[0].split() for worker in workers]

    claimed = Counter(word for words in said for word in words[1::2])
    assert set(claimed.values()) == {1}
    assert set(claimed) == set(ids)
    assert [worker.returncode for worker in workers] == [0] * 4
    with open_real(tmp_path) as writer:
        found = [writer.job(id_) for id_ in ids]
    ends = {(job.status, job.attempts) for job in found if job is not None}
    assert ends == {(JobState.COMPLETED, 1)}


def test_a_process_that_lost_its_machine_is_told_at_its_next_commit(
    tmp_path: Path,
) -> None:
    with open_real(tmp_path) as writer:
        writer.put_machine(machine_row("m"))
        epoch = writer.raise_epoch("m", ["m"])
        process = spawn("step", str(tmp_path), str(epoch))
        assert process.stdout is not None
        process.stdout.readline()

        writer.raise_epoch("m", ["m"])
        steps = count(writer, "SELECT count(*) FROM journal")
        _, said = process.communicate(timeout=60)

        assert "FencedError: 'm' belongs to epoch 2, this process is 1" in said
        assert count(writer, "SELECT count(*) FROM journal") == steps

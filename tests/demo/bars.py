"""Measure the demo against its own bars: `python -m tests.demo.bars [SECONDS]`.

Prints one JSON object a line (name, value, unit, want). Not a test: on a busy
computer the figures say more about the computer.

- in each 5 s window of the first minute 3 machines change state and a job ends
- a machine asks within 10 s
- an idle hour writes less than 1 MB (measured from minute 5, taken to an hour)
- the whole takes less than 15 % of a core
"""

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from smtui.clock import SystemClock
from smtui.supervisor import read_lock
from tests.support.cli import DEMO, Outcome, Program, lines_of

MINUTE_S = 60.0
WINDOW_S = 5.0
SETTLED_S = 300.0
"""By then every package is counted and the fleet waits."""


def main(seconds: float) -> None:
    """Run the demo that long and print what was measured."""
    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(DEMO, Path(name) / "machines")
        with Program(Path(name)) as program:
            measure(program, seconds)


def measure(program: Program, seconds: float) -> None:
    """Run the demo in a folder and print what was measured."""
    clock = SystemClock()
    began, start = clock.now(), clock.elapsed()
    running = program.begin("run", "machines/", "--json")
    samples: list[tuple[float, float, int]] = []
    while clock.elapsed() - start < seconds:
        time.sleep(1.0)
        holder = read_lock(program.folder / ".smtui")
        if holder is not None:
            spent, written = usage(holder.pid)
            samples.append((clock.elapsed() - start, spent, written))
    ended = jobs_ended(program, began)
    program("down")
    windows(running.ends(), ended, began)
    totals(samples)


def windows(done: Outcome, ended: list[float], began: float) -> None:
    """Print how many windows fall short, and when a machine asked first."""
    changes = [
        (instant(step["at"]) - began, str(step["machine"]), step["to"])
        for step in lines_of(done)
        if step["kind"] == "step" and step["from"] and step["from"] != step["to"]
    ]
    short = 0
    for quarter in range(int((MINUTE_S - WINDOW_S) * 4)):
        left, right = quarter / 4, quarter / 4 + WINDOW_S
        who = {name for at, name, _ in changes if left <= at < right}
        jobs = [at for at in ended if left <= at < right]
        short += len(who) < 3 or not jobs
    asked = [at for at, _, to in changes if to == ["asking"]]
    put("windows too quiet", short, "windows", 0)
    put("asks after", round(min(asked), 2) if asked else None, "s", 10)


def totals(samples: list[tuple[float, float, int]]) -> None:
    """Print the share of a core, and what an idle hour would write."""
    first, last = samples[0], samples[-1]
    share = (last[1] - first[1]) / (last[0] - first[0])
    put("share of a core", round(share * 100, 2), "%", 15)
    idle = [sample for sample in samples if sample[0] > SETTLED_S]
    if len(idle) > 1:
        spent = idle[-1][0] - idle[0][0]
        written = (idle[-1][2] - idle[0][2]) * 3600 / spent
        put("written in an idle hour", round(written / 1e6, 3), "MB", 1)


def usage(root: int) -> tuple[float, int]:
    """Return CPU seconds and bytes written by a process and all below it."""
    ticks, written = 0, 0
    for pid in tree(root):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2]
            io = Path(f"/proc/{pid}/io").read_text("utf-8")
        except OSError:
            continue
        ticks += sum(int(field) for field in stat.split()[11:15])
        written += int(io.split("wchar: ")[1].split()[0])
    return ticks / os.sysconf("SC_CLK_TCK"), written


def tree(root: int) -> Iterator[int]:
    """Yield a process and all below it."""
    yield root
    for task in Path(f"/proc/{root}/task").glob("*/children"):
        for child in task.read_text("utf-8").split():
            yield from tree(int(child))


def jobs_ended(program: Program, began: float) -> list[float]:
    """Return when jobs ended, in seconds after the start."""
    rows = program("jobs", "list", "--limit", "500", "--json").rows()
    return [instant(row["ended_at"]) - began for row in rows if row["ended_at"]]


def instant(text: object) -> float:
    """Return RFC 3339 as seconds since the epoch."""
    return datetime.fromisoformat(str(text)).timestamp()


def put(name: str, value: float | None, unit: str, want: float) -> None:
    """Print one figure."""
    print(json.dumps({"name": name, "value": value, "unit": unit, "want": want}))  # noqa: T201


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 70.0)

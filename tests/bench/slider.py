"""Going back in a journal of a million steps: what each key of the slider costs.

The journal is written with plain SQL, rows like those of a machine that works:
a claim, an action, its result, a time-out now and then; a rare event stands in
it ten times. A step is everything between the key and the lines of the panes:
find the place, fold the data from the last full snapshot, read the steps
around it, light the graph, make the lines.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from textual.pilot import Pilot

from smtui.chart import compile_chart
from smtui.store import Place, Writer
from smtui.store.past import PastReader
from smtui.tui.app import SmtuiApp
from smtui.tui.args import Replay, TuiArgs
from smtui.tui.live import Hands, Link, Pages
from smtui.tui.running import spare_the_collector
from smtui.tui.screens.past import PastScreen
from smtui.tui.sources import Sources
from smtui.view.graph import (
    NOTHING_CHOSEN,
    Sketch,
    arrows_of,
    draw,
    from_chart,
    row_runs,
    shine,
    sketch_of,
)
from smtui.view.graph.past import moment_at
from smtui.view.pages import step_line
from smtui.view.past import fold
from smtui.view.past_lines import data_lines
from smtui.view.timeline import Timeline
from tests.bench.figure import Figure
from tests.support.drive import definition_of
from tests.support.store import HandClock, machine_row
from tests.support.view_fleet import NOW

__all__ = ["figures", "write_journal"]

STEPS = 1_000_000
ROUNDS = 300
ON_SCREEN = 300
WHO = ("crawler", "main")
PANE = (60, 20)
ROWS = 10

DEFINITION = """\
initial_state: idle
states: [idle, queued, fetching, parsing, waiting, done]
transitions:
  - {from: idle, to: queued, event: start}
  - {from: queued, to: fetching, event: url}
  - {from: fetching, to: parsing, event: ok}
  - {from: fetching, to: waiting, event: "429"}
  - {from: waiting, to: queued, event: timeout(15)}
  - {from: parsing, to: queued, event: store}
  - {from: queued, to: done, event: rare}
  - {from: done, to: queued, event: again}
  - {from: "*", to: idle, event: drain}
"""

_ROWS = """
WITH RECURSIVE
  moves (k, source, event, target) AS (VALUES
    (0, 'queued', 'url', 'fetching'), (1, 'fetching', 'ok', 'parsing'),
    (2, 'parsing', 'store', 'queued'), (3, 'queued', 'url', 'fetching'),
    (4, 'fetching', '429', 'waiting'), (5, 'waiting', 'timeout(15)', 'queued'),
    (6, 'queued', 'poll', 'queued'), (7, 'queued', 'poll', 'queued')),
  numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :steps)
INSERT INTO journal (machine, instance, run, seq, at, cause, event, from_json,
  to_json, outcome, why, micro_json, patch_json, effects_json, duration_s,
  definition_hash)
SELECT 'crawler', 'main', 1, n, :began + n * 0.5, printf('%032x', n),
  CASE WHEN n % :rare = 0 THEN 'rare' ELSE event END,
  printf('["%s"]', source),
  printf('["%s"]', CASE WHEN n % :rare = 0 THEN 'done' ELSE target END),
  'taken', '',
  printf('[{"from":"%s","event":"%s","to":"%s","loop":false}]', source, event, target),
  CASE WHEN n % 3 = 0 THEN NULL ELSE printf(
    '{"set":{"u":"https://ex.org/%d","depth":%d,"event_data":{"type":"%s",' ||
    '"payload":{"u":"https://ex.org/%d"},"job_id":null}},"unset":[]}',
    n, n % 9, event, n) END,
  printf('[{"run":"%d.2","action":"bash","key":"%032x"}]', n, n), 0.0004, :hash
FROM numbers CROSS JOIN moves ON k = n % 8
"""

_SNAPSHOTS = """
INSERT INTO snapshots (machine, instance, run, seq, journal_id, snapshot_json)
SELECT machine, instance, run, seq, id, printf(
  '{"version":1,"configuration":%s,"data":{"machine_name":"crawler","n":%d,' ||
  '"seen":[%s]},"pending":{},"since":[%f,1.0,"boot"]}',
  to_json, seq, substr(replace(hex(zeroblob(400)), '00', ',"x"'), 2), at)
FROM journal WHERE seq = 1 OR seq % 200 = 0
"""


def write_journal(folder: Path, steps: int = STEPS) -> Path:
    """Make a store whose one machine has taken so many steps; return its file."""
    hash_ = definition_of(DEFINITION, "crawler").hash
    with Writer(folder / "smtui.db", "normal", HandClock()) as writer:
        writer.put_definition(hash_, "engine", "crawler", "crawler.yaml", DEFINITION)
        writer.put_machine(machine_row("crawler"))
        with writer._db.writing() as tx:
            params = {
                "steps": steps,
                "began": NOW - steps * 0.5,
                "rare": max(1, steps // 10),
                "hash": hash_,
            }
            tx.run(_ROWS, params)
            tx.run(_SNAPSHOTS)
    return folder / "smtui.db"


class Bench:
    """A reader, a drawing, and a place to go from."""

    def __init__(self, past: PastReader, timeline: Timeline) -> None:
        self.past = past
        self.timeline = timeline
        self.place = timeline.last
        graph = from_chart(compile_chart(definition_of(DEFINITION, "crawler")))
        self.arrows = arrows_of(graph)
        self.sketch: Sketch = sketch_of(draw(graph))

    async def show(self, place: Place | None) -> None:
        """Do all that a key does, up to the lines of the panes."""
        if place is None:
            return
        self.place = place
        state = await self.past.past_state(*WHO, place)
        steps = await self.past.past_steps(*WHO, place, before=ROWS, after=ROWS)
        if state is None:
            raise ValueError(f"no step at {place}")
        instant = fold(state)
        data_lines(instant)
        for entry in steps:
            step_line(entry)
        overlay = shine(
            self.sketch, moment_at(instant, self.arrows), NOTHING_CHOSEN, ()
        )
        for y in range(PANE[1]):
            row_runs(self.sketch.drawing, y, overlay, (0, PANE[0]))

    async def by(self, steps: int) -> None:
        """Go some steps on or back."""
        await self.show(self.timeline.beside(self.place, steps))

    async def event(self, name: str, *, back: bool) -> None:
        """Go to where an event comes next, or came last."""
        await self.show(await self.past.past_event(*WHO, self.place, name, back=back))

    async def visit(self, state: str, *, back: bool) -> None:
        """Go to where a state is entered next, or was last."""
        await self.show(await self.past.past_visit(*WHO, self.place, state, back=back))

    async def moment(self, at: float) -> None:
        """Go to a time."""
        await self.show(await self.past.past_moment(*WHO, at))


async def figures() -> AsyncIterator[Figure]:
    """Yield what each key costs, and what the whole journal costs to take along."""
    with tempfile.TemporaryDirectory(prefix="smtui-bench-") as name:
        folder = Path(name)
        began = perf_counter()
        database = write_journal(folder)
        yield Figure("write the journal of 1 M steps", "s", [perf_counter() - began])
        async with PastReader(database) as past:
            began = perf_counter()
            timeline = Timeline(tuple(await past.past_runs(*WHO)))
            opening = (perf_counter() - began) * 1000
            yield Figure("how far the journal goes", "ms", [opening])
            async for figure in _keys(Bench(past, timeline)):
                yield figure
        async for figure in _screen(folder):
            yield figure
        for figure in _along(folder):
            yield figure


async def _keys(bench: Bench) -> AsyncIterator[Figure]:
    dice = random.Random(1)  # noqa: S311 - places to measure at
    places = [dice.randrange(bench.timeline.total) for _ in range(ROUNDS)]
    first = bench.timeline.spans[0].first
    keys: dict[str, Callable[[], Awaitable[None]]] = {
        "step back": lambda: bench.by(-1),
        "step on": lambda: bench.by(1),
        "next event, frequent": lambda: bench.event("ok", back=False),
        "last event, rare": lambda: bench.event("rare", back=True),
        "next visit, frequent": lambda: bench.visit("waiting", back=False),
        "last visit, rare": lambda: bench.visit("done", back=True),
        "a time": lambda: bench.moment(NOW - dice.random() * STEPS * 0.5),
    }
    for name, key in keys.items():
        found: list[float] = []
        for ordinal in places:
            bench.place = Place(1, first + ordinal)
            began = perf_counter()
            await key()
            found.append((perf_counter() - began) * 1000)
        yield Figure(f"slider {name}", "ms", found)
        yield Figure(
            f"slider {name}, p99",
            "ms",
            [quantiles(found, n=100, method="inclusive")[-1]],
        )


async def _screen(folder: Path) -> AsyncIterator[Figure]:
    """Time steps on the real screen, from the verb to the painted panes."""
    found: list[float] = []
    async with _replaying(folder) as (pilot, screen):
        for round_ in range(ON_SCREEN):
            if round_ % 10 == 0:
                screen.go(
                    screen.timeline.place(round_ * screen.timeline.total // ON_SCREEN)
                )
                await _painted(pilot)
            began = perf_counter()
            screen.go_by(-1)
            await _painted(pilot)
            found.append((perf_counter() - began) * 1000)
    yield Figure("step on the screen of 120x36, painted", "ms", found)
    p99 = quantiles(found, n=100, method="inclusive")[-1]
    yield Figure("step on the screen of 120x36, painted, p99", "ms", [p99])


@asynccontextmanager
async def _replaying(folder: Path) -> AsyncIterator[tuple[Pilot[str], PastScreen]]:
    replay = Replay("journal", *WHO, NOW)
    args = TuiArgs(folder, read_only=True, replay=replay)
    clock = HandClock(NOW)
    pages = Pages(folder)
    sources = Sources(Link(folder, "me"), pages, Hands(folder, clock, "me"))
    app = SmtuiApp(args, sources, clock, None)
    spare_the_collector()  # as the program does
    async with app.run_test(size=(120, 36)) as pilot:
        await _painted(pilot)
        while app.context.graphs.is_busy:
            await pilot.pause(0.05)
        screen = app.screen
        if not isinstance(screen, PastScreen):
            raise TypeError("the past is not on the screen")
        yield pilot, screen
    await pages.aclose()


async def _painted(pilot: Pilot[str]) -> None:
    """Wait until what was asked for is read, and paint the whole screen."""
    workers = [one for one in pilot.app.workers if one.group == "load"]
    await pilot.app.workers.wait_for_complete(workers)
    pilot.app.screen._compositor.render_strips()


def _along(folder: Path) -> list[Figure]:
    """Measure an export and a replay of all of it, each in a process of its own."""
    export = ("history", "crawler", "--export", "all.jsonl.gz")
    took = [
        _command(folder, *export, "--data", str(folder)),
        _command(folder, "replay", "all.jsonl.gz", "--at", "999999"),
    ]
    size = (folder / "all.jsonl.gz").stat().st_size / 1e6
    return [
        Figure("export of 1 M steps, compressed", "s", [took[0][0]]),
        Figure("its size", "MB", [size]),
        Figure("memory of the export, at most", "MB", [took[0][1]]),
        Figure("replay of it, checked, loaded, one step shown", "s", [took[1][0]]),
        Figure("memory of the replay, at most", "MB", [took[1][1]]),
    ]


def _command(folder: Path, *words: str) -> tuple[float, float]:
    """Run a command to its end; return seconds, and MB of its largest memory."""
    script = (
        "import json, re, sys; from smtui.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "status = open('/proc/self/status').read()\n"
        "used = int(re.search(r'VmHWM:\\s+(\\d+)', status)[1])\n"
        "print(json.dumps([code, used / 1024]), file=sys.stderr)"
    )
    began = perf_counter()
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", script, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    took = perf_counter() - began
    code, megabytes = json.loads(done.stderr.splitlines()[-1])
    if code:
        raise RuntimeError(done.stderr)
    return took, megabytes

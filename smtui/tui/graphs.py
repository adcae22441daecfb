"""Drawings of definitions, made off the event loop and kept by definition hash.

Asking never waits: what is not there yet is begun, and `on_ready` is called
when it is. A chart of usual size is laid out in a thread. A large one takes
seconds of pure Python, which in a thread would slow every key down, so it gets
a process of its own (`smtui.view.graph` alone is imported there).
"""

import asyncio
import contextlib
import pickle
import sys
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from functools import partial
from typing import NamedTuple

from smtui.chart import Chart
from smtui.errors import SmtuiError
from smtui.tui.charts import Charts
from smtui.view.graph import (
    VAST_STATES,
    Arrows,
    Doings,
    Drawing,
    Graph,
    Options,
    Sketch,
    arrows_of,
    doings_of,
    draw,
    from_chart,
    neighbourhood,
    sketch_of,
)

__all__ = ["Charted", "Graphs"]

KEPT = 64
"""Drawings at most; the least used ones are forgotten."""

LIKE_STATES = 60
"""Only up to here is a new version drawn like the one before it."""

_FAR = (
    "import os, pickle, sys; os.nice(10)\n"
    "from smtui.view.graph import draw, sketch_of\n"
    "part, whole, options = pickle.load(sys.stdin.buffer)\n"
    "sketch = sketch_of(draw(part, options), whole)\n"
    "pickle.dump(sketch, sys.stdout.buffer)\n"
)


class Charted(NamedTuple):
    """A definition, ready to be drawn."""

    hash: str
    graph: Graph
    arrows: Arrows
    doings: Doings


class _Key(NamedTuple):
    hash: str
    around: str
    hops: int
    """0 for the whole."""
    options: Options


class Graphs:
    """Graphs and drawings of definitions."""

    def __init__(self, charts: Charts) -> None:
        self._charts = charts
        self.on_ready: Callable[[], None] = _nothing
        self.version = 0
        """Grows when a drawing has come."""
        self._known: dict[str, Charted | None] = {}
        self._kept: OrderedDict[_Key, Sketch] = OrderedDict()
        self._latest: dict[tuple[str, Options], Drawing] = {}
        """Name of the chart and options -> its newest whole drawing."""
        self._asked: dict[_Key | str, asyncio.Task[None]] = {}
        self._failed: set[_Key | str] = set()
        """What cannot be drawn: a bug of the layout, and the card stays."""
        self._near = asyncio.Semaphore(1)
        self._far = asyncio.Semaphore(1)

    @property
    def is_busy(self) -> bool:
        """Say whether something is being read or drawn."""
        return bool(self._asked)

    def known(self, hash_: str) -> Charted | None:
        """Return a definition's graph, None while it is not read or not readable."""
        if hash_ and hash_ not in self._known:
            self._begin(hash_, partial(self._read, hash_))
        return self._known.get(hash_)

    def sketch(
        self, charted: Charted, around: str, hops: int, options: Options
    ) -> Sketch | None:
        """Return a drawing, None while it is being made."""
        key = _Key(charted.hash, around if hops else "", hops, options)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        self._begin(key, partial(self._draw, key, charted))
        return None

    async def aclose(self) -> None:
        """Give up what is under way."""
        tasks = list(self._asked.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ---------------------------------------------------------------- inside

    def _begin(
        self, key: _Key | str, work: Callable[[], Coroutine[None, None, None]]
    ) -> None:
        if key not in self._asked and key not in self._failed:
            self._asked[key] = asyncio.create_task(self._do(key, work))

    async def _do(
        self, key: _Key | str, work: Callable[[], Coroutine[None, None, None]]
    ) -> None:
        try:
            await work()
        except Exception:  # noqa: BLE001 - no chart may take the screen down
            self._failed.add(key)
        finally:
            del self._asked[key]
        self.version += 1
        self.on_ready()

    async def _read(self, hash_: str) -> None:
        try:
            compiled = await self._charts.get(hash_)
        except SmtuiError:
            # no store yet, or it is locked: asked again at the next picture
            return
        chart = compiled.chart
        self._known[hash_] = None
        if chart is not None:
            self._known[hash_] = await asyncio.to_thread(_charted, hash_, chart)

    async def _draw(self, key: _Key, charted: Charted) -> None:
        whole = part = charted.graph
        if key.hops:
            part = neighbourhood(whole, key.around, key.hops)
        if len(part.nodes) >= VAST_STATES:
            async with self._far:
                sketch = await _draw_far(part, whole, key.options)
        else:
            name = (whole.name, key.options)
            like = None if key.hops else self._latest.get(name)
            work = partial(_draw_near, part, whole, key.options, like)
            async with self._near:
                sketch = await asyncio.to_thread(work)
            if not key.hops and len(part.nodes) <= LIKE_STATES:
                self._latest[name] = sketch.drawing
        self._kept[key] = sketch
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _charted(hash_: str, chart: Chart) -> Charted:
    graph = from_chart(chart)
    return Charted(hash_, graph, arrows_of(graph), doings_of(chart, graph))


def _draw_near(
    part: Graph, whole: Graph, options: Options, like: Drawing | None = None
) -> Sketch:
    return sketch_of(draw(part, options, like), whole)


async def _draw_far(part: Graph, whole: Graph, options: Options) -> Sketch:
    """Return a drawing that a process of its own has made."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", _FAR),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        found, _ = await process.communicate(pickle.dumps((part, whole, options)))
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        return await asyncio.to_thread(_draw_near, part, whole, options)
    sketch: Sketch = pickle.loads(found)  # noqa: S301 - from our own process
    return sketch


def _nothing() -> None:
    """Stand in until the app asks to be told."""

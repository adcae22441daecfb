"""Live a short machine's life once, and leave nothing of it.

What Python makes by the way - compiled expressions, caches, the specialised
code of functions that have run - is then there before a fork, and shared.

The law of this file: afterwards there is no thread, no loop, no open store,
and no file. The life is played in a folder of its own, which also holds its
run directory, so that nobody hears of it.
"""

import asyncio
import json
import os
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from smtui.clock import SystemClock
from smtui.dialects import load_text
from smtui.errors import InternalError
from smtui.runtime.actions import Outlet
from smtui.runtime.library import Library
from smtui.runtime.process import DATABASE, Assignment, work
from smtui.runtime.stop import Stop
from smtui.store import ChildRow, MachineRow, Writer
from smtui.wire.paths import LOCK_NAME

__all__ = ["rehearse"]

_NAME = "rehearsal"
_LIMIT_S = 5.0

_SAMPLE = """\
initial_state: a
events: {go: {context_map: {x: payload.x}}}
transitions:
  - {from: a, to: b, event: go}
  - {from: b, to: b, event: noted}
  - {from: b, to: stopped, event: end}
  - {from: b, to: a, event: timeout(60)}
actions:
  b: [{type: set_context, key: y, value: "{x|default:1}", success: noted}]
"""


def rehearse() -> None:
    """Play the life.

    Raises OSError or SmtuiError when there is no place for it, TimeoutError
    when it does not end.
    """
    with TemporaryDirectory(prefix="smtui-") as folder:
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            epoch = _set_the_stage(Path(folder))
            asyncio.run(_play(Path(folder), epoch, Outlet(null, null)))
        finally:
            os.close(null)
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join()


def _set_the_stage(folder: Path) -> int:
    """Make a store with one machine and what happens to it."""
    (folder / LOCK_NAME).write_text(json.dumps({"run_dir": f"{folder}/run"}))
    file = str(folder / "sample.yaml")
    definition = load_text(_SAMPLE, file).definition
    if definition is None:
        raise InternalError(f"{_NAME}: its definition is wrong")
    row = MachineRow(_NAME, _NAME, "engine", definition.hash, file, str(folder))
    machine = {
        "name": _NAME,
        "file": file,
        "folder": str(folder),
        "hash": definition.hash,
    }
    with Writer(folder / DATABASE, "normal", SystemClock()) as writer:
        writer.put_definition(definition.hash, "engine", _NAME, file, _SAMPLE)
        writer.put_machine(row)
        writer.put_child(ChildRow(_NAME, {"machines": [{**machine}]}))
        for event in ("go", "end"):
            writer.accept(_NAME, event, {"x": 1}, source=_NAME)
        return writer.raise_epoch(_NAME, [_NAME])


async def _play(folder: Path, epoch: int, outlet: Outlet) -> None:
    spec = await Library(folder / DATABASE).spec(_NAME)
    job = Assignment(folder, _NAME, epoch, spec, folder)
    async with asyncio.timeout(_LIMIT_S):
        await work(job, Stop(0.0), outlet)

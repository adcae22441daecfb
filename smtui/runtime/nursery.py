"""The nursery: a fork server, from which machine processes are born warm.

Starting Python and importing what a machine needs takes a tenth of a second
of processor time, and ten megabytes that no two processes share. Here it is
done once; a birth is two forks of a process that has everything in memory:

    supervisor ── Birth ──▶ nursery ─ fork ─▶ (ends) ─ fork ─▶ newborn
        │                                                        │
        └──────── parent from then on, being a subreaper ◀───────┘

Laws of this file:

- what is forked has one thread, no loop, no open store, and no descriptor
  but its standard three and the door
- the parent between both is gone before the newborn's pid is told: a newborn
  has one parent, the supervisor, which waits for it like for any other
- a newborn begins when it is told to, after its birth was; if the nursery
  dies first it ends without having done anything
- it is the last to leave: when the supervisor is gone, and perhaps its
  guardian with it, the fleet it was part of is ended from here
- the collector leaves alone what all share (gc.freeze): to look at an object
  is to copy its page
"""

import asyncio
import gc
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from smtui.chart import compile_chart
from smtui.dialects import load_text
from smtui.runtime.newborn import become
from smtui.runtime.process import run_machine_process
from smtui.store.statements import preload
from smtui.wire.birth import Birth, Born, answer, take_answer, take_birth

__all__ = ["Body", "run_nursery"]

Body = Callable[[Path, str, int], int]
"""What a newborn does: (data directory, child, epoch) -> exit code."""

_LATE = (
    "concurrent.futures.thread",
    "encodings.ascii",
    "smtui.store.thread",
    "smtui.store.writer",
    "traceback",
    "yaml",
)
"""What is imported when it is first needed, and every machine needs."""

_SAMPLE = """\
initial_state: a
events: {go: {context_map: {x: payload.x}}}
transitions:
  - {from: a, to: b, event: go}
  - {from: b, to: a, event: timeout(1)}
actions:
  b: [{type: bash, command: "echo {x|default:1}", success: done}]
"""
"""Read once, so that what reading makes by the way is there and shared."""

_GO = b"go"

_STANDARD = frozenset({0, 1, 2})


def run_nursery(
    data_dir: Path,
    body: Body = run_machine_process,
    orphaned: Callable[[Path], object] = lambda _: None,
) -> int:
    """Bear until the supervisor is gone, then see to what it left.

    Returns in newborns only, with the exit code of their `body`. Standard
    input is the door. Call it in the main thread of a process that has done
    nothing else. `orphaned` ends what is left of the fleet; it is called in
    the nursery itself.
    """
    door = _take_door()
    _warm_up()
    answer(door, Born(os.getpid()))
    birth = _serve(door)
    if birth is None:
        orphaned(data_dir)
        os._exit(0)  # nothing to flush, nobody to tell
    return body(data_dir, birth.child, birth.epoch)


def _take_door() -> socket.socket:
    """Move the door away from standard input, and inherit nothing else.

    What the operator's shell had open is handed down to here, not further.
    """
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names, not paths
        with suppress(OSError):  # the one that lists them
            if int(name) not in _STANDARD:
                os.close(int(name))
    door = socket.socket(fileno=os.dup(0))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return door


def _warm_up() -> None:
    gc.disable()
    for name in _LATE:
        import_module(name)
    preload()
    loaded = load_text(_SAMPLE, "sample.yaml")
    if loaded.definition is not None:
        compile_chart(loaded.definition)
    asyncio.run(asyncio.sleep(0))  # ends as it began: without a loop
    gc.collect()
    gc.freeze()


def _serve(door: socket.socket) -> Birth | None:
    """Return in a newborn with what it is to be, at the end with None."""
    while asked := take_birth(door):
        birth, outputs = asked
        try:
            if _bear(door, birth, outputs):
                return birth
        except ConnectionError:
            return None
        except OSError as error:
            answer(door, Born(0, f"fork: {error.strerror}"))
        for fd in outputs:
            os.close(fd)
    return None


def _bear(door: socket.socket, birth: Birth, outputs: Sequence[int]) -> bool:
    """Make a process and answer; return True in it and False here."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        between = os.fork()
        if not between:
            _fork_and_end()
            door.close()
            ours.close()
            _begin(theirs, birth, outputs)
            return True
        theirs.close()
        _, status = os.waitpid(between, 0)
        died = os.strerror(status >> 8) if status else "died as it was born"
        born = take_answer(ours) or Born(0, died)
        answer(door, born)
        with suppress(ConnectionError):  # killed already
            ours.send(_GO)
        return False


def _fork_and_end() -> None:
    """Return in a child; the parent between ends, with the errno of its fork."""
    code = 0
    try:
        if not os.fork():
            return
    except OSError as error:
        code = error.errno or 1
    os._exit(code)


def _begin(leash: socket.socket, birth: Birth, outputs: Sequence[int]) -> None:
    """Become what was asked for, say so, and wait for the word to begin."""
    try:
        become(birth, outputs)
    except (OSError, ValueError) as error:
        answer(leash, Born(0, str(error)))
        os._exit(1)
    answer(leash, Born(os.getpid()))
    if leash.recv(len(_GO)) != _GO:
        os._exit(1)

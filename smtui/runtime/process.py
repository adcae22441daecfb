"""A machine process from its first to its last moment.

It reads what it is to run from the store, binds its doorbells, reports to the
supervisor and works until its machines have ended or it is told to stop. Its
exit code says which: 0 ended or stopped, 75 somebody newer owns the machine,
1 failed. The text of a failure is on stderr, which the supervisor keeps.
"""

import asyncio
import os
import signal
import sys
import threading
import traceback
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple, cast

from smtui.chart import StateChart
from smtui.chart.messages import Lineage
from smtui.clock import Clock, SystemClock
from smtui.dialects.bindings import code_file
from smtui.errors import FencedError, SmtuiError
from smtui.runtime.actions import Author, Catalogue, Outlet, Place
from smtui.runtime.actions.functions import Functions
from smtui.runtime.bells import Bells
from smtui.runtime.crowd import Crowd
from smtui.runtime.foreign import Ensemble
from smtui.runtime.foreign_post import Post
from smtui.runtime.library import Library
from smtui.runtime.link import Link
from smtui.runtime.machine import Machine
from smtui.runtime.setup import Setup, Tools
from smtui.runtime.spec import ChildSpec, MachineSpec
from smtui.runtime.stop import Stop
from smtui.stepper import is_foreign
from smtui.store import InvocationStatus, StoreThread, Writer
from smtui.wire import Hello
from smtui.wire.paths import DATABASE, events_path, run_dir

__all__ = ["DATABASE", "Assignment", "run_machine_process", "work"]


_LAST_SECOND_S = 1.0
"""Of the stop timeout this much is ours: to commit, and to kill groups."""


def run_machine_process(data_dir: Path, child: str, epoch: int) -> int:
    """Run the machines of a child; return the exit code.

    Called in the main thread, by the hidden command `_machine`. Does not
    return when a thread of an author's action would keep the process.
    """
    outlet = Outlet()
    # a print() of an author's action is to be seen when it happens
    sys.stdout = os.fdopen(1, "w", buffering=1, errors="replace", closefd=False)
    code = 0
    try:
        asyncio.run(_serve(data_dir.resolve(), child, epoch, outlet))
    except BaseExceptionGroup as group:
        code = _report(_first(group), outlet)
    except Exception as error:  # noqa: BLE001 - the edge of the process
        code = _report(error, outlet)
    sys.stdout.flush()
    if threading.active_count() > 1:
        os._exit(code)
    return code


def _report(error: BaseException, outlet: Outlet) -> int:
    if isinstance(error, SmtuiError):
        outlet.log("error", str(error))
        return error.exit_code if isinstance(error, FencedError) else 1
    trace = "".join(traceback.format_exception(error))
    outlet.err(trace.encode("utf-8", "replace"))
    return 1


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the error to report: being fenced explains all others."""
    leaves = _leaves(group)
    fenced = [leaf for leaf in leaves if isinstance(leaf, FencedError)]
    return (fenced or leaves)[0]


def _leaves(error: BaseException) -> list[BaseException]:
    if not isinstance(error, BaseExceptionGroup):
        return [error]
    group = cast("BaseExceptionGroup[BaseException]", error)
    return [leaf for each in group.exceptions for leaf in _leaves(each)]


class Assignment(NamedTuple):
    """What this process is to run."""

    data_dir: Path
    child: str
    epoch: int
    spec: ChildSpec
    cwd: Path
    """Where the program was started: start_fsm looks for files there first."""


async def _serve(data_dir: Path, child: str, epoch: int, outlet: Outlet) -> None:
    async with AsyncExitStack() as stack:
        store = StoreThread(data_dir / DATABASE, "normal", SystemClock())
        await stack.enter_async_context(store)
        spec = await Library(store).spec(child)
        if spec.durability != store.durability:
            await store.aclose()
            store = StoreThread(data_dir / DATABASE, spec.durability, SystemClock())
            await stack.enter_async_context(store)
        job = Assignment(data_dir, child, epoch, spec, Path.cwd())
        stop = Stop(max(0.0, spec.stop_timeout_s - _LAST_SECOND_S))
        with _signals(stop):
            _enter(spec.cwd or spec.machines[0].folder, outlet)
            await work(job, store, stop, outlet)


async def work(job: Assignment, store: StoreThread, stop: Stop, outlet: Outlet) -> None:
    """Run the machines by the store's clock until all have ended or `stop` is told.

    Raises SmtuiError, also inside an ExceptionGroup.
    """
    clock = store.clock
    library = Library(store)
    ensembles: dict[str, Ensemble] = {}
    setups = [
        _linked(await _setup(each, job, library, outlet), ensembles, clock)
        for each in job.spec.machines
    ]
    async with _closing(ensembles):
        setups = [found for each in setups if (found := await _invoked(each, store))]
        if not setups:
            return
        with _doors(job, setups) as (bells, link, machines):
            tools = Tools(job.epoch, clock, store, library, bells, link, stop, outlet)
            machines.update({each.name: _owner(each, tools) for each in setups})
            post = Post(store, bells)
            for ensemble in ensembles.values():
                ensemble.post = post
            await _run(list(machines.values()), link, post, ensembles)


@asynccontextmanager
async def _closing(ensembles: Mapping[str, Ensemble]) -> AsyncGenerator[None]:
    """End the threads of authors' files behind everything else."""
    try:
        yield
    finally:
        for ensemble in ensembles.values():
            ensemble.close()


async def _invoked(setup: Setup, store: StoreThread) -> Setup | None:
    """Return a setup with who has invoked it, None when that one has left it."""
    row = await store.call(Writer.invocation, setup.name)
    if row is None or row.status is InvocationStatus.OVER:
        return setup
    if row.status is InvocationStatus.CANCELLED:
        return None
    lineage = Lineage(row.parent_instance, row.invoke_id, row.token)
    return replace(setup, context=row.data, lineage=lineage)


def _linked(setup: Setup, ensembles: dict[str, Ensemble], clock: Clock) -> Setup:
    """Give the machines of one orchestrator's file what moves them together."""
    if not (isinstance(setup.chart, StateChart) and is_foreign(setup.chart)):
        return setup
    definition = setup.chart.definition
    fresh = Ensemble(Path(definition.file), setup.author.outlet, clock)
    ensemble = ensembles.setdefault(definition.file, fresh)
    return replace(setup, foreign=ensemble.member(setup.name, definition))


def _owner(setup: Setup, tools: Tools) -> Machine | Crowd:
    """Return what runs a machine: action lists have one instance, charts many."""
    if isinstance(setup.chart, StateChart) and setup.foreign is None:
        return Crowd(setup, setup.chart, tools)
    return Machine(setup, tools)


async def _run(
    machines: Sequence[Machine | Crowd],
    link: Link,
    post: Post,
    ensembles: Mapping[str, Ensemble],
) -> None:
    for machine in machines:
        await machine.load()
    if not any(machine.is_blocked for machine in machines):
        link.ready()
        for ensemble in ensembles.values():
            ensemble.resume()
    async with asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(post.serve())
        await asyncio.wait([tasks.create_task(each.run()) for each in machines])
        serving.cancel()


async def _setup(
    machine: MachineSpec, job: Assignment, library: Library, outlet: Outlet
) -> Setup:
    catalogue = Catalogue(machine.actions_dir)
    chart = await library.chart(machine.hash, machine.file, catalogue.types)
    env = {
        **os.environ,
        "SMTUI_PYTHON": sys.executable,
        "SMTUI_MACHINE": machine.name,
        "SMTUI_DATA": str(job.data_dir),
    }
    text = chart.definition.text
    author = Author(catalogue, machine.name, cache(_reader(text)), outlet)
    functions = None
    if isinstance(chart, StateChart) and not is_foreign(chart):
        definition = chart.definition
        is_strict = definition.semantics.is_strict
        functions = Functions(code_file(definition), author, is_strict=is_strict)
    return Setup(
        name=machine.name,
        chart=chart,
        context=machine.context,
        place=Place(machine.name, job.spec.cwd or machine.folder, env),
        author=author,
        folders=(job.cwd, machine.folder),
        functions=functions,
        max_running=job.spec.max_running,
    )


def _reader(text: str) -> Callable[[], object]:
    """Return what gives a definition as plain values, as authors want it."""

    def read() -> object:
        import yaml  # here, because few machines have actions of their own

        found: object = yaml.safe_load(text)
        return found

    return read


def _enter(folder: Path, outlet: Outlet) -> None:
    """Let an author's Python meet the files its shell commands meet."""
    try:
        os.chdir(folder)
    except OSError as error:
        outlet.log("warning", f"working directory {folder}: {error.strerror}")


@contextmanager
def _doors(
    job: Assignment, setups: Sequence[Setup]
) -> Generator[tuple[Bells, Link, dict[str, Machine | Crowd]]]:
    """Open the ways in and out; the machines they lead to come later."""
    machines: dict[str, Machine | Crowd] = {}
    names = [setup.name for setup in setups]
    directory = run_dir(job.data_dir)

    def ring(name: str) -> None:
        machines[name].ring()

    bells = Bells(directory, {name: partial(ring, name) for name in names})

    def rung() -> None:
        bells.ensure()
        bells.ring_own()

    hello = Hello(job.child, os.getpid(), job.epoch, tuple(names))
    link = Link(events_path(directory), hello, rung)
    try:
        yield bells, link, machines
    finally:
        link.close()
        bells.close()


@contextmanager
def _signals(stop: Stop) -> Generator[None]:
    """Let TERM and INT order the end."""
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, stop.tell)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)

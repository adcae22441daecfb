"""One turn of an entity at a time: of this session, this program, this store.

What comes from inside a turn for the same entity would wait for itself, and is
refused. What comes from another task or thread waits its turn; what comes from
another program does too, where the store can hold an entity.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Hashable
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from weakref import WeakValueDictionary

from smtui.library.errors import FSMError
from smtui.library.locks import Locks, Release
from smtui.library.stores import HoldingStore, StateStore

__all__ = ["Alone", "Holding"]


class Holding:
    """Who deals with which entity of a machine now."""

    def __init__(self, store: StateStore, machine: str) -> None:
        self._store = store if isinstance(store, HoldingStore) else None
        self._machine = machine
        is_enough = self._store is not None and store.is_quick
        self._threads = None if is_enough else Locks()
        """Of a store that threads may wait for there is no need."""
        self._has_tasks = False
        self._tasks: WeakValueDictionary[tuple[str, int], asyncio.Lock] = (
            WeakValueDictionary()
        )
        self._holders: set[tuple[str, Hashable]] = set()

    @contextmanager
    def turn(self, entity_id: str) -> Generator[None, None, None]:
        """Wait for the entity, and have it alone. Raises FSMError from inside."""
        self._refuse_waiting_for_the_own_loop(entity_id)
        holder = self._entered(entity_id, threading.get_ident())
        here: Release | None = None
        everywhere: Release | None = None
        try:
            if self._threads is not None:
                here = self._threads.hold(entity_id, waits=True)
            if self._store is not None:
                everywhere = self._store.hold(self._machine, entity_id, waits=True)
            yield
        finally:
            if everywhere is not None:
                everywhere()
            if here is not None:
                here()
            self._holders.discard(holder)

    @asynccontextmanager
    async def aturn(self, entity_id: str) -> AsyncGenerator[None, None]:
        """Do the same without blocking the event loop."""
        key = (entity_id, id(asyncio.get_running_loop()))
        self._has_tasks = True
        lock = self._tasks.setdefault(key, asyncio.Lock())
        holder = self._entered(entity_id, asyncio.current_task())
        try:
            async with lock:
                release = await self._held(entity_id)
                try:
                    yield
                finally:
                    if release is not None:
                        release()
        finally:
            self._holders.discard(holder)

    async def _held(self, entity_id: str) -> Release | None:
        if self._store is None:
            return None
        hold = partial(self._store.hold, self._machine, entity_id)
        return hold(waits=False) or await _waited(partial(hold, waits=True))

    def _refuse_waiting_for_the_own_loop(self, entity_id: str) -> None:
        if not self._has_tasks:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        lock = self._tasks.get((entity_id, id(loop)))
        if lock is not None and lock.locked():
            raise _busy(entity_id)

    def _entered(self, entity_id: str, holder: Hashable) -> tuple[str, Hashable]:
        """Refuse an event from inside an action of the same entity."""
        key = (entity_id, holder)
        if key in self._holders:
            raise _busy(entity_id)
        self._holders.add(key)
        return key


class Alone:
    """One turn of a session at a time; what comes from inside of it is refused."""

    def __init__(self, machine: str) -> None:
        self._lock = threading.Lock()
        self._thread: int | None = None
        self._machine = machine

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._refuse_from_inside()
            self._lock.acquire()
        self._thread = threading.get_ident()

    async def __aenter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self._refuse_from_inside()
            await _waited(self._acquired)
        self._thread = threading.get_ident()

    def __exit__(self, *_: object) -> None:
        self._thread = None
        self._lock.release()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()

    def _acquired(self) -> Callable[[], None]:
        self._lock.acquire()
        return self._lock.release

    def _refuse_from_inside(self) -> None:
        if self._thread == threading.get_ident():
            raise self.refusal()

    def refusal(self) -> FSMError:
        """Return the error of an event from inside of another one."""
        return FSMError(
            f"a session of {self._machine!r} is dealing with another event",
            hint="send after it, or from another task with asend",
        )


def _busy(entity_id: str) -> FSMError:
    return FSMError(
        f"entity {entity_id!r} is dealing with another event",
        hint="an action may send events to its own entity afterwards only,"
        " from a task of its own, and a door that waits waits in a loop",
        entity_id=entity_id,
    )


async def _waited(hold: Callable[[], Release | None]) -> Release | None:
    """Wait in a thread of its own, and let go at once what nobody waits for.

    The threads of the pool have saving to do.
    """
    loop = asyncio.get_running_loop()
    held: asyncio.Future[Release | None] = loop.create_future()

    def tell(release: Release | None, problem: BaseException | None) -> None:
        if held.cancelled():
            if release is not None:
                release()
        elif problem is not None:
            held.set_exception(problem)
        else:
            held.set_result(release)

    def wait() -> None:
        release, problem = None, None
        try:
            release = hold()
        except BaseException as error:  # noqa: BLE001 - raised where it is awaited
            problem = error
        try:
            loop.call_soon_threadsafe(tell, release, problem)
        except RuntimeError:  # the loop is closed: nobody waits any more
            if release is not None:
                release()

    threading.Thread(target=wait, name="smtui-hold", daemon=True).start()
    try:
        return await held
    except asyncio.CancelledError:
        _let_go(held)
        raise


def _let_go(held: "asyncio.Future[Release | None]") -> None:
    """Let go of what came between the cancelling of who waited and its hearing."""
    if held.cancelled() or held.exception() is not None:
        return
    release = held.result()
    if release is not None:
        release()

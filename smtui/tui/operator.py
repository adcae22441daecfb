"""What the operator does to the fleet: asked of the supervisor or written.

Every act is noted in the log of events as `operator ...`, with its answer. An
act that fails says why and is no exception to its caller.
"""

from collections.abc import Awaitable, Mapping, Sequence

from smtui.definition import Json
from smtui.errors import SmtuiError
from smtui.tui.desk import Desk
from smtui.tui.sources import Receipt, Sources

__all__ = ["Operator"]


class Operator:
    """The hands of the screen."""

    def __init__(self, desk: Desk, sources: Sources, *, is_read_only: bool) -> None:
        self._desk = desk
        self._sources = sources
        self.is_read_only = is_read_only

    async def control(self, op: str, names: Sequence[str]) -> str:
        """Start, stop or restart machines; return what went wrong, or ''."""
        listed: list[Json] = list(names)
        args: dict[str, Json] = {"names": listed}
        if op == "restart":
            args["fresh"] = False
        text = f"{op} {' '.join(names)}"
        return await self._ask(op, args, text, names[0] if names else "")

    async def reload(self) -> str:
        """Let the supervisor look at the files again; return what went wrong."""
        return await self._ask("reload", {}, "look at the files again", "")

    async def revive(self, paths: Sequence[str]) -> str:
        """Start a supervisor again; return what went wrong, or ''."""
        text = "start the fleet again"
        try:
            await self._sources.link.revive(paths)
        except SmtuiError as error:
            return self._failed(text, error)
        self._desk.note_act("", text)
        return ""

    async def stop_all(self) -> str:
        """Stop the fleet; return what went wrong, or ''."""
        return await self._ask("down", {}, "stop all", "")

    async def send(
        self, target: str, event: str, payload: Json, if_state: str | None
    ) -> list[Receipt]:
        """Put an event into an inbox. Raises SmtuiError when it is refused."""
        return await self._sources.acts.accept(target, event, payload, if_state)

    async def retry_job(
        self, id_: str, shown: str, data: Mapping[str, Json] | None = None
    ) -> str:
        """Make a job available again; return what went wrong, or ''."""
        text = f"{'retry' if data is None else 'edit and retry'} job {shown}"
        try:
            status = await self._sources.acts.retry_job(id_, data)
        except SmtuiError as error:
            return self._failed(text, error)
        self._desk.note_act("", f"{text}: {status}")
        return ""

    async def cancel_job(self, id_: str, shown: str, *, force: bool) -> str:
        """Cancel a job; return what went wrong, or ''."""
        word = "discard" if force else "cancel"
        try:
            status = await self._sources.acts.cancel_job(id_, force=force)
        except SmtuiError as error:
            return self._failed(f"{word} job {shown}", error)
        self._desk.note_act("", f"{word} job {shown}: {status}")
        return ""

    async def drop_event(self, id_: str, machine: str, shown: str) -> str:
        """Drop an event; return what went wrong, or ''."""
        try:
            await self._sources.acts.drop_event(id_)
        except SmtuiError as error:
            return self._failed(f"drop {shown}", error, machine)
        self._desk.note_act(machine, f"drop {shown}")
        return ""

    async def requeue_event(self, id_: str, machine: str, shown: str) -> str:
        """Put an event into its inbox again; return what went wrong, or ''."""
        acts, text = self._sources.acts, f"requeue {shown}"
        return await self._requeue(acts.requeue_event(id_, machine), machine, text)

    async def edit_event(
        self, id_: str, machine: str, shown: str, payload: Json
    ) -> str:
        """Do so with another payload; return what went wrong, or ''."""
        acts, text = self._sources.acts, f"edit and requeue {shown}"
        return await self._requeue(
            acts.edit_event(id_, machine, payload), machine, text
        )

    async def _requeue(self, doing: Awaitable[int], machine: str, text: str) -> str:
        try:
            seq = await doing
        except SmtuiError as error:
            return self._failed(text, error, machine)
        self._desk.note_act(machine, f"{text}: it is #{seq} now")
        return ""

    async def _ask(
        self, op: str, args: dict[str, Json], text: str, machine: str
    ) -> str:
        try:
            answer = await self._sources.link.ask(op, args)
        except SmtuiError as error:
            return self._failed(text, error, machine)
        also = answer.get("also") if isinstance(answer, dict) else None
        if isinstance(also, list):
            text += f", and {', '.join(map(str, also))} of the same process"
        self._desk.note_act(machine, text)
        return ""

    def _failed(self, text: str, error: SmtuiError, machine: str = "") -> str:
        self._desk.note_act(machine, f"{text}: {error}", is_ok=False)
        return str(error)

"""An instance as it was after one step: a full snapshot and what came since.

Pure. The journal keeps a patch of the data with every step, and what was asked
for; folded over the last full snapshot they give the data, the states and the
delays of any instant exactly. Where that snapshot was cut with old history, the
data are what the rest of the run has changed, and `is_whole` says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from smtui.chart.foreign_news import values_of
from smtui.definition import Json
from smtui.store.past_rows import PastPatch, PastState, Place
from smtui.store.rows import Data, JournalEntry

__all__ = ["Delay", "Instant", "fold"]


@dataclass(frozen=True, slots=True)
class Delay:
    """A delay under way."""

    event: str
    due: float
    """By the wall clock, seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Instant:
    """What is known of an instance right after a step."""

    entry: JournalEntry
    """The step."""
    since: float
    """When its states were entered, seconds since the epoch."""
    data: Data
    delays: Mapping[str, Delay] = field(default_factory=dict[str, Delay])
    """Those under way, by id."""
    is_whole: bool = True
    """False where the beginning of the run was cut with old history."""

    @property
    def place(self) -> Place:
        """Return where in the journal it is."""
        return Place(self.entry.row.run, self.entry.row.seq)

    @property
    def configuration(self) -> tuple[str, ...]:
        """Return the active states."""
        return self.entry.row.to


def fold(state: PastState) -> Instant:
    """Return the instant a place of the journal stands for."""
    row = state.entry.row
    base = state.base
    since, data = row.at, dict[str, Json]()
    delays: dict[str, Delay] = {}
    if base is not None:
        since = _wall(base.get("since"), row.at)
        kept = base.get("data")
        data = dict(kept) if isinstance(kept, dict) else {}
        delays = dict(_delays(base))
    for patch in state.patches:
        if patch.is_move:
            since = patch.at
        _change(data, patch.data_patch)
        _pass(delays, patch)
    is_whole = base is not None or len(state.patches) == row.seq
    return Instant(state.entry, since, values_of(data), delays, is_whole)


def _change(data: dict[str, Json], patch: Data | None) -> None:
    if patch is None:
        return
    removed, changed = patch.get("unset"), patch.get("set")
    for key in removed if isinstance(removed, list) else ():
        data.pop(str(key), None)
    if isinstance(changed, dict):
        data.update(changed)


def _pass(delays: dict[str, Delay], patch: PastPatch) -> None:
    """Let a step end the delay it came from, and begin and end others."""
    delays.pop(patch.cause, None)
    for effect in patch.effects:
        match effect:
            case {
                "timer": str(id_),
                "event": str(event),
                "due": int() | float() as due,
            }:
                delays[id_] = Delay(event, float(due))
            case {"cancel": str(id_)}:
                delays.pop(id_, None)
            case _:
                pass


def _delays(base: Data) -> Iterable[tuple[str, Delay]]:
    pending = base.get("pending")
    for id_, entry in pending.items() if isinstance(pending, dict) else ():
        match entry:
            case {"kind": "timer", "event": str(event), "due": due}:
                yield id_, Delay(event, _wall(due, 0.0))
            case _:
                pass


def _wall(at: Json, default: float) -> float:
    """Return the wall time of an encoded instant."""
    if isinstance(at, list) and at and isinstance(at[0], int | float):
        return float(at[0])
    return default

"""The machine list: one value a row, worst first, replicas folded together.

The list is made anew from the fleet for every flush; a pane draws only what
differs. FOR is the time in the present state: of the machine while its
process is ready, of the process otherwise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from smtui.view.facts import NOTHING_KNOWN, Facts
from smtui.view.fleet import FleetView
from smtui.view.text import clean
from smtui.view.times import age
from smtui.view.usual import NO_STAYS, Stays, stuck_after
from smtui.view.words import MARKS, Standing, attention, of_child
from smtui.wire.messages import ChildState, Frame, MachineView

__all__ = [
    "Known",
    "MachineLine",
    "MachineList",
    "Order",
    "SortBy",
    "machine_list",
    "standing_of",
    "where",
]


class SortBy(StrEnum):
    """What the machine list is ordered by; `attention` is the default."""

    ATTENTION = "attention"
    MACHINE = "machine"
    IN = "in"
    FOR = "for"
    MAIL = "mail"
    JOBS = "jobs"
    RESTARTS = "restarts"


class Order(NamedTuple):
    """A column and a direction."""

    by: SortBy = SortBy.ATTENTION
    is_reversed: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of definitions and habits, beside the supervisor's words."""

    facts: Mapping[str, Facts] = field(default_factory=dict[str, Facts])
    """By definition hash."""
    stays: Mapping[str, Stays] = field(default_factory=dict[str, Stays])
    """By machine name."""

    def facts_for(self, machine: MachineView) -> Facts:
        """Return the facts of the definition a machine runs."""
        return self.facts.get(machine.definition, NOTHING_KNOWN)

    def stays_for(self, machine: MachineView) -> Stays:
        """Return what is known of a machine's habits."""
        return self.stays.get(machine.name, NO_STAYS)


@dataclass(frozen=True, slots=True)
class MachineLine:
    """One row of the list: a machine, or a folded group of replicas."""

    name: str
    standing: Standing
    word: str
    """The mark's word, with a countdown while in backoff."""
    where: str
    """The state the machine is in, or `-`."""
    for_s: float | None
    mail: int
    jobs: int
    restarts: str
    restart_count: int
    members: tuple[str, ...] = ()
    """Names of the replicas when this row is a group."""
    is_folded: bool = False
    is_member: bool = False
    """Stands under its unfolded group."""

    @property
    def is_group(self) -> bool:
        """Say whether the row stands for several machines."""
        return bool(self.members)


@dataclass(frozen=True, slots=True)
class MachineList:
    """The rows to show, and what the title says of them."""

    lines: tuple[MachineLine, ...]
    shown: int
    """Machines that pass the filter."""
    total: int
    counts: tuple[tuple[Standing, str, int], ...]
    """(a standing for the look, the header's word, how many), worst first."""


def machine_list(
    fleet: FleetView,
    known: Known,
    now: float,
    *,
    order: Order | None = None,
    query: str = "",
    unfolded: frozenset[str] = frozenset(),
) -> MachineList:
    """Return the rows of all machines that are not templates."""
    machines = [m for m in fleet.machines.values() if not _is_idle_template(m)]
    singles = [_line_of(machine, known, now) for machine in machines]
    counts = _counts(singles)
    found = [line for line in singles if _matches(line, query)]
    ordering = order or Order()
    if query:
        lines = _sorted(found, ordering)
    else:
        parents = {m.name: m.replica_of for m in machines if m.replica_of}
        lines = _grouped(found, parents, unfolded, ordering)
    return MachineList(tuple(lines), len(found), len(singles), counts)


def standing_of(
    machine: MachineView, facts: Facts, stays: Stays, now: float
) -> Standing:
    """Return what the list says of a machine.

    A question to a human goes before *stuck*. The author's `stuck_after` holds
    in any state; the learned limit only while something is in hand or waits,
    because a worker at rest may wait all night.
    """
    standing = of_child(machine.state)
    frame = machine.frame
    if standing is not Standing.READY or frame is None:
        return standing
    if frame.status == "failed":
        return Standing.FAILED
    if frame.status == "final":
        return Standing.DONE
    if frame.asking or any(state in facts.asks for state in frame.configuration):
        return Standing.ASKS
    limit = machine.stuck_after_s
    if limit is None:
        limit = _limit_s(frame, facts, stays)
    if limit is not None and now - frame.since > limit:
        return Standing.STUCK
    return standing


def where(machine: MachineView, facts: Facts = NOTHING_KNOWN) -> str:
    """Return the active state of a machine in a few words, or `-`.

    Of nested ones the innermost.
    """
    frame = machine.frame
    if machine.kind == "process" or frame is None:
        return "-"
    if frame.waits_store:
        return "waiting for store"
    if not frame.instance:
        return f"{frame.instances:,} instance{'' if frame.instances == 1 else 's'}"
    leaves = frame.leaves or facts.leaves(frame.configuration)
    states = [clean(state) for state in leaves]
    return "+".join(states) if states else "-"


def _is_idle_template(machine: MachineView) -> bool:
    return machine.template and machine.state is ChildState.STOPPED


def _limit_s(frame: Frame, facts: Facts, stays: Stays) -> float | None:
    said = [facts.stuck_after(state) for state in frame.configuration]
    limits = [limit for limit in said if limit is not None]
    if limits:
        return min(limits)
    is_busy = bool(frame.running) or frame.waits_store or frame.inbox > 0
    if not is_busy:
        return None
    return stuck_after(stays, "+".join(frame.configuration))


def _line_of(machine: MachineView, known: Known, now: float) -> MachineLine:
    facts, stays = known.facts_for(machine), known.stays_for(machine)
    standing = standing_of(machine, facts, stays, now)
    word = MARKS[standing].word
    if standing is Standing.BACKOFF and machine.retry_at is not None:
        word = f"{word} {age(machine.retry_at - now)}"
    is_trouble = standing in (Standing.FAILED, Standing.BACKOFF)
    restarts = (
        f"{machine.failures}/{machine.intensity}"
        if is_trouble and machine.failures
        else str(machine.restarts)
    )
    frame = machine.frame
    since = machine.state_since
    if machine.state is ChildState.READY and frame is not None:
        since = frame.since
    return MachineLine(
        name=machine.name,
        standing=standing,
        word=word,
        where=where(machine, facts),
        for_s=now - since if since else None,
        mail=frame.inbox if frame else 0,
        jobs=machine.jobs,
        restarts=restarts,
        restart_count=max(machine.restarts, machine.failures),
    )


def _matches(row: MachineLine, query: str) -> bool:
    wanted = query.casefold().split()
    text = f"{row.name} {row.word} {row.standing} {row.where}".casefold()
    return all(part in text for part in wanted)


def _counts(lines: Sequence[MachineLine]) -> tuple[tuple[Standing, str, int], ...]:
    found: dict[str, tuple[Standing, int]] = {}
    for standing in MARKS:
        count = sum(1 for row in lines if row.standing is standing)
        word = MARKS[standing].counted
        if count:
            first, before = found.get(word, (standing, 0))
            found[word] = (first, before + count)
    return tuple((standing, word, n) for word, (standing, n) in found.items())


_KEYS: dict[SortBy, Callable[[MachineLine], tuple[float, ...] | str]] = {
    SortBy.ATTENTION: lambda row: (attention(row.standing),),
    SortBy.MACHINE: lambda row: row.name.casefold(),
    SortBy.IN: lambda row: row.where.casefold(),
    SortBy.FOR: lambda row: (-(row.for_s or 0.0),),
    SortBy.MAIL: lambda row: (-row.mail,),
    SortBy.JOBS: lambda row: (-row.jobs,),
    SortBy.RESTARTS: lambda row: (-row.restart_count,),
}
"""Numbers sort largest first: that is what one looks for."""


def _sorted(lines: Sequence[MachineLine], order: Order) -> list[MachineLine]:
    by_name = sorted(lines, key=lambda row: row.name.casefold())
    key = _KEYS[order.by]
    return sorted(by_name, key=key, reverse=order.is_reversed)


def _grouped(
    lines: Sequence[MachineLine],
    parents: Mapping[str, str],
    unfolded: frozenset[str],
    order: Order,
) -> list[MachineLine]:
    members: dict[str, list[MachineLine]] = {}
    rows: list[MachineLine] = []
    for row in lines:
        parent = parents.get(row.name)
        if parent is None:
            rows.append(row)
        else:
            members.setdefault(parent, []).append(row)
    for parent, replicas in members.items():
        if len(replicas) == 1:
            rows.extend(replicas)
        else:
            rows.append(_group(parent, replicas, is_folded=parent not in unfolded))
    result: list[MachineLine] = []
    for row in _sorted(rows, order):
        result.append(row)
        if row.is_group and not row.is_folded:
            result.extend(
                _as_member(replica) for replica in _sorted(members[row.name], order)
            )
    return result


def _group(
    parent: str, replicas: Sequence[MachineLine], *, is_folded: bool
) -> MachineLine:
    worst = min(replicas, key=lambda row: attention(row.standing))
    is_same = len({row.where for row in replicas}) == 1
    return MachineLine(
        name=parent,
        standing=worst.standing,
        word=worst.word,
        where=worst.where if is_same else "",
        for_s=None,
        mail=sum(row.mail for row in replicas),
        jobs=sum(row.jobs for row in replicas),
        restarts=str(sum(row.restart_count for row in replicas)),
        restart_count=sum(row.restart_count for row in replicas),
        members=tuple(row.name for row in replicas),
        is_folded=is_folded,
    )


def _as_member(row: MachineLine) -> MachineLine:
    return MachineLine(
        row.name,
        row.standing,
        row.word,
        row.where,
        row.for_s,
        row.mail,
        row.jobs,
        row.restarts,
        row.restart_count,
        is_member=True,
    )

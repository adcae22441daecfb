"""A scenario, played in virtual time: what differed from what was expected.

The laws of this file: the first step that differs ends the scenario, with all
that differs in it; nothing here reads a file, runs a command or sleeps.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, assert_never

from smtui.chart.messages import Send
from smtui.chart.values import Kind, Step
from smtui.definition import Position
from smtui.errors import SmtuiError
from smtui.testing.scenario import (
    Act,
    AddJob,
    After,
    Elsewhere,
    Expect,
    Move,
    Ran,
    Scenario,
    SendEvent,
    Sent,
)
from smtui.testing.sessions import Sessions
from smtui.testing.stubs import Stubbed
from smtui.testing.subject import Subject

__all__ = ["Difference", "Played", "play"]

MAIN = "main"
MOST_STEPS = 2_000
"""Without time passing: more is a machine that chases itself."""


class Difference(NamedTuple):
    """Something that was not as expected."""

    at: Position
    what: str
    expected: str
    got: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Played:
    """What playing a scenario gave."""

    scenario: Scenario
    differences: tuple[Difference, ...]
    steps: tuple[Step, ...]
    """All steps of the machine itself, without those of children."""

    @property
    def is_ok(self) -> bool:
        """Whether all was as expected."""
        return not self.differences


def play(subject: Subject, scenario: Scenario) -> Played:
    """Play a scenario to its end, or to the first step that differs."""
    stubs = Stubbed(subject, scenario.stubs)
    sessions = Sessions(
        world=stubs,
        load=subject.load_child,
        most_steps=MOST_STEPS,
    )
    at, found, since = scenario.at, list[Difference](), _Since(0, 0)
    try:
        sessions.begin(subject.chart, scenario.data)
        for move in scenario.moves:
            at = move.at
            if move.act is not None:
                since = _Since(len(sessions.sent), len(sessions.runs))
            found = [*_moved(sessions, stubs, move, since)]
            if found:
                break
    except SmtuiError as problem:
        found = [
            Difference(at, "the machine", "to go on", problem.message, _way(problem))
        ]
    steps = tuple(step for name, step in sessions.steps if name == MAIN)
    return Played(scenario, tuple(found), steps)


def _way(problem: SmtuiError) -> str:
    if problem.message.endswith("never come to rest"):
        return "let an action take time: stubs: {actions: {NAME: {takes: 1s}}}"
    return problem.hint


class _Since(NamedTuple):
    """How much had been sent and run before the last thing that was done."""

    sent: int
    ran: int


def _moved(
    sessions: Sessions, stubs: Stubbed, move: Move, since: _Since
) -> Iterator[Difference]:
    """Take one step, and yield what differs from what was expected."""
    id_ = "" if move.act is None else _do(sessions, stubs, move.act)
    expect = move.expect
    if expect is None:
        return
    outcome, why = _outcome(sessions, id_)
    yield from _state(sessions, expect, why)
    yield from _data(sessions, expect)
    if expect.sends is not None:
        out = [send for name, send in sessions.sent[since.sent :] if name == MAIN]
        yield from _sends(expect, expect.sends, out)
    if expect.runs is not None:
        runs = [
            Ran(entry.action, entry.args)
            for name, entry in sessions.runs[since.ran :]
            if name == MAIN and entry.kind is Kind.WORLD
        ]
        yield from _runs(expect, expect.runs, runs)
    status = sessions.snapshot(MAIN).status.value
    if expect.status not in (None, status):
        yield _different(expect, "status", expect.status or "", status)
    if expect.outcome not in (None, outcome):
        yield _different(expect, "outcome", expect.outcome or "", outcome, why)


def _do(sessions: Sessions, stubs: Stubbed, act: Act) -> str:
    """Do one thing; return the id of the event that was sent, or ''."""
    match act:
        case SendEvent(event, payload):
            return sessions.send(MAIN, event, payload)
        case After(seconds):
            sessions.advance(seconds)
        case AddJob(type_, data):
            id_ = f"job-{len(sessions.queue.jobs) + 1}"
            sessions.queue.add(id_, type_, data)
            sessions.run()
        case Elsewhere(peers):
            stubs.move(peers)
            sessions.queue.let_move(*peers)
            sessions.run()
        case _:
            assert_never(act)
    return ""


def _outcome(sessions: Sessions, id_: str) -> tuple[str, str]:
    """Return what became of an event, and why."""
    kept = sessions.store.kept(MAIN)
    if any(event.id == id_ for event in kept.inbox):
        return "waits", "the event still waits in the inbox"
    row = next((row for row in kept.journal if id_ and row.cause == id_), None)
    return ("taken", "") if row is None else (row.outcome, row.why)


def _state(sessions: Sessions, expect: Expect, why: str) -> Iterator[Difference]:
    if expect.states is None:
        return
    active = sessions.configuration(MAIN)
    if not set(expect.states) <= set(active):
        expected, got = ", ".join(expect.states), ", ".join(sessions.leaves(MAIN))
        yield _different(expect, "state", expected, got, why)


def _data(sessions: Sessions, expect: Expect) -> Iterator[Difference]:
    data = sessions.store.data(MAIN)
    for key, value in (expect.data or {}).items():
        if data.get(key) != value:
            got = repr(data[key]) if key in data else "nothing"
            yield _different(expect, f"data.{key}", repr(value), got)


def _sends(
    expect: Expect, expected: tuple[Sent, ...], out: list[Send]
) -> Iterator[Difference]:
    got = [Sent(s.message.name, s.to.name, s.message.data) for s in out]
    if len(got) == len(expected) and all(map(_is_sent, expected, got)):
        return
    wanted = ", ".join(map(_sent_text, expected)) or "nothing"
    yield _different(expect, "sends", wanted, ", ".join(map(_sent_text, got)))


def _is_sent(expected: Sent, got: Sent) -> bool:
    return (
        expected.event == got.event
        and expected.to in (None, got.to)
        and expected.payload in (None, got.payload)
    )


def _sent_text(sent: Sent) -> str:
    to = "" if sent.to is None else f" to {sent.to}"
    return (
        f"{sent.event}{to}{'' if sent.payload in (None, {}) else f' {sent.payload!r}'}"
    )


def _runs(
    expect: Expect, expected: tuple[Ran, ...], got: list[Ran]
) -> Iterator[Difference]:
    if len(got) == len(expected) and all(map(_is_ran, expected, got)):
        return
    args = any(one.args for one in expected)
    wanted = ", ".join(_ran_text(one, args=args) for one in expected) or "nothing"
    shown = ", ".join(_ran_text(one, args=args) for one in got)
    yield _different(expect, "runs", wanted, shown)


def _is_ran(expected: Ran, got: Ran) -> bool:
    return expected.action == got.action and all(
        got.args.get(key) == value for key, value in expected.args.items()
    )


def _ran_text(ran: Ran, *, args: bool) -> str:
    return f"{ran.action} {dict(ran.args)!r}" if args and ran.args else ran.action


def _different(
    expect: Expect, what: str, expected: str, got: str, why: str = ""
) -> Difference:
    at = expect.places.get(what, expect.at)
    return Difference(at, what, expected, got or "nothing", why)

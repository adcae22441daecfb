"""Why a machine is where it is, and what would move it: short lines of text.

Shown on the card and on the page of a machine. The order is the order of use:
what is broken, what runs now, what it waits for, what comes by itself, what is
usual.
"""

from smtui.store.rows import SOLE_INSTANCE
from smtui.view.facts import Facts
from smtui.view.masks import mask_text
from smtui.view.text import Line, Span, clean, line, one_line
from smtui.view.times import age, duration
from smtui.view.usual import Stays, usual_range
from smtui.view.words import MARKS, Standing
from smtui.wire.messages import Frame, MachineView, RunningAction

__all__ = ["running_text", "waits_for", "why"]

MAX_ERROR_LINES = 3
PROBLEM_IS_NEWS_S = 600.0
"""A healthy machine's last problem is told for ten minutes."""


def why(
    machine: MachineView,
    standing: Standing,
    facts: Facts,
    stays: Stays,
    now: float,
    *,
    reveal: bool = False,
) -> tuple[Line, ...]:
    """Return the lines that say what is the matter, never none."""
    lines = [*_process(machine, standing, now, reveal=reveal)]
    frame = machine.frame
    if frame is not None and standing not in _NOT_RUNNING:
        lines += _machine(frame, standing, facts, now, reveal=reveal)
        lines += _usual(frame, stays)
    lines += _problem(machine, standing, now, reveal=reveal)
    if machine.begun_by:
        lines.append(line(one_line(machine.begun_by)))
    return tuple(lines) or (line("nothing is the matter"),)


def running_text(action: RunningAction, now: float, *, reveal: bool = False) -> str:
    """Return `bash "curl ..." pid 4390 runs 41 s of 60 s`."""
    words = [clean(action.action)]
    text = one_line(mask_text(action.text, reveal=reveal))
    if text:
        words.append(f'"{text}"')
    if action.pid is not None:
        words.append(f"pid {action.pid}")
    spent = duration(max(0.0, now - action.since)) if now >= action.since else "0 s"
    limit = f" of {action.timeout_s:g} s" if action.timeout_s else ""
    words.append(f"runs {spent}{limit}")
    if action.attempt > 1:
        words.append(f"attempt {action.attempt}")
    return " ".join(words)


def waits_for(frame: Frame, facts: Facts) -> tuple[str, ...]:
    """Return the events that would be taken in the present configuration."""
    names: list[str] = []
    for state in frame.configuration:
        names += [way.event for way in facts.out_of(state) if way.delay_s is None]
    return tuple(dict.fromkeys(names))


_NOT_RUNNING = frozenset(
    {
        Standing.FAILED,
        Standing.BACKOFF,
        Standing.BLOCKED,
        Standing.STOPPED,
        Standing.DONE,
    }
)


def _process(
    machine: MachineView, standing: Standing, now: float, *, reveal: bool
) -> list[Line]:
    reason = one_line(mask_text(machine.reason, reveal=reveal))
    match standing:
        case Standing.BACKOFF:
            left = age(machine.retry_at - now) if machine.retry_at else "a moment"
            tries = f"exit {machine.failures} of {machine.intensity}"
            lines = [line(Span(f"starts again in {left} ({tries})", "backoff"))]
            return [*lines, line(reason)] if reason else lines
        case Standing.HUNG:
            silent = Span("process does not answer", "stuck")
            return [line(silent, f"  pid {machine.pid}"), line(reason)]
        case Standing.STUCK | Standing.ASKS | Standing.READY:
            return []
        case _:
            head, fallback = _SAYINGS[standing]
            verb = head.removesuffix(": ")
            if verb and reason.startswith(verb):  # says so itself, at its beginning
                head, reason = verb, reason.removeprefix(verb)
            return [line(Span(head, MARKS[standing].style), reason or fallback)]


_SAYINGS = {
    Standing.FAILED: ("gave up: ", "no reason was given"),
    Standing.BLOCKED: ("waits: ", "for a dependency"),
    Standing.STOPPING: ("is being stopped ", ""),
    Standing.STARTING: ("is being started ", ""),
    Standing.STOPPED: ("", "stopped by an operator"),
    Standing.DONE: ("", "its definition ended"),
}


def _machine(
    frame: Frame, standing: Standing, facts: Facts, now: float, *, reveal: bool
) -> list[Line]:
    lines: list[Line] = []
    if standing is Standing.STUCK:
        spent = age(now - frame.since)
        lines.append(line(Span(f"in this state for {spent}", "stuck")))
    for state in frame.configuration:
        asked = facts.asks.get(state)
        if asked is not None:
            answers = " | ".join(clean(name) for name in asked.answers)
            lines.append(line(Span("asks: ", "asks"), one_line(asked.text)))
            lines.append(line("answer with ", Span("i", "key"), f": {answers}"))
    if not frame.instance:  # each has its own page
        lines.append(_hosted(frame.instances))
    if frame.waits_store:
        lines.append(line(Span("waiting for store: locked or disk full", "stuck")))
    lines += [line(running_text(one, now, reveal=reveal)) for one in frame.running]
    lines += _waiting(frame, facts)
    for timer in sorted(frame.timers, key=lambda timer: timer.due)[:2]:
        left = age(timer.due - now)
        lines.append(
            line(f"{clean(facts.told(timer.event))} comes by itself in {left}")
        )
    return lines


def _hosted(instances: int) -> Line:
    if instances:
        return line("an instance an entity: ", Span("b", "key"), " shows who is where")
    return line("no instance yet: ", Span("i", "key"), " sends the first event of one")


def _waiting(frame: Frame, facts: Facts) -> list[Line]:
    names = [clean(name) for name in waits_for(frame, facts)]
    listed = " | ".join(names[:6]) + (" …" if len(names) > 6 else "")  # noqa: PLR2004 - a line holds about six
    if frame.running:
        return [line(f"then {listed}; events wait for it")] if listed else []
    if frame.watching:
        topics = " | ".join(_topic(topic) for topic in frame.watching[:3])
        is_eventless = all(topic.startswith("state/") for topic in frame.watching)
        # a list that watches looks for nothing else; a statechart takes events
        waited = f"{listed} | {topics}" if listed and is_eventless else topics
        return [line(f"waits for {waited}")]
    return [line(f"waits for {listed}")] if listed else []


def _topic(topic: str) -> str:
    """Return what a list waits for in words; topics are names of the store."""
    kind, _, name = clean(topic).partition("/")
    match kind:
        case "jobs":
            return f"a job of type {name}" if name else "a job of any type"
        case "jobs_ended":
            return "the end of a job"
        case "data":
            return f"a change of {name}"
        case "state":
            machine, _, instance = name.partition("/")
            return f"{machine if instance == SOLE_INSTANCE else name} to move"
        case _:
            return name or kind


def _usual(frame: Frame, stays: Stays) -> list[Line]:
    found = usual_range(stays, "+".join(frame.configuration))
    if found is None:
        return []
    low, high = (duration(seconds) for seconds in found)
    range_ = low if low == high else f"{low} - {high}"
    return [line(Span(f"usually leaves after {range_}", "quiet"))]


def _problem(
    machine: MachineView, standing: Standing, now: float, *, reveal: bool
) -> list[Line]:
    frame = machine.frame
    if frame is None or not frame.last_problem:
        return []
    is_old = now - frame.last_problem_at > PROBLEM_IS_NEWS_S
    if is_old and standing in (Standing.READY, Standing.DONE, Standing.STOPPED):
        return []
    text = mask_text(frame.last_problem, reveal=reveal)
    lines = [clean(part.strip()) for part in text.splitlines() if part.strip()]
    shown = lines[:MAX_ERROR_LINES]
    ago = age(now - frame.last_problem_at)
    first = line(
        Span("last problem ", "failed"), f"{ago} ago: {shown[0]}" if shown else ""
    )
    return [first, *(line("  " + part) for part in shown[1:])]

"""The injection box: what is typed, what it would do, and in which order.

    [@machine ] event [key=value ... | {...}]

The preview is not a guess: it is `stepper.step` on the live snapshot, and its
words are the outcomes taken | ignored | rejected, or waits while the instance
defers the event. Author's code never runs here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from smtui.view.facts import Facts
from smtui.view.payload import Payload, parse_payload

__all__ = [
    "Candidate",
    "Draft",
    "Foresight",
    "Verdict",
    "candidates",
    "parse_draft",
    "tally",
]


class Verdict(StrEnum):
    """What an event would do now; ranked, what works first."""

    TAKEN = "taken"
    DEPENDS = "depends"
    """An author's guard decides, and is not run for a preview."""
    WAITS = "waits"
    REJECTED = "rejected"
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    """The live snapshot or the definition could not be read."""


_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}


class Foresight(NamedTuple):
    """What one event would do to one machine now."""

    verdict: Verdict
    text: str
    """`fetching ─▶ idle`, or why not, or what for it waits."""


class Draft(NamedTuple):
    """What the line says so far."""

    target: str | None
    """Named with `@`; None means the machine the box was opened for."""
    event: str
    payload: Payload
    rest: str
    """The text of the payload, as typed."""
    is_named: bool
    """The event's name is finished: a blank follows it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of the box."""

    event: str
    fields: str
    foresight: Foresight
    is_answer: bool = False
    """Answers the question the machine asks now."""


def parse_draft(text: str) -> Draft:
    """Return what the line means; an incomplete line is no error."""
    rest = text.lstrip()
    target: str | None = None
    if rest.startswith("@"):
        target, _, rest = rest[1:].partition(" ")
        rest = rest.lstrip()
    event, blank, payload = rest.partition(" ")
    return Draft(target, event, parse_payload(payload), payload, bool(blank))


def candidates(
    facts: Facts,
    seen: Iterable[tuple[str, Foresight]],
    typed: str,
    answers: Sequence[str] = (),
) -> tuple[Candidate, ...]:
    """Return the rows: answers first, then what works, in the file's order.

    `seen` pairs each event with its preview. What is typed of a name filters
    the rows; the rest of the order does not depend on it.
    """
    rows = [
        Candidate(event, _fields(facts, event), foresight, event in answers)
        for event, foresight in seen
        if _fits(event, typed)
    ]
    return tuple(
        sorted(
            rows,
            key=lambda row: (
                not row.event.startswith(typed),
                not row.is_answer,
                _RANK[row.foresight.verdict],
            ),
        )
    )


def tally(foresights: Iterable[Foresight]) -> str:
    """Return how many machines would do what: `taken 3, ignored 1`."""
    counts: dict[Verdict, int] = {}
    for foresight in foresights:
        counts[foresight.verdict] = counts.get(foresight.verdict, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: _RANK[item[0]])
    return ", ".join(f"{verdict} {count}" for verdict, count in ordered)


def _fields(facts: Facts, event: str) -> str:
    return " ".join(facts.fields.get(event, ()))


def _fits(event: str, typed: str) -> bool:
    return not typed or typed.casefold() in event.casefold()

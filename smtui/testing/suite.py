"""Scenario files, played together: who passed, and what was never reached.

A file with something wrong in it is not played at all, and neither is any
other: a suite is right before it runs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path

from smtui.definition import Problem
from smtui.testing.coverage import Coverage
from smtui.testing.playing import Played, play
from smtui.testing.reading import read_scenarios
from smtui.testing.scenario import Scenario
from smtui.testing.subject import Subject, open_subject, problems_of, text_of

__all__ = ["Covered", "Suite", "load_suite", "run_suite"]


@dataclass(frozen=True, slots=True)
class Suite:
    """Scenarios with the machines they are of, or the problems of either."""

    scenarios: tuple[tuple[Scenario, Subject], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """What the scenarios of one machine reached."""

    subject: Subject
    coverage: Coverage


def load_suite(paths: Iterable[Path]) -> Suite:
    """Read scenario files and the definitions they name."""
    problems: list[Problem] = []
    found: list[tuple[Scenario, Subject]] = []
    subjects: dict[tuple[Path, str], Subject | None] = {}
    for path in paths:
        text = text_of(path)
        if isinstance(text, Problem):
            problems.append(text)
            continue
        file = read_scenarios(text, str(path))
        problems += file.problems
        for scenario in file.scenarios:
            target = Path(normpath(path.parent / scenario.definition))
            key = (target, scenario.machine)
            if key not in subjects:
                at = scenario.definition_at
                opened = open_subject(target, scenario.machine, at)
                subjects[key] = opened if isinstance(opened, Subject) else None
                problems += () if isinstance(opened, Subject) else opened
            subject = subjects[key]
            if subject is not None:
                problems += problems_of(scenario, subject)
                found.append((scenario, subject))
    unique = tuple(dict.fromkeys(problems))
    return Suite(() if unique else tuple(found), unique)


def run_suite(suite: Suite) -> tuple[Sequence[Played], Sequence[Covered]]:
    """Play all scenarios in their order."""
    played: list[Played] = []
    seen: dict[Subject, Coverage] = {}
    for scenario, subject in suite.scenarios:
        done = play(subject, scenario)
        played.append(done)
        seen.setdefault(subject, Coverage(subject.chart)).add(done.steps)
    return played, [Covered(subject, one) for subject, one in seen.items()]

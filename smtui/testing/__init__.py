"""For tests of machines: virtual time, a store in memory, scenarios, paths.

Shipped for users. Nothing here starts a process, runs an author's code by
itself or sleeps; the only files read are definitions and scenarios.
"""

from smtui.testing.clock import ManualClock
from smtui.testing.coverage import Coverage, Place
from smtui.testing.paths import MOST_PLACES, Edge, Found, Missed, Paths, find_paths
from smtui.testing.playing import Difference, Played, play
from smtui.testing.queue import FakeQueue, Job
from smtui.testing.reading import ScenarioFile, read_scenarios
from smtui.testing.scenario import Scenario
from smtui.testing.sessions import Sessions, drive
from smtui.testing.store import FakeStore, Kept
from smtui.testing.subject import Subject, open_subject, subject_of
from smtui.testing.suite import Covered, Suite, load_suite, run_suite
from smtui.testing.world import Action, Ending, Functions, Guard, Load, World
from smtui.testing.writing import act_json, choices_text, scenario_text

__all__ = [
    "MOST_PLACES",
    "Action",
    "Coverage",
    "Covered",
    "Difference",
    "Edge",
    "Ending",
    "FakeQueue",
    "FakeStore",
    "Found",
    "Functions",
    "Guard",
    "Job",
    "Kept",
    "Load",
    "ManualClock",
    "Missed",
    "Paths",
    "Place",
    "Played",
    "Scenario",
    "ScenarioFile",
    "Sessions",
    "Subject",
    "Suite",
    "World",
    "act_json",
    "choices_text",
    "drive",
    "find_paths",
    "load_suite",
    "open_subject",
    "play",
    "read_scenarios",
    "run_suite",
    "scenario_text",
    "subject_of",
]

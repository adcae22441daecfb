"""The observed cases of statemachine-engine 1.0.91, and what we do better."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Case", "load_cases"]

BETTER = Path(__file__).with_name("engine_better.yaml")


@dataclass(frozen=True, slots=True)
class Case:
    """One case: machines, what is done to them, what must come of it."""

    id: str
    raw: dict[str, Any]
    expected: dict[str, Any]
    """As observed, with the better behaviour written over it."""
    why: str
    """Why ours differs from the observed; '' where it does not."""

    @property
    def machines(self) -> list[dict[str, Any]]:
        """Return the machines in the order they are started."""
        return list(self.raw["machines"])

    @property
    def stimuli(self) -> list[dict[str, Any]]:
        """Return what is done, in order; better runs may add more."""
        return [*self.raw.get("stimuli", ()), *self.expected.get("more_stimuli", ())]

    @property
    def observe_s(self) -> float:
        """Return how long to look after the last stimulus, in seconds."""
        return float(self.expected.get("observe_for_s", self.raw["observe_for_s"]))


def load_cases(path: Path) -> list[Case]:
    """Return the cases of a file, ours written over the observed ones."""
    better: dict[str, Any] = yaml.safe_load(BETTER.read_text("utf-8"))
    cases: list[Case] = []
    for raw in yaml.safe_load(path.read_text("utf-8"))["cases"]:
        ours = better.get(raw["id"], {})
        expected = {**raw["expected"], **ours.get("expected", {})}
        cases.append(Case(raw["id"], raw, expected, ours.get("why", "")))
    return cases

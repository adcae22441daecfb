"""The original's own definitions load, as the conformance page says."""

from pathlib import Path

import pytest
import yaml

from smtui.definition import Definition, Json
from smtui.dialects import load_text
from tests.conformance.found import conformance_dir

DATA = conformance_dir()
ENGINE = (DATA or Path("no-conformance-data")) / "engine"

pytestmark = pytest.mark.skipif(
    DATA is None,
    reason="no conformance data: set SMTUI_CONFORMANCE to its folder",
)

REFUSED = {
    "empty_yaml": "empty-file",
    "transition_without_event": "missing-key",
}
"""Cases in which the original fails with a traceback, and ours with a problem."""

WARNED = {
    "bash_no_command": "missing-parameter",
    "set_context_requires_value": "missing-parameter",
    "undeclared_target_state": "undeclared-state",
}
"""Cases that run, and hardly as meant."""


def cases() -> dict[str, str]:
    """Return the text of each case that brings its own definition."""
    if DATA is None:
        return {}
    found: dict[str, Json] = yaml.safe_load((ENGINE / "cases.yaml").read_text("utf-8"))
    assert isinstance(found["cases"], list)
    texts: dict[str, str] = {}
    for case in found["cases"]:
        assert isinstance(case, dict)
        assert isinstance(case["machines"], list)
        for machine in case["machines"]:
            assert isinstance(machine, dict)
            if "config" in machine:
                texts[str(case["id"])] = str(machine["config"])
    return texts


CASES = cases()


@pytest.mark.parametrize("path", sorted(ENGINE.glob("examples/*/*.yaml")), ids=str)
def test_the_examples_load_without_a_word(path: Path) -> None:
    loaded = load_text(path.read_text("utf-8"), str(path))

    assert loaded.definition is not None
    assert loaded.problems == ()


def test_all_seven_examples_are_there() -> None:
    assert len(sorted(ENGINE.glob("examples/*/*.yaml"))) == 7


@pytest.mark.parametrize("name", CASES)
def test_the_cases_load_as_the_page_says(name: str) -> None:
    loaded = load_text(CASES[name], "m.yaml")

    expected = REFUSED.get(name) or WARNED.get(name)
    assert [p.code for p in loaded.problems] == ([expected] if expected else [])
    assert (loaded.definition is None) == (name in REFUSED)


def test_unquoted_on_and_off_are_the_events_that_were_written() -> None:
    found = load_text(CASES["yaml_on_off_trap"], "m.yaml").definition

    assert isinstance(found, Definition)
    assert [t.event for t in found.transitions] == ["on", "off", "stop"]

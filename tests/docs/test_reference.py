"""The reference pages name everything there is."""

import re

import pytest

from smtui.check.project_keys import MACHINE_KEYS, PROCESS_KEYS
from smtui.cli.help import topics
from smtui.dialects.engine.keys import (
    ACTION_KEYS,
    COMMON_KEYS,
    EVENT_KEYS,
    TOP_KEYS,
    TRANSITION_KEYS,
)
from smtui.dialects.pystator.keys import EFFECTS, TABLES, TYPES, Place

PAGES = topics()


def sections(page: str) -> dict[str, str]:
    """Return the text below each `### A, B` heading, by A and by B."""
    found: dict[str, str] = {}
    for part in page.split("\n### ")[1:]:
        head, _, text = part.partition("\n")
        for name in head.split(", "):
            found[name] = text.partition("\n## ")[0]
    return found


@pytest.mark.parametrize(
    "key", [*TOP_KEYS, *TRANSITION_KEYS, *EVENT_KEYS, *COMMON_KEYS]
)
def test_every_key_of_a_definition_is_in_the_yaml_page(key: str) -> None:
    assert f"{key}:" in PAGES["yaml"] or f"`{key}`" in PAGES["yaml"]


@pytest.mark.parametrize("place", TABLES)
def test_every_key_of_a_statechart_is_in_its_page(place: Place) -> None:
    page = PAGES["pystator"]

    assert [key for key in TABLES[place] if not re.search(rf"\b{key}\b", page)] == []


@pytest.mark.parametrize("word", [*TYPES, *EFFECTS])
def test_every_kind_of_a_state_and_every_effect_is_in_the_page(word: str) -> None:
    assert word in PAGES["pystator"]


@pytest.mark.parametrize("action", ACTION_KEYS)
def test_every_action_is_described_with_all_its_keys(action: str) -> None:
    text = sections(PAGES["actions"])[action]

    assert [key for key in ACTION_KEYS[action] if f"`{key}`" not in text] == []


@pytest.mark.parametrize("key", sorted({*MACHINE_KEYS, *PROCESS_KEYS}))
def test_every_key_of_the_project_file_is_in_the_files_page(key: str) -> None:
    assert f"`{key}`" in PAGES["files"]

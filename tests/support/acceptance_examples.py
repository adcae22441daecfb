"""The example machines of statemachine-engine, as they were published."""

import shutil

import pytest

from tests.conformance.found import conformance_dir
from tests.support.acceptance import Place

__all__ = ["take_example"]


def take_example(place: Place, name: str) -> None:
    """Copy an example (`folder/file.yaml`) into a place, or skip the test."""
    known = conformance_dir()
    if known is None:
        pytest.skip("no ../shared/conformance, and $SMTUI_CONFORMANCE names none")
    shutil.copy(known / "engine" / "examples" / name, place.machines)

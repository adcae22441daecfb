"""A place of its own for every test that uses the installed program."""

from collections.abc import Generator

import pytest

from tests.support.acceptance import Place, a_place


@pytest.fixture
def place() -> Generator[Place, None, None]:
    """Return an empty place; no process of it may be left at the end."""
    with a_place() as place:
        yield place

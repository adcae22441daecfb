"""The page of orchestrators shows what works."""

import importlib.util
import re

import pytest

from smtui.cli.help import topics

_CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(
    importlib.util.find_spec("statemachine") is None,
    reason="python-statemachine, which the page links, is not installed",
)
def test_the_code_of_the_page_runs_from_top_to_bottom() -> None:
    blocks = _CODE.findall(topics()["orchestrator"])

    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks:
        exec(block, names)  # noqa: S102 - the page is ours

    assert 2 == len(blocks)
    assert "hall" in names

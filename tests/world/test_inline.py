"""Python of a definition: what it sees, and who lets it run."""

import traceback
from typing import Any

import pytest

from smtui.world import GATE, IMPORTS_GATE, run_inline


def ran(source: str, **data: object) -> dict[str, Any]:
    context = {**data, "_action_params": {"source": source}}
    run_inline(context)
    del context["_action_params"]
    return context


def test_it_changes_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(GATE, "1")

    assert {"n": 2} == ran("    ctx['n'] += 1\n", n=1)


@pytest.mark.parametrize("value", ["", "0", "no"])
def test_it_does_not_run_unless_the_operator_says_so(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(GATE, value)

    with pytest.raises(RuntimeError, match=GATE):
        ran("ctx['n'] = 1")


def test_with_the_first_gate_alone_there_is_nothing_but_the_context(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(GATE, "true")
    monkeypatch.delenv(IMPORTS_GATE, raising=False)

    with pytest.raises(NameError):
        ran("len([])")
    with pytest.raises(ImportError):
        ran("import json")


def test_behind_the_second_gate_is_what_reaches_nothing_outside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(GATE, "1")
    monkeypatch.setenv(IMPORTS_GATE, "1")

    source = (
        "import math\nfrom collections import Counter\n"
        "ctx['n'] = math.floor(len([1.5]))\n"
        "ctx['c'] = Counter('aa')['a']\n"
        "ctx['j'] = json.loads('[1]')\n"
        "ctx['y'] = yaml.safe_load('a: 1')\n"
    )
    assert {"n": 1, "c": 2, "j": [1], "y": {"a": 1}} == ran(source)
    with pytest.raises(NameError):
        ran("open('x')")
    with pytest.raises(ImportError, match="'os'"):
        ran("import os")


def test_a_traceback_shows_the_line_that_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(GATE, "1")

    with pytest.raises(KeyError) as caught:
        ran("ctx['a'] = 1\nctx['b'] = ctx['missing']")

    shown = "".join(traceback.format_exception(caught.value))
    assert "ctx['b'] = ctx['missing']" in shown

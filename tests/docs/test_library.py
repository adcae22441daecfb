"""The pages of the library: each code of them runs, as a reader would run it."""

import ast
import asyncio
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smtui.cli.help import topics
from tests.support.pages import blocks

_ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")
_HEAD = "PyStator"
_NAMES = """
StateMachine from_yaml from_dict process aprocess enter_parallel_state
process_parallel get_initial_state get_available_transitions EntitySession create
current_state context is_<state> <trigger> send asend allowed_triggers is_final
snapshot from_snapshot TransitionResult success source_state target_state trigger
all_actions error metadata GuardRegistry register decorator ActionRegistry
bind_guards ActionExecutor execute async_execute_parallel Orchestrator
ContextValidatorFn context_validator scheduler use_initial_state_when_missing
process_event async_process_event close LoggingHook MetricsCollector TransitionHook
TransitionObserver add_hook get_summary total_transitions success_rate duration
avg_ms p95_ms ErrorCode GUARD_REJECTED VALIDATION_FAILED INVALID_TRIGGER
INVALID_STATE TERMINAL_STATE TIMEOUT CONFIG ACTION_FAILED STALE_VERSION
GUARD_NOT_FOUND ACTION_NOT_FOUND UNDEFINED_STATE RedisScheduler CeleryScheduler
AsyncioScheduler InMemoryStateStore
"""
"""Every name of the condensed API reference in PyStator's README."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def prepared(page: str, folder: Path) -> Iterator[str]:
    """Write the files of a page; yield its other code in order."""
    for block in blocks(topics()[page]):
        if block.file is not None:
            (folder / block.file).parent.mkdir(exist_ok=True)
            (folder / block.file).write_text(block.text, "utf-8")
        elif block.language == "python":
            yield block.text


def test_the_code_of_the_page_on_peers_runs(folder: Path) -> None:
    names: dict[str, object] = {}

    for code in prepared("peers", folder):
        exec(code, names)  # noqa: S102 - the page is ours

    assert "heater" in names


def test_the_code_of_the_library_page_runs_from_top_to_bottom(folder: Path) -> None:
    names: dict[str, object] = {}

    for code in prepared("library", folder):
        exec(code, names)  # noqa: S102 - the page is ours

    sys.modules.pop("order_rules", None)
    assert "runner" in names


def test_every_row_for_pystators_users_runs(folder: Path) -> None:
    names: dict[str, object] = {}
    for code in prepared("from-pystator", folder):
        exec(code, names)  # noqa: S102 - the page is ours
    rows = _ROW.findall(topics()["from-pystator"])

    ran = asyncio.run(_run(rows, names))

    assert [] == [row for row, count in ran if not count and row != _HEAD]
    assert len(rows) > 70


async def _run(
    rows: list[tuple[str, str]], names: dict[str, object]
) -> list[tuple[str, int]]:
    # the doors without await are called from a loop here: as in any program
    ran: list[tuple[str, int]] = []
    for left, cell in rows:
        codes = [code for code in _CODE.findall(cell) if _is_code(code, names)]
        for code in codes:
            made = compile(code, cell, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            done = eval(made, names)  # noqa: S307 - the page is ours
            if inspect.iscoroutine(done):
                await done
        ran.append((left, len(codes)))
    return ran


def _is_code(text: str, names: dict[str, object]) -> bool:
    """Say whether a cell's code is run, or only a name or text that is spoken of."""
    try:
        found = ast.parse(text).body[0]
    except SyntaxError:
        return False
    if isinstance(found, ast.AnnAssign):  # LIVE:feed=cold
        return False
    spoken = isinstance(found, ast.Expr) and isinstance(found.value, ast.Name)
    return not spoken or text in names


@pytest.mark.parametrize("name", _NAMES.split())
def test_every_name_of_pystators_reference_has_a_row(name: str) -> None:
    page = topics()["from-pystator"]
    left = " ".join(left for left, _ in _ROW.findall(page))

    assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", left) or f'["{name}"]' in page

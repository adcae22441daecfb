"""Custom actions: an author's files, as statemachine-engine loads them."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from smtui.chart.values import Data, Patch, Raised, Result
from smtui.definition import Json
from smtui.runtime.actions import Author, Catalogue
from smtui.runtime.actions.catalogue import class_name
from smtui.runtime.actions.performance import Ended
from tests.support.runtime_actions import Recorder, run_entry

_HEAD = "from statemachine_engine.actions import BaseAction\n"


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(tmp_path)
    yield recorder
    recorder.close()


def _author(tmp_path: Path, recorder: Recorder, **files: str) -> Author:
    folder = tmp_path / "actions"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}_action.py").write_text(_HEAD + dedent(text))
    return Author(
        Catalogue(folder), "m", lambda: {"initial_state": "a"}, recorder.outlet
    )


async def _perform(
    author: Author, action: str, data: Data | None = None, **args: str
) -> Ended:
    entry = run_entry(action, **args)
    return await author.take_up(entry, data or {}, "a").perform()


async def test_an_async_action_returns_its_event(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        class HiAction(BaseAction):
            async def execute(self, context):
                return self.config["success"]
    """

    ended = await _perform(_author(tmp_path, recorder, hi=text), "hi", success="ok")

    assert ended == Ended(Result({"event": "ok"}))


async def test_a_sync_action_runs_beside_the_event_loop(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        import threading
        class HiAction(BaseAction):
            def execute(self, context):
                return threading.current_thread().name
    """

    ended = await _perform(_author(tmp_path, recorder, hi=text), "hi")

    assert ended == Ended(Result({"event": "action hi"}))


async def test_blocking_code_in_a_coroutine_does_not_hold_up_the_machine(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        class HiAction(BaseAction):
            async def execute(self, context):
                context["gate"].wait(30)
    """
    author = _author(tmp_path, recorder, hi=text)
    gate = author.transient["gate"] = threading.Event()

    performing = asyncio.ensure_future(_perform(author, "hi"))
    await asyncio.sleep(0)
    gate.set()

    assert (await performing).answer == Result({"event": None})


async def test_changed_and_removed_keys_come_back_as_a_patch(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        class HiAction(BaseAction):
            async def execute(self, context):
                context["list"].append(2)
                context["new"] = {"who": self.get_machine_name(context)}
                del context["old"]
    """
    data: Data = {"list": [1], "old": 1, "same": 1}

    ended = await _perform(_author(tmp_path, recorder, hi=text), "hi", data)

    assert ended.patch == Patch({"list": [1, 2], "new": {"who": "m"}}, ("old",))
    assert data == {"list": [1], "old": 1, "same": 1}


async def test_an_action_sees_what_the_engine_gave_it(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        class HiAction(BaseAction):
            async def execute(self, context):
                context["seen"] = [
                    context["machine_name"],
                    context["current_state"],
                    context["config"]["initial_state"],
                    context["action_key"],
                    self.config.get("params", {}).get("x"),
                    self.get_config_value("x"),
                    self.get_config_value("y", "default"),
                    self.get_description(),
                ]
    """

    ended = await _perform(_author(tmp_path, recorder, hi=text), "hi", x="1")

    seen: list[Json] = ["m", "a", "a", "k1", "1", "1", "default", "HiAction action"]
    assert ended.patch == Patch({"seen": seen})


async def test_a_definition_may_hold_what_is_no_json(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        class HiAction(BaseAction):
            async def execute(self, context):
                return str(context["config"]["since"].year)
    """
    author = _author(tmp_path, recorder, hi=text)
    author.config = lambda: {"since": date(2024, 1, 1)}

    assert await _perform(author, "hi") == Ended(Result({"event": "2024"}))
    assert recorder.err() == b""


async def test_an_exception_is_raised_with_its_traceback_in_the_log(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        class BoomAction(BaseAction):
            async def execute(self, context):
                context["before"] = 1
                raise ValueError("kaboom")
    """

    ended = await _perform(_author(tmp_path, recorder, boom=text), "boom")

    assert ended == Ended(Raised("kaboom", "ValueError"), Patch({"before": 1}))
    assert b'raise ValueError("kaboom")' in recorder.err()
    assert recorder.err().count(b"  File ") == 1  # none but the author's


async def test_sys_exit_in_an_action_is_an_error_like_others(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        class QuitAction(BaseAction):
            def execute(self, context):
                raise SystemExit(3)
    """

    ended = await _perform(_author(tmp_path, recorder, quit=text), "quit")

    assert ended.answer == Raised("3", "SystemExit")


@pytest.mark.parametrize(
    "text",
    [
        "class Greeter(BaseAction):\n    async def execute(self, c): ...",
        "import nothing_of_that_name",
        "def oops(:",
        "1 / 0",
    ],
    ids=["wrong class", "import error", "syntax error", "raises"],
)
async def test_a_file_that_cannot_be_used_is_not_found(
    tmp_path: Path, recorder: Recorder, text: str
) -> None:
    ended = await _perform(_author(tmp_path, recorder, greet=text), "greet")

    assert ended.answer == Raised(
        "Could not load action 'greet' - not found in actions directory", "NotFound"
    )
    assert b"Traceback" in recorder.err()


async def test_a_value_that_is_no_json_is_kept_in_memory_with_a_warning(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        class KeepAction(BaseAction):
            async def execute(self, context):
                context.setdefault("things", set()).add(1)
                return str(len(context["things"]))
    """
    author = _author(tmp_path, recorder, keep=text)

    await _perform(author, "keep")
    ended = await _perform(author, "keep")

    assert ended == Ended(Result({"event": "1"}))
    assert author.transient == {"things": {1}}
    assert recorder.err().count(b"'things', set by action keep") == 1


async def test_data_wins_over_a_transient_value_of_the_same_key(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        class SeeAction(BaseAction):
            async def execute(self, context):
                return context["x"]
    """
    author = _author(tmp_path, recorder, see=text)
    author.transient["x"] = object()

    ended = await _perform(author, "see", {"x": "new"})

    assert ended == Ended(Result({"event": "new"}))
    assert author.transient == {}


async def test_coroutines_of_all_actions_share_one_loop(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        import asyncio
        class LoopAction(BaseAction):
            async def execute(self, context):
                return str(id(asyncio.get_running_loop()))
    """
    author = _author(tmp_path, recorder, loop=text)

    first = await _perform(author, "loop")
    second = await _perform(author, "loop")

    assert first == second == Ended(Result({"event": str(id(author.loop()))}))


async def test_cancelling_ends_a_coroutine(tmp_path: Path, recorder: Recorder) -> None:
    text = """
        import asyncio
        class LongAction(BaseAction):
            async def execute(self, context):
                try:
                    context["begun"].set()
                    await asyncio.sleep(3600)
                finally:
                    context["ended"].set()
    """
    author = _author(tmp_path, recorder, long=text)
    begun = author.transient["begun"] = threading.Event()
    ended = author.transient["ended"] = threading.Event()

    performing = asyncio.ensure_future(_perform(author, "long"))
    await asyncio.to_thread(begun.wait, 10)
    performing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await performing
    assert await asyncio.to_thread(ended.wait, 10)


async def test_log_lines_of_an_action_reach_the_log(
    tmp_path: Path, recorder: Recorder
) -> None:
    text = """
        class TalkAction(BaseAction):
            async def execute(self, context):
                self.logger.warning("mind the %s", "gap")
                return 7
    """

    ended = await _perform(_author(tmp_path, recorder, talk=text), "talk")

    assert ended.answer == Result({"event": None})
    assert b"returned 7; the name of an event or None" in recorder.err()


def test_files_are_found_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "deep" / "deeper" / "send_action_mail_action.py").touch()
    (tmp_path / "not_an_action.txt").touch()
    (tmp_path / "helper.py").touch()

    assert Catalogue(tmp_path).types == {"send_mail"}


def test_no_folder_means_no_types() -> None:
    assert Catalogue(None).types == frozenset()


def test_a_class_is_named_after_its_type() -> None:
    assert class_name("generate_PDF_x") == "GeneratePdfXAction"


def test_the_import_name_exists_only_once_files_are_loaded(tmp_path: Path) -> None:
    for name in [
        name for name in sys.modules if name.startswith("statemachine_engine")
    ]:
        del sys.modules[name]
    (tmp_path / "hi_action.py").write_text(
        "from statemachine_engine.actions.base import BaseAction\n"
        "class HiAction(BaseAction):\n    async def execute(self, c): ...\n"
    )
    catalogue = Catalogue(tmp_path)

    assert "statemachine_engine" not in sys.modules
    catalogue.load("hi")
    assert "statemachine_engine.actions.base" in sys.modules

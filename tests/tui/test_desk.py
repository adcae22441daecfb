"""What the screen knows, without a screen."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from smtui.store.rows import DefinitionRow, JobState
from smtui.tui import clipboard
from smtui.tui.charts import Charts
from smtui.tui.desk import Desk
from smtui.tui.editor import command_line
from smtui.tui.following import follow_fleet, follow_records, learn_definitions
from smtui.tui.logfile import LogFile
from smtui.tui.sources import Seen
from smtui.view.header import Link
from smtui.wire.messages import ChildState
from smtui.wire.who import who
from tests.support.store import HandClock
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW, frame, machine, night_fleet, update
from tests.support.view_rows import entry, job


def a_desk() -> Desk:
    return Desk(HandClock(NOW))


def test_the_first_message_makes_it_live_and_asks_for_the_store() -> None:
    desk = a_desk()

    assert desk.take(night_fleet())
    assert Link.LIVE is desk.link
    assert not desk.take(update(changes=7))
    assert desk.take(update(changes=8))


def test_a_change_calls_back_once() -> None:
    desk = a_desk()
    calls: list[int] = []
    desk.on_change = lambda: calls.append(desk.version)

    desk.take(night_fleet())
    desk.lose()
    desk.lose()

    assert [1, 2] == calls


def test_being_stale_keeps_the_data_and_the_time() -> None:
    clock = HandClock(NOW)
    desk = Desk(clock)
    desk.take(night_fleet())
    clock.pass_s(5)

    desk.lose()
    clock.pass_s(5)
    desk.lose()

    assert (Link.STALE, NOW + 5) == (desk.link, desk.stale_since)
    assert 10 == len(desk.fleet.machines)


async def test_news_become_entries_and_the_last_step_of_each_machine() -> None:
    desk, fake = a_desk(), FakeFleet()

    desk.take_news(await fake.news(Seen()))
    desk.take_news(await fake.news(desk.seen))

    assert 8 == len(desk.entries)
    assert 5 == desk.last_steps["billing"].id
    assert Seen(7, 18231) == desk.seen


def test_marks_of_machines_that_are_gone_go_too() -> None:
    desk = a_desk()
    desk.take(night_fleet())
    desk.toggle_mark(("mailer", "thumbs"))

    desk.take(replace(update(), gone=("mailer",)))

    assert frozenset({"thumbs"}) == desk.marked


def test_marking_again_unmarks() -> None:
    desk = a_desk()

    desk.toggle_mark(("a", "b"))
    desk.toggle_mark(("a",))

    assert frozenset({"b"}) == desk.marked


def test_a_line_typed_twice_is_remembered_once() -> None:
    desk = a_desk()

    for line in ("go", "stop", "go"):
        desk.remember(line)

    assert ["stop", "go"] == list(desk.past)


def test_the_list_is_made_once_for_a_picture() -> None:
    desk = a_desk()
    desk.take(night_fleet())

    assert desk.listed() is desk.listed()
    before = desk.listed()
    desk.take(update(machine("mailer", ChildState.FAILED)))
    assert before is not desk.listed()


def test_changes_in_a_process_s_life_are_entries() -> None:
    desk = a_desk()
    desk.take(night_fleet())
    before = len(desk.entries)

    desk.take(update(machine("mailer", ChildState.FAILED, state_since=NOW + 1)))
    desk.take(
        update(
            machine(
                "mailer",
                ChildState.FAILED,
                frame("mailer", "x"),
                state_since=NOW + 1,
            )
        )
    )

    assert before + 1 == len(desk.entries)


async def until(is_so: "asyncio.Event") -> None:
    async with asyncio.timeout(5):
        await is_so.wait()


async def test_a_fleet_that_comes_back_is_followed_again() -> None:
    desk, fake = a_desk(), FakeFleet()
    seen: list[Link] = []
    is_back = asyncio.Event()

    def note() -> None:
        if not seen or seen[-1] is not desk.link:
            seen.append(desk.link)
        if seen == [Link.LIVE, Link.STALE]:
            fake.is_there = True
        if len(seen) == 3:
            is_back.set()

    desk.on_change = note
    fake.hang_up()
    fake.is_there = True
    task = asyncio.ensure_future(
        follow_fleet(fake, desk, asyncio.Event(), asyncio.Event())
    )
    await until(is_back)
    task.cancel()

    assert [Link.LIVE, Link.STALE, Link.LIVE] == seen


async def test_the_store_is_read_when_the_supervisor_says_so() -> None:
    desk, fake = a_desk(), FakeFleet()
    store_changed, came = asyncio.Event(), asyncio.Event()
    desk.on_change = came.set
    task = asyncio.ensure_future(follow_records(fake, desk, store_changed))
    await until(came)
    came.clear()

    fake.steps_kept.append(entry(50, "mailer", "a", "go", "b"))
    store_changed.set()
    await until(came)
    task.cancel()

    assert 50 == desk.seen.journal_id


async def test_each_definition_is_read_once() -> None:
    fake = FakeFleet()
    desk = a_desk()
    reads: list[str] = []

    class Counting(FakeFleet):
        async def definition(self, hash_: str) -> DefinitionRow | None:
            reads.append(hash_)
            return await super().definition(hash_)

    counting = Counting()
    charts, changed, came = Charts(counting), asyncio.Event(), asyncio.Event()
    desk.take(fake.fleet)
    wanted = {m.definition for m in fake.fleet.machines}
    desk.on_change = lambda: came.set() if wanted <= desk.known.facts.keys() else None
    task = asyncio.ensure_future(learn_definitions(charts, desk, changed))
    await until(came)
    task.cancel()

    assert sorted(wanted) == sorted(reads)
    assert "await_ok" in desk.known.facts["hash-approvals"].asks


async def test_an_unreadable_definition_has_no_chart_and_no_error() -> None:
    fake = FakeFleet()
    row = fake.definitions["hash-thumbs"]
    fake.definitions["hash-thumbs"] = replace(row, text="{not: [yaml")

    compiled = await Charts(fake).get("hash-thumbs")

    assert compiled.chart is None


def test_editors_are_told_the_line_in_their_own_way() -> None:
    def words(editor: str, line: int = 7) -> list[str]:
        return command_line({"EDITOR": editor}, "/m/a b.yaml", line)

    assert ["vim", "+7", "/m/a b.yaml"] == words("vim")
    assert ["code", "-w", "--goto", "/m/a b.yaml:7"] == words("code -w")
    assert ["hx", "/m/a b.yaml:7"] == words("hx")
    assert ["nano", "/m/a b.yaml"] == words("nano", 0)


def test_visual_is_stronger_than_editor() -> None:
    env = {"VISUAL": "emacs -nw", "EDITOR": "vi"}

    assert ["emacs", "-nw", "+3", "f"] == command_line(env, "f", 3)


def test_a_clipboard_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    assert "" == clipboard.keep(tmp_path, "text")
    assert "No such file" in clipboard.keep(tmp_path / "gone", "text")


def test_who_is_user_at_terminal() -> None:
    user, at, terminal = who().partition("@")

    assert user
    assert at
    assert terminal


def test_a_log_is_read_from_its_newest_part_on(tmp_path: Path) -> None:
    log = tmp_path / "m.log"
    log.with_name("m.log.1").write_bytes(b"2026-11-22T00:00:00Z out old\n")
    log.write_bytes(b"2026-11-22T00:00:01Z out new\nhalf")
    reader = LogFile(log)

    reader.open()
    first = [line.text for line in reader.lines]
    with log.open("ab") as file:
        file.write(b" a line\n")

    assert ["old", "new"] == first
    assert 1 == reader.look()
    assert "half a line" == reader.lines[-1].text


def test_a_log_that_does_not_exist_yet_is_empty(tmp_path: Path) -> None:
    log = tmp_path / "m.log"
    reader = LogFile(log)

    reader.open()
    assert (0, False) == (reader.look(), reader.is_there)
    log.write_bytes(b"2026-11-22T00:00:01Z out x\n")

    assert (1, True) == (reader.look(), reader.is_there)


def test_a_log_cut_in_place_is_read_from_its_beginning(tmp_path: Path) -> None:
    log = tmp_path / "m.log"
    log.write_bytes(b"2026-11-22T00:00:01Z out a long line\n")
    reader = LogFile(log)
    reader.open()

    log.write_bytes(b"2026-11-22T00:00:02Z out b\n")

    assert 1 == reader.look()
    assert "b" == reader.lines[-1].text


@pytest.mark.parametrize("force", [True, False])
async def test_the_fake_refuses_what_the_store_refuses(*, force: bool) -> None:
    running = job(1, "t", JobState.RUNNING)
    fake = FakeFleet(jobs=[running])

    if force:
        assert "cancelled" == await fake.cancel_job(running.id, force=True)
    else:
        with pytest.raises(Exception, match="is running"):
            await fake.cancel_job(running.id, force=False)

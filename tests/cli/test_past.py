"""Looking back from the command line: one instant, an export, its replay."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli import Program, lines_of
from tests.support.past import Stride, strides, write_past


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Have a journal of two runs, of 250 and 9 steps, and no supervisor."""
    folder = tmp_path_factory.mktemp("past")
    (folder / ".smtui").mkdir()
    steps = strides(250)
    steps[5] = steps[5]._replace(set={"n": 5, "api_token": "hunter2"})
    write_past(folder / ".smtui", [*steps, *strides(9, run=2)])
    with Program(folder) as program:
        yield program


def test_a_step_is_shown_as_it_was(program: Program) -> None:
    shown = program("history", "crawler", "--at", "1/205", "--utc", "--json")

    assert shown.document() == {
        "machine": "crawler",
        "instance": "main",
        "run": 1,
        "seq": 205,
        "at": "2026-11-21T23:00:40.000Z",
        "event": "timeout(15)",
        "outcome": "taken",
        "why": "",
        "configuration": ["queued"],
        "since": "2026-11-21T23:00:40.000Z",
        "data": {"machine_name": "crawler", "n": 204, "api_token": "***"},
        "timers": [],
        "definition": "hash-crawler",
        "is_whole": True,
    }


def test_a_number_alone_is_a_step_of_the_newest_run(program: Program) -> None:
    shown = program("history", "crawler", "--at", "4", "--utc")

    assert shown.out.splitlines() == [
        "crawler  run 2, step 4  2026-11-21 23:08:50 UTC",
        "in      waiting  since 23:08:50.000",
        "event   429  taken",
        "data",
        '  machine_name  "crawler"',
        "  n  3",
    ]


def test_a_time_is_the_last_step_by_then(program: Program) -> None:
    shown = program("history", "crawler", "--at", "2026-11-21T22:27:05Z", "--json")

    assert (1, 3) == (shown.document()["run"], shown.document()["seq"])


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("999", "there is no step 999 in run 2"),
        ("7/1", "there is no run 7"),
        ("2020-01-01", "had taken no step at 2020-01-01"),
        ("noon", "'noon' is no step and no time"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(
    program: Program, at: str, said: str
) -> None:
    shown = program("history", "crawler", "--at", at)

    assert shown.code in {1, 2}
    assert said in shown.err
    assert len(shown.err.splitlines()) == 2


def test_an_instance_nobody_knows_has_no_steps(program: Program) -> None:
    shown = program("history", "crawler", "--at", "1", "--instance", "x")

    assert shown.code == 1
    assert "crawler, instance x has taken no step yet" in shown.err


def test_one_instant_and_an_export_are_two_wishes(program: Program) -> None:
    shown = program("history", "crawler", "--at", "1", "--export", "x")

    assert shown.code == 2


# ------------------------------------------------------------ the exported


@pytest.fixture(scope="module")
def file(program: Program) -> str:
    done = program("history", "crawler", "--export", "steps.jsonl.gz")
    assert done.code == 0, done.err
    assert "259 steps of crawler written" in done.err
    assert "secrets masked" in done.err
    return "steps.jsonl.gz"


def test_a_replay_prints_what_the_history_printed(program: Program, file: str) -> None:
    assert (
        program("replay", file).out
        == program("history", "crawler", "--limit", "1000").out
    )
    assert (
        program("replay", file, "--json").rows()
        == program("history", "crawler", "--limit", "1000", "--json").rows()
    )


@pytest.mark.parametrize("at", ["1/1", "1/200", "1/205", "1/250", "9", "22:27:05"])
def test_a_replay_knows_every_instant(program: Program, file: str, at: str) -> None:
    was = program("history", "crawler", "--at", at, "--json")
    is_ = program("replay", file, "--at", at, "--json")

    assert was.code == is_.code == 0
    assert was.document() == is_.document()


def test_a_file_has_secrets_only_when_they_are_revealed(program: Program) -> None:
    program("history", "crawler", "--export", "masked.jsonl")
    program("history", "crawler", "--export", "clear.jsonl", "--reveal")

    assert "hunter2" not in (program.folder / "masked.jsonl").read_text()
    assert "hunter2" in (program.folder / "clear.jsonl").read_text()
    assert "***" in program("replay", "clear.jsonl", "--at", "1/7", "--json").out
    assert "***" in program("replay", "masked.jsonl", "--at", "1/7", "--json").out


def test_a_file_is_json_lines_that_say_what_they_are(
    program: Program, file: str
) -> None:
    del file
    program("history", "crawler", "--export", "plain.jsonl", "--since", "2026-11-21")
    text = (program.folder / "plain.jsonl").read_text()
    kinds = [next(iter(json.loads(line))) for line in text.splitlines()]

    assert ["smtui_journal", "step", "snapshot"] == kinds[:3]
    assert "end" == kinds[-1]
    assert 259 == kinds.count("step")


def test_a_damaged_file_shows_nothing_but_one_error(
    program: Program, file: str
) -> None:
    data = (program.folder / file).read_bytes()
    (program.folder / "cut.jsonl.gz").write_bytes(data[:-300])

    for words in ([], ["--json"], ["--at", "1"]):
        shown = program("replay", "cut.jsonl.gz", *words)
        assert (1, "") == (shown.code, shown.out)
        assert "is damaged" in shown.err
        assert len(shown.err.splitlines()) == 2


def test_a_replay_starts_nothing_and_leaves_nothing(
    program: Program, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = {path.name for path in program.folder.iterdir()}

    program("replay", file, "--at", "1")

    assert before == {path.name for path in program.folder.iterdir()}
    assert [] == list(tmp_path.iterdir())


def test_of_several_machines_one_is_named(tmp_path: Path) -> None:
    (tmp_path / ".smtui").mkdir()
    steps = [Stride("", "", "a", {}), Stride("a", "go", "b", {})]
    write_past(tmp_path / ".smtui", steps, name="w#1")
    write_past(tmp_path / ".smtui", steps, name="w#2")
    with Program(tmp_path) as program:
        one = program("history", "w", "--at", "1")
        program("history", "w", "--export", "w.jsonl")
        both = program("replay", "w.jsonl", "--at", "1")
        named = program("replay", "w.jsonl", "--at", "1", "--name", "w#2", "--json")
        wrong = program("replay", "w.jsonl", "--at", "1", "--name", "w#3")
        rows = program("replay", "w.jsonl")

    assert (2, True) == (one.code, "one of w#1, w#2" in one.err)
    assert (2, True) == (both.code, "--name says which: w#1, w#2" in both.err)
    assert "w#2" == named.document()["machine"]
    assert (2, True) == (wrong.code, "did you mean 'w#" in wrong.err)
    assert ["w#1", "w#1", "w#2", "w#2"] == [
        line.split()[2] for line in rows.out.splitlines()
    ]


def test_an_empty_export_has_nothing_to_show(program: Program) -> None:
    program("history", "crawler", "--export", "none.jsonl", "--since", "1s")
    shown = program("replay", "none.jsonl", "--at", "1")

    assert (2, True) == (shown.code, "has no steps" in shown.err)
    assert [] == lines_of(program("replay", "none.jsonl"))

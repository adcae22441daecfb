"""Exported journals: whole or not there, read with care, loaded as a store."""

import gzip
import json
import os
from pathlib import Path

import pytest

from smtui.errors import SmtuiError, StoreError
from smtui.store import DefinitionRow, PastReader, Place, Writer
from smtui.store.past_file import ExportFile, read_lines, verify
from smtui.store.past_lines import (
    FORMAT,
    Head,
    SnapshotLine,
    StepLine,
    head_line,
)
from smtui.store.past_load import Life, load_export
from smtui.view.past import fold
from tests.support.past import BEGAN, strides, write_past

HEAD = Head("0.1.0", BEGAN, ("crawler",))


async def exported(folder: Path, file: Path, since: float = 0.0) -> Path:
    async with PastReader(folder / "smtui.db") as reader:
        with ExportFile(file) as target:
            target.write(head_line(HEAD))
            async for line in reader.past_lines("crawler", None, since):
                target.write(line.text, is_step=line.is_step)
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a machine with two runs and a definition."""
    folder = tmp_path_factory.mktemp("past")
    clock = write_past(folder, [*strides(450), *strides(9, run=2)])
    with Writer(folder / "smtui.db", "normal", clock) as writer:
        writer.put_definition("hash-crawler", "engine", "crawler", "c.yaml", "text: é")
    return folder


@pytest.mark.parametrize("name", ["steps.jsonl", "steps.jsonl.gz"])
async def test_a_file_holds_definitions_steps_and_snapshots_in_order(
    folder: Path, tmp_path: Path, name: str
) -> None:
    file = await exported(folder, tmp_path / name)

    lines = list(read_lines(file))
    steps = [line.entry.row for line in lines if isinstance(line, StepLine)]
    full = [line.seq for line in lines if isinstance(line, SnapshotLine)]

    assert verify(file) == lines[0] == HEAD
    assert lines[1] == DefinitionRow(
        "hash-crawler", "engine", "crawler", "c.yaml", "text: é"
    )
    assert [(1, 1), (2, 9), 459] == [
        (steps[0].run, steps[0].seq),
        (steps[-1].run, steps[-1].seq),
        len(steps),
    ]
    assert [1, 200, 400, 1] == full
    assert [name] == os.listdir(tmp_path)  # noqa: PTH208 - names only


async def test_a_loaded_file_is_the_same_past(folder: Path, tmp_path: Path) -> None:
    file = await exported(folder, tmp_path / "x.jsonl.gz")

    head, lives = load_export(file, tmp_path / "copy.db")

    assert (HEAD, (Life("crawler", "main"),)) == (head, lives)
    async with (
        PastReader(folder / "smtui.db") as past,
        PastReader(tmp_path / "copy.db") as copy,
    ):
        assert await past.past_runs(*lives[0]) == await copy.past_runs(*lives[0])
        for place in (Place(1, 1), Place(1, 399), Place(2, 9)):
            was = await past.past_state(*lives[0], place)
            found = await copy.past_state(*lives[0], place)
            assert was is not None
            assert found is not None
            assert fold(was).data == fold(found).data
            assert was.entry.row == found.entry.row
        kept = await copy.definition("hash-crawler")
        assert kept is not None
        assert kept.text == "text: é"


async def test_an_export_since_a_time_begins_at_a_full_snapshot(
    folder: Path, tmp_path: Path
) -> None:
    file = await exported(folder, tmp_path / "x.jsonl", BEGAN + 4100)

    steps = [line.entry.row for line in read_lines(file) if isinstance(line, StepLine)]
    assert (1, 400) == (steps[0].run, steps[0].seq)
    assert (2, 9) == (steps[-1].run, steps[-1].seq)


async def test_an_export_of_nothing_is_a_whole_file(
    folder: Path, tmp_path: Path
) -> None:
    file = await exported(folder, tmp_path / "x.jsonl", BEGAN + 1e9)

    assert [HEAD] == list(read_lines(file))
    assert verify(file) == HEAD


async def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text("mine")

    with pytest.raises(SmtuiError, match=r"is there already .* name a new file"):
        ExportFile(file).__enter__()

    assert file.read_text() == "mine"


def test_a_failed_export_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with ExportFile(tmp_path / "x.jsonl.gz") as target:
            target.write(head_line(HEAD))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail()

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    file = tmp_path / "no" / "x.jsonl"

    with pytest.raises(SmtuiError, match="cannot be written: No such file"):
        ExportFile(file).__enter__()


# -------------------------------------------------------------- bad files


def _errors(file: Path, tmp_path: Path) -> set[str]:
    """Return what each way of reading the file says of it."""
    said: set[str] = set()
    for read in (
        lambda: verify(file),
        lambda: list(read_lines(file)),
        lambda: load_export(file, tmp_path / "copy.db"),
    ):
        (tmp_path / "copy.db").unlink(missing_ok=True)
        with pytest.raises(SmtuiError) as caught:
            read()
        said.add(str(caught.value))
    return said


async def test_a_file_that_was_cut_says_after_how_many_steps(
    folder: Path, tmp_path: Path
) -> None:
    file = await exported(folder, tmp_path / "x.jsonl")
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:100]))

    (said,) = _errors(file, tmp_path)
    assert "was cut: it ends after 97 steps, without its last line" in said
    assert "--export FILE` writes it anew" in said


async def test_a_zipped_file_that_was_cut_is_damaged(
    folder: Path, tmp_path: Path
) -> None:
    file = await exported(folder, tmp_path / "x.jsonl.gz")
    file.write_bytes(file.read_bytes()[:-200])

    (said,) = _errors(file, tmp_path)
    assert "is damaged: Compressed file ended" in said


async def test_a_zipped_file_with_a_wrong_byte_is_damaged(
    folder: Path, tmp_path: Path
) -> None:
    file = await exported(folder, tmp_path / "x.jsonl.gz")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(bytes(data))

    for said in _errors(file, tmp_path):
        assert "damaged" in said
        assert "x.jsonl.gz" in said


async def test_a_changed_value_is_found_out(folder: Path, tmp_path: Path) -> None:
    file = await exported(folder, tmp_path / "x.jsonl")
    file.write_text(file.read_text().replace('"n":17', '"n":18', 1))

    (said,) = _errors(file, tmp_path)
    assert "is damaged: it was written with 459 steps" in said


async def test_a_step_without_its_parts_names_the_line(
    folder: Path, tmp_path: Path
) -> None:
    file = await exported(folder, tmp_path / "x.jsonl")
    lines = file.read_text().splitlines()
    step = json.loads(lines[2])
    del step["step"]["outcome"]
    lines[2] = json.dumps(step)
    file.write_text("\n".join(lines) + "\n")

    with pytest.raises(StoreError, match="line 3 is damaged: 'outcome' is missing"):
        list(read_lines(file))


def test_a_newer_format_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    newer = json.loads(head_line(HEAD)) | {"smtui_journal": FORMAT + 1}
    file.write_text(json.dumps(newer) + '\n{"hologram": {}}\n')

    (said,) = _errors(file, tmp_path)
    assert f"of format {FORMAT + 1}, written by smtui 0.1.0" in said
    assert "upgrade smtui" in said


@pytest.mark.parametrize(
    "content",
    [b"root:x:0:0\n", b"[1, 2]\n", b'{"a": 1}\n', b"\xff\xfe\x00", b"null\n", b"7\n"],
)
def test_any_other_file_is_no_exported_journal(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(content)

    (said,) = _errors(file, tmp_path)
    assert "this is no exported journal" in said


def test_an_empty_file_was_cut(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").touch()

    for said in _errors(tmp_path / "x.jsonl", tmp_path):
        assert "was cut" in said or "is empty" in said


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    (said,) = _errors(tmp_path / "x.jsonl", tmp_path)

    assert "is not there" in said


async def test_a_step_told_twice_is_refused(folder: Path, tmp_path: Path) -> None:
    file = await exported(folder, tmp_path / "x.jsonl")
    lines = file.read_text().splitlines()[:-1]
    with ExportFile(tmp_path / "twice.jsonl") as target:
        for line in [*lines[:3], lines[2]]:
            target.write(line, is_step=line.startswith('{"step"'))

    with pytest.raises(StoreError, match="a step is in it twice"):
        load_export(tmp_path / "twice.jsonl", tmp_path / "copy.db")


def test_the_ending_decides_whether_a_file_is_zipped(tmp_path: Path) -> None:
    for name, is_zipped in (("a.jsonl", False), ("a.jsonl.gz", True)):
        with ExportFile(tmp_path / name) as target:
            target.write(head_line(HEAD))
        data = (tmp_path / name).read_bytes()
        plain = gzip.decompress(data) if is_zipped else data
        assert plain.startswith(b'{"smtui_journal":1')
        assert plain.splitlines()[-1].startswith(b'{"end":')

"""A log file rotates, comes back when removed, and outlives a full disk."""

from pathlib import Path

import pytest

from smtui.supervisor.logfile import LogFile

STAMP = b"T"


def lines_of(folder: Path) -> list[bytes]:
    """Return the lines of a log and its older files, oldest first."""
    paths = sorted(folder.glob("a.log.*"), reverse=True)
    texts = [path.read_bytes() for path in (*paths, folder / "a.log")]
    return b"".join(texts).splitlines()


def test_rotation_loses_no_line_and_keeps_five_files(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.log", max_bytes=100)
    for n in range(100):
        log.append(STAMP, b"line %06d\n" % n)
    log.close()

    assert len([*tmp_path.iterdir()]) == 5
    kept = lines_of(tmp_path)
    assert kept == [b"line %06d" % n for n in range(100 - len(kept), 100)]
    for path in tmp_path.iterdir():
        assert path.stat().st_size <= 100


def test_a_second_life_goes_on_where_the_first_ended(tmp_path: Path) -> None:
    for text in (b"one\n", b"two\n"):
        log = LogFile(tmp_path / "a.log")
        log.append(STAMP, text)
        log.close()

    assert (tmp_path / "a.log").read_bytes() == b"one\ntwo\n"
    assert (tmp_path / "a.log").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("how", ["removed", "renamed", "folder removed"])
def test_a_file_taken_away_is_made_again(how: str, tmp_path: Path) -> None:
    path = tmp_path / "logs" / "a.log"
    log = LogFile(path)
    log.append(STAMP, b"before\n")
    if how == "renamed":
        path.rename(tmp_path / "elsewhere")
    else:
        path.unlink()
    if how == "folder removed":
        path.parent.rmdir()
    log.append(STAMP, b"after\n")
    log.close()

    assert path.read_bytes() == b"after\n"


def test_a_full_disk_drops_and_counts_and_then_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.symlink_to("/dev/full")
    log = LogFile(path)
    log.append(STAMP, b"lost\nlost\n")
    log.append(STAMP, b"lost\n")
    path.unlink()  # and space is found
    log.append(STAMP, b"kept\n")
    log.append(STAMP, b"kept too\n")
    log.close()

    assert path.read_bytes() == (
        b"T --- 3 lines (15 bytes) are missing here: the disk took nothing\n"
        b"kept\nkept too\n"
    )


def test_a_folder_that_cannot_be_written_is_like_a_full_disk(
    tmp_path: Path,
) -> None:
    (tmp_path / "logs").write_text("a file is in the way")
    log = LogFile(tmp_path / "logs" / "a.log")
    log.append(STAMP, b"lost\n")
    (tmp_path / "logs").unlink()
    log.append(STAMP, b"kept\n")
    log.close()

    kept = (tmp_path / "logs" / "a.log").read_bytes().splitlines()
    assert kept[0].startswith(b"T --- 1 lines (5 bytes) are missing")
    assert kept[1:] == [b"kept"]

"""Which file a start_fsm means."""

from pathlib import Path

from smtui.chart.values import Kind, Query, Raised, RunEntry
from smtui.runtime.start_fsm import is_start, resolved


def _query(yaml_path: str) -> Query:
    args = {"yaml_path": yaml_path, "machine_name": "w"}
    return Query("1.1", RunEntry(Kind.STORE, "start_fsm", args, "k", "e"))


def _file(found: Query | Raised) -> object:
    assert isinstance(found, Query)
    return found.entry.args["file"]


def test_a_file_is_found_from_the_first_folder_that_has_it(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "w.yaml").touch()

    found = resolved(_query("w.yaml"), [tmp_path / "one", tmp_path / "two"], [])

    assert _file(found) == str(tmp_path / "one" / "w.yaml")


def test_an_absolute_path_is_taken_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.touch()

    assert _file(resolved(_query(str(file)), [Path("/")], [])) == str(file)


def test_else_the_only_file_of_that_name_in_the_fleet(tmp_path: Path) -> None:
    fleet = ["/x/a.yaml", "/x/w.yaml", "/x/w.yaml"]

    found = resolved(_query("examples/w.yaml"), [tmp_path], fleet)

    assert _file(found) == "/x/w.yaml"


def test_two_files_of_that_name_are_an_error_that_names_them(tmp_path: Path) -> None:
    found = resolved(_query("w.yaml"), [tmp_path], ["/x/w.yaml", "/y/w.yaml"])

    assert isinstance(found, Raised)
    assert "/x/w.yaml, /y/w.yaml" in found.message


def test_no_file_is_an_error_that_says_where_it_looked(tmp_path: Path) -> None:
    found = resolved(_query("w.yaml"), [tmp_path], ["/x/a.yaml"])

    assert isinstance(found, Raised)
    assert str(tmp_path / "w.yaml") in found.message


def test_only_start_fsm_starts_a_machine_from_a_file() -> None:
    other = RunEntry(Kind.STORE, "add_job", {}, "k", "e")

    assert is_start(_query("w.yaml"))
    assert not is_start(Query("1.1", other))

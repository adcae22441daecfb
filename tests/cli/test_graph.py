"""`smtui graph`: files and folders drawn, in every format."""

import io
import re
from contextlib import chdir, redirect_stdout
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from smtui.cli import main
from smtui.cli.graph import _FORMATS
from smtui.cli.graph_formats import Format
from smtui.definition import Json
from tests.support.cli import DEMO, DOOR, Program

FLEET_PICTURE = Path(__file__).parents[2] / "smtui" / "docs" / "fleet.svg"

SENDER = """\
initial_state: idle
events: {reply: {context_map: {to: payload.to}}}
transitions:
  - {from: idle, to: answering, event: reply}
  - {from: answering, to: idle, event: event_sent}
actions:
  answering:
    - {type: send_event, target_machine: "{to}", event_type: pong}
    - {type: send_event, target_machine: door, event_type: push}
    - {type: start_fsm, yaml_path: "{file}", machine_name: late}
"""


@pytest.fixture
def program(tmp_path: Path) -> Program:
    found = Program(tmp_path)
    found.write("door.yaml", DOOR)
    return found


def rows(document: dict[str, Json], key: str) -> list[dict[str, Json]]:
    found = document[key]
    assert isinstance(found, list)
    return [row for row in found if isinstance(row, dict)]


def test_a_file_is_drawn_as_text(program: Program) -> None:
    done = program("graph", "door.yaml")

    assert done.code == 0
    assert "●▶ closed" in done.out
    assert "│push" in done.out
    assert "after 600s" in done.out
    assert "\x1b" not in done.out


def test_a_state_is_lit_and_shown_without_colour(program: Program) -> None:
    done = program("graph", "door.yaml", "--active", "open")

    assert "┏" in done.out


def test_an_unknown_state_is_told_with_the_nearest_one(program: Program) -> None:
    done = program("graph", "door.yaml", "--active", "opne")

    assert done.code == 2
    assert "did you mean 'open'?" in done.err


def test_ascii_has_no_sign_beyond(program: Program) -> None:
    assert program("graph", "door.yaml", "--ascii", "--active", "open").out.isascii()


@pytest.mark.parametrize("way", ["TB", "LR"])
def test_a_direction_is_kept_to(program: Program, way: str) -> None:
    done = program("graph", "door.yaml", "--direction", way, "--json")

    assert done.document()["direction"] == way


def test_a_narrow_page_gets_a_narrow_drawing(program: Program) -> None:
    wide = program("graph", "door.yaml").out.splitlines()
    done = program("graph", "door.yaml", "--width", "30")

    assert max(map(len, wide)) > 30
    assert max(map(len, done.out.splitlines())) <= 30
    assert done.err == ""


def test_what_does_not_fit_is_drawn_and_told(program: Program) -> None:
    done = program("graph", "door.yaml", "--width", "5")

    assert done.code == 0
    assert "more than there are" in done.err


def test_json_is_the_document_of_the_guide(program: Program) -> None:
    document = program("graph", "door.yaml", "--format", "json").document()

    assert {"lines", "states", "transitions"} <= set(document)
    drawn = {str(row["label"]): row["drawn"] for row in rows(document, "transitions")}
    assert drawn == {
        "push": "line",
        "after 600s": "line",
        "pull": "label",
        "stop": "stub",
    }


def test_every_format_of_a_file(program: Program) -> None:
    found = {
        name: program("graph", "door.yaml", "--format", name).out
        for name in ("ansi", "svg", "mermaid", "dot")
    }

    assert "\x1b[" in found["ansi"]
    assert ET.fromstring(found["svg"]).tag.endswith("svg")  # noqa: S314 - ours
    assert found["mermaid"].startswith("stateDiagram-v2\n")
    assert found["dot"].startswith('digraph "door" {')


def test_the_formats_offered_are_those_there_are() -> None:
    assert list(_FORMATS) == [each.value for each in Format]


def test_an_unknown_format_is_refused_with_the_nearest_one(program: Program) -> None:
    done = program("graph", "door.yaml", "--format", "sgv")

    assert done.code == 2
    assert "did you mean 'svg'?" in done.err


def test_check_says_that_a_drawing_is_right(program: Program) -> None:
    done = program("graph", "door.yaml", "--check")

    assert done.code == 0
    assert re.match(r"door: right, 3 states, 4 transitions, \d+x\d+\n", done.out)
    assert program("graph", ".", "--check", "--json").rows() == [
        {"name": program.folder.name, "ok": True, "problems": []},
        {"name": "door", "ok": True, "problems": []},
    ]


def test_a_broken_file_is_told_with_its_place(program: Program) -> None:
    program.write("bad.yaml", "initial_state: a\ntransitions: [{from: a, t: b}]\n")

    done = program("graph", "bad.yaml")

    assert done.code == 4
    assert "bad.yaml:2" in done.err
    assert "bad.yaml cannot be drawn" in done.err


def test_a_broken_file_keeps_no_folder_from_being_drawn(program: Program) -> None:
    program.write("bad.yaml", "initial_state: a\ntransitions: [{from: a, t: b}]\n")

    done = program("graph", ".")

    assert done.code == 0
    assert "bad.yaml:2" in done.err
    assert "door" in done.out


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("dor.yaml", "did you mean 'door.yaml'?"),
        ("nowhere/door", "no file or folder 'nowhere/door'"),
        ("door", "no file or folder 'door', and no .smtui in"),
    ],
)
def test_what_is_not_there_is_told(program: Program, word: str, told: str) -> None:
    done = program("graph", word)

    assert done.code == 2
    assert told in done.err


def test_a_folder_is_drawn_as_a_fleet(program: Program) -> None:
    program.write("sender.yaml", SENDER)

    done = program("graph", ".", "--json")

    arrows = {
        (row["way"], row["source"], row["target"], row["label"])
        for row in rows(done.document(), "transitions")
    }
    assert arrows == {
        ("event", "sender", "/?", "pong"),
        ("event", "sender", "door", "push"),
        ("start", "sender", "/?", "starts"),
    }
    text = program("graph", ".").out
    assert "○ closed" in text
    assert "┆" in text or "┄" in text


def test_out_writes_a_file_for_the_fleet_and_each_machine(program: Program) -> None:
    done = program("graph", ".", "--format", "svg", "--out", "pictures")

    assert done.out == "2 files written to pictures\n"
    found = {file.name for file in (program.folder / "pictures").iterdir()}
    assert found == {"fleet.svg", "door.svg"}


def test_sections_of_a_file_become_a_set_of_diagrams(program: Program) -> None:
    program.write(
        "loop.yaml",
        "initial_state: a\n"
        "states:\n  # === MAIN LOOP ===\n  - a\n  - b\n  # === END ===\n  - c\n"
        "transitions:\n"
        "  - {from: a, to: b, event: go}\n  - {from: b, to: c, event: out}\n",
    )

    program("graph", "loop.yaml", "--format", "mermaid", "--out", "pictures")

    folder = program.folder / "pictures"
    found = {str(file.relative_to(folder)) for file in folder.rglob("*.mermaid")}
    assert found == {
        "loop.mermaid",
        "loop/main.mermaid",
        "loop/MAINLOOP.mermaid",
        "loop/END.mermaid",
    }
    main = (folder / "loop" / "main.mermaid").read_text("utf-8")
    assert "    MAINLOOP --> s_END : out" in main


def test_what_cannot_be_written_is_told(program: Program) -> None:
    done = program("graph", "door.yaml", "--out", "door.yaml")

    assert done.code == 1
    assert "cannot be written" in done.err


def test_the_picture_of_the_demo_is_what_the_command_prints(tmp_path: Path) -> None:
    """`smtui graph machines/ --direction LR --format svg > smtui/docs/fleet.svg`."""
    program = Program(tmp_path)
    (tmp_path / "machines").symlink_to(DEMO)

    done = program("graph", "machines/", "--direction", "LR", "--format", "svg")

    assert done.err == ""
    assert done.out == FLEET_PICTURE.read_text("utf-8")


def test_an_output_without_the_signs_gets_ascii(program: Program) -> None:
    raw = io.BytesIO()
    narrow = io.TextIOWrapper(raw, encoding="ascii")
    with chdir(program.folder), redirect_stdout(narrow):
        code = main(["graph", "door.yaml"])
    narrow.flush()

    assert code == 0
    assert b"*> closed |" in raw.getvalue()

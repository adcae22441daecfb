"""Every command of README and guide is run, every file in them is read."""

import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from smtui.cli.help import topics
from smtui.definition import Severity
from tests.support.cli import DEMO
from tests.support.pages import Block, Reader, blocks
from tests.support.scxml_texts import problems

ROOT = Path(__file__).parents[2]
PAGES = {"README": (ROOT / "README.md").read_text("utf-8"), **topics()}
LINKS = re.compile(r"\[[^\]]*\]\(([^)]+)\)")
MAKES_A_VENV = "python3 -m venv"
VENV = f"{MAKES_A_VENV} .venv && .venv/bin/pip install -q"


def commands(page: str) -> list[Block]:
    """Return the shell blocks that a test can run in an empty folder."""
    shell = [block for block in blocks(page) if block.language == "sh"]
    return [block for block in shell if MAKES_A_VENV not in block.text]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    shutil.copytree(DEMO, tmp_path / "machines")
    reader = Reader(tmp_path)
    reader.prepare()
    yield reader
    reader.type("smtui down || true")


@pytest.mark.acceptance
@pytest.mark.parametrize("name", [name for name in PAGES if commands(PAGES[name])])
def test_every_command_of_a_page_works_in_its_order(name: str, reader: Reader) -> None:
    todo = [b for b in blocks(PAGES[name]) if b in commands(PAGES[name]) or b.file]

    assert [wrong for block in todo if (wrong := reader.follow(block))] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_the_language_of_each_block(name: str) -> None:
    languages = {block.language for block in blocks(PAGES[name])}

    assert languages <= {"sh", "yaml", "python", "xml"}


def test_every_xml_of_the_guide_may_stand_in_a_state() -> None:
    xml = [b for page in PAGES.values() for b in blocks(page) if b.language == "xml"]

    assert xml
    found = [wrong for block in xml for wrong in problems(_in_a_state(block))]
    assert [wrong for wrong in found if wrong.severity is Severity.ERROR] == []


def _in_a_state(block: Block) -> str:
    targets = re.findall(r'target="(\w+)"', block.text)
    finals = "".join(f'<final id="{target}"/>' for target in targets)
    return f'<state id="here">{block.text}</state>{finals}'


def test_every_yaml_of_the_guide_is_a_file_that_is_run_or_checked() -> None:
    yaml = [b for page in PAGES.values() for b in blocks(page) if b.language == "yaml"]

    assert yaml
    assert [block for block in yaml if block.file is None] == []


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_files_that_exist(name: str) -> None:
    base = ROOT if name == "README" else Path(str(files("smtui"))) / "docs"
    links = [link for link in LINKS.findall(PAGES[name]) if "://" not in link]

    assert [link for link in links if not (base / link).exists()] == []


def test_a_page_begins_with_its_title() -> None:
    assert [name for name, page in PAGES.items() if not page.startswith("# ")] == []


def test_readme_lines_make_their_own_venv() -> None:
    lines = [b.text.strip() for b in blocks(PAGES["README"]) if MAKES_A_VENV in b.text]

    assert lines == [
        f"{VENV} '.[python-statemachine]' && .venv/bin/smtui run machines/",
        f"{VENV} '.[test]' && .venv/bin/pytest",
    ]

"""`smtui graph`: state machines as drawings, out of the terminal too."""

import os
import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.cli.moments import count
from smtui.definition import Json
from smtui.errors import SmtuiError, UsageError, nearest
from smtui.wire.paths import encode_name

if TYPE_CHECKING:
    from smtui.cli.graph_formats import Format, Picture
    from smtui.cli.graph_sources import Subject

__all__ = ["GRAPH"]

_FORMATS = ("text", "ansi", "svg", "mermaid", "dot", "json")
"""Those of `graph_formats`, which `--help` need not import; a test compares."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "what", metavar="FILE|NAME|FOLDER", help="a definition, a machine, or a fleet"
    )
    parser.add_argument(
        "--format",
        choices=_FORMATS,
        metavar="|".join(_FORMATS),
        help="ansi on a terminal, else text",
    )
    parser.add_argument(
        "--width", metavar="N", type=count, help="cells at most; a terminal's own"
    )
    parser.add_argument(
        "--ascii", action="store_true", help="no signs beyond ASCII in the drawing"
    )
    parser.add_argument(
        "--active", metavar="STATE", action="append", help="light it; may be repeated"
    )
    parser.add_argument(
        "--direction", choices=("TB", "LR"), metavar="TB|LR", help="down, or right"
    )
    parser.add_argument(
        "--check", action="store_true", help="read the drawing back; exit 1 if wrong"
    )
    parser.add_argument(
        "--out", metavar="DIR", help="write files; of a folder every machine's too"
    )


def _run(console: Console, found: Namespace) -> int:
    from smtui.cli.graph_formats import Format  # late: the drawing rooms

    subjects = _subjects(console, found)
    pictures = [_picture(console, each, found) for each in subjects]
    if found.check:
        return _check(console, pictures)
    name = found.format or ("json" if console.json else None)
    if found.out is not None:
        _write(console, pictures, Format(name or "text"), Path(found.out))
        return 0
    usual = "ansi" if _has_colours(console) else "text"
    console.text(pictures[0].text(Format(name or usual)))
    _say_width(console, pictures[:1])
    return 0


def _subjects(console: Console, found: Namespace) -> "list[Subject]":
    """Return what to draw: one thing, or a fleet and after it its machines."""
    path = Path(found.what)
    if path.is_dir() or _holds_several(path):
        from smtui.cli.graph_fleet import from_folder  # late: the store too

        if found.active:
            raise UsageError("--active is for one machine", hint="give its file")
        whole, machines = from_folder(console, path)
        return [whole, *machines]
    from smtui.cli.graph_sources import from_file  # late: dialects and drawing

    if path.is_file():
        subject = from_file(console, path)
    else:
        subject = _known(console, found.what)
    return [_lit(subject, found.active)] if found.active else [subject]


def _holds_several(path: Path) -> bool:
    """Say whether a file is a list of definitions."""
    from smtui.check import read_file  # late: as below
    from smtui.dialects import load_all  # late: YAML

    text = read_file(path, str(path)) if path.is_file() else ""
    return isinstance(text, str) and len(load_all(text, str(path))) > 1


def _known(console: Console, word: str) -> "Subject":
    """Return a machine by its name; raises UsageError, also for a lost file."""
    from smtui.check import SUFFIXES  # late: YAML
    from smtui.cli.graph_sources import from_store  # late: SQLite

    path = Path(word)
    if path.suffix in SUFFIXES or "/" in word:
        near = [str(each) for each in _beside(path)]
        raise UsageError(f"no file or folder {word!r}", hint=nearest(word, near))
    try:
        data = datadir.existing(console)
    except UsageError as error:
        raise UsageError(
            f"no file or folder {word!r}, and {error.message}", hint=error.hint
        ) from None
    return from_store(data, word)


def _beside(path: Path) -> Iterable[Path]:
    folder = path.parent
    return folder.iterdir() if folder.is_dir() else ()


def _lit(subject: "Subject", states: list[str]) -> "Subject":
    """Light other states than those the store knows."""
    known = list(subject.graph.by_id)
    for state in states:
        if state not in known:
            raise UsageError(
                f"{subject.name} has no state {state!r}",
                hint=nearest(state, known) or f"its states: {', '.join(known)}",
            )
    return replace(subject, active=dict.fromkeys(states, 1), style="active")


def _picture(console: Console, subject: "Subject", found: Namespace) -> "Picture":
    from smtui.cli.graph_formats import Picture  # late: the drawing rooms
    from smtui.view.graph import Direction  # late: as above

    return Picture(
        subject,
        width=found.width or _terminal_width(console, found),
        direction=Direction(found.direction) if found.direction else None,
        is_ascii=found.ascii or (found.out is None and not _can_draw(console)),
    )


def _terminal_width(console: Console, found: Namespace) -> int | None:
    """Return the columns of the terminal that will show the drawing."""
    is_shown = found.format in (None, "text", "ansi") and found.out is None
    if not is_shown or console.json or not console.out.isatty():
        return None
    return shutil.get_terminal_size().columns


def _can_draw(console: Console) -> bool:
    """Return whether the output has the signs that lines are drawn with."""
    try:
        "╭─▶●".encode(console.out.encoding or "utf-8")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _has_colours(console: Console) -> bool:
    return console.out.isatty() and not os.environ.get("NO_COLOR")


def _check(console: Console, pictures: "list[Picture]") -> int:
    """Read every drawing back; exit 1 if one is wrong."""
    wrong = False
    documents: list[Json] = []
    for picture in pictures:
        drawing, name = picture.drawing, picture.subject.name
        wrong |= bool(picture.faults)
        listed: list[Json] = [
            {"rule": fault.rule, "message": fault.message} for fault in picture.faults
        ]
        documents.append({"name": name, "ok": not picture.faults, "problems": listed})
        if not console.json:
            size = f"{drawing.width}x{drawing.height}"
            states, lines = len(drawing.boxes), len(drawing.graph.edges)
            verdict = f"{len(picture.faults)} wrong" if picture.faults else "right"
            console.line(
                f"{name}: {verdict}, {states} states, {lines} transitions, {size}"
            )
            for fault in picture.faults:
                console.line(f"  {fault.rule}: {fault.message}")
    if console.json:
        console.document(documents)
    return 1 if wrong else 0


def _write(
    console: Console, pictures: "list[Picture]", format_: "Format", folder: Path
) -> None:
    """Write every picture; a fleet's own is `fleet`."""
    stems = [encode_name(each.subject.name) for each in pictures]
    if len(pictures) > 1:
        stems[0] = "fleet-graph" if "fleet" in stems[1:] else "fleet"
    files: dict[str, str] = {}
    for stem, picture in zip(stems, pictures, strict=True):
        files |= picture.files(format_, stem)
    try:
        for name, text in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    except OSError as error:
        raise SmtuiError(
            f"{error.filename or folder} cannot be written: {error.strerror}",
            hint="--out names a folder; it is made if need be",
        ) from error
    if console.json:
        names: list[Json] = [str(folder / name) for name in files]
        console.document({"files": names})
    else:
        several = "s" * (len(files) > 1)
        console.line(f"{len(files)} file{several} written to {folder}")
    _say_width(console, pictures)


def _say_width(console: Console, pictures: "list[Picture]") -> None:
    for picture in pictures:
        if picture.excess:
            console.note(
                f"smtui: {picture.subject.name} needs {picture.drawing.width} cells, "
                f"{picture.excess} more than there are"
            )


GRAPH = Command(
    name="graph",
    summary="Draw a state machine, or a whole fleet.",
    run=_run,
    arguments=_arguments,
    examples=(
        "smtui graph librarian",
        "smtui graph machines/ --format svg --out pictures",
    ),
    details="""\
A FILE is drawn as it is, a NAME as it runs, with its present state lit. A
FOLDER is drawn as a fleet: who sends what to whom, and the queues between.""",
)

"""`smtui paths`: the shortest way to each state and transition of a machine."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from smtui.cli.command import Command
from smtui.cli.console import Console, counted
from smtui.cli.moments import count
from smtui.cli.payloads import json_mapping
from smtui.cli.test import place_json, where
from smtui.definition import Json
from smtui.errors import DefinitionError, SmtuiError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smtui.testing import Edge, Found, Missed, Paths, Subject

__all__ = ["PATHS"]

_BESIDE = "@"
"""`--as-tests` without a name: beside the definition."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a definition")
    parser.add_argument("--machine", metavar="NAME", default="", help="of several")
    parser.add_argument(
        "--context", metavar="JSON", help="what the machine begins with"
    )
    parser.add_argument(
        "--as-tests",
        metavar="OUT",
        nargs="?",
        const=_BESIDE,
        help="write them as scenarios: to OUT, - for the terminal, "
        "else to NAME.paths.yaml beside FILE",
    )
    parser.add_argument(
        "--limit", metavar="N", type=count, help="snapshots to look at (2000)"
    )


def _run(console: Console, found: Namespace) -> int:
    from smtui.testing import MOST_PLACES, find_paths  # late: the core

    subject = _subject(console, found)
    data = json_mapping(found.context, "--context") if found.context else {}
    paths = find_paths(subject, data, most_places=found.limit or MOST_PLACES)
    if found.as_tests is not None:
        _write(console, paths, data, found)
    elif console.json:
        console.document(_document(paths))
    else:
        _show(console, paths)
    return 0


def _subject(console: Console, found: Namespace) -> "Subject":
    """Return the machine; raises DefinitionError, all problems told."""
    from smtui.check import describe_all  # late: YAML
    from smtui.testing import open_subject  # late: the core

    opened = open_subject(Path(found.file), found.machine)
    if isinstance(opened, tuple):
        console.err.write(describe_all(opened) + "\n")
        raise DefinitionError(
            f"{found.file} cannot be searched: {counted(len(opened), 'error')}",
            hint=f"smtui check {found.file}",
        )
    return opened


def _write(
    console: Console, paths: "Paths", data: dict[str, Json], found: Namespace
) -> None:
    """Write the paths as scenarios. Raises SmtuiError for a file that is there."""
    from smtui.testing import scenario_text  # late: the core

    out = found.as_tests
    source = Path(found.file)
    beside = source.with_name(f"{source.stem}.paths.yaml")
    target = beside if out in {_BESIDE, "-"} else Path(out)
    text = scenario_text(paths, target, data, found.machine)
    if out == "-":
        console.text(text)
        return
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        hint = "name another: --as-tests OUT"
        raise SmtuiError(f"{target} is there already", hint=hint) from None
    except OSError as error:
        raise SmtuiError(f"{target} cannot be written: {error.strerror}") from error
    for missed in (*paths.missed_states, *paths.missed_transitions):
        console.note(f"not reached: {missed.place.label}: {missed.why}")
    console.line(f"{target} written, run it: smtui test {target}")


def _show(console: Console, paths: "Paths") -> None:
    reached = len(paths.states) + len(paths.transitions)
    missed = [*paths.missed_states, *paths.missed_transitions]
    console.line(
        f"{paths.subject.definition.name}: {reached} of {reached + len(missed)} "
        f"states and transitions reached, {counted(paths.places, 'snapshot')} looked at"
    )
    for title, several in (
        ("states", paths.states),
        ("transitions", paths.transitions),
    ):
        console.line()
        console.table([title, "path"], [_row(one) for one in several])
    if missed:
        console.line()
        rows = [_missed_row(one) for one in missed]
        console.table(["not reached", "where", "why"], rows)


def _row(found: "Found") -> tuple[str, str]:
    return found.place.label, _path_text(found.path)


def _missed_row(missed: "Missed") -> tuple[str, str, str]:
    return missed.place.label, where(missed.place.at), missed.why


def _path_text(path: "Sequence[Edge]") -> str:
    from smtui.testing import choices_text  # late: the core

    words: list[str] = []
    for edge in path:
        said = choices_text(edge)
        word = _act_text(edge)
        if said:
            word = f"{word} ({said})" if word else f"({said})"
        words.append(word)
    return ", ".join(filter(None, words)) or "the start"


def _act_text(edge: "Edge") -> str:
    from smtui.testing import act_json  # late: the core

    if edge.act is None:
        return ""
    said = act_json(edge.act)
    kind, value = next(iter(said.items()))
    payload = said.get("payload")
    if isinstance(value, list):  # other machines: the choices say where they are
        return f"{', '.join(map(str, value))} moves"
    text = str(value) if kind == "send" else f"{kind} {value}"
    return text if payload is None else f"{text} {payload}"


# ----------------------------------------------------------------------- JSON


def _document(paths: "Paths") -> dict[str, Json]:
    states: list[Json] = [_found_json(one) for one in paths.states]
    transitions: list[Json] = [_found_json(one) for one in paths.transitions]
    missed: list[Json] = [
        {**place_json(one.place), "why": one.why}
        for one in (*paths.missed_states, *paths.missed_transitions)
    ]
    return {
        "machine": paths.subject.definition.name,
        "file": str(paths.subject.path),
        "states": states,
        "transitions": transitions,
        "not_reached": missed,
        "snapshots": paths.places,
        "complete": not paths.is_bounded,
    }


def _found_json(found: "Found") -> Json:
    from smtui.testing import act_json, choices_text  # late: the core

    path: list[Json] = []
    for edge in found.path:
        act: dict[str, Json] = {} if edge.act is None else act_json(edge.act)
        decided = choices_text(edge)
        leaves: list[Json] = [*edge.leaves]
        more: dict[str, Json] = {"decided": decided} if decided else {}
        path.append({**act, **more, "state": leaves})
    return {**place_json(found.place), "path": path}


PATHS = Command(
    name="paths",
    summary="List the shortest path to every state and transition of a machine.",
    run=_run,
    arguments=_arguments,
    examples=(
        "smtui paths machines/herald.scxml",
        "smtui paths machines/pulse.yaml --as-tests -",
    ),
    details="Author's guards and ends of actions are followed both ways; nothing of\n"
    "an author's is run. What cannot be reached is listed with the reason.",
)

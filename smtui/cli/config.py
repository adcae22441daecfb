"""`smtui config`: each setting, its value here and now, and where it came from."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.definition import Json
from smtui.errors import SmtuiError

if TYPE_CHECKING:
    from smtui.cli.settings import Setting

__all__ = ["CONFIG"]


class _Value(NamedTuple):
    name: str
    value: str
    origin: str


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", help="what `run` would be given"
    )


def _run(console: Console, found: Namespace) -> int:
    from smtui.cli.settings import TABLE  # late: the check room

    said, origin = _project(console, found.paths)
    values = [
        _data(console, found.paths)
        if one.name == "data"
        else _value(console, one, said, origin)
        for one in TABLE
    ]
    if console.json:
        console.document(
            [
                {"name": one.name, "value": one.value, "origin": one.origin}
                for one in values
            ]
        )
        return 0
    console.table(["SETTING", "VALUE", "FROM"], [list(one) for one in values])
    return 0


def _project(console: Console, paths: list[str]) -> tuple[Mapping[str, Json], str]:
    """Return what smtui.yaml says of the paths, else of the fleet that is there."""
    if paths:
        from smtui.check import fleet  # late: YAML

        return fleet([Path(path) for path in paths]).settings, "smtui.yaml"
    from smtui.cli.records import read  # late: SQLite

    try:
        data = datadir.existing(console)
        children = read(data, lambda reader: reader.children())
    except SmtuiError:
        return {}, ""
    for child in children:
        said = child.spec.get("settings")
        if isinstance(said, dict) and said:
            return said, "smtui.yaml"
    return {}, ""


def _value(
    console: Console, one: "Setting", said: Mapping[str, Json], origin: str
) -> _Value:
    match one.name:
        case "utc" | "reveal":
            is_on = bool(getattr(console, one.name))
            return _Value(one.name, "yes" if is_on else "no", _why(one, is_on=is_on))
        case "color":
            is_off = bool(os.environ.get("NO_COLOR"))
            return _Value(
                one.name,
                "no" if is_off else "yes",
                "$NO_COLOR" if is_off else "default",
            )
        case _:
            pass
    if one.variable and os.environ.get(one.variable):
        return _Value(one.name, "yes", f"${one.variable}")
    key = one.key.removeprefix("settings.")
    if key in said:
        value = said[key]
        text = f"{value:g}" if isinstance(value, float) else str(value)
        return _Value(one.name, text, origin)
    return _Value(one.name, one.default, "default")


def _why(one: "Setting", *, is_on: bool) -> str:
    if not is_on:
        return "default"
    if one.variable and os.environ.get(one.variable):
        return f"${one.variable}"
    return one.flag


def _data(console: Console, paths: list[str]) -> _Value:
    if console.data is not None:
        return _Value("data", str(console.data), "--data")
    if os.environ.get("SMTUI_DATA"):
        return _Value("data", os.environ["SMTUI_DATA"], "$SMTUI_DATA")
    if paths:
        place = datadir.for_run(console, Path(paths[0]))
        return _Value("data", str(place), f"beside {paths[0]}")
    try:
        return _Value("data", str(datadir.existing(console)), "nearest .smtui")
    except SmtuiError:
        return _Value("data", "-", "none here; `smtui run PATH` makes one")


CONFIG = Command(
    name="config",
    summary="Show each setting, its value, and where it came from.",
    run=_run,
    arguments=_arguments,
    examples=("smtui config", "smtui config machines/ --json"),
    details="Without a path: of the fleet of the data directory.",
)

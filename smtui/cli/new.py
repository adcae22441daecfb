"""`smtui new`: a definition from a template, never over an existing file."""

import re
from argparse import ArgumentParser, Namespace
from importlib.resources import files
from pathlib import Path

from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.errors import SmtuiError, UsageError, nearest

__all__ = ["NEW"]

_FORBIDDEN = re.compile(r"[/#@*=\x00-\x1f\x7f]")


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("template", metavar="TEMPLATE", nargs="?", help="which one")
    parser.add_argument(
        "name", metavar="NAME", nargs="?", help="the machine; FOLDER/NAME works too"
    )


def _run(console: Console, found: Namespace) -> int:
    known = _templates()
    if found.template is None:
        return _list(console, known)
    if found.template not in known:
        raise UsageError(
            f"no template {found.template!r}",
            hint=nearest(found.template, list(known))
            or f"there are {', '.join(known)}",
        )
    if found.name is None:
        raise UsageError(
            "which name shall it have?", hint=f"smtui new {found.template} NAME"
        )
    file = _write(Path(found.name), known[found.template])
    if console.json:
        console.document({"file": str(file), "machine": file.stem})
    else:
        console.line(f"{file} written, next: smtui run {file}")
    return 0


def _list(console: Console, known: dict[str, str]) -> int:
    described = {name: _first_line(text) for name, text in known.items()}
    if console.json:
        console.document([{"template": k, "about": v} for k, v in described.items()])
    else:
        console.table(["TEMPLATE", "ABOUT"], [[k, v] for k, v in described.items()])
    return 0


def _templates() -> dict[str, str]:
    folder = files("smtui.cli") / "templates"
    return {
        file.name.removesuffix(".yaml"): file.read_text("utf-8")
        for file in sorted(folder.iterdir(), key=lambda one: one.name)
        if file.name.endswith(".yaml")
    }


def _first_line(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# NAME: ")


def _write(wanted: Path, text: str) -> Path:
    """Write the template under that name; raises UsageError for a bad one."""
    stem = wanted.stem if wanted.suffix in (".yaml", ".yml") else wanted.name
    if not stem or stem != stem.strip() or len(stem) > 100 or _FORBIDDEN.search(stem):  # noqa: PLR2004 - the limit of machine names
        raise UsageError(
            f"{stem!r} is no machine name",
            hint="1 to 100 printable characters without / # @ * =",
        )
    file = wanted.with_name(stem + (wanted.suffix if stem != wanted.name else ".yaml"))
    filled = text.replace("FILE", str(file)).replace("NAME", stem)
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(filled)
    except FileExistsError:
        raise UsageError(
            f"{file} is there already", hint="choose another name, or remove it"
        ) from None
    except FileNotFoundError:
        raise UsageError(
            f"there is no folder {file.parent}", hint=f"mkdir -p {file.parent}"
        ) from None
    except OSError as error:
        raise SmtuiError(f"{file} cannot be written: {error.strerror}") from error
    return file


NEW = Command(
    name="new",
    summary="Write a machine's definition from a template.",
    run=_run,
    arguments=_arguments,
    examples=("smtui new", "smtui new worker thumbs"),
    details="Without arguments it lists the templates.",
)

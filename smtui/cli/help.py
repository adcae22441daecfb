"""`smtui help`: the shipped guide, page by page."""

from argparse import ArgumentParser, Namespace
from importlib.resources import files

from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.errors import UsageError, nearest

__all__ = ["HELP", "topics"]

_ORDER = (
    "getting-started",
    "yaml",
    "actions",
    "pystator",
    "orchestrator",
    "cli",
    "files",
    "keys",
    "history",
    "graph",
    "instances",
    "peers",
    "testing",
    "library",
    "design",
    "performance",
    "from-statemachine-engine",
    "from-pystator",
    "settings",
    "changelog",
)


def topics() -> dict[str, str]:
    """Return the pages by topic, in the order a reader wants them."""
    folder = files("smtui") / "docs"
    found = {
        file.name.removesuffix(".md"): file.read_text("utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".md")
    }
    known = [name for name in _ORDER if name in found]
    return {name: found[name] for name in [*known, *sorted(set(found) - set(known))]}


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("topic", metavar="TOPIC", nargs="?", help="a page of the guide")


def _run(console: Console, found: Namespace) -> int:
    pages = topics()
    if found.topic is None:
        return _list(console, pages)
    if found.topic in pages:
        text = pages[found.topic]
        if console.json:
            console.document({"topic": found.topic, "text": text})
        else:
            console.text(text)
        return 0
    return _command_help(console, found.topic, pages)


def _list(console: Console, pages: dict[str, str]) -> int:
    titles = {
        name: text.partition("\n")[0].lstrip("# ") for name, text in pages.items()
    }
    if console.json:
        console.document([{"topic": k, "title": v} for k, v in titles.items()])
        return 0
    console.table(["TOPIC", "ABOUT"], [[k, v] for k, v in titles.items()])
    console.line()
    console.line("smtui help TOPIC shows a page, smtui --help lists the commands")
    return 0


def _section(word: str, pages: dict[str, str]) -> str:
    """Return where a heading has the word, or nothing."""
    for topic, text in pages.items():
        for line in text.splitlines():
            if line.startswith("##") and word.lower() in line.lower().split():
                return f"smtui help {topic} has it: {line.lstrip('# ')}"
    return ""


def _command_help(console: Console, word: str, pages: dict[str, str]) -> int:
    """Show the help of a command: `smtui help send` is `smtui send --help`."""
    from smtui.cli.lookup import MODULES, find  # late: only for this
    from smtui.cli.parser import build, parse  # late: as above

    names = [name for name in MODULES if not name.startswith("_")]
    command = find(word) if word in names else None
    if command is None:
        raise UsageError(
            f"no page and no command {word!r}",
            hint=_section(word, pages)
            or nearest(word, [*pages, *names])
            or "smtui help lists the pages",
        )
    console.out.flush()
    try:
        parse(build((command,), ()), [word, "--help"])
    except SystemExit:
        return 0
    return 0


HELP = Command(
    name="help",
    summary="Show a page of the guide, or the help of a command.",
    run=_run,
    arguments=_arguments,
    examples=("smtui help", "smtui help actions"),
    details="Without a topic it lists the pages.",
)

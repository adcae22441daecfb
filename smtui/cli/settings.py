"""Every setting there is: name, flag, variable, key, default. One table.

`smtui config` shows the effective values, and `smtui/docs/settings.md` is this
table as a page (a test compares them). A flag wins over a variable, a variable
over a key of smtui.yaml, a key over the default.
"""

from typing import NamedTuple

from smtui.check import SETTINGS

__all__ = ["TABLE", "Setting", "page"]


class Setting(NamedTuple):
    """One row of the table."""

    name: str
    flag: str
    variable: str
    key: str
    """Under `settings:` of smtui.yaml; '' where it has none."""
    default: str
    about: str


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"


TABLE: tuple[Setting, ...] = (
    Setting(
        "data",
        "--data DIR",
        "SMTUI_DATA",
        "",
        ".smtui",
        "the data directory; else the nearest one, or beside the first path of run",
    ),
    Setting("utc", "--utc", "SMTUI_UTC", "", "no", "times in UTC"),
    Setting(
        "reveal", "--reveal", "", "", "no", "show passwords, tokens and their like"
    ),
    Setting(
        "ascii",
        "--ascii",
        "SMTUI_ASCII",
        "",
        "no",
        "no marks beyond ASCII on the screen; of itself where UTF-8 is missing",
    ),
    Setting("color", "", "NO_COLOR", "", "yes", "set it to anything: no colours"),
    *(
        Setting(name, "", "", f"settings.{name}", _plain(one.default), one.about)
        for name, one in SETTINGS.items()
    ),
)


def page() -> str:
    """Return the table as a page of the guide."""
    rows = [
        f"| `{one.name}` | {_code(one.flag)} | {_code(one.variable)} "
        f"| {_code(one.key)} | {_code(one.default)} | {one.about} |"
        for one in TABLE
    ]
    return "\n".join([_HEAD, *rows, "", _TAIL])


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


_HEAD = """\
# Settings

`smtui config` prints the value of each and where it came from. A flag wins over
a variable, a variable over a key of `smtui.yaml`, a key over the default.

| setting | flag | variable | key | default | meaning |
|---|---|---|---|---|---|"""

_TAIL = """\
Keys stand under `settings:` of `smtui.yaml` (see `smtui help files`) and hold
for the fleet of that folder; `stop_timeout` may also stand at one machine.
"""

"""Every key of the project file `smtui.yaml`, in tables."""

from typing import NamedTuple

__all__ = [
    "MACHINE_KEYS",
    "MOST_REPLICAS",
    "NOTIFY_EVENTS",
    "NOTIFY_KEYS",
    "PROCESS_KEYS",
    "PROJECT_FILE",
    "PROJECT_KEYS",
    "RESTARTS",
    "SETTINGS",
    "UNTILS",
    "Setting",
]

PROJECT_FILE = "smtui.yaml"

PROJECT_KEYS = ("machines", "processes", "notify", "settings")

PROCESS_KEYS = (
    "command",
    "restart",
    "backoff",
    "intensity",
    "success_exit_codes",
    "stop_timeout",
    "depends_on",
    "env",
    "env_file",
    "cwd",
    "autostart",
)
"""Keys of one command under `processes:`."""

MACHINE_KEYS = ("file", *PROCESS_KEYS[1:], "replicas", "stuck_after", "template")
"""Keys of one machine under `machines:`."""

RESTARTS = ("always", "on-failure", "never")
UNTILS = ("ready", "done")

NOTIFY_KEYS = ("on", "bell", "command", "at_most_every")
NOTIFY_EVENTS = ("failed", "stuck", "discarded", "asks")

MOST_REPLICAS = 1000
"""Processes of one machine: beyond it the slip of a key is more likely."""


class Setting(NamedTuple):
    """One key under `settings:`."""

    default: str | float
    about: str
    choices: tuple[str, ...] = ()
    """Of a word; a setting without choices is a number above 0."""
    is_whole: bool = False


SETTINGS: dict[str, Setting] = {
    "durability": Setting(
        "normal",
        "normal: a power cut may forget the last moments; full: not even that",
        ("normal", "full"),
    ),
    "stop_timeout": Setting(
        10.0, "seconds a machine has to end its action before it is killed"
    ),
    "hang_after": Setting(
        30.0, "seconds without a sign of life after which a process is hung"
    ),
    "max_running": Setting(
        32, "actions outside the database one process runs at once", is_whole=True
    ),
    "on_lost_terminal": Setting(
        "detach",
        "what becomes of the fleet when its screen is lost",
        ("detach", "stop"),
    ),
}

"""The view room: what the operator sees, as values.

Pure: messages and rows in, lines out. No clock, no file, no widget; charts
come as values. What a style's name looks like is the business of the tui.

A name is imported when it is first asked for (PEP 562): a command that masks a
secret need not load the core, which a preview needs.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smtui.view.entries import Entry, entry_line
    from smtui.view.facts import Facts, facts_of
    from smtui.view.fleet import EMPTY_FLEET, FleetView, fold
    from smtui.view.foresight import look_ahead
    from smtui.view.inject import Foresight, Verdict
    from smtui.view.machines import Known, MachineList, machine_list, standing_of
    from smtui.view.masks import compact, mask_text, masked
    from smtui.view.payload import parse_payload, send_command

__all__ = [
    "EMPTY_FLEET",
    "Entry",
    "Facts",
    "FleetView",
    "Foresight",
    "Known",
    "MachineList",
    "Verdict",
    "compact",
    "entry_line",
    "facts_of",
    "fold",
    "look_ahead",
    "machine_list",
    "mask_text",
    "masked",
    "parse_payload",
    "send_command",
    "standing_of",
]

_HOMES = {
    "EMPTY_FLEET": "fleet",
    "Entry": "entries",
    "Facts": "facts",
    "FleetView": "fleet",
    "Foresight": "inject",
    "Known": "machines",
    "MachineList": "machines",
    "Verdict": "inject",
    "compact": "masks",
    "entry_line": "entries",
    "facts_of": "facts",
    "fold": "fleet",
    "look_ahead": "foresight",
    "machine_list": "machines",
    "mask_text": "masks",
    "masked": "masks",
    "parse_payload": "payload",
    "send_command": "payload",
    "standing_of": "machines",
}


def __getattr__(name: str) -> object:
    """Import the module of a public name when it is first asked for."""
    from importlib import import_module  # late: only for a name of the table

    if name not in _HOMES:
        raise AttributeError(f"module 'smtui.view' has no attribute {name!r}")
    return getattr(import_module(f"smtui.view.{_HOMES[name]}"), name)

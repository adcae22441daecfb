"""The dialect of PyStator: definitions as YAML or JSON, with `${VARIABLES}`."""

from smtui.dialects.pystator.delays import delay_ms
from smtui.dialects.pystator.included import Files, kept_in
from smtui.dialects.pystator.machine import read_pystator
from smtui.dialects.pystator.several import parts_of
from smtui.dialects.pystator.variables import Expanded, expand, moved

__all__ = [
    "Expanded",
    "Files",
    "delay_ms",
    "expand",
    "kept_in",
    "moved",
    "parts_of",
    "read_pystator",
]

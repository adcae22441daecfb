"""What an author wrote in a definition and happens outside: requests, Python.

A machine's process and the library both perform it, so it belongs to neither.
Each is a function of the context an author's own action would get, and fails
as such a function fails: by what it raises.
"""

from smtui.world.gate import GATE, IMPORTS_GATE, closed_gate, is_gate_open
from smtui.world.inline import run_inline
from smtui.world.request import RequestError, request
from smtui.world.table import failure_of, performed_here

__all__ = [
    "GATE",
    "IMPORTS_GATE",
    "RequestError",
    "closed_gate",
    "failure_of",
    "is_gate_open",
    "performed_here",
    "request",
    "run_inline",
]

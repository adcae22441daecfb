"""The statechart core: pure values in, a Step out. Knows no clock and no I/O.

Two kinds of chart: states with action lists (`ListChart`, the engine dialect)
and trees (`StateChart`, in the room `tree`). `smtui.stepper` is the one door.
"""

from smtui.chart.codec import decode, decode_message, encode, encode_message
from smtui.chart.compiling import Chart, compile_chart
from smtui.chart.foreseeing import Known, nobody_knows
from smtui.chart.intake import accepts, foresee, preview, wants_go
from smtui.chart.keys import key_of
from smtui.chart.model import FINAL_NAMES, ListChart, StateNode, awaits_start
from smtui.chart.options import (
    Accepts,
    AllBut,
    Branch,
    Depends,
    Everything,
    Foreseen,
    Nothing,
    Only,
    Option,
    Waits,
)
from smtui.chart.requests import BUILT_IN, PURE, STORE, WORLD
from smtui.chart.step import ignored_why, start, step
from smtui.chart.tree import (
    Configuration,
    Kernel,
    Move,
    State,
    StateChart,
    Transition,
)

__all__ = [
    "BUILT_IN",
    "FINAL_NAMES",
    "PURE",
    "STORE",
    "WORLD",
    "Accepts",
    "AllBut",
    "Branch",
    "Chart",
    "Configuration",
    "Depends",
    "Everything",
    "Foreseen",
    "Kernel",
    "Known",
    "ListChart",
    "Move",
    "Nothing",
    "Only",
    "Option",
    "State",
    "StateChart",
    "StateNode",
    "Transition",
    "Waits",
    "accepts",
    "awaits_start",
    "compile_chart",
    "decode",
    "decode_message",
    "encode",
    "encode_message",
    "foresee",
    "ignored_why",
    "key_of",
    "nobody_knows",
    "preview",
    "start",
    "step",
    "wants_go",
]

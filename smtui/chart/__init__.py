"""The statechart core: pure values in, a Step out. Knows no clock and no I/O."""

from smtui.chart.codec import decode, encode
from smtui.chart.intake import (
    Accepts,
    AllBut,
    Everything,
    Foreseen,
    Nothing,
    Only,
    Option,
    Waits,
    accepts,
    foresee,
    preview,
    wants_go,
)
from smtui.chart.model import FINAL_NAMES, StateChart, StateNode, compile_chart
from smtui.chart.requests import BUILT_IN, PURE, STORE, WORLD
from smtui.chart.step import ignored_why, start, step
from smtui.chart.work import key_of

__all__ = [
    "BUILT_IN",
    "FINAL_NAMES",
    "PURE",
    "STORE",
    "WORLD",
    "Accepts",
    "AllBut",
    "Everything",
    "Foreseen",
    "Nothing",
    "Only",
    "Option",
    "StateChart",
    "StateNode",
    "Waits",
    "accepts",
    "compile_chart",
    "decode",
    "encode",
    "foresee",
    "ignored_why",
    "key_of",
    "preview",
    "start",
    "step",
    "wants_go",
]

"""Statecharts in trees: compound, parallel, history; the SCXML algorithm.

    model -> select, domain, plan -> kernel -> work, macrostep -> step, intake

From left to right: what never changes, the plain algorithm, its memo, and one
step that carries out what they say.
"""

from smtui.chart.tree.chart import StateChart, compile_statechart
from smtui.chart.tree.intake import accepts, foresee, is_paused, preview, wants_go
from smtui.chart.tree.kernel import Kernel
from smtui.chart.tree.model import State, Transition
from smtui.chart.tree.moves import Configuration, Move
from smtui.chart.tree.step import start, step

__all__ = [
    "Configuration",
    "Kernel",
    "Move",
    "State",
    "StateChart",
    "Transition",
    "accepts",
    "compile_statechart",
    "foresee",
    "is_paused",
    "preview",
    "start",
    "step",
    "wants_go",
]

"""Other machines that guards look at: what a preview knows, what a step saw. Pure."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from smtui.chart import Known
from smtui.chart.messages import Answer, Question, QuestionKind
from smtui.chart.questions import answer_by
from smtui.store.rows import JournalRow
from smtui.view.text import clean
from smtui.wire.messages import MachineView

__all__ = ["Looking", "Sighting", "known_by", "seen_in", "sighting_of"]


class Sighting(NamedTuple):
    """Where a machine was seen."""

    configuration: tuple[str, ...] | None
    """None where it has not begun."""
    is_known: bool = True
    """There is a machine of that name."""


Looking: TypeAlias = Callable[[str, str], Sighting | None]
"""Machine and instance ('' where a guard names none) -> where it is; None where
nobody here knows."""


def known_by(look: Looking) -> Known:
    """Return what a preview answers, from where machines are seen."""

    def known(question: Question) -> Answer | None:
        if question.kind is not QuestionKind.PEER:
            return None
        instance = str(question.params.get("instance") or "")
        seen = look(question.name, instance)
        if seen is None:
            return None
        is_known = seen.is_known
        return answer_by(question, seen.configuration, is_known=is_known)

    return known


def sighting_of(machine: MachineView | None, instance: str) -> Sighting | None:
    """Return where a machine on the screen is; None of one with many instances."""
    if machine is None:
        return Sighting(None, is_known=False)
    frame = machine.frame
    if frame is None:
        return Sighting(None)
    if not frame.instance or instance not in {"", frame.instance}:
        return None
    return Sighting(frame.configuration)


def seen_in(step: JournalRow) -> tuple[str, ...]:
    """Return what guards of a step saw of other machines: `door is in open`."""
    answers = step.answers
    guards = answers.get("guards") if isinstance(answers, dict) else None
    if not isinstance(guards, list):
        return ()
    said = (each.get("said") for each in guards if isinstance(each, dict))
    return tuple(dict.fromkeys(clean(str(one)) for one in said if one))

"""JSON as it is typed: what it says so far, or where it stops being JSON."""

import json
import shlex

from smtui.definition import Json
from smtui.expr import parse_json
from smtui.view.payload import Payload
from smtui.view.text import Line, Span, clean

__all__ = ["EDITABLE", "edit_command", "edit_lines", "edited", "one_line_json"]

EDITABLE = {"job": "jobs retry", "event": "inbox edit"}
"""Thing -> the command that gives it other data and lets it go again."""

_OPTIONS = {"job": "--data", "event": "--payload"}
_NEAR = 36
"""Characters shown on either side of a mistake."""


def one_line_json(value: Json) -> str:
    """Return the value as it is edited: on one line."""
    return json.dumps(value, ensure_ascii=False)


def edited(text: str, *, thing: str) -> Payload:
    """Return the value of the text, or what is wrong with it and where."""
    try:
        value = parse_json(text)
    except json.JSONDecodeError as problem:
        return Payload(None, f"character {problem.pos + 1}: {problem.msg.lower()}")
    except ValueError as problem:
        return Payload(None, str(problem))
    if thing == "job" and not isinstance(value, dict):
        return Payload(None, "the data of a job is one object: {...}")
    return Payload(value)


def edit_lines(text: str, found: Payload) -> list[Line]:
    """Return the value spread out, or the place of the mistake with a caret."""
    if not found.problem:
        spread = json.dumps(found.value, ensure_ascii=False, indent=2)
        return [(Span(f"  {clean(line)}", "quiet"),) for line in spread.splitlines()]
    head, _, number = found.problem.partition(":")[0].rpartition(" ")
    lines: list[Line] = [(Span(f" ✖ {found.problem}", "failed"),)]
    if head == "character":
        at = int(number) - 1
        begin = max(0, at - _NEAR)
        lines += [
            (Span(f"   {clean(text[begin : at + _NEAR])}"),),
            (Span(" " * (3 + at - begin) + "^", "failed"),),
        ]
    return lines


def edit_command(thing: str, id_: str, found: Payload) -> str:
    """Return the command line that does the same."""
    dense = json.dumps(found.value, ensure_ascii=False, separators=(",", ":"))
    words = ["smtui", *EDITABLE[thing].split(), id_, _OPTIONS[thing], dense]
    return shlex.join(words)

"""What an operator types behind an event's name, turned into a payload.

Either one JSON object, or words `key=value` whose value is JSON if it parses
and text if not: `depth=2 u=https://ex.org name="two words"`.
"""

import json
import math
import shlex
from typing import NamedTuple

from smtui.definition import Json

__all__ = ["Payload", "parse_payload", "send_command"]


class Payload(NamedTuple):
    """The payload, or what is wrong with the text."""

    value: Json
    problem: str = ""


def parse_payload(text: str) -> Payload:
    """Return the payload the text stands for; an empty text is an empty one."""
    stripped = text.strip()
    if not stripped:
        return Payload({})
    if stripped.startswith(("{", "[")):
        return _json(stripped)
    try:
        words = shlex.split(stripped)
    except ValueError:
        return Payload({}, "a quote is not closed")
    value: dict[str, Json] = {}
    for word in words:
        key, equals, item = word.partition("=")
        if not equals or not key:
            return Payload({}, f"{word!r}: expected key=value or one {{...}}")
        value[key] = _value(item)
    return Payload(value)


def send_command(target: str, event: str, payload: Json, *, if_state: str = "") -> str:
    """Return the command line that does the same: `smtui send NAME EVENT ...`."""
    machine, _, instance = target.partition("/")
    words = ["smtui", "send", machine, event]
    if instance:
        words += ["--instance", instance]
    if payload not in ({}, None):
        dense = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        words += ["--payload", dense]
    if if_state:
        words += ["--if-state", if_state]
    return shlex.join(words)


def _json(text: str) -> Payload:
    try:
        value = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as problem:
        where = problem.colno if problem.lineno == 1 else problem.pos + 1
        return Payload({}, f"JSON, character {where}: {problem.msg.lower()}")
    except ValueError as problem:
        return Payload({}, str(problem))
    except RecursionError:
        return Payload({}, "nested deeper than 64")
    return Payload(value)


def _value(text: str) -> Json:
    try:
        value: Json = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return text
    is_finite = not isinstance(value, float) or math.isfinite(value)
    return value if is_finite else text


def _refuse(word: str) -> Json:
    raise ValueError(f"{word} is not JSON")

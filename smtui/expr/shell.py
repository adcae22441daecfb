r"""Placeholders in a shell command, quoted for the place they stand in.

The law of this file: a value is data. Whatever it holds, the shell sees it as
the text it is, and nothing of it is run. Where it stands decides how:

    place                           the value is written as
    plain text, $( ... )            one quoted word
    '...'                           the quote closed, a quoted word, opened again
    "..."                           \ " $ ` escaped
    here-document, `...`, ${x:-...} ${SMTUI_VALUE_n}, given in the environment
    $(( ... )), (( ... )), ${x:n}   a whole number, nothing else
    # comment                       not at all: the placeholder is left

`${name}` is the shell's own variable, never a placeholder. Where no value can
stand (a here-document whose delimiter is quoted, $'...', a text that shells
read differently) the command is refused. Commands that evaluate their own
arguments (eval, sh -c, let, [[ x -eq y ]] of bash) are their author's affair.
"""

import re
import shlex
from typing import NamedTuple

from smtui.errors import StepError
from smtui.expr.shell_frames import Frame, Kind
from smtui.expr.shell_reader import Reader
from smtui.expr.templates import MISSING, Lookup, Placeholder, find

__all__ = ["Command", "render"]

_RESERVED = frozenset(
    {"case", "coproc", "do", "done", "elif", "else", "esac", "fi", "for", "function"}
    | {"if", "in", "select", "then", "time", "until", "while"}
)
_NUMBER = re.compile(r"-?[0-9]{1,18}")
_DEFAULTING = re.compile(r"[A-Za-z_0-9@*#?$!-]+?:?[-=?+]")
"""`${x:-`, `${x=`, ...: what follows is a word; elsewhere shells compute."""


class Command(NamedTuple):
    """A command ready for the shell."""

    text: str
    environment: dict[str, str]
    """Values the text refers to by name."""


def render(template: str, look: Lookup, *, choose: bool = False) -> Command:
    """Return the command with its placeholders filled and quoted.

    `choose` lets `{a|b}` stand for the first of the names that has a value.
    Raises StepError where a value cannot stand, with what to write instead.
    """
    reader = Reader()
    parts: list[str] = []
    environment: dict[str, str] = {}
    end = 0
    for place in find(template):
        if template[place.start - 1 : place.start] == "$":
            continue
        value = place.value(look, choose=choose)
        if value is MISSING:
            continue
        literal = template[end : place.start]
        reader.read(literal)
        if reader.frame.kind is Kind.COMMAND and reader.escaped:
            literal = literal[:-1]  # it would quote the value, which is quoted
        parts.append(literal)
        text = str(value).replace("\0", "")
        following = template[place.end : place.end + 1]
        parts.append(_written(reader, place, text, following, environment))
        if reader.frame.kind is not Kind.COMMENT:
            reader.pass_value()
        end = place.end
    parts.append(template[end:])
    return Command("".join(parts), environment)


def _written(
    reader: Reader,
    place: Placeholder,
    value: str,
    following: str,
    environment: dict[str, str],
) -> str:
    frame = reader.frame
    if frame.kind is Kind.COMMENT:
        return place.text
    _check(reader, place)
    if _computes(frame):
        return _number(place, value)
    slash = "\\" if reader.escaped and frame.kind is not Kind.COMMAND else ""
    if _goes_by_name(reader):
        return slash + _by_name(frame, reader, value, environment)
    match frame.kind:
        case Kind.SINGLE:
            return "'" + shlex.quote(value) + "'"
        case Kind.DOUBLE:
            return slash + re.sub(r'([\\"$`])', r"\\\1", value)
        case _:
            return _word(value, following)


def _check(reader: Reader, place: Placeholder) -> None:
    """Raise StepError when no value can stand here."""
    if reader.lost:
        raise StepError(
            f"nobody can tell where {place.text} stands: {reader.lost}",
            hint='put the value in a variable first: v={v}; ... "$v"',
        )
    if reader.in_delimiter:
        raise _refusal(place, "in the delimiter of a here-document", "write a word")
    if reader.is_in_backticks and reader.escaped:
        raise _refusal(place, "after a backslash in backticks", "use $( ... )")
    body = next((f for f in reader.stack if f.kind is Kind.BODY), None)
    if body is not None and body.heredocs[0].is_quoted:
        raise _refusal(
            place,
            "in a here-document with a quoted delimiter",
            "take the quotes off the delimiter, the value is expanded safely",
        )
    frame = reader.frame
    if frame.kind is Kind.ANSI:
        raise _refusal(place, "in $'...'", "use '...' or \"...\"")
    is_word = _DEFAULTING.match(frame.text) is not None
    if frame.kind is Kind.PARAMETER and not is_word and not _computes(frame):
        raise _refusal(place, "in ${...}", "put it in a variable first: v={v}")


def _computes(frame: Frame) -> bool:
    """Say whether the shell takes what stands here for a number."""
    if frame.kind is Kind.PARAMETER and not _DEFAULTING.match(frame.text):
        return ":" in frame.text or "[" in frame.text
    return frame.kind is Kind.ARITHMETIC


def _refusal(place: Placeholder, where: str, hint: str) -> StepError:
    return StepError(f"{place.text} stands {where}", hint=hint)


def _number(place: Placeholder, value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise StepError(
            f"{place.text} stands in arithmetic and is {value[:40]!r}, no whole number",
            hint="shells run code that stands in an arithmetic value",
        )
    number = int(value)
    return f"({number})" if number < 0 else str(number)


def _word(value: str, following: str) -> str:
    """Return one word of plain text, quoted if it might be read as more."""
    is_grammar = value in _RESERVED or "=" in value
    if is_grammar or (value.isdigit() and following in {"<", ">"}):
        return f"'{value}'" if "'" not in value else shlex.quote(value)
    return shlex.quote(value)


def _goes_by_name(reader: Reader) -> bool:
    return (
        reader.is_in_backticks
        or reader.is_within(Kind.BODY)
        or reader.is_within(Kind.PARAMETER)
    )


def _by_name(
    frame: Frame, reader: Reader, value: str, environment: dict[str, str]
) -> str:
    name = f"SMTUI_VALUE_{len(environment) + 1}"
    environment[name] = value
    variable = "${" + name + "}"
    match frame.kind:
        case Kind.SINGLE:
            return f"'\"{variable}\"'"
        case Kind.DOUBLE | Kind.BODY:
            return variable
        case Kind.PARAMETER if reader.is_parameter_quoted:
            return variable
        case _:
            return f'"{variable}"'

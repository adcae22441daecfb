r"""Placeholders in a shell command, quoted for the place they stand in.

The law of this file: a value is data. Whatever it holds, the shell sees it as
the text it is, and nothing of it is run. The command is read once with the
quoting rules of POSIX sh (Shell Command Language, 2.2 and 2.7.4):

    place                     the value is written as
    plain text, $( ... )      one quoted word
    '...' and $'...'          the quote closed, the quoted word, the quote opened
    "..."                     \ " $ ` escaped
    # comment                 its newlines made blanks
    here-document, `...`      $SMTUI_VALUE_n, given in the environment

`${name}` is the shell's own variable, never a placeholder. A here-document
whose delimiter is quoted expands nothing, so a placeholder in it is refused.
"""

import re
import shlex
from dataclasses import dataclass, field
from typing import NamedTuple

from smtui.definition import Json
from smtui.errors import StepError
from smtui.expr.templates import MISSING, Lookup, Placeholder, find

__all__ = ["Command", "render"]

_HEREDOC = re.compile(
    r"<<(?P<dash>-?)[ \t]*(?P<word>'[^'\n]*'|\"[^\"\n]*\"|\\?[^\s;&|<>()'\"`]+)"
)

_OPENINGS = (
    ("'", "single"),
    ('"', "double"),
    ("$'", "ansi"),
    ("$(", "plain"),
    ("(", "plain"),
    ("<<<", ""),
)
"""What opens a place in plain text; a here-string opens none."""


class Command(NamedTuple):
    """A command ready for the shell."""

    text: str
    environment: dict[str, str]
    """Values the text refers to by name."""


@dataclass(slots=True)
class _Reader:
    """Where in the shell's grammar the text read so far has led to."""

    stack: list[str] = field(default_factory=lambda: ["plain"])
    """plain, single, ansi, double, backtick, comment, body."""
    at_word_start: bool = True
    escaped: bool = False
    heredocs: list[tuple[str, bool, bool]] = field(
        default_factory=list[tuple[str, bool, bool]]
    )
    """Bodies that start at the next newline: delimiter, is quoted, strips tabs."""
    line: str = ""
    """The line of the here-document body read so far."""
    unsure: bool = False
    """`case` inside `$(` has lone parentheses: then values go by name."""

    @property
    def place(self) -> str:
        return self.stack[-1]

    def read(self, text: str) -> None:
        """Follow a stretch of literal text."""
        index = 0
        while index < len(text):
            index += self._one(text, index)

    def _one(self, text: str, index: int) -> int:
        if self.escaped:
            self.escaped = False
            self.at_word_start = False
            return 1
        match self.place:
            case "double":
                return self._in_double(text, index)
            case "plain" | "backtick":
                return self._in_plain(text, index)
            case _:
                self._in_closed(text[index])
                return 1

    def _in_closed(self, char: str) -> None:
        """Follow a place that only its own end can leave."""
        place = self.place
        if place == "body":
            self._body(char)
        elif place == "ansi" and char == "\\":
            self.escaped = True
        elif place in {"single", "ansi"} and char == "'":
            self.stack.pop()
        elif place == "comment" and char == "\n":
            self.stack.pop()
            self._newline()

    def _in_double(self, text: str, index: int) -> int:
        char = text[index]
        if char == "\\":
            self.escaped = True
        elif char == '"':
            self.stack.pop()
        elif text.startswith("$(", index):
            self.stack.append("plain")
            return 2
        elif char == "`":
            self._backtick()
        return 1

    def _in_plain(self, text: str, index: int) -> int:
        start, self.at_word_start = self.at_word_start, False
        if taken := self._opened(text, index):
            return taken
        char = text[index]
        if char == "\\":
            self.escaped = True
        elif char == ")" and len(self.stack) > 1:
            self.stack.pop()
        elif char == "#" and start:
            self.stack.append("comment")
        elif char == "\n":
            self._newline()
        elif char in " \t;&|":
            self.at_word_start = True
        return 1

    def _opened(self, text: str, index: int) -> int:
        """Return how many characters open a new place here, 0 for none."""
        for opening, place in _OPENINGS:
            if text.startswith(opening, index):
                if place:
                    self.stack.append(place)
                self.at_word_start = place == "plain"
                return len(opening)
        if text[index] == "`":
            self._backtick()
            return 1
        here = _HEREDOC.match(text, index)
        if here:
            self._heredoc(here)
            return len(here[0])
        return 0

    def _backtick(self) -> None:
        if "backtick" in self.stack:
            while self.stack.pop() != "backtick":
                pass
        else:
            self.stack.append("backtick")
            self.at_word_start = True

    def _heredoc(self, here: re.Match[str]) -> None:
        word = here["word"]
        bare = word.strip("'\"").removeprefix("\\")
        self.heredocs.append((bare, word != bare, bool(here["dash"])))

    def _newline(self) -> None:
        self.at_word_start = True
        if self.heredocs:
            self.stack.append("body")
            self.line = ""

    def _body(self, char: str) -> None:
        if char != "\n":
            self.line += char
            return
        delimiter, _, strips = self.heredocs[0]
        if (self.line.lstrip("\t") if strips else self.line) == delimiter:
            del self.heredocs[0]
            if not self.heredocs:
                self.stack.pop()
        self.line = ""

    @property
    def by_name(self) -> bool:
        return (
            self.place == "body" or "backtick" in self.stack or self.unsure
        ) and self.place != "comment"


def render(template: str, look: Lookup, *, choose: bool = False) -> Command:
    """Return the command with its placeholders filled and quoted.

    `choose` lets `{a|b}` stand for the first of the names that has a value.
    Raises StepError when a value would stand in a here-document whose
    delimiter is quoted: the shell expands nothing there.
    """
    reader = _Reader(unsure="$(" in template and "esac" in template)
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
        parts.append(literal)
        reader.read(literal)
        parts.append(_written(reader, place, str(_json_text(value)), environment))
        end = place.end
    parts.append(template[end:])
    return Command("".join(parts), environment)


def _json_text(value: object) -> Json:
    return value if isinstance(value, str) else str(value)


def _written(
    reader: _Reader, place: Placeholder, value: str, environment: dict[str, str]
) -> str:
    value = value.replace("\0", "")
    before = "\\" if reader.escaped else ""
    reader.escaped = False
    reader.at_word_start = False
    if reader.by_name:
        return before + _by_name(reader, place, value, environment)
    match reader.place:
        case "single":
            return "'" + shlex.quote(value) + "'"
        case "ansi":
            return before + "'" + shlex.quote(value) + "$'"
        case "double":
            return before + re.sub(r'([\\"$`])', r"\\\1", value)
        case "comment":
            return value.replace("\n", " ").replace("\r", " ")
        case _:
            return before + shlex.quote(value)


def _by_name(
    reader: _Reader, place: Placeholder, value: str, environment: dict[str, str]
) -> str:
    if reader.place == "body" and reader.heredocs[0][1]:
        raise StepError(
            f"{place.text} stands in a here-document with a quoted delimiter",
            hint="take the quotes off the delimiter, the value is expanded safely",
        )
    if reader.place in {"single", "ansi"}:
        raise StepError(
            f"{place.text} stands in single quotes inside backticks or a case",
            hint="use double quotes there",
        )
    name = f"SMTUI_VALUE_{len(environment) + 1}"
    environment[name] = value
    return "${" + name + "}"

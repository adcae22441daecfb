"""Where in the shell's grammar a place of a command stands.

The laws of this file: it follows the quoting rules of POSIX sh (Shell Command
Language, 2.2, 2.3, 2.6 and 2.7.4) and those of bash that change where a quote
ends; it never guesses. Where shells read a text differently, or it cannot be
followed, the reader is *lost* and says why: then no value may stand there.

The text is a stack of frames. A command frame knows its words as far as `case`
needs it, because a pattern of a `case` ends with a lone `)`.
"""

import re
from typing import assert_never

from smtui.expr.shell_frames import QUOTED, Frame, Heredoc, Kind

__all__ = ["Reader"]

_HEREDOC = re.compile(
    r"<<(?P<dash>-?)[ \t]*"
    r"(?P<word>(?:'[^'\n]*'|\"[^\"\n]*\"|\\[^\n]|[^ \t\n;&|<>()'\"`\\])+)"
)
_QUOTES = re.compile(r"'([^'\n]*)'|\"([^\"\n]*)\"|\\(.)")

_LEADS_ON = frozenset(
    {"if", "then", "else", "elif", "while", "until", "do", "!", "{", "time"}
)
"""Reserved words after which another command begins."""


class Reader:
    """Follows a command, a stretch of literal text at a time."""

    def __init__(self) -> None:
        self.stack = [Frame(Kind.COMMAND)]
        self.escaped = False
        """The next character follows a backslash."""
        self.lost = ""
        """Why nobody can tell where we are, or ''."""
        self.in_delimiter = False
        """What comes next would belong to a here-document's delimiter."""

    @property
    def frame(self) -> Frame:
        """Return the innermost place."""
        return self.stack[-1]

    def is_within(self, kind: Kind, opener: str = "") -> bool:
        """Say whether any open place is of this kind."""
        return any(
            frame.kind is kind and opener in ("", frame.opener) for frame in self.stack
        )

    @property
    def is_in_backticks(self) -> bool:
        """Say whether a backtick is open."""
        return self.is_within(Kind.COMMAND, "`")

    def read(self, text: str) -> None:
        """Follow a stretch of literal text."""
        index = 0
        while index < len(text):
            self.in_delimiter = False
            body = self._body()
            taken = self._one(text, index)
            if body is not None:
                for char in text[index : index + taken]:
                    self._line(body, char)
            index += taken

    def pass_value(self) -> None:
        """Note that a value stands here: it is never a word of the grammar."""
        self.escaped = False
        self.in_delimiter = False
        if self.frame.kind in {Kind.COMMAND, Kind.PARAMETER}:
            self.frame.text += QUOTED
        for frame in self.stack:
            if frame.kind is Kind.BODY:
                frame.text += QUOTED

    # ------------------------------------------------------------ a character

    def _one(  # noqa: PLR0911 - a table of kinds, each with its way to go on
        self, text: str, index: int
    ) -> int:
        """Follow what stands at the index; return how much of it."""
        char = text[index]
        if self.escaped:
            self._quoted(char)
            return 1
        kind = self.frame.kind
        match kind:
            case Kind.COMMAND:
                return self._in_command(text, index)
            case Kind.SINGLE | Kind.ANSI:
                return self._in_single(char)
            case Kind.COMMENT:
                return self._in_comment(char)
            case Kind.DOUBLE:
                return self._in_double(text, index)
            case Kind.PARAMETER:
                return self._in_parameter(text, index)
            case Kind.ARITHMETIC:
                return self._in_arithmetic(text, index)
            case Kind.BODY if self.frame.heredocs[0].is_quoted:
                return 1
            case Kind.BODY:
                return self._expansion(text, index) or 1
            case _:
                assert_never(kind)

    def _quoted(self, char: str) -> None:
        """Follow the character after a backslash."""
        self.escaped = False
        if self.is_in_backticks and char in '`\\"':
            self.lost = "a backslash changes its meaning inside backticks"
        if self.frame.kind is Kind.ANSI and char == "'":
            self.lost = "shells differ about \\' inside $'...'"
        if char != "\n" and self.frame.kind in {Kind.COMMAND, Kind.PARAMETER}:
            self.frame.text += QUOTED

    def _expansion(self, text: str, index: int) -> int:
        """Follow what opens an expansion in any place but single quotes."""
        if text[index] == "\\":
            self.escaped = True
            return 1
        if text[index] == "`":
            self._backtick()
            return 1
        for opening, kind, depth in (
            ("$((", Kind.ARITHMETIC, 2),
            ("$[", Kind.ARITHMETIC, 1),
            ("$(", Kind.COMMAND, 0),
            ("${", Kind.PARAMETER, 0),
        ):
            if text.startswith(opening, index):
                self.stack.append(Frame(kind, opening, depth))
                return len(opening)
        return 0

    def _backtick(self) -> None:
        if not self.is_in_backticks:
            self.stack.append(Frame(Kind.COMMAND, "`"))
            return
        while self.stack.pop().opener != "`":
            pass
        self._mark()

    def _mark(self) -> None:
        """Note that a part of a word has ended that is no plain text."""
        if self.frame.kind in {Kind.COMMAND, Kind.PARAMETER}:
            self.frame.text += QUOTED

    def _pop(self) -> None:
        self.stack.pop()
        self._mark()

    # ------------------------------------------------------------ quoted places

    def _in_single(self, char: str) -> int:
        if char == "'":
            self._pop()
        elif char == "\\" and self.frame.kind is Kind.ANSI:
            self.escaped = True
        elif char == "`" and self.is_in_backticks:
            self.lost = "a backtick stands in quotes inside backticks"
        return 1

    def _in_comment(self, char: str) -> int:
        if char == "\n":
            self.stack.pop()
            self._newline()
        elif char == "`" and self.is_in_backticks:
            self._backtick()
        return 1

    def _in_double(self, text: str, index: int) -> int:
        if text[index] == '"':
            self._pop()
            return 1
        return self._expansion(text, index) or 1

    def _in_parameter(self, text: str, index: int) -> int:
        char = text[index]
        if char == "}":
            self._pop()
            return 1
        taken = self._expansion(text, index)
        if taken:
            return taken
        if char == '"':
            self.stack.append(Frame(Kind.DOUBLE))
        elif char == "'" and self.is_parameter_quoted:
            self.lost = "a single quote stands in ${...} inside double quotes"
        elif char == "'":
            self.stack.append(Frame(Kind.SINGLE))
        else:
            self.frame.text += char
        return 1

    @property
    def is_parameter_quoted(self) -> bool:
        """Say whether the `${` we are in stands in double quotes or a body."""
        around = (f for f in reversed(self.stack) if f.kind is not Kind.PARAMETER)
        return next(around).kind in {Kind.DOUBLE, Kind.BODY}

    def _in_arithmetic(self, text: str, index: int) -> int:
        taken = self._expansion(text, index)
        if taken:
            return taken
        char, frame = text[index], self.frame
        opens, closes = ("[", "]") if frame.opener == "$[" else ("(", ")")
        if char == opens:
            frame.depth += 1
        elif char == closes:
            frame.depth -= 1
            if frame.depth == 0:
                self.stack.pop()
                if frame.opener != "((":
                    self._mark()
        elif char in "'\"\n":
            self.lost = "quotes or a new line stand in arithmetic"
        return 1

    # ------------------------------------------------------------ a command

    def _in_command(self, text: str, index: int) -> int:
        char, frame = text[index], self.frame
        if text.startswith("$'", index):
            self.stack.append(Frame(Kind.ANSI))
            return 2
        taken = self._expansion(text, index)
        if taken:
            return taken
        if char == "'":
            self.stack.append(Frame(Kind.SINGLE))
        elif char == '"':
            self.stack.append(Frame(Kind.DOUBLE))
        elif char == "#" and not frame.text:
            self.stack.append(Frame(Kind.COMMENT))
        elif char in " \t\n;&|<>()":
            return self._operator(text, index)
        else:
            frame.text += char
        return 1

    def _operator(self, text: str, index: int) -> int:
        char, frame = text[index], self.frame
        is_start = not frame.text
        self._end_word()
        match char:
            case "(":
                return self._open(text, index, is_start=is_start)
            case ")":
                self._close()
            case "\n":
                self._newline()
            case "<" | ">":
                return self._redirection(text, index)
            case ";" | "&" | "|":
                frame.at_command = True
                if text[index : index + 2] in {";;", ";&"}:
                    if frame.cases:
                        frame.cases[-1] = "pattern"
                    return 2
            case _:
                pass
        return 1

    def _open(self, text: str, index: int, *, is_start: bool) -> int:
        if self.frame.cases and self.frame.cases[-1] == "pattern":
            return 1
        if is_start and text.startswith("((", index):
            self.stack.append(Frame(Kind.ARITHMETIC, "((", 2))
            return 2
        self.stack.append(Frame(Kind.COMMAND, "("))
        return 1

    def _close(self) -> None:
        frame = self.frame
        if frame.cases and frame.cases[-1] == "pattern":
            frame.cases[-1] = "body"
            frame.at_command = True
        elif frame.opener == "(":
            self.stack.pop()
            self.frame.heredocs += frame.heredocs
        elif frame.opener == "$(":
            if frame.heredocs:
                self.lost = "a here-document is announced and does not come"
            self._pop()

    def _redirection(self, text: str, index: int) -> int:
        if text.startswith("<<<", index):
            return 3
        found = _HEREDOC.match(text, index)
        if found is None:
            self.in_delimiter = text[index:] in {"<<", "<<-"}
            return len(text) - index if self.in_delimiter else 1
        bare = _QUOTES.sub(
            lambda part: "".join(p or "" for p in part.groups()), found["word"]
        )
        self.frame.heredocs.append(
            Heredoc(bare, bare != found["word"], bool(found["dash"]))
        )
        self.in_delimiter = found.end() == len(text)
        return found.end() - index

    def _end_word(self) -> None:
        frame = self.frame
        word, frame.text = frame.text, ""
        if not word:
            return
        stage = frame.cases[-1] if frame.cases else ""
        if stage == "subject":
            frame.cases[-1] = "in"
        elif stage == "in" and word == "in":
            frame.cases[-1] = "pattern"
        elif word == "esac" and (stage == "pattern" or frame.at_command):
            if frame.cases:
                frame.cases.pop()
            frame.at_command = False
        elif stage != "pattern" and frame.at_command:
            if word == "case":
                frame.cases.append("subject")
            frame.at_command = word in _LEADS_ON

    def _newline(self) -> None:
        """Begin the bodies of the here-documents this line announced."""
        self.frame.at_command = True
        frame = next(f for f in reversed(self.stack) if f.heredocs or f.opener != "(")
        if frame.heredocs:
            self.stack.append(Frame(Kind.BODY, heredocs=frame.heredocs))
            frame.heredocs = []

    # ------------------------------------------------------------ a body

    def _body(self) -> Frame | None:
        """Return the here-document we are in, if any."""
        for frame in reversed(self.stack):
            if frame.kind is Kind.BODY:
                return frame
        return None

    def _line(self, body: Frame, char: str) -> None:
        """Keep the line of a here-document; end it at its delimiter."""
        if char != "\n":
            body.text += char
            return
        heredoc, line = body.heredocs[0], body.text
        slashes = len(line) - len(line.rstrip("\\"))
        if slashes % 2 and not heredoc.is_quoted:
            body.text, body.joined = line[:-1], True
            return
        joined, body.text, body.joined = body.joined, "", False
        if (line.lstrip("\t") if heredoc.strips_tabs else line) != heredoc.delimiter:
            return
        if joined or self.frame is not body:
            self.lost = "a here-document ends in the middle of something"
        while self.frame is not body:
            self.stack.pop()
        body.heredocs = body.heredocs[1:]
        if not body.heredocs:
            self.stack.pop()

"""An ECMAScript text cut into tokens, each with its place in the text."""

import re
from enum import Enum
from typing import NamedTuple

from smtui.expr.ecmascript.numerals import as_float, number_of_text, whole

__all__ = ["RESERVED", "Kind", "Malformed", "Token", "place_of", "tokenize"]

RESERVED = frozenset({
    "await", "break", "case", "catch", "class", "const", "continue", "debugger",
    "default", "delete", "do", "else", "enum", "export", "extends", "false",
    "finally", "for", "function", "if", "import", "in", "instanceof", "new", "null",
    "return", "super", "switch", "this", "throw", "true", "try", "typeof", "var",
    "void", "while", "with", "yield",
})  # fmt: skip
"""Words that name no variable; `let`, `of` and `async` may."""

_SPACE = re.compile(r"(?:[\s\ufeff]|//[^\n\r\u2028\u2029]*|/\*(?s:.*?)\*/)+")
_NUMBER = re.compile(
    r"0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+"
    r"|(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
)
_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_PUNCTUATION = re.compile(
    r">>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?="
    r"|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^="
    r"|<<|>>|\*\*|[{}()\[\];,<>+\-*/%&|^!~?:=.]"
)
_PLAIN_TEXT = {
    "'": re.compile(r"[^'\\\n\r]*"),
    '"': re.compile(r'[^"\\\n\r]*'),
    "`": re.compile(r"[^`\\$]*"),
}
_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0",
    "\n": "", "\r": "", "\u2028": "", "\u2029": "",
}  # fmt: skip
_HEX_ESCAPE = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE = re.compile("[\ud800-\udfff]")
_NEWLINE = re.compile("[\n\r\u2028\u2029]")


MOST_CODE = 0x10FFFF
"""The last character there is."""


class Malformed(Exception):  # noqa: N818 - a text, not a failure of ours
    """The text is no program of the language, from `offset` on."""

    def __init__(self, offset: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        """Characters from the start of the text."""
        self.message = message
        self.hint = hint


class Kind(Enum):
    """What a token is."""

    NUMBER = "a number"
    STRING = "a text"
    TEMPLATE = "a template"
    NAME = "a name"
    WORD = "a reserved word"
    PUNCTUATION = "a sign"
    END = "the end"


class Token(NamedTuple):
    """A piece of the text."""

    kind: Kind
    text: str
    """As written; of a string the text it stands for."""
    offset: int
    after_newline: bool
    number: int | float = 0
    parts: tuple[tuple[str, int], ...] = ()
    """Of a template: texts and, in between, expressions with their offsets."""
    end: int = 0

    def shown(self) -> str:
        """Return what was found, for a message."""
        return "the end" if self.kind is Kind.END else repr(self.text)


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a place in a text."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def tokenize(text: str) -> list[Token]:
    """Return all tokens, the last of them the end.

    Raises Malformed at the first character that can begin no token.
    """
    return _Reader(text).tokens()


class _Reader:
    """Walks over a text once."""

    def __init__(self, text: str, at: int = 0) -> None:
        self._text = text
        self._at = at
        self._found: list[Token] = []

    def tokens(self) -> list[Token]:
        while True:
            newline = self._skip_space()
            if self._at >= len(self._text):
                end = len(self._text)
                self._found.append(Token(Kind.END, "", end, newline, end=end))
                return self._found
            start = self._at
            token = self._token(newline)
            self._found.append(token._replace(offset=start, end=self._at))

    def _skip_space(self) -> bool:
        match = _SPACE.match(self._text, self._at)
        if match is None:
            return False
        self._at = match.end()
        return _NEWLINE.search(match.group()) is not None

    def _token(self, newline: bool) -> Token:
        char = self._text[self._at]
        if char in "'\"":
            self._at += 1
            return Token(Kind.STRING, self._quoted(char), 0, newline)
        if char == "`":
            self._at += 1
            return Token(Kind.TEMPLATE, "`", 0, newline, parts=self._template())
        number = _NUMBER.match(self._text, self._at)
        if number is not None:
            return self._number(number, newline)
        name = _NAME.match(self._text, self._at)
        if name is not None:
            self._at = name.end()
            word = name.group()
            kind = Kind.WORD if word in RESERVED else Kind.NAME
            return Token(kind, word, 0, newline)
        sign = _PUNCTUATION.match(self._text, self._at)
        if sign is None:
            raise self._bad(f"found {char!r}, which begins nothing in ECMAScript")
        if sign.group() in {"/", "/="} and self._wants_value():
            raise self._bad(
                "found a regular expression, which is not in our part of ECMAScript",
                "use includes, startsWith, endsWith, indexOf or split",
            )
        self._at = sign.end()
        return Token(Kind.PUNCTUATION, sign.group(), 0, newline)

    def _number(self, match: re.Match[str], newline: bool) -> Token:
        self._at = match.end()
        if _NAME.match(self._text, self._at) or _NUMBER.match(self._text, self._at):
            raise self._bad(f"found {match.group()!r} with more right behind it")
        value = whole(as_float(number_of_text(match.group())))
        return Token(Kind.NUMBER, match.group(), 0, newline, number=value)

    def _wants_value(self) -> bool:
        """Say whether a `/` here would begin a regular expression."""
        if not self._found:
            return True
        last = self._found[-1]
        if last.kind is Kind.PUNCTUATION:
            return last.text not in {")", "]", "}"}
        return last.kind is Kind.WORD and last.text not in {
            "this", "null", "true", "false", "super",
        }  # fmt: skip

    def _quoted(self, quote: str) -> str:
        """Return the text up to the closing quote, escapes resolved."""
        pieces: list[str] = []
        start = self._at - 1
        while True:
            pieces.append(self._plain(quote))
            char = self._text[self._at : self._at + 1]
            if char == quote:
                self._at += 1
                return _joined(pieces)
            if char != "\\":
                raise Malformed(start, f"found a text without its closing {quote}")
            pieces.append(self._escape())

    def _plain(self, quote: str) -> str:
        match = _PLAIN_TEXT[quote].match(self._text, self._at)
        if match is None:  # pragma: no cover - the pattern matches nothing too
            return ""
        self._at = match.end()
        return match.group()

    def _escape(self) -> str:
        """Return what the backslash here and what follows stand for."""
        match = _HEX_ESCAPE.match(self._text, self._at + 1)
        if match is not None:
            code = int(match.group(1) or match.group(2) or match.group(3), 16)
            if code > MOST_CODE:
                raise self._bad("found an escape beyond the last character, 10FFFF")
            self._at = match.end()
            return chr(code)
        char = self._text[self._at + 1 : self._at + 2]
        if not char:
            raise self._bad("found a backslash at the end")
        if char in {"x", "u"}:
            raise self._bad(f"found an escape \\{char} without its hexadecimal digits")
        self._at += 3 if self._text.startswith("\r\n", self._at + 1) else 2
        return _ESCAPES.get(char, char)

    def _template(self) -> tuple[tuple[str, int], ...]:
        """Return texts and expressions in turn, a text first and last."""
        start = self._at - 1
        parts: list[tuple[str, int]] = []
        pieces: list[str] = []
        while True:
            pieces.append(self._plain("`"))
            char = self._text[self._at : self._at + 1]
            if char == "`":
                self._at += 1
                return (*parts, (_joined(pieces), -1))
            if char == "\\":
                pieces.append(self._escape())
            elif self._text.startswith("${", self._at):
                parts.append((_joined(pieces), -1))
                parts.append(self._inserted())
                pieces = []
            elif char == "$":
                self._at += 1
                pieces.append("$")
            else:
                raise Malformed(start, "found a template without its closing `")

    def _inserted(self) -> tuple[str, int]:
        """Return the text between `${` and its `}`, and where it begins."""
        start = self._at + 2
        self._at = _Reader(self._text, start).after_block()
        return self._text[start : self._at - 1], start

    def after_block(self) -> int:
        """Return the place behind the `}` that closes what is open here."""
        start, depth = self._at, 0
        while depth >= 0:
            newline = self._skip_space()
            if self._at >= len(self._text):
                raise Malformed(start - 2, "found ${ without its closing }")
            token = self._token(newline)
            self._found.append(token)
            if token.kind is Kind.PUNCTUATION:
                depth += {"{": 1, "}": -1}.get(token.text, 0)
        return self._at

    def _bad(self, message: str, hint: str = "") -> Malformed:
        return Malformed(self._at, message, hint)


def _joined(pieces: list[str]) -> str:
    """Return one text; halves of a pair become the character, lone ones U+FFFD."""
    text = "".join(pieces)
    if not _LONE.search(text):
        return text
    whole_text = _SURROGATES.sub(
        lambda m: m.group().encode("utf-16", "surrogatepass").decode("utf-16"), text
    )
    return _LONE.sub("\ufffd", whole_text)

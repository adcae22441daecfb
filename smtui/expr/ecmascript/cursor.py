"""The place in a row of tokens where a parser is, and what it complains of."""

from collections.abc import Generator
from contextlib import contextmanager

from smtui.expr.ecmascript.tokens import Kind, Malformed, Token, tokenize

__all__ = ["MOST_CHARACTERS", "Cursor"]

MOST_CHARACTERS = 1 << 16
"""Length of one program; a machine's data may hold more, its code not."""

MOST_NESTED = 60
"""Brackets inside brackets, so that no text exhausts the parser's own stack."""


class Cursor:
    """Tokens, read from left to right.

    Raises Malformed for a text that is too long or that tokens cannot be made of.
    """

    def __init__(self, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise Malformed(
                0,
                f"found a program of {len(text)} characters, "
                f"expected at most {MOST_CHARACTERS}",
            )
        self._text = text
        self._tokens = tokenize(text)
        self._next = 0
        self._nested = 0

    @property
    def peeked(self) -> Token:
        """Return the next token, and leave it there."""
        return self._tokens[self._next]

    def take(self) -> Token:
        """Return the next token and go behind it."""
        token = self._tokens[self._next]
        if token.kind is not Kind.END:
            self._next += 1
        return token

    def sees(self, *signs: str) -> bool:
        """Say whether one of the signs or reserved words is next."""
        token = self.peeked
        return token.kind in {Kind.PUNCTUATION, Kind.WORD} and token.text in signs

    def sees_name(self, word: str) -> bool:
        """Say whether this word, which is not reserved, is next."""
        return self.peeked.kind is Kind.NAME and self.peeked.text == word

    def accept(self, *signs: str) -> bool:
        """Go behind one of the signs if it is next, and say so."""
        found = self.sees(*signs)
        if found:
            self.take()
        return found

    def expect(self, sign: str, where: str) -> Token:
        """Return the sign, which has to be next."""
        if not self.sees(sign):
            raise self.complaint(f"expected {sign!r} {where}")
        return self.take()

    def expect_name(self, what: str) -> str:
        """Return the name that has to be next."""
        if self.peeked.kind is not Kind.NAME:
            raise self.complaint(f"expected {what}")
        return self.take().text

    def expect_end(self) -> None:
        """Go on only when everything has been read."""
        if self.peeked.kind is not Kind.END:
            raise self.complaint("expected an operator or the end")

    def end_statement(self) -> None:
        """Read the `;`, which a new line, a `}` or the end stands for too."""
        if self.accept(";"):
            return
        token = self.peeked
        if token.kind is not Kind.END and not token.after_newline and token.text != "}":
            raise self.complaint("expected ';' or a new line")

    def complaint(self, expected: str, hint: str = "") -> Malformed:
        """Return what to raise: what is next is not what was expected."""
        token = self.peeked
        return Malformed(token.offset, f"found {token.shown()}, {expected}", hint)

    @contextmanager
    def deeper(self) -> Generator[None]:
        """Go one level down for as long as the context lasts."""
        self._nested += 1
        if self._nested > MOST_NESTED:
            raise self.complaint(f"expected nothing nested deeper than {MOST_NESTED}")
        yield
        self._nested -= 1

    def source_since(self, start: Token) -> str:
        """Return the text from a token to the last one taken."""
        return self._text[start.offset : self._tokens[self._next - 1].end]

    def arrow_follows(self) -> bool:
        """Say whether `(a, b) =>` or `a =>` begins here."""
        index = self._next
        if self._tokens[index].kind is Kind.NAME:
            return self._tokens[index + 1].text == "=>"
        depth = 0
        while self._tokens[index].kind is not Kind.END:
            token = self._tokens[index]
            if token.kind is Kind.PUNCTUATION:
                depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(
                    token.text, 0
                )
            if depth == 0:
                return self._tokens[index + 1].text == "=>"
            index += 1
        return False

"""Expressions: tokens in, closures out, by operator precedence.

Source: ECMA-262, section 13. What is not in our part is refused by its name.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable

from smtui.expr.ecmascript.cursor import Cursor
from smtui.expr.ecmascript.frames import HARMLESS, Frame
from smtui.expr.ecmascript.functions import FunctionText
from smtui.expr.ecmascript.globals import GLOBALS
from smtui.expr.ecmascript.literals import constant, constructed, listed
from smtui.expr.ecmascript.operations import chosen, operation, second, unary_operation
from smtui.expr.ecmascript.operators import UNARY
from smtui.expr.ecmascript.places import (
    Expr,
    Member,
    Variable,
    assigned,
    called,
    combined,
    counted,
    deleted,
    read,
    whole_chain,
)
from smtui.expr.ecmascript.scope import Node, Scope
from smtui.expr.ecmascript.tokens import Kind, Malformed, Token
from smtui.expr.ecmascript.values import Value

__all__ = ["Expressions"]

_LEVELS = {
    "??": 1, "||": 2, "&&": 3, "|": 4, "^": 5, "&": 6,
    "==": 7, "!=": 7, "===": 7, "!==": 7,
    "<": 8, ">": 8, "<=": 8, ">=": 8, "in": 8, "instanceof": 8,
    "<<": 9, ">>": 9, ">>>": 9, "+": 10, "-": 10, "*": 11, "/": 11, "%": 11,
}  # fmt: skip
"""How strongly an operator binds; all of these group from the left."""

_ASSIGNING = frozenset({
    "=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", ">>>=", "&=", "|=", "^=",
    "&&=", "||=", "??=",
})  # fmt: skip


class Expressions(Cursor, ABC):
    """Reads operators, chains of members, and calls."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._frames = [Frame()]
        self._allows_in = True
        self.may_change: bool = False
        """The text may change a value in place: it needs copies of its own."""
        self.assigns: bool = False
        """The text assigns outside of functions."""

    @property
    def free(self) -> frozenset[str]:
        """Return the names the text takes from outside."""
        return self._frames[0].free

    @property
    def declared(self) -> frozenset[str]:
        """Return the names the text declares for everybody."""
        return frozenset(self._frames[0].own | self._frames[0].variables)

    @abstractmethod
    def primary(self) -> Expr:
        """Return what stands alone: a value, a name, something in brackets."""

    @abstractmethod
    def arrow(self) -> FunctionText:
        """Return the arrow function that begins here."""

    def expression(self) -> Expr:
        """Return an expression, with commas if there are any."""
        found = self.assignment()
        while self.accept(","):
            found = Expr(second(found.run, self.assignment().run))
        return found

    def assignment(self) -> Expr:
        """Return an expression without commas."""
        with self.deeper():
            if (self.sees("(") or self.peeked.kind is Kind.NAME) and (
                self.arrow_follows()
            ):
                return Expr(self.arrow().made)
            start = self.peeked
            left = self._conditional()
            if not self.sees(*_ASSIGNING):
                return left
            return self._assigned(left, start)

    def _assigned(self, left: Expr, start: Token) -> Expr:
        if left.place is None:
            raise Malformed(start.offset, "found a value that cannot be assigned to")
        sign = self.take().text
        self._note_change(left)
        value = self.assignment().run
        if sign == "=":
            return Expr(assigned(left.place, value))
        return Expr(combined(left.place, sign.removesuffix("="), value))

    def _note_change(self, changed: Expr) -> None:
        self.assigns |= len(self._frames) == 1
        if isinstance(changed.place, Member):
            self.may_change = True

    def _conditional(self) -> Expr:
        test = self._binary(1)
        if not self.accept("?"):
            return test
        outer, self._allows_in = self._allows_in, True
        then = self.assignment().run
        self._allows_in = outer
        self.expect(":", "between the two values of ? :")
        otherwise = self.assignment().run
        return Expr(chosen(test.run, then, otherwise))

    def _binary(self, least: int) -> Expr:
        left = self._unary()
        while True:
            sign = self.peeked.text if self.sees(*_LEVELS) else ""
            level = _LEVELS.get(sign, 0)
            if level < least or (sign == "in" and not self._allows_in):
                return left
            self.take()
            left = Expr(operation(sign, left.run, self._binary(level + 1).run))

    def _unary(self) -> Expr:
        with self.deeper():
            token = self.peeked
            if self.accept("++", "--"):
                operand = self._unary()
                return Expr(self._counted(operand, token, gives_old=False))
            if self.accept("delete"):
                return self._deleted(self._unary(), token)
            if self.accept(*UNARY):
                operand = self._operand(token)
                return Expr(unary_operation(token.text, operand))
            base = self._postfix()
            if not self.accept("**"):
                return base
            return Expr(operation("**", base.run, self._unary().run))

    def _operand(self, sign: Token) -> Expr:
        """Return what a sign before it is applied to.

        `typeof name` asks whether there is such a variable: it reads none.
        """
        used = self._frames[-1].used
        before = set(used)
        operand = self._unary()
        if sign.text == "typeof" and isinstance(operand.place, Variable):
            used &= before
        return operand

    def _deleted(self, operand: Expr, token: Token) -> Expr:
        if operand.place is None:
            raise Malformed(token.offset, "found delete without a property to delete")
        self.may_change = True
        return Expr(deleted(operand.place))

    def _postfix(self) -> Expr:
        start = self.peeked
        found = self._chain()
        token = self.peeked
        if self.sees("++", "--") and not token.after_newline:
            self.take()
            return Expr(self._counted(found, token, gives_old=True, start=start))
        return found

    def _counted(
        self, operand: Expr, sign: Token, *, gives_old: bool, start: Token | None = None
    ) -> Node:
        if operand.place is None:
            raise Malformed(
                (start or sign).offset, f"found {sign.text} without a variable"
            )
        self._note_change(operand)
        return counted(
            operand.place, 1 if sign.text == "++" else -1, gives_old=gives_old
        )

    # ------------------------------------------------ members and calls

    def _chain(self) -> Expr:
        start = self.peeked
        found = self._new() if self.sees("new") else self.primary()
        is_optional = False
        while True:
            if self.accept("?."):
                is_optional = True
                found = self._optional(found, start)
            elif self.sees(".", "[", "("):
                found = self._link(found, start, optional=False)
            elif self.peeked.kind is Kind.TEMPLATE:
                raise self.complaint("expected no tag before a template")
            elif is_optional:
                return Expr(whole_chain(found.run))
            else:
                return found

    def _optional(self, found: Expr, start: Token) -> Expr:
        if self.sees("["):
            return self._link(found, start, optional=True)
        if self.sees("("):
            raise self.complaint("expected a name or [ behind ?.")
        return self._named(found, start, optional=True)

    def _link(self, found: Expr, start: Token, *, optional: bool) -> Expr:
        if self.accept("."):
            return self._named(found, start, optional=optional)
        if self.accept("["):
            outer, self._allows_in = self._allows_in, True
            key = self.expression().run
            self._allows_in = outer
            self.expect("]", "behind a property")
            return self._member(found, key, start, optional=optional)
        text = self.source_since(start)
        self._note_call(found)
        return Expr(called(found, self._arguments(), text))

    def _named(self, found: Expr, start: Token, *, optional: bool) -> Expr:
        if self.peeked.kind not in {Kind.NAME, Kind.WORD}:
            raise self.complaint("expected the name of a property")
        name = self.take().text
        return self._member(found, constant(name), start, optional=optional)

    def _member(self, found: Expr, key: Node, start: Token, *, optional: bool) -> Expr:
        root = _root(found)
        text = self.source_since(start)
        place = Member(found.run, key, root, text, optional)
        return Expr(read(place), place)

    def _note_call(self, callee: Expr) -> None:
        place = callee.place
        if isinstance(place, Variable) and place.name in GLOBALS:
            return
        if isinstance(place, Member):
            name = place.text.rpartition(".")[2]
            is_ours = place.root in {"Math", "JSON", "Number", "String", "Array"}
            if is_ours or name in HARMLESS or place.text in _HARMLESS_CALLS:
                return
        self.may_change = True

    def _new(self) -> Expr:
        start = self.take()
        callee = self._new() if self.sees("new") else self.primary()
        while self.sees(".", "["):
            callee = self._link(callee, start, optional=False)
        given = self._arguments() if self.sees("(") else listed(())
        self.may_change = True
        return Expr(constructed(callee.run, given, self.source_since(start)))

    def _arguments(self) -> Callable[[Scope], list[Value]]:
        self.expect("(", "before the arguments")
        parts: list[tuple[Node, bool]] = []
        outer, self._allows_in = self._allows_in, True
        while not self.sees(")"):
            is_spread = self.accept("...")
            parts.append((self.assignment().run, is_spread))
            if not self.accept(","):
                break
        self._allows_in = outer
        self.expect(")", "behind the arguments")
        return listed(tuple(parts))


_HARMLESS_CALLS = frozenset({"Object.keys", "Object.values", "Object.entries"})


def _root(found: Expr) -> str:
    match found.place:
        case Variable(name=name):
            return name
        case Member(root=root):
            return root
        case None:
            return ""

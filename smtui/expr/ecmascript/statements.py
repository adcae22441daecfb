"""Statements: tokens in, closures out. Source: ECMA-262, section 14."""

from collections.abc import Callable
from typing import NamedTuple

from smtui.expr.ecmascript.convert import to_boolean
from smtui.expr.ecmascript.flow import (
    evaluated,
    in_new_scope,
    in_turn,
    made,
    made_global,
    nothing,
    switched,
    tried,
)
from smtui.expr.ecmascript.functions import (
    Block,
    Completion,
    Jump,
    Statement,
    returning,
)
from smtui.expr.ecmascript.literals import constant
from smtui.expr.ecmascript.loops import counting, going_through, repeating
from smtui.expr.ecmascript.places import Place, Variable, assigned
from smtui.expr.ecmascript.primaries import Primaries
from smtui.expr.ecmascript.scope import Node, Scope
from smtui.expr.ecmascript.tokens import Kind, Malformed
from smtui.expr.ecmascript.values import UNDEFINED, Thrown

__all__ = ["Statements"]


class _Declared(NamedTuple):
    """`let a = 1, b`: the names and what gives them their values."""

    word: str
    names: tuple[str, ...]
    run: Statement
    has_value: bool


class Statements(Primaries):
    """Reads statements."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._loops = 0
        self._functions = 0
        self._readers: dict[str, Callable[[], Statement]] = {
            "break": self._jump,
            "continue": self._jump,
            "do": self._do,
            "for": self._for,
            "function": self._function_statement,
            "if": self._if,
            "return": self._return,
            "switch": self._switch,
            "throw": self._throw,
            "try": self._try,
            "while": self._while,
        }

    def program(self) -> Block:
        """Return the whole text as statements."""
        statements: list[Statement] = []
        while self.peeked.kind is not Kind.END:
            statements.append(self._statement())
        frame = self._frames[-1]
        return Block(tuple(statements), tuple(frame.functions[-1]))

    def function_body(self) -> Block:
        """Return the statements of a function, from behind its `{`."""
        outer_loops, self._loops = self._loops, 0
        outer_in, self._allows_in = self._allows_in, True
        self._functions += 1
        body = self._block_rest()
        self._functions -= 1
        self._loops, self._allows_in = outer_loops, outer_in
        return body

    def _block_rest(self) -> Block:
        """Return the statements up to the `}`."""
        frame = self._frames[-1]
        frame.functions.append([])
        statements: list[Statement] = []
        with self.deeper():
            while not self.sees("}"):
                if self.peeked.kind is Kind.END:
                    raise self.complaint("expected '}'")
                statements.append(self._statement())
        self.take()
        return Block(tuple(statements), tuple(frame.functions.pop()))

    def _statement(self) -> Statement:
        token = self.peeked
        if token.kind is Kind.NAME and token.text == "let":
            return self._declaration_statement()
        if token.kind is Kind.WORD and token.text in self._readers:
            self.take()
            return self._readers[token.text]()
        if self.sees("var", "const"):
            return self._declaration_statement()
        if self.accept("{"):
            return in_new_scope(self._block_rest())
        if self.accept(";"):
            return nothing
        run = self.expression().run
        self.end_statement()
        return evaluated(run)

    def _body(self) -> Statement:
        """Return the one statement that belongs to an if or a loop."""
        with self.deeper():
            if self.sees_name("let") or self.sees("const", "function"):
                raise self.complaint(
                    "expected a statement, in { } if it declares something"
                )
            return self._statement()

    def _loop_body(self) -> Statement:
        self._loops += 1
        body = self._body()
        self._loops -= 1
        return body

    def _in_brackets(self, where: str) -> Node:
        self.expect("(", where)
        found = self.expression().run
        self.expect(")", "behind it")
        return found

    # ------------------------------------------------------- declarations

    def _declaration_statement(self) -> Statement:
        declared = self._declaration()
        if declared.word == "const" and not declared.has_value:
            raise self.complaint("expected '=' and the value of a constant")
        self.end_statement()
        return declared.run

    def _declaration(self) -> _Declared:
        word = self.take().text
        names: list[str] = []
        runs: list[Statement] = []
        has_value = True
        while True:
            if self.sees("[", "{"):
                raise self.complaint("expected a name", "take the parts one by one")
            name = self.expect_name("the name of a variable")
            value = self.assignment().run if self.accept("=") else None
            has_value &= value is not None
            names.append(name)
            runs.append(self._declared(word, name, value))
            if not self.accept(","):
                break
        return _Declared(word, tuple(names), in_turn(*runs), has_value)

    def _declared(self, word: str, name: str, value: Node | None) -> Statement:
        frame = self._frames[-1]
        if word != "var":
            frame.own.add(name)
            return made(name, value, is_fixed=word == "const")
        frame.variables.add(name)
        is_inside = len(self._frames) > 1
        if value is None:
            return nothing if is_inside else made_global(name, None)
        if is_inside:
            return evaluated(assigned(Variable(name), value))
        return made_global(name, value)

    def _function_statement(self) -> Statement:
        start = self._tokens[self._next - 1]
        frame = self._frames[-1]
        function = self.function(start, is_declared=True)
        frame.own.add(function.name)
        frame.functions[-1].append(function)
        return nothing

    # ----------------------------------------------------- flow of control

    def _if(self) -> Statement:
        test = self._in_brackets("behind if")
        then = self._body()
        otherwise = self._body() if self.accept("else") else nothing
        return lambda scope: (then if to_boolean(test(scope)) else otherwise)(scope)

    def _while(self) -> Statement:
        test = self._in_brackets("behind while")
        return repeating(test, self._loop_body(), runs_first=False)

    def _do(self) -> Statement:
        body = self._loop_body()
        self.expect("while", "behind the body of do")
        test = self._in_brackets("behind while")
        self.accept(";")
        return repeating(test, body, runs_first=True)

    def _for(self) -> Statement:
        self.expect("(", "behind for")
        self._allows_in = False
        first: Statement = nothing
        names: tuple[str, ...] = ()
        place: Place | None = None
        if self.sees("var", "const") or self.sees_name("let"):
            declared = self._declaration()
            first = declared.run
            if declared.word != "var":
                names = declared.names
            place = Variable(declared.names[0])
        elif not self.sees(";"):
            found = self.expression()
            first, place = evaluated(found.run), found.place
        self._allows_in = True
        if self.sees("in") or self.sees_name("of"):
            return self._for_each(nothing if names else first, place, names)
        return self._for_count(first, names)

    def _for_each(
        self, first: Statement, place: Place | None, names: tuple[str, ...]
    ) -> Statement:
        if place is None or len(names) > 1:
            raise self.complaint("expected one variable before it")
        by_key = self.take().text == "in"
        source = self.expression().run
        self.expect(")", "behind what the loop goes through")
        body = self._loop_body()
        each = going_through(place, source, body, names, by_key=by_key)
        return in_turn(first, each)

    def _for_count(self, first: Statement, names: tuple[str, ...]) -> Statement:
        self.expect(";", "behind the beginning of a for loop")
        test = None if self.sees(";") else self.expression().run
        self.expect(";", "behind the condition of a for loop")
        after = None if self.sees(")") else self.expression().run
        self.expect(")", "behind the step of a for loop")
        return counting(first, test, after, self._loop_body(), names)

    def _jump(self) -> Statement:
        token = self._tokens[self._next - 1]
        if not self._loops:
            raise Malformed(token.offset, f"found {token.text!r} outside of a loop")
        jump = Jump(token.text)
        if self.peeked.kind is Kind.NAME and not self.peeked.after_newline:
            raise self.complaint("expected ';'", "labels are not supported")
        self.end_statement()
        return lambda _: jump

    def _return(self) -> Statement:
        token = self._tokens[self._next - 1]
        if not self._functions:
            raise Malformed(token.offset, "found 'return' outside of a function")
        value = constant(UNDEFINED)
        if not (
            self.sees(";", "}")
            or self.peeked.after_newline
            or self.peeked.kind is Kind.END
        ):
            value = self.expression().run
        self.end_statement()
        return returning(value)

    def _throw(self) -> Statement:
        if self.peeked.after_newline:
            raise self.complaint("expected a value on the same line as throw")
        value = self.expression().run
        self.end_statement()

        def run(scope: Scope) -> Completion:
            raise Thrown(value(scope))

        return run

    def _try(self) -> Statement:
        self.expect("{", "behind try")
        body = in_new_scope(self._block_rest())
        name, handler, last = "", None, None
        if self.accept("catch"):
            if self.accept("("):
                name = self.expect_name("the name of what was thrown")
                self._frames[-1].own.add(name)
                self.expect(")", "behind the name")
            self.expect("{", "behind catch")
            handler = self._block_rest()
        if self.accept("finally"):
            self.expect("{", "behind finally")
            last = in_new_scope(self._block_rest())
        if handler is None and last is None:
            raise self.complaint("expected catch or finally")
        return tried(body, name, handler, last)

    def _switch(self) -> Statement:
        subject = self._in_brackets("behind switch")
        self.expect("{", "before the cases")
        self._loops += 1
        frame = self._frames[-1]
        frame.functions.append([])
        cases: list[tuple[Node | None, tuple[Statement, ...]]] = []
        while not self.accept("}"):
            test: Node | None = None
            if not self.accept("default"):
                self.expect("case", "or default in a switch")
                test = self.expression().run
            self.expect(":", "behind a case")
            block: list[Statement] = []
            while not self.sees("case", "default", "}"):
                if self.peeked.kind is Kind.END:
                    raise self.complaint("expected '}'")
                block.append(self._statement())
            cases.append((test, tuple(block)))
        self._loops -= 1
        functions = Block((), tuple(frame.functions.pop()))
        return switched(subject, tuple(cases), functions)

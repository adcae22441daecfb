"""What expressions are made of: values, names, brackets and functions."""

from abc import abstractmethod

from smtui.expr.ecmascript.convert import to_text
from smtui.expr.ecmascript.expressions import Expressions
from smtui.expr.ecmascript.frames import Frame
from smtui.expr.ecmascript.functions import (
    Block,
    FunctionText,
    Parameter,
    returning,
)
from smtui.expr.ecmascript.literals import (
    FieldMaker,
    array_of,
    constant,
    field_of,
    object_of,
    spread_of,
    template_of,
)
from smtui.expr.ecmascript.operations import this_of
from smtui.expr.ecmascript.places import Expr, Variable, read
from smtui.expr.ecmascript.scope import Node
from smtui.expr.ecmascript.tokens import Kind, Malformed, Token

__all__ = ["Primaries"]

_REFUSED = {
    "class": "write functions and objects",
    "super": "write functions and objects",
    "yield": "return an array",
    "await": "every value is there already",
    "import": "everything is in the document",
}


class Primaries(Expressions):
    """Reads what stands between operators."""

    @abstractmethod
    def function_body(self) -> Block:
        """Return the statements of a function, from behind its `{`."""

    def primary(self) -> Expr:
        """Return what stands alone: a value, a name, something in brackets."""
        token = self.peeked
        match token.kind:
            case Kind.NUMBER:
                number = self.take().number
                return Expr(constant(number))
            case Kind.STRING:
                text = self.take().text
                return Expr(constant(text))
            case Kind.TEMPLATE:
                return self._template(self.take())
            case Kind.NAME:
                return self._variable(self.take().text)
            case Kind.WORD:
                return self._word(token)
            case Kind.PUNCTUATION | Kind.END:
                return self._bracketed()

    def _variable(self, name: str) -> Expr:
        self._frames[-1].used.add(name)
        place = Variable(name)
        return Expr(read(place), place)

    def _word(self, token: Token) -> Expr:
        match token.text:
            case "true" | "false":
                truth = self.take().text == "true"
                return Expr(constant(truth))
            case "null":
                self.take()
                return Expr(constant(None))
            case "this":
                self.take()
                self._frames[-1].used.add("this")
                return Expr(this_of)
            case "function":
                self.take()
                return Expr(self.function(token, is_declared=False).made)
            case "new":
                return self._new()
            case word if word in _REFUSED:
                raise self.complaint(
                    "which is not in our part of ECMAScript", _REFUSED[word]
                )
            case _:
                raise self.complaint("expected a value")

    def _bracketed(self) -> Expr:
        outer, self._allows_in = self._allows_in, True
        if self.accept("("):
            found = self.expression()
            self.expect(")", "behind what stands in brackets")
        elif self.accept("["):
            found = Expr(self._array())
        elif self.accept("{"):
            found = Expr(self._object())
        else:
            raise self.complaint("expected a value")
        self._allows_in = outer
        return found

    def _array(self) -> Node:
        parts: list[tuple[Node, bool]] = []
        while not self.sees("]"):
            if self.sees(","):
                raise self.complaint("expected an item before the comma")
            is_spread = self.accept("...")
            parts.append((self.assignment().run, is_spread))
            if not self.accept(","):
                break
        self.expect("]", "behind the items of an array")
        return array_of(tuple(parts))

    def _object(self) -> Node:
        parts: list[FieldMaker] = []
        while not self.sees("}"):
            parts.append(self._field())
            if not self.accept(","):
                break
        self.expect("}", "behind the properties of an object")
        return object_of(tuple(parts))

    def _field(self) -> FieldMaker:
        if self.accept("..."):
            return spread_of(self.assignment().run)
        token = self.peeked
        key = self._field_name()
        if self.accept(":"):
            return field_of(key, self.assignment().run)
        if self.sees("("):
            return field_of(key, self._function_rest(token, "").made)
        if token.kind is Kind.NAME:
            return field_of(key, self._variable(token.text).run)
        raise self.complaint("expected ':' behind the name of a property")

    def _field_name(self) -> Node:
        token = self.peeked
        if self.accept("["):
            key = self.expression().run
            self.expect("]", "behind a computed name")
            return key
        if token.kind not in {Kind.NAME, Kind.WORD, Kind.STRING, Kind.NUMBER}:
            raise self.complaint("expected the name of a property")
        self.take()
        is_number = token.kind is Kind.NUMBER
        return constant(to_text(token.number) if is_number else token.text)

    def _template(self, token: Token) -> Expr:
        nodes: list[Node] = []
        texts = [text for text, offset in token.parts if offset < 0]
        for text, offset in token.parts:
            if offset >= 0:
                nodes.append(self._inserted(text, offset))
        return Expr(template_of(tuple(texts), tuple(nodes)))

    def _inserted(self, text: str, offset: int) -> Node:
        """Return the expression between `${` and `}`, read by a parser of its own."""
        try:
            inner = type(self)(text)
            inner._frames, inner._nested = self._frames, self._nested  # noqa: SLF001
            found = inner.expression()
            inner.expect_end()
        except Malformed as error:
            raise Malformed(offset + error.offset, error.message, error.hint) from None
        self.may_change |= inner.may_change
        return found.run

    # ------------------------------------------------ functions

    def function_alone(self) -> FunctionText:
        """Return the one function a kept text is."""
        if self.arrow_follows():
            return self.arrow()
        start = self.expect("function", "before a function")
        return self.function(start, is_declared=False)

    def function(self, start: Token, *, is_declared: bool) -> FunctionText:
        """Return a function, from behind the word."""
        if self.sees("*"):
            raise self.complaint("expected a function", "generators are not supported")
        name = ""
        if is_declared or self.peeked.kind is Kind.NAME:
            name = self.expect_name("the function's name")
        made = self._function_rest(start, name)
        return made._replace(names_itself=bool(name) and not is_declared)

    def _function_rest(self, start: Token, name: str) -> FunctionText:
        self._frames.append(Frame([name]))
        parameters = self._parameters()
        self.expect("{", "before the statements of a function")
        body = self.function_body()
        source = self.source_since(start)
        if not source.startswith("function"):
            source = f"function {source}"
        return self._finished(name, parameters, body, source)

    def arrow(self) -> FunctionText:
        """Return the arrow function that begins here."""
        start = self.peeked
        self._frames.append(Frame())
        parameters: tuple[Parameter, ...]
        if start.kind is Kind.NAME:
            parameters = (Parameter(self.take().text),)
            self._frames[-1].own.add(start.text)
        else:
            parameters = self._parameters()
        self.expect("=>", "behind the parameters")
        if self.accept("{"):
            body = self.function_body()
        else:
            value = self.assignment().run
            body = Block((returning(value),))
        source = self.source_since(start)
        return self._finished("", parameters, body, source)._replace(is_arrow=True)

    def _finished(
        self, name: str, parameters: tuple[Parameter, ...], body: Block, source: str
    ) -> FunctionText:
        frame = self._frames.pop()
        self._frames[-1].used |= frame.free
        variables = frozenset(frame.variables)
        return FunctionText(name, parameters, body, variables, frame.free, source)

    def _parameters(self) -> tuple[Parameter, ...]:
        self.expect("(", "before the parameters")
        found: list[Parameter] = []
        while not self.sees(")"):
            is_rest = self.accept("...")
            name = self.expect_name("the name of a parameter")
            self._frames[-1].own.add(name)
            default = self.assignment().run if self.accept("=") else None
            found.append(Parameter(name, default, is_rest))
            if not self.accept(","):
                break
        self.expect(")", "behind the parameters")
        return tuple(found)

"""The expressions of a chart, each compiled once, when it is first needed.

A text that is not of its language is no reason to refuse a chart: SCXML says
it is an error when it is evaluated (5.9). Dialects that refuse it earlier
compile it in their loader.
"""

from dataclasses import dataclass

from smtui.definition import Expression, Json, Language
from smtui.errors import EvaluationError
from smtui.expr import Changes, Compiled, Scope, Value, compile_expression

__all__ = ["Code"]


@dataclass(frozen=True, slots=True)
class _Literal:
    """A value that is no expression."""

    literal: Json

    @property
    def names(self) -> frozenset[str]:
        return frozenset()

    def value(self, scope: Scope) -> Value:
        del scope
        return self.literal

    def truth(self, scope: Scope) -> bool:
        del scope
        return bool(self.literal)

    def assign(self, scope: Scope, value: Value) -> Changes:
        """Take the text as the name of a variable."""
        name = str(self.literal)
        if name not in scope.declared and name not in scope.data:
            raise EvaluationError(f"no variable {name!r} to assign to")
        return {name: value}

    def run(self, scope: Scope) -> Changes:
        del scope
        raise EvaluationError("a literal is no script")


@dataclass(frozen=True, slots=True)
class _Broken:
    """A text that is not of its language: every use of it fails."""

    why: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset()

    def value(self, scope: Scope) -> Value:
        del scope
        raise EvaluationError(self.why)

    def truth(self, scope: Scope) -> bool:
        del scope
        raise EvaluationError(self.why)

    def assign(self, scope: Scope, value: Value) -> Changes:
        del scope, value
        raise EvaluationError(self.why)

    def run(self, scope: Scope) -> Changes:
        del scope
        raise EvaluationError(self.why)


class Code:
    """What a chart's expressions compile to, by language and text."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[tuple[Language, str], Compiled] = {}

    def compiled(self, expression: Expression) -> Compiled:
        """Return the expression, compiled; one that cannot be fails when used."""
        if expression.language is Language.LITERAL:
            return _Literal(expression.literal)
        key = (expression.language, expression.text)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = _compile(*key)
        return found


def _compile(language: Language, text: str) -> Compiled:
    try:
        return compile_expression(language, text)
    except EvaluationError as problem:
        return _Broken(str(problem))

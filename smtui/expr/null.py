"""SCXML's null data model (SCXML B.1): no data, and one condition, In('id')."""

import re
from dataclasses import dataclass

from smtui.errors import EvaluationError
from smtui.expr.language import Changes, Scope, Value

__all__ = ["compile_null"]

_IN = re.compile(r"""\s*In\(\s*(?P<quote>['"])(?P<id>[^'"]+)(?P=quote)\s*\)\s*""")


@dataclass(frozen=True, slots=True)
class _In:
    """In('id'): the state is active."""

    state: str

    @property
    def names(self) -> frozenset[str]:
        return frozenset()

    def value(self, scope: Scope) -> Value:
        return scope.is_in(self.state)

    def truth(self, scope: Scope) -> bool:
        return scope.is_in(self.state)

    def assign(self, scope: Scope, value: Value) -> Changes:
        del scope, value
        raise EvaluationError("the null data model has nothing to assign to")

    def run(self, scope: Scope) -> Changes:
        del scope
        raise EvaluationError("the null data model runs no script")


def compile_null(text: str) -> _In:
    """Return the condition, compiled. Raises EvaluationError for any other text."""
    found = _IN.fullmatch(text)
    if found is None:
        raise EvaluationError(
            f"the null data model knows only In('state'), found {text!r}"
        )
    return _In(found["id"])

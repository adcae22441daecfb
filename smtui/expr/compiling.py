"""Which evaluator compiles an expression of which language."""

from typing import assert_never

from smtui.definition import Language
from smtui.errors import EvaluationError
from smtui.expr.ecmascript import compile_ecmascript
from smtui.expr.language import Compiled
from smtui.expr.null import compile_null
from smtui.expr.pyexpr import compile_pyexpr

__all__ = ["compile_expression"]


def compile_expression(language: Language, text: str) -> Compiled:
    """Return the expression, compiled.

    Raises EvaluationError when the text is not of the language. Literals are
    values already and need no compiling.
    """
    match language:
        case Language.NULL:
            return compile_null(text)
        case Language.ECMASCRIPT:
            return compile_ecmascript(text)
        case Language.PYEXPR:
            return compile_pyexpr(text)
        case Language.LITERAL:
            raise EvaluationError(f"no expressions in {language.value!r}: {text!r}")
        case _:
            assert_never(language)

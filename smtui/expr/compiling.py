"""Which evaluator compiles an expression of which language."""

from keyword import iskeyword
from typing import assert_never

from smtui.definition import Language
from smtui.errors import EvaluationError
from smtui.expr.ecmascript import compile_ecmascript, is_name
from smtui.expr.language import Compiled
from smtui.expr.null import compile_null
from smtui.expr.pyexpr import compile_pyexpr

__all__ = ["compile_expression", "is_variable"]


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


def is_variable(language: Language, text: str) -> bool:
    """Say whether a text may be the name of a variable in the language."""
    if language is Language.ECMASCRIPT:
        return is_name(text)
    return text.isidentifier() and not iskeyword(text)

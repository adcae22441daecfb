"""Our part of ECMAScript: expressions, locations and scripts, compiled once.

The laws of this file: a program is pure, and bounded in time and size; it sees
the data of its machine and nothing else.

It is ECMA-262 5.1 with let, const, arrow functions, templates, spread, for-of,
default and rest parameters, `?.`, `??` and `**`, without regular expressions,
classes, generators, getters, destructuring, labels, clocks and random numbers.
Variables hold JSON: arrays and objects are compared by what they hold, and two
variables never share one.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

from smtui.definition import Json
from smtui.errors import EvaluationError
from smtui.expr.ecmascript.convert import to_boolean
from smtui.expr.ecmascript.dates import Date, date_at
from smtui.expr.ecmascript.documents import read_document
from smtui.expr.ecmascript.functions import Block, FunctionText, run_all
from smtui.expr.ecmascript.globals import GLOBALS
from smtui.expr.ecmascript.kept import MARK, is_same, kept, number_named
from smtui.expr.ecmascript.peers import IN_PEER, in_peer
from smtui.expr.ecmascript.places import Expr, Member, Variable, assigned
from smtui.expr.ecmascript.scope import Evaluation
from smtui.expr.ecmascript.scope import Scope as Variables
from smtui.expr.ecmascript.statements import Statements
from smtui.expr.ecmascript.tokens import Malformed, place_of
from smtui.expr.ecmascript.values import UNDEFINED, Function, Thrown
from smtui.expr.ecmascript.values import Value as Inner
from smtui.expr.language import SYSTEM_NAMES, Changes, Fault, Scope, Value
from smtui.expr.language import UNDEFINED as NO_VALUE

__all__ = ["Names", "compile_ecmascript", "fault_in", "is_name", "names_in"]

_T = TypeVar("_T")


def fault_in(text: str, *, is_script: bool = False) -> Fault | None:
    """Return why a text is no expression, or no script; None when it is one."""
    try:
        if is_script:
            _script(text)
        else:
            _expression(text)
    except Malformed as error:
        return Fault(*place_of(text, error.offset), error.message, error.hint)
    return None


def compile_ecmascript(text: str) -> "Program":
    """Return the text, compiled for whatever it can be used as.

    Raises EvaluationError when it is neither an expression nor a script.
    """
    fault, other = fault_in(text), fault_in(text, is_script=True)
    if fault is not None and other is not None:
        worst = max(fault, other, key=lambda f: (f.line, f.column))
        raise EvaluationError(f"{text!r}: {worst.message}", hint=worst.hint)
    return Program(text)


class Names(NamedTuple):
    """What a text has to do with variables."""

    read: frozenset[str] = frozenset()
    """Taken from the data; `typeof x` asks only."""
    declared: frozenset[str] = frozenset()
    """Made by a script."""
    assigns: bool = False
    """An expression that assigns: what it changes is forgotten."""


def names_in(text: str, *, is_script: bool = False) -> Names:
    """Return the names in a text; none where it is no program."""
    try:
        found = _script(text).names if is_script else _expression(text).names
    except Malformed:
        return Names()
    return found._replace(read=found.read - _EVERYWHERE)


def is_name(text: str) -> bool:
    """Say whether a text is the name of a variable, and no reserved word."""
    try:
        return isinstance(_expression(text).found.place, Variable)
    except Malformed:
        return False


class _Expression(NamedTuple):
    found: Expr
    may_change: bool
    names: Names


class _Script(NamedTuple):
    block: Block
    names: Names


_EVERYWHERE = frozenset({*GLOBALS, *SYSTEM_NAMES, "In", IN_PEER, "this", "arguments"})
"""Names that are no variables of a machine."""


@lru_cache(maxsize=4096)
def _expression(text: str) -> _Expression:
    parser = Statements(text)
    found = parser.expression()
    parser.accept(";")
    parser.expect_end()
    names = Names(parser.free, assigns=parser.assigns)
    return _Expression(found, parser.may_change, names)


@lru_cache(maxsize=1024)
def _script(text: str) -> _Script:
    parser = Statements(text)
    block = parser.program()
    return _Script(block, Names(parser.free, parser.declared))


class Program:
    """A text of the language. Every method raises EvaluationError and no other."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    @property
    def names(self) -> frozenset[str]:
        """Return the variables it reads, as far as the text shows them."""
        is_script = fault_in(self._text) is not None
        return names_in(self._text, is_script=is_script).read

    def value(self, scope: Scope) -> Value:
        """Return what it gives. What it assigns on the way is forgotten."""
        return self._guarded(lambda: kept(self._evaluated(scope)))

    def truth(self, scope: Scope) -> bool:
        """Return its effective boolean value."""
        return self._guarded(lambda: to_boolean(self._evaluated(scope)))

    def assign(self, scope: Scope, value: Value) -> Changes:
        """Return what changes when the location it names is given a value."""

        def work() -> Changes:
            place = _expression(self._text).found.place
            if place is None:
                raise EvaluationError(f"{self._text!r} is no place to assign to")
            run = Evaluation(_Outside(scope), copies=isinstance(place, Member))
            given = _inner(value, run)
            assigned(place, lambda _: given)(Variables(run))
            return _changes(run, scope)

        return self._guarded(work)

    def run(self, scope: Scope) -> Changes:
        """Return what changes when it is run as a script."""

        def work() -> Changes:
            block = _script(self._text).block
            run = Evaluation(_Outside(scope), copies=True)
            variables = Variables(run)
            block.prepare(variables)
            run_all(block.statements, variables)
            return _changes(run, scope)

        return self._guarded(work)

    def _evaluated(self, scope: Scope) -> Inner:
        program = _expression(self._text)
        run = Evaluation(_Outside(scope), copies=program.may_change)
        return program.found.run(Variables(run))

    def _guarded(self, work: Callable[[], _T]) -> _T:
        try:
            return work()
        except Malformed as error:
            raise EvaluationError(
                f"{self._text!r}: {error.message}", hint=error.hint
            ) from None
        except Thrown as error:
            raise EvaluationError(f"{self._text!r}: {error}") from None
        except RecursionError:
            raise EvaluationError(f"{self._text!r}: it is nested too deep") from None


_EVENT_FIELDS = (
    "name", "type", "sendid", "origin", "origintype", "invokeid", "data",
)  # fmt: skip
"""Every event has them (SCXML 5.10.1); a blank one is undefined."""


class _Outside:
    """The data of the machine, as programs see it."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def read(self, name: str, run: Evaluation) -> Inner:
        scope = self._scope
        if name in SYSTEM_NAMES:
            return _system(name, scope, run)
        if name in scope.data:
            return _restored(scope.data[name], run)
        if name in scope.declared:
            return UNDEFINED
        if name == "In":
            return Function("In", lambda _, given: scope.is_in(str((*given, "")[0])))
        if name == "Date":
            return date_at(scope.now)
        return in_peer(scope) if name == IN_PEER else GLOBALS[name]

    def is_fixed(self, name: str) -> bool:
        scope = self._scope
        if name in scope.data or name in scope.declared:
            return name in SYSTEM_NAMES
        return name in SYSTEM_NAMES or name in GLOBALS or name == "In"

    def known(self) -> Sequence[str]:
        return [*self._scope.data, *self._scope.declared, *SYSTEM_NAMES]


def _system(name: str, scope: Scope, run: Evaluation) -> Inner:
    value = scope.system.get(name)
    if value is None:
        return UNDEFINED
    if name != "_event" or not isinstance(value, dict):
        return _plain(value)
    event: dict[str, Inner] = dict.fromkeys(_EVENT_FIELDS, UNDEFINED)
    event.update((k, _restored(v, run)) for k, v in value.items() if v is not None)
    return event


def _plain(value: Json) -> Inner:
    """Return JSON as the value it is: programs only change copies."""
    return value  # type: ignore[return-value]  # a part of the wider union


def _restored(value: Json, run: Evaluation) -> Inner:
    """Return what a variable holds for programs."""
    if not isinstance(value, dict) or MARK not in value:
        return _plain(value)
    text = value.get("text")
    match value[MARK]:
        case "function" if isinstance(text, str):
            return _function(text).made(Variables(run))
        case "xml" if isinstance(text, str):
            return _document(text)
        case "date" if isinstance(text, str):
            return Date.of_text(text)
        case "NaN" | "Infinity" | "-Infinity":
            return number_named(value[MARK])
        case _:
            return _plain(value)


def _inner(value: Value, run: Evaluation) -> Inner:
    return UNDEFINED if value is NO_VALUE else _restored(value, run)


@lru_cache(maxsize=256)
def _function(text: str) -> FunctionText:
    parser = Statements(text)
    found = parser.function_alone()
    parser.expect_end()
    return found


def _document(text: str) -> Inner:
    try:
        return read_document(text)
    except ValueError as error:
        raise EvaluationError(f"the document cannot be read: {error}") from None


def _changes(run: Evaluation, scope: Scope) -> Changes:
    """Return the variables that hold something else than before."""
    changes: dict[str, Value] = {}
    for name, value in run.names.items():
        is_container = isinstance(value, list | dict) and run.copies
        if name in SYSTEM_NAMES or not (name in run.assigned or is_container):
            continue
        new = kept(value)
        if new is NO_VALUE:
            if name in scope.data or name not in scope.declared:
                changes[name] = NO_VALUE
        elif name not in scope.data or not is_same(new, scope.data[name]):
            changes[name] = new
    return changes

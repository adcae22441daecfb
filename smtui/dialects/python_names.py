"""Whether the callbacks that a class of python-statemachine names are written.

The library looks a name up in the machine, its model and its listeners when the
machine is made. What can be read from the text is looked through here; where more
may bind a name (a base, a model or listeners that cannot be read), nothing is said.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from smtui.definition import Position
from smtui.dialects.notes import Notes, shown
from smtui.dialects.python_modules import Found, Module, Modules, words_of

__all__ = ["check_names"]

_HOOKS = frozenset({"after", "before", "cond", "on", "unless", "validators"})
_MAKERS = frozenset({"any", "from_", "itself", "to"})
_STATE_HOOKS = frozenset({"enter", "exit"})

_ENDS = frozenset({"ABC", "Generic", "StateChart", "StateMachine", "object"})
"""Bases that bind none of the author's names."""

_INHERITED = frozenset(
    {
        "activate_initial_state",
        "allowed_events",
        "configuration",
        "configuration_values",
        "current_state",
        "current_state_value",
        "enabled_events",
        "events",
        "history_values",
        "initial_state",
        "is_terminated",
        "model",
        "name",
        "raise_",
        "send",
        "start_value",
        "state",
        "state_field",
        "states",
    }
)
"""What every machine of the library, and the model it makes itself, has."""

_OPERATORS = (
    (re.compile(r"!(?!=)"), " not "),
    (re.compile(r"\^"), " and "),
    (re.compile(r"\bv\b"), " or "),
)
"""How a condition may be written besides as Python does."""


@dataclass(slots=True)
class _Bound:
    names: set[str] = field(default_factory=lambda: {*_INHERITED})
    is_open: bool = False
    """More may bind a name than can be read."""


def check_names(lineage: Sequence[Found], modules: Modules, notes: Notes) -> None:
    """Warn of callbacks that neither the class, a base nor its model has."""
    bound = _Bound()
    for each in lineage:
        _bind(each, modules, bound)
        _bind_models(each, modules, bound)
    if bound.is_open:
        return
    title = lineage[-1].node.name
    for each in lineage:
        for name, at in _named(each.node):
            if name not in bound.names:
                _warn(name, _at(each.module, at), title, bound, notes)


def _warn(name: str, at: Position, title: str, bound: _Bound, notes: Notes) -> None:
    near = notes.closest(name, bound.names)
    notes.warning(
        at,
        "unbound-name",
        f"found {shown(name)}, which is neither a method nor an attribute of {title}: "
        "python-statemachine cannot make it",
        f"did you mean {near!r}?" if near else f"write `def {name}(self)` there",
    )


# ------------------------------------------------------------- what binds a name


def _bind(found: Found, modules: Modules, bound: _Bound) -> None:
    """Add what a class has, by its body and by what its methods assign."""
    for base in found.node.bases:
        is_known = words_of(base) in _ENDS or modules.find(base, found.module)
        bound.is_open |= not is_known
    bound.is_open |= bool(found.node.decorator_list or found.node.keywords)
    for node in ast.walk(found.node):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                bound.names.add(name)
                bound.is_open |= name in {"__getattr__", "__getattribute__"}
            case ast.ClassDef(name=name):
                bound.names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                bound.names.add(name)
                bound.is_open |= name == "listeners"
            case ast.Attribute(attr=name, ctx=ast.Store()):
                bound.names.add(name)
            case ast.Call(func=ast.Name(id="setattr")):
                bound.is_open = True
            case ast.Call(func=func) if words_of(func) in {"from_enum", "States"}:
                bound.is_open = True  # each state is an attribute
            case ast.Call(func=func) if words_of(func) == "Event":
                bound.names |= set(_events(node))
            case _:
                pass


def _events(call: ast.Call) -> Iterator[str]:
    for each in call.keywords:
        if each.arg == "id" and isinstance(each.value, ast.Constant):
            yield str(each.value.value)


def _bind_models(found: Found, modules: Modules, bound: _Bound) -> None:
    """Add what a model has that the class's own beginning makes."""
    for begin in found.node.body:
        if not (isinstance(begin, ast.FunctionDef) and begin.name == "__init__"):
            continue
        for call in ast.walk(begin):
            if isinstance(call, ast.Call) and words_of(call.func) == "__init__":
                _bind_model(call, found.module, modules, bound)


def _bind_model(
    call: ast.Call, inside: Module, modules: Modules, bound: _Bound
) -> None:
    given = {each.arg: each.value for each in call.keywords}
    model = given.get("model", call.args[0] if call.args else None)
    bound.is_open |= bool(given.keys() & {None, "listeners"}) or len(call.args) > 1
    match model:
        case None | ast.Constant(value=None):
            return
        case ast.Call(func=func):
            of = modules.find(func, inside)
        case _:
            of = None
    if of is None:
        bound.is_open = True
        return
    for each in modules.lineage(of):
        marks = each.node.decorator_list
        plain = {words_of(m.func if isinstance(m, ast.Call) else m) for m in marks}
        bound.is_open |= not plain <= {"dataclass"}
        _bind(Found(each.module, _bare(each.node)), modules, bound)


def _bare(node: ast.ClassDef) -> ast.ClassDef:
    """Return a class without what decorates it."""
    return ast.ClassDef(
        name=node.name,
        bases=node.bases,
        keywords=node.keywords,
        body=node.body,
        decorator_list=[],
    )


# --------------------------------------------------------------- what is named


def _named(body: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names a class body hangs on transitions and states."""
    for node in ast.iter_child_nodes(body):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for mark in node.decorator_list:
                    yield from _named(ast.Expr(mark))
                continue
            case ast.Lambda():
                continue
            case ast.Call():
                yield from _of_call(node)
            case _:
                pass
        yield from _named(node)


def _of_call(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    word = words_of(call.func)
    hooks: frozenset[str] = frozenset()
    if isinstance(call.func, ast.Attribute) and word in _MAKERS:
        hooks = _HOOKS
    elif word == "State":
        hooks = _STATE_HOOKS
    for given in call.keywords:
        if given.arg in hooks:
            is_condition = given.arg in {"cond", "unless"}
            yield from _texts(given.value, is_condition=is_condition)
    if isinstance(call.func, ast.Attribute) and word in _HOOKS:
        for each in call.args:
            yield from _texts(each, is_condition=word in {"cond", "unless"})


def _texts(value: ast.expr, *, is_condition: bool) -> Iterator[tuple[str, ast.expr]]:
    match value:
        case ast.List(elts=each) | ast.Tuple(elts=each):
            for one in each:
                yield from _texts(one, is_condition=is_condition)
        case ast.Constant(value=str() as text):
            names = _of_condition(text) if is_condition else [text]
            for name in names:
                yield name, value
        case _:
            return


def _of_condition(text: str) -> list[str]:
    """Return the names in a condition; none of one that cannot be read."""
    if text.isidentifier():
        return [text]
    for operator, word in _OPERATORS:
        text = operator.sub(word, text)
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):
        return []
    called = {id(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)}
    owners = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    return [
        n.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Name) and id(n) not in called | owners
    ]


def _at(module: Module, node: ast.expr) -> Position:
    return Position(module.file, node.lineno, node.col_offset + 1)

"""Executable content: SCXML 4 and 5, and PyStator's effects and actions.

An EvaluationError ends the block it happens in and becomes error.execution on
the internal queue (SCXML 3.12.2); what was changed before it stays changed.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeAlias, assert_never

from smtui.chart.keys import key_of
from smtui.chart.messages import Message, MessageKind
from smtui.chart.tree.edits import apply
from smtui.chart.tree.guards import compile_guard
from smtui.chart.tree.model import Site
from smtui.chart.tree.sending import SendError, cancel, send
from smtui.chart.tree.work import Place, Work
from smtui.chart.values import At, Kind, Run, RunEntry
from smtui.definition import Guard, Json, Param
from smtui.definition.content import (
    Assign,
    Call,
    Cancel,
    Change,
    Content,
    ForEach,
    If,
    Log,
    Raise,
    Script,
    Send,
)
from smtui.definition.guards import ExprGuard
from smtui.errors import EvaluationError
from smtui.expr import UNDEFINED, Value, is_variable
from smtui.expr.language import SYSTEM_NAMES

__all__ = ["Rest", "call_again", "run_block", "run_site", "values_of"]

Rest: TypeAlias = tuple[tuple[int, int], ...]
"""What is left of a block and of those around it: number, and where to go on."""


def run_site(work: Work, site: Site, offset: int = 0) -> Rest | None:
    """Run a block from a place in it to its end.

    Returns where to go on after an author's action that must be waited for,
    and None when the block is done.
    """
    if site.edit is not None:
        site.edit(work.own_data())
        return None
    awaits = work.chart.tree.semantics.awaits_calls
    for place, content in enumerate(site.block[offset:], start=offset):
        try:
            if isinstance(content, Call):
                call(work, content, (site.number, place))
                if awaits:
                    return ((site.number, place + 1),)
            elif isinstance(content, If) and site.inner:
                rest = _run_branch(work, content, site, place)
                if rest is not None:
                    return (*rest, (site.number, place + 1))
            else:
                _do(work, content)
        except EvaluationError as problem:
            _tell(work, problem, content)
            break
    return None


class _ContentError(EvaluationError):
    """What went wrong inside of other content, and where."""

    def __init__(self, problem: EvaluationError, content: Content) -> None:
        super().__init__(str(problem))
        self.content = content
        self.send_id = problem.send_id if isinstance(problem, SendError) else ""


def _tell(work: Work, problem: EvaluationError, content: Content) -> None:
    """Put the error event of a piece of content on the internal queue."""
    if not isinstance(problem, _ContentError):
        problem = _ContentError(problem, content)
    inner = problem.content
    place = Place(type(inner).__name__.lower(), inner.at)
    work.raise_error("error.execution", str(problem), problem.send_id, place)


def run_block(work: Work, block: Sequence[Content]) -> None:
    """Run a block that has no site of its own, to its end."""
    try:
        _run(work, block)
    except _ContentError as problem:
        _tell(work, problem, problem.content)


def _run(work: Work, block: Sequence[Content]) -> None:
    """Do one after the other. Raises _ContentError of the innermost that fails."""
    for content in block:
        try:
            _do(work, content)
        except _ContentError:
            raise
        except EvaluationError as problem:
            raise _ContentError(problem, content) from problem


def _run_branch(work: Work, content: If, site: Site, place: int) -> Rest | None:
    """Run the branch whose guard holds; one with actions is a block of its own."""
    chosen = _chosen(work, content)
    if chosen is None:
        return None
    inner = site.inner.get((place, chosen))
    if inner is not None:
        return run_site(work, inner)
    _run(work, content.branches[chosen].block)
    return None


def _chosen(work: Work, content: If) -> int | None:
    for number, branch in enumerate(content.branches):
        if branch.guard is None or _holds(work, branch.guard):
            return number
    return None


def _do(work: Work, content: Content) -> None:  # noqa: C901 - one arm a kind
    """Do one thing. Raises EvaluationError."""
    match content:
        case Assign(location, value):
            target = work.chart.tree.code.compiled(location)
            given = work.value(value)
            work.change(target.assign(work.scope(), given))
        case Raise(event):
            work.queue.append(Message(event, kind=MessageKind.INTERNAL))
        case Send(params=params):
            send(work, content, lambda: values_of(work, params))
        case Cancel(send_id):
            cancel(work, work.text(send_id))
        case Log():
            _log(work, content)
        case If(branches):
            chosen = _chosen(work, content)
            if chosen is not None:
                _run(work, branches[chosen].block)
        case ForEach():
            _for_each(work, content)
        case Script(code):
            work.change(work.chart.tree.code.compiled(code).run(work.scope()))
        case Change():
            apply(content, work.own_data(), _stamp(work.at))
        case Call():
            # inside of another content: how many came before makes its key
            call(work, content, (-1, len(work.pending)))
        case _:
            assert_never(content)


def _log(work: Work, content: Log) -> None:
    parts = [content.label] if content.label else []
    if content.value is not None:
        parts.append(_shown(work.value(content.value)))
    work.log(content.level, ": ".join(parts))


def _shown(value: Value) -> str:
    if value is UNDEFINED:
        return "undefined"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _holds(work: Work, guard: Guard) -> bool:
    """Return what a condition says; one that fails is false, and an error event."""
    try:
        return all(
            test.check(work.data, work)
            for test in compile_guard(guard, work.chart.tree.code)
        )
    except EvaluationError as problem:
        place = (
            Place("if", guard.expression.at) if isinstance(guard, ExprGuard) else None
        )
        work.raise_error("error.execution", str(problem), place=place)
        return False


def _for_each(work: Work, content: ForEach) -> None:
    items = work.value(content.array)
    if not isinstance(items, list):
        raise EvaluationError(
            f"foreach goes over an array, {content.array.text!r} gives none"
        )
    for name in filter(None, (content.item, content.index)):
        language = work.chart.definition.language
        if not is_variable(language, name) or name in SYSTEM_NAMES:
            raise EvaluationError(f"foreach cannot give a value to {name!r}")
    if not items:
        for name in filter(None, (content.item, content.index)):
            if name not in work.chart.tree.declared and name not in work.data:
                work.change({name: None})
    for number, item in enumerate([*items]):
        work.change({content.item: item})
        if content.index:
            work.change({content.index: number})
        _run(work, content.block)


def _stamp(at: At) -> str:
    """Return an instant as RFC 3339 UTC with milliseconds."""
    shown = datetime.fromtimestamp(at.wall, UTC).isoformat(timespec="milliseconds")
    return shown.replace("+00:00", "Z")


def values_of(work: Work, params: Sequence[Param]) -> dict[str, Json]:
    """Return named values; an undefined one is left out.

    Raises EvaluationError when one cannot be evaluated.
    """
    found: dict[str, Json] = {}
    for param in params:
        value = work.value(param.value)
        if value is not UNDEFINED:
            found[param.name] = value
    return found


def call(work: Work, content: Call, place: tuple[int, int]) -> None:
    """Ask for an author's action; `place` makes its key."""
    entry = RunEntry(
        kind=Kind.WORLD,
        action=content.name,
        args=dict(content.params),
        key=_key(work, place, 0),
        owner=f"{place[0]}:{place[1]}",
        since=work.at,
        terms=content.terms,
    )
    _ask(work, entry)


def call_again(work: Work, entry: RunEntry, *, keeps_key: bool) -> None:
    """Ask once more for an action that has failed."""
    site, _, offset = entry.owner.partition(":")
    tries = entry.tries + 1
    key = entry.key if keeps_key else _key(work, (int(site), int(offset)), tries)
    _ask(work, entry._replace(key=key, since=work.at, attempt=1, tries=tries))


def _key(work: Work, place: tuple[int, int], tries: int) -> str:
    before = work.before
    return key_of(work.cause, before.instance, before.turn + 1, *place, tries)


def _ask(work: Work, entry: RunEntry) -> None:
    id_ = work.new_id()
    work.pending[id_] = entry
    work.effects.append(Run(id_, entry))

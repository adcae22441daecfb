"""The machine that is tested: its chart, and the names there are in it.

Only text is read: no file of an author's Python is imported.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from smtui.chart import STORE, Chart, StateChart, compile_chart
from smtui.chart.values import ChildEntry
from smtui.check import custom_types, find_actions_dir, read_file, spoken_to
from smtui.definition import (
    Action,
    AnyDefinition,
    Definition,
    Position,
    Problem,
    guards_on_peers,
)
from smtui.dialects import Loaded, Notes, load_all, wanted_by
from smtui.errors import SmtuiError, StepError
from smtui.testing.scenario import Scenario, Stub

__all__ = ["Subject", "open_subject", "problems_of", "subject_of", "text_of"]

_SHELL = frozenset({"bash"})

_WHICH = "name one: `machine: NAME` in a scenario, `--machine NAME` of smtui paths"


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A machine to test."""

    path: Path
    chart: Chart
    guards: frozenset[str]
    """Names of guards that are author's code."""
    peers: frozenset[str]
    """Machines whose state a guard asks for."""
    actions: frozenset[str]
    """Names of actions: built-in types it uses, and author's."""
    is_open: bool
    """Some action's type is known only when it runs."""

    @property
    def definition(self) -> AnyDefinition:
        """What the author wrote."""
        return self.chart.definition

    def load_child(self, entry: ChildEntry, parent: StateChart) -> StateChart:
        """Return the chart of an invoked file. Raises SmtuiError."""
        path = Path(parent.definition.file).parent / entry.src.removeprefix("file:")
        found = open_subject(path) if not entry.content else None
        if not isinstance(found, Subject) or not isinstance(found.chart, StateChart):
            raise StepError(f"no chart of {entry.src or entry.site!r} can be read")
        return found.chart


def open_subject(
    path: Path, machine: str = "", at: Position | None = None
) -> Subject | tuple[Problem, ...]:
    """Return the machine a file defines, or why there is none.

    `at` is where the file is named, for a file that is not there.
    """
    text = text_of(path, at)
    if isinstance(text, Problem):
        return (text,)
    found = load_all(text, str(path))
    folder = find_actions_dir(path.parent, found[0].actions_root, None)
    custom = custom_types(folder)
    if custom:
        found = load_all(text, str(path), custom=custom)
    loaded = _chosen(found, machine, at or Position(str(path), 1, 1))
    if isinstance(loaded, Problem):
        return (loaded,)
    if loaded.definition is None:
        return loaded.errors
    if loaded.definition.dialect == "python":
        return (_of_python(loaded.name, at or Position(str(path), 1, 1)),)
    try:
        return subject_of(loaded.definition, path, custom)
    except SmtuiError as problem:
        where = Position(str(path), 1, 1)
        return (Problem(where, "not-a-chart", problem.message, problem.hint),)


def _of_python(name: str, at: Position) -> Problem:
    """Return why a class of python-statemachine is not played."""
    return Problem(
        at,
        "not-playable",
        f"found {name!r}, a class of python-statemachine: it moves by its own code,"
        " which is never imported here",
        "test the class itself, with pytest: begin it, send to it, look at it",
    )


def text_of(path: Path, at: Position | None = None) -> str | Problem:
    """Return a file's text, or why there is none, told `at` where it is named."""
    if not path.exists():
        where = at or Position(str(path))
        return Problem(where, "no-such-file", f"found no file {str(path)!r}")
    if path.is_dir():
        where = at or Position(str(path))
        return Problem(where, "not-a-file", "found a folder, expected a file")
    text = read_file(path, str(path))
    if isinstance(text, Problem) and at is not None:
        return replace(text, at=at)
    return text


def _chosen(found: tuple[Loaded, ...], machine: str, at: Position) -> Loaded | Problem:
    """Return the one definition that is meant."""
    if len(found) == 1 and machine in {"", found[0].name}:
        return found[0]
    named = [one for one in found if machine and one.name == machine]
    if named:
        return named[0]
    names = ", ".join(one.name for one in found)
    what = f"found no machine {machine!r}" if machine else "found several machines"
    return Problem(at, "several-machines", f"{what} in the file: {names}", _WHICH)


def subject_of(
    definition: AnyDefinition, path: Path, custom: frozenset[str] = frozenset()
) -> Subject:
    """Return the machine of a definition that was read from this file.

    `custom` are the action types of author's files. Raises DefinitionError for
    a tree that no loader lets through.
    """
    if isinstance(definition, Definition):
        types = {action.type or "" for action in _list_actions(definition)}
        return Subject(
            path,
            compile_chart(definition, custom),
            frozenset(),
            frozenset(use.guard.machine for use in guards_on_peers(definition)),
            frozenset(types - {""}),
            any("{" in type_ for type_ in types),
        )
    wanted = wanted_by(definition)
    invokes = (invoke for node in definition.nodes for invoke in node.invokes)
    named = {
        str(one.literal)
        for invoke in invokes
        for one in (invoke.src, invoke.type)
        if one is not None and one.literal is not None
    }
    spoken = frozenset(one.name for one in spoken_to(definition))
    return Subject(
        path,
        compile_chart(definition, peers=spoken),
        frozenset(wanted.guards),
        frozenset(use.guard.machine for use in guards_on_peers(definition)),
        frozenset(wanted.actions) | named,
        is_open=False,
    )


def _list_actions(definition: Definition) -> Iterator[Action]:
    for state in definition.states:
        yield from state.actions
    for transition in definition.transitions:
        yield from transition.actions


# ----------------------------------------------------- names that are not there


def problems_of(scenario: Scenario, subject: Subject) -> tuple[Problem, ...]:
    """Return what a scenario names that the machine does not have."""
    notes = Notes()
    states = frozenset(subject.chart.states)
    stubs = scenario.stubs
    for kind, known, what in (
        ("guards", subject.guards, "guard of the author's"),
        ("peers", subject.peers, "machine whose state is asked for"),
        ("states", states, "state"),
        ("actions", subject.actions, "action"),
    ):
        named = [(at, name) for (k, name), at in stubs.places.items() if k == kind]
        if kind == "actions" and subject.is_open:
            continue
        _unknown(notes, named, known, what, subject)
    for move in scenario.moves:
        expect = move.expect
        if expect is not None:
            at = expect.places.get("state", expect.at)
            named = [(at, state) for state in expect.states or ()]
            _unknown(notes, named, states, "state", subject)
    for name, several in stubs.actions.items():
        at = stubs.places.get(("actions", name), scenario.at)
        fits = subject.is_open or name in subject.actions
        for stub in several if fits else ():
            if stub is not None:
                _unfit(notes, at, name, stub, subject)
    return notes.sorted()


def _unknown(
    notes: Notes,
    named: Iterable[tuple[Position, str]],
    known: frozenset[str] | set[str],
    what: str,
    subject: Subject,
) -> None:
    for at, name in named:
        if name not in known:
            message = f"found {name!r}, but {subject.path} has no such {what}"
            notes.error(at, "unknown-name", message, notes.hint(name, sorted(known)))


def _unfit(notes: Notes, at: Position, name: str, stub: Stub, subject: Subject) -> None:
    """Note an answer that an action of this kind cannot give."""
    if isinstance(subject.chart, StateChart):
        if stub.event or any(is_said for _, is_said in _shell_words(stub)):
            hint = "a statechart's action has `result`, `data`, `error` or `takes`"
            message = f"found an answer of a shell for the action {name!r}"
            notes.error(at, "unfit-stub", message, hint)
        return
    custom = subject.chart.custom
    if name in STORE and name not in custom:
        if stub.event or any(is_said for _, is_said in _shell_words(stub)):
            hint = "it has `result` (what the store answers), `error` or `takes`"
            message = f"found an answer of a shell for the store action {name!r}"
            notes.error(at, "unfit-stub", message, hint)
    elif name not in _SHELL or name in custom:
        wrong = [word for word, is_said in _shell_words(stub) if is_said]
        if wrong:
            hint = "it has `event`, `data`, `error` or `takes`"
            message = f"found {wrong[0]!r} for the action {name!r}"
            notes.error(at, "unfit-stub", message, hint)


def _shell_words(stub: Stub) -> list[tuple[str, bool]]:
    return [
        ("exit", stub.exit is not None),
        ("output", bool(stub.output)),
        ("stderr", bool(stub.stderr)),
        ("timed_out", stub.timed_out),
    ]

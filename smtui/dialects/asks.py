"""`asks:` and `stuck_after:`, which every YAML dialect has."""

from collections.abc import Callable, Sequence

from smtui.definition import Ask
from smtui.dialects.nodes import Field, Node, Scalar, Table, word
from smtui.dialects.notes import Notes, shown
from smtui.dialects.tables import Reader

__all__ = ["read_asks", "read_stuck"]

ANYWHERE = ("name", "description")

Taken = Callable[[str], Sequence[str]]


def read_asks(
    field: Field | None, taken: Taken, names: Sequence[str], notes: Notes
) -> dict[str, Ask]:
    """Return the question each state under `asks:` puts to a human.

    `taken` gives the events a state takes.
    """
    if field is None:
        return {}
    hint = "asks: {STATE: {text: Publish?, answers: [approve, reject]}}"
    table = Reader(notes).table(field.value, "at 'asks'", hint)
    found: dict[str, Ask] = {}
    for entry in table.fields if table is not None else ():
        _expect_state(entry, "asks", names, notes)
        ask = _ask(entry, taken, hint, notes)
        if ask is not None:
            found[entry.key] = ask
    return found


def _ask(entry: Field, taken: Taken, hint: str, notes: Notes) -> Ask | None:
    where = f"in the ask of {shown(entry.key)}"
    reader = Reader(notes)
    table = reader.table(entry.value, where, hint)
    if table is None:
        return None
    fields = reader.fields(table, ("text", "answers"), where, ANYWHERE)
    text, answers = fields.get("text"), fields.get("answers")
    if text is None:
        reader.missing(entry.at, "text", where, hint)
    if answers is None:
        reader.missing(entry.at, "answers", where, hint)
    if text is None or answers is None:
        return None
    question = text.value
    if not isinstance(question, Scalar) or not question.text.strip():
        notes.error(
            question.at,
            "wrong-type",
            f"found {word(question)} at 'text' {where}, expected the question",
        )
        return None
    names = [
        _answer(item, entry.key, taken, notes)
        for item in reader.items(answers.value, f"at 'answers' {where}")
    ]
    if not names:
        reader.missing(answers.at, "answers", where, "events that answer it")
    return Ask(question.text, tuple(name for name in names if name is not None))


def _answer(item: Node, state: str, taken: Taken, notes: Notes) -> str | None:
    name = Reader(notes).name(
        item, f"in the answers of {shown(state)}", "the name of an event"
    )
    events = taken(state)
    if name is not None and name not in events:
        notes.error(
            item.at,
            "unknown-event",
            f"found the answer {shown(name)}, which {shown(state)} does not take",
            notes.hint(name, events),
        )
    return name


def read_stuck(
    field: Field | None, names: Sequence[str], notes: Notes
) -> tuple[float | None, dict[str, float]]:
    """Return `stuck_after`: seconds for all states, and those of single ones."""
    if field is None:
        return None, {}
    if not isinstance(field.value, Table):
        return Reader(notes).seconds(field.value, "at 'stuck_after'"), {}
    found: dict[str, float] = {}
    for entry in field.value.fields:
        _expect_state(entry, "stuck_after", names, notes)
        where = f"at {shown(entry.key)} of 'stuck_after'"
        seconds = Reader(notes).seconds(entry.value, where)
        if seconds is not None:
            found[entry.key] = seconds
    return None, found


def _expect_state(field: Field, where: str, names: Sequence[str], notes: Notes) -> None:
    if field.key not in names:
        notes.error(
            field.at,
            "unknown-state",
            f"found {shown(field.key)} in {where!r}, which is no state here",
            notes.hint(field.key, names),
        )

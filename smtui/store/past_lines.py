"""The lines of an exported journal: one JSON object each, in this order.

    {"smtui_journal": 1, ...}      what this is, and which version of it
    {"definition": {...}}          before the first step that ran it
    {"step": {...}}                a row of the journal
    {"snapshot": {...}}            after its step, every 200 of them
    {"end": {"steps", "crc32"}}    the last line: without it the file was cut

The laws of this file: pure; a line that is not understood is a StoreError that
says which and why; more keys may be added to an object, none is renamed, and
what an older smtui would misread gets the next FORMAT.
"""

import json
from typing import Any, NamedTuple, TypeAlias

from smtui.errors import StoreError
from smtui.store.connection import Row
from smtui.store.reading import dumps
from smtui.store.rows import Data, DefinitionRow, JournalEntry, JournalRow

__all__ = [
    "FORMAT",
    "End",
    "Head",
    "Line",
    "SnapshotLine",
    "StepLine",
    "definition_line",
    "end_line",
    "head_line",
    "parse_line",
    "snapshot_line",
    "step_line",
]

FORMAT = 1
"""A file of a greater one is refused."""


class Head(NamedTuple):
    """What a file says of itself."""

    program: str
    """The version of smtui that wrote it."""
    exported_at: float
    machines: tuple[str, ...]
    """Whose steps it has."""
    is_masked: bool = True
    """Secrets were replaced before it was written."""


class StepLine(NamedTuple):
    """A step; its place in the file is its id."""

    entry: JournalEntry


class SnapshotLine(NamedTuple):
    """The full snapshot after the step before it."""

    machine: str
    instance: str
    run: int
    seq: int
    snapshot: Data


class End(NamedTuple):
    """What a whole file ends with."""

    steps: int
    crc32: int
    """Of all bytes before this line."""


Line: TypeAlias = Head | DefinitionRow | StepLine | SnapshotLine | End


def head_line(head: Head) -> str:
    """Return the first line."""
    return dumps(
        {
            "smtui_journal": FORMAT,
            "program": head.program,
            "exported_at": head.exported_at,
            "machines": head.machines,
            "masked": head.is_masked,
        }
    )


def definition_line(row: DefinitionRow) -> str:
    """Return the line of one version of a definition."""
    told = {
        "hash": row.hash,
        "dialect": row.dialect,
        "name": row.name,
        "file": row.file,
        "text": row.text,
    }
    return dumps({"definition": told})


def step_line(row: Row) -> str:
    """Return the line of a journal row; what is JSON in the store stays as it is."""
    patch = row["body"] if row["patch_json"] is None else row["patch_json"]
    parts = {
        "machine": dumps(row["machine"]),
        "instance": dumps(row["instance"]),
        "run": str(row["run"]),
        "seq": str(row["seq"]),
        "at": repr(row["at"]),
        "cause": dumps(row["cause"]),
        "event": dumps(row["event"]),
        "from": row["from_json"],
        "to": row["to_json"],
        "outcome": dumps(row["outcome"]),
        "why": dumps(row["why"]),
        "micro": row["micro_json"],
        "answers": row["answers_json"] or "null",
        "data_patch": patch or "null",
        "effects": row["effects_json"],
        "duration_s": repr(row["duration_s"]),
        "definition": dumps(row["definition_hash"]),
    }
    inside = ",".join(f'"{key}":{text}' for key, text in parts.items())
    return f'{{"step":{{{inside}}}}}'


def snapshot_line(row: Row) -> str:
    """Return the line of a full snapshot."""
    told = {key: row[key] for key in ("machine", "instance", "run", "seq")}
    text = dumps({"snapshot": told})
    return f'{text[:-2]},"snapshot":{row["snapshot_json"]}}}}}'


def end_line(end: End) -> str:
    """Return the last line."""
    return dumps({"end": {"steps": end.steps, "crc32": f"{end.crc32:08x}"}})


def parse_line(text: bytes, number: int) -> Line:
    """Return what a line says; `number` is its place in the file, from 1.

    Raises StoreError for what is not understood.
    """
    try:
        found: Any = json.loads(text.decode("utf-8"))
        return _head(found) if number == 1 else _line(found, number)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        if number == 1:
            raise StoreError(
                "this is no exported journal",
                hint="`smtui history NAME --export FILE` writes one",
            ) from error
        raise StoreError(
            f"line {number} is damaged: {_why(error)}",
            hint="`smtui history NAME --export FILE` writes it anew",
        ) from error


def _why(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _head(found: Any) -> Head:  # noqa: ANN401 - whatever JSON there is
    version = int(found["smtui_journal"])
    program = str(found["program"])
    if version > FORMAT:
        raise StoreError(
            f"an exported journal of format {version}, written by smtui {program};"
            f" this smtui reads format {FORMAT}",
            hint="upgrade smtui",
        )
    machines = tuple(map(str, found["machines"]))
    at = float(found["exported_at"])
    return Head(program, at, machines, bool(found["masked"]))


def _line(found: Any, number: int) -> Line:  # noqa: ANN401 - whatever JSON there is
    match found:
        case {"step": step}:
            return StepLine(_step(step, number))
        case {"snapshot": told}:
            return SnapshotLine(
                str(told["machine"]),
                str(told["instance"]),
                int(told["run"]),
                int(told["seq"]),
                dict(told["snapshot"]),
            )
        case {"definition": told}:
            return DefinitionRow(
                hash=str(told["hash"]),
                dialect=str(told["dialect"]),
                name=str(told["name"]),
                file=str(told["file"]),
                text=str(told["text"]),
            )
        case {"end": told}:
            return End(int(told["steps"]), int(told["crc32"], 16))
        case _:
            raise ValueError("it is no step, snapshot, definition or end")


def _step(told: Any, number: int) -> JournalEntry:  # noqa: ANN401 - as above
    patch = told["data_patch"]
    return JournalEntry(
        number,
        str(told["machine"]),
        str(told["instance"]),
        JournalRow(
            seq=int(told["seq"]),
            run=int(told["run"]),
            at=float(told["at"]),
            cause=str(told["cause"]),
            event=str(told["event"]),
            from_=tuple(map(str, told["from"])),
            to=tuple(map(str, told["to"])),
            outcome=str(told["outcome"]),
            why=str(told["why"]),
            micro=tuple(told["micro"]),
            answers=told["answers"],
            data_patch=None if patch is None else dict(patch),
            effects=tuple(told["effects"]),
            duration_s=float(told["duration_s"]),
            definition_hash=str(told["definition"]),
        ),
    )

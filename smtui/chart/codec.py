"""A snapshot as JSON and back, without loss.

The shape on disk: field names of `Snapshot`; a pending entry and the cursor
carry theirs; `kind` tells the entries apart. Anything else is refused: a
snapshot nobody can read must not be stepped.
"""

from collections.abc import Mapping
from typing import Any, assert_never

from smtui.chart.messages import Lineage, Message, MessageKind, Pause
from smtui.chart.values import (
    At,
    ChildEntry,
    Cursor,
    Kind,
    Pending,
    RunEntry,
    Settle,
    Settlement,
    Snapshot,
    Status,
    TimerEntry,
    WatchEntry,
)
from smtui.definition import Json, OnError, Terms
from smtui.errors import StepError

__all__ = ["decode", "decode_message", "encode", "encode_message"]

VERSION = 2

_READABLE = frozenset({1, VERSION})
"""1 lacks what only statecharts have: read as if it were empty."""


def encode(snapshot: Snapshot) -> dict[str, Json]:
    """Return the snapshot as plain JSON values."""
    return {
        "version": VERSION,
        "chart": snapshot.chart_hash,
        "instance": snapshot.instance,
        "run": snapshot.run,
        "configuration": list(snapshot.configuration),
        "data": dict(snapshot.data),
        "history": {k: list(v) for k, v in snapshot.history.items()},
        "pending": {k: _entry_out(v) for k, v in snapshot.pending.items()},
        "cursor": None if snapshot.cursor is None else _cursor_out(snapshot.cursor),
        "held": dict(snapshot.held),
        "seq": snapshot.seq,
        "status": snapshot.status.value,
        "since": list(snapshot.since),
        "turn": snapshot.turn,
        "stepped": list(snapshot.stepped),
        "gos": snapshot.gos,
        **_of_statecharts(snapshot),
    }


def decode(json: Mapping[str, Any]) -> Snapshot:
    """Return the snapshot that was encoded.

    Raises StepError when it was written by a newer version or is damaged.
    """
    version = json.get("version")
    if version not in _READABLE:
        raise StepError(
            f"snapshot of version {version!r}, this program reads {VERSION} and 1",
            hint="run the newer smtui that wrote it",
        )
    try:
        return _snapshot_in(json)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise StepError(f"damaged snapshot: {problem!r}") from problem


def _snapshot_in(json: Mapping[str, Any]) -> Snapshot:
    cursor = json["cursor"]
    return Snapshot(
        chart_hash=json["chart"],
        instance=json["instance"],
        run=json["run"],
        configuration=tuple(json["configuration"]),
        data=dict(json["data"]),
        history={k: tuple(v) for k, v in json["history"].items()},
        pending={k: _entry_in(v) for k, v in json["pending"].items()},
        cursor=None if cursor is None else _cursor_in(cursor),
        held=dict(json["held"]),
        seq=json["seq"],
        status=Status(json["status"]),
        since=At(*json["since"]),
        turn=json["turn"],
        stepped=At(*json["stepped"]),
        gos=json["gos"],
        pause=_pause_in(json.get("pause")),
        lineage=_lineage_in(json.get("lineage")),
        bound=tuple(json.get("bound", ())),
    )


def _at_out(at: At | None) -> Json:
    return None if at is None else list(at)


def _at_in(json: list[Any] | None) -> At | None:
    return None if json is None else At(*json)


def _entry_out(entry: Pending) -> dict[str, Json]:
    match entry:
        case TimerEntry():
            return {
                "kind": "timer",
                "due": list(entry.due),
                "event": entry.event,
                "cause": entry.cause,
                "owner": entry.owner,
                **_delayed_out(entry),
            }
        case RunEntry():
            return {
                "kind": entry.kind.value,
                "action": entry.action,
                "args": dict(entry.args),
                "key": entry.key,
                "owner": entry.owner,
                "attempt": entry.attempt,
                "since": _at_out(entry.since),
                "on_crash": entry.on_crash,
                "topics": list(entry.topics),
                "settle": [[s.job_id, s.how.value, s.error] for s in entry.settle],
                "tries": entry.tries,
                "invoke": entry.invoke_id,
                **_terms_out(entry.terms),
            }
        case WatchEntry():
            return {
                "kind": "watch",
                "on": list(entry.on),
                "since": dict(entry.since),
                "by": _at_out(entry.by),
                "cause": entry.cause,
                "owner": entry.owner,
            }
        case ChildEntry():
            return {"kind": "child", **entry._asdict(), "data": dict(entry.data)}
        case _:
            assert_never(entry)


def _entry_in(json: Mapping[str, Any]) -> Pending:
    match json["kind"]:
        case "timer":
            due = At(*json["due"])
            sent = decode_message(json.get("message"))
            event, cause, owner = json["event"], json["cause"], json["owner"]
            to, run = json.get("to", ""), _retried(json.get("run"))
            return TimerEntry(due, event, cause, owner, sent, to, run)
        case "child":
            return ChildEntry(**{f: json[f] for f in ChildEntry._fields})
        case "watch":
            return WatchEntry(
                on=tuple(json["on"]),
                since=dict(json["since"]),
                by=_at_in(json["by"]),
                cause=json["cause"],
                owner=json["owner"],
            )
        case _:
            return _run_in(json)


def _run_in(json: Mapping[str, Any]) -> RunEntry:
    return RunEntry(
        kind=Kind(json["kind"]),
        action=json["action"],
        args=dict(json["args"]),
        key=json["key"],
        owner=json["owner"],
        attempt=json["attempt"],
        since=_at_in(json["since"]),
        on_crash=json["on_crash"],
        topics=tuple(json["topics"]),
        settle=tuple(
            Settle(id_, Settlement(how), error) for id_, how, error in json["settle"]
        ),
        tries=json.get("tries", 0),
        invoke_id=json.get("invoke", ""),
        terms=_terms_in(json.get("terms")),
    )


def _retried(json: Mapping[str, Any] | None) -> RunEntry | None:
    return None if json is None else _run_in(json)


def _terms_out(terms: Terms) -> dict[str, Json]:
    """Return the terms of an action, nothing for the usual ones."""
    if terms == Terms():
        return {}
    shown = [terms.timeout_s, terms.retries, terms.backoff_s, terms.on_error.value]
    return {"terms": [*shown]}


def _terms_in(json: list[Any] | None) -> Terms:
    if json is None:
        return Terms()
    timeout_s, retries, backoff_s, on_error = json
    return Terms(timeout_s, retries, backoff_s, OnError(on_error))


def _cursor_out(cursor: Cursor) -> dict[str, Json]:
    return {
        "transition": cursor.transition,
        "state": cursor.state,
        "offset": cursor.offset,
        "entry": cursor.entry,
        "pass": cursor.pass_,
        "took": cursor.took,
        "looped": cursor.looped,
        "rearm": cursor.rearm,
        "only": None if cursor.only is None else list(cursor.only),
        "cause": cursor.cause,
        "since": dict(cursor.since),
        "by": _at_out(cursor.by),
        "then": None if cursor.then is None else _cursor_out(cursor.then),
    }


def _cursor_in(json: Mapping[str, Any]) -> Cursor:
    only, then = json["only"], json["then"]
    return Cursor(
        transition=json["transition"],
        state=json["state"],
        offset=json["offset"],
        entry=json["entry"],
        pass_=json["pass"],
        took=json["took"],
        looped=json["looped"],
        rearm=json["rearm"],
        only=None if only is None else tuple(only),
        cause=json["cause"],
        since=dict(json["since"]),
        by=_at_in(json["by"]),
        then=None if then is None else _cursor_in(then),
    )


# ------------------------------------------------- what only statecharts have


def _of_statecharts(snapshot: Snapshot) -> dict[str, Json]:
    """Return the fields of a statechart that are not empty."""
    shown: dict[str, Json] = {}
    pause = snapshot.pause
    if pause is not None:
        shown["pause"] = {
            "rest": [list(place) for place in pause.rest],
            "queue": [encode_message(message) for message in pause.queue],
            "message": None if pause.message is None else encode_message(pause.message),
            "invokes": list(pause.invokes),
        }
    if snapshot.lineage is not None:
        parent, invoke_id, token = snapshot.lineage
        shown["lineage"] = [parent, invoke_id, *([token] if token else [])]
    if snapshot.bound:
        shown["bound"] = list(snapshot.bound)
    return shown


def _pause_in(json: Mapping[str, Any] | None) -> Pause | None:
    if json is None:
        return None
    queue = (decode_message(message) for message in json["queue"])
    return Pause(
        rest=tuple((number, offset) for number, offset in json["rest"]),
        queue=tuple(message for message in queue if message is not None),
        message=decode_message(json["message"]),
        invokes=tuple(json["invokes"]),
    )


def _lineage_in(json: list[str] | None) -> Lineage | None:
    return None if json is None else Lineage(*json)


def _delayed_out(entry: TimerEntry) -> dict[str, Json]:
    if entry.run is not None:
        return {"run": _entry_out(entry.run)}
    if entry.message is None:
        return {}
    return {"message": encode_message(entry.message), "to": entry.to}


def encode_message(message: Message) -> dict[str, Json]:
    """Return a message as JSON."""
    return {**message._asdict(), "kind": message.kind.value}


def decode_message(json: Mapping[str, Any] | None) -> Message | None:
    """Return the message that was encoded, None for none."""
    if json is None:
        return None
    fields = {field: json[field] for field in Message._fields}
    return Message(**{**fields, "kind": MessageKind(json["kind"])})

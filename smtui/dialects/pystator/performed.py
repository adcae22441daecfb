"""Actions that say all they do, `http:` and `code:`, and the terms of any action.

What can be wrong with a request or a piece of Python is found here: templates
that are no expressions, an address that is none, text that is not Python.
"""

import re
import textwrap
import warnings
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from smtui.definition import CODE, HTTP, Json, OnError, Position, Terms
from smtui.definition.content import Block, Call
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table, plain
from smtui.dialects.notes import shown
from smtui.dialects.pystator.keys import ON_ERROR, TERMS, Place
from smtui.dialects.pystator.reading import Reading

__all__ = ["read_code", "read_http", "read_terms", "warn_of_terms"]

_TIMEOUT_S = 10.0
"""Of a request that says nothing of it, as in PyStator."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_METHOD = re.compile(r"[A-Za-z]+\Z")
_QUOTED = 'in YAML a text with braces stands in quotes: "{{ name }}"'


def read_terms(reading: Reading, fields: Mapping[str, Field], where: str) -> Terms:
    """Return how long an action may take and how often it is tried again."""
    timeout = fields.get("timeout")
    seconds = None
    if timeout is not None:
        seconds = reading.reader.seconds(timeout.value, f"at 'timeout' {where}")
    return Terms(
        timeout_s=seconds,
        retries=reading.whole(fields["retry"], where, least=0)
        if "retry" in fields
        else None,
        backoff_s=_pause(reading, fields.get("retry_backoff"), where),
    )


def _pause(reading: Reading, field: Field | None, where: str) -> float | None:
    if field is None:
        return None
    node = field.value
    if isinstance(node, Scalar) and node.value == 0 and node.value is not False:
        return 0.0
    return reading.reader.seconds(node, f"at 'retry_backoff' {where}")


def warn_of_terms(reading: Reading, fields: Mapping[str, Field], kind: str) -> None:
    """Note terms of what is done at once and cannot fail."""
    for key in TERMS:
        if key in fields:
            reading.notes.warning(
                fields[key].at,
                "no-effect",
                f"found {key!r} beside {kind!r} of an action, which is done at once",
                "leave it out; actions inside of a branch have their own",
            )


# --------------------------------------------------------------------- requests


def read_http(
    reading: Reading, field: Field, outer: Mapping[str, Field], at: Position
) -> Block:
    """Return a request; what stands beside `http` are terms of it, too."""
    where = "at 'http' of an action"
    table = reading.reader.table(field.value, where)
    if table is None:
        return ()
    fields = reading.fields(table, Place.HTTP, where)
    if "url" not in fields:
        return ()
    _check_url(reading, fields["url"].value, where)
    params: dict[str, Json] = {"url": reading.text(fields["url"], where)}
    params["method"] = _method(reading, fields.get("method"), where)
    if "headers" in fields:
        params["headers"] = _headers(reading, fields["headers"], where)
    if "body" in fields:
        body = fields["body"].value
        _check_texts(reading, body, f"at 'body' {where}")
        params["body"] = plain(body)
    if "on_success" in fields:
        params["on_success"] = _kept(reading, fields["on_success"], where)
    terms = _terms(reading, fields, outer, where)
    params["timeout"] = terms.timeout_s
    return (Call(HTTP, at, params, terms),)


def _terms(
    reading: Reading,
    fields: Mapping[str, Field],
    outer: Mapping[str, Field],
    where: str,
) -> Terms:
    """Return the terms of a request: which of two wins is as in PyStator."""
    own = read_terms(reading, fields, where)
    beside = read_terms(reading, outer, "of an action")
    on_error = reading.choice(fields.get("on_error"), where, ON_ERROR)
    return Terms(
        own.timeout_s or beside.timeout_s or _TIMEOUT_S,
        (own if beside.retries is None else beside).retries,
        (own if beside.backoff_s is None else beside).backoff_s,
        OnError(on_error) if on_error else OnError.LOG,
    )


def _check_url(reading: Reading, node: Node, where: str) -> None:
    where = f"at 'url' {where}"
    if not isinstance(node, Scalar):
        reading.reader.wrong(node, where, "a URL", _QUOTED)
        return
    reading.check_braces(node, where)
    text = node.text
    parts = urlsplit(text.partition("{{")[0])
    is_open = text.startswith("{{")  # who knows what it gives
    if not is_open and (parts.scheme not in {"http", "https"} or not parts.netloc):
        is_host = "{{" in text and text.startswith(("http://{{", "https://{{"))
        if not is_host:
            reading.notes.error(
                node.at,
                "bad-url",
                f"found {shown(text)} {where}, expected http:// or https://",
            )


def _method(reading: Reading, field: Field | None, where: str) -> str:
    text = "POST" if field is None else reading.text(field, where)
    if field is not None and text and _METHOD.match(text) is None:
        reading.reader.wrong(
            field.value, f"at 'method' {where}", "GET, POST, PUT, PATCH or DELETE"
        )
    return text.upper()


def _headers(reading: Reading, field: Field, where: str) -> dict[str, Json]:
    where = f"at 'headers' {where}"
    table = reading.reader.table(field.value, where)
    headers: dict[str, Json] = {}
    for each in table.fields if table is not None else ():
        if _TOKEN.match(each.key) is None:
            reading.notes.error(
                each.at, "bad-name", f"found {shown(each.key)} {where}, no header name"
            )
        if isinstance(each.value, Scalar) and each.value.value is not None:
            reading.check_braces(each.value, where)
            headers[each.key] = each.value.text
        else:
            reading.reader.wrong(each.value, f"{where} {each.key!r}", "text", _QUOTED)
    return headers


def _check_texts(reading: Reading, node: Node, where: str) -> None:
    match node:
        case Scalar():
            reading.check_braces(node, where)
        case Items(items=items):
            for item in items:
                _check_texts(reading, item, where)
        case Table(fields=fields):
            for each in fields:
                _check_texts(reading, each.value, where)


def _kept(reading: Reading, field: Field, where: str) -> dict[str, Json]:
    where = f"at 'on_success' {where}"
    table = reading.reader.table(field.value, where)
    if table is None:
        return {}
    fields = reading.fields(table, Place.ON_SUCCESS, where)
    kept: dict[str, Json] = {}
    for key, each in fields.items():
        name = reading.text(each, where)
        if name:
            kept[key] = name
    return kept


# ----------------------------------------------------------------------- Python


def read_code(
    reading: Reading, field: Field, outer: Mapping[str, Field], at: Position
) -> Block:
    """Return Python of the definition's own; whether it may run is not asked here."""
    where = "at 'code' of an action"
    node, terms = field.value, read_terms(reading, outer, "of an action")
    if isinstance(node, Table):
        fields = reading.fields(node, Place.CODE, where)
        if "source" not in fields:
            return ()
        own = read_terms(reading, fields, where)
        terms = replace(
            terms,
            timeout_s=terms.timeout_s or own.timeout_s,
            retries=terms.retries or own.retries,
            backoff_s=terms.backoff_s if own.backoff_s is None else own.backoff_s,
        )
        node = fields["source"].value
    if not isinstance(node, Scalar) or not node.text.strip():
        reading.reader.wrong(node, where, "Python, as text")
        return ()
    _check_python(reading, node, where)
    return (Call(CODE, at, {"source": node.text}, terms),)


def _check_python(reading: Reading, node: Scalar, where: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(textwrap.dedent(node.text), where, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as problem:
        line = getattr(problem, "lineno", None)
        place = f" in its line {line}" if line else ""
        words = getattr(problem, "msg", "") or str(problem)
        reading.notes.error(
            node.at, "bad-code", f"found no Python {where}{place}: {words}"
        )

"""A request written in a definition: `http:` of PyStator, one attempt of it.

The laws of this file:

- it runs in the caller's thread and ends soon after its time is over, whatever
  the other side does
- http and https only, through the environment's proxy; a redirect to another
  host does not carry what is meant for the first
- the action's key goes along as Idempotency-Key, unless the author gave one
- of an answer no more is read than the data may hold, and only where it is kept
- what is told of a URL, in results and messages, is without its query
"""

import json
import logging
from collections.abc import Mapping
from functools import cache
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, NamedTuple, Protocol, cast
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from smtui.clock import SystemClock
from smtui.definition import Failure, Json
from smtui.errors import EvaluationError
from smtui.expr import Scope, fill_braces, parse_json

__all__ = ["RequestError", "request"]

MOST_BYTES = 1024 * 1024
"""Of an answer that is kept: as much as a payload may be."""

_TIMEOUT_S = 10.0
_CHUNK = 65_536
_SHOWN_CHARS = 200
"""Of what a refusal says."""

_SAFE = "%/:?#[]@!$&'()*+,;=~"
"""What stands for itself in a URL; anything else is written in percents."""

_OF_ONE_HOST = ("Authorization", "Cookie", "Idempotency-key", "Proxy-authorization")
"""As urllib spells them."""

_CLOCK = SystemClock()
_LOG = logging.getLogger("smtui.http")


class RequestError(OSError):
    """No good answer to a request: a refusal, or none at all."""

    def __init__(self, message: str, failure: Failure) -> None:
        super().__init__(message)
        self.failure = failure


def request(context: dict[str, Any]) -> dict[str, Json]:
    """Make the request that `_action_params` describe; return how it went.

    `on_success` of it names fields of the context for the status and the body.

    Raises RequestError for a refusal and for silence, ValueError for a request
    that cannot be written.
    """
    made = _made(context)
    deadline = _CLOCK.elapsed() + made.timeout_s
    try:
        with _opener().open(made.request, timeout=made.timeout_s) as answer:
            status = int(answer.status)
            body = _body(answer, deadline, made) if "body_key" in made.keeps else ""
    except RequestError:
        raise
    except HTTPError as error:
        with error:
            raise RequestError(_refusal(made, error), Failure.PASSING) from None
    except (OSError, HTTPException) as error:
        why = error.reason if isinstance(error, URLError) else error
        text = str(why) or type(why).__name__
        raise RequestError(f"{made.title}: {text}", Failure.OPEN) from None
    if "status_key" in made.keeps:
        context[made.keeps["status_key"]] = status
    if body:
        context[made.keeps["body_key"]] = _value(body)
    return {"status_code": status, "url": made.title.partition(" ")[2]}


class _Made(NamedTuple):
    request: Request
    title: str
    """Method and URL, to be told."""
    timeout_s: float
    keeps: Mapping[str, str]


def _made(context: Mapping[str, Any]) -> _Made:
    """Return the request with its templates filled. Raises ValueError."""
    params: dict[str, Json] = context["_action_params"]
    system: dict[str, Json] = {"dest": context.get("new_status")}
    scope = Scope(context, system=system)
    method = str(params.get("method", "POST")).upper()
    try:
        url = fill_braces(params["url"], scope)
        rest = fill_braces([params.get("headers"), params.get("body")], scope)
    except EvaluationError as problem:
        raise ValueError(f"http {method}: {problem}") from None
    if url.problems:
        raise ValueError(f"http {method}: no URL: {'; '.join(url.problems)}")
    title = f"{method} {_told(str(url.value))}"
    for why in rest.problems:
        _LOG.warning("%s: %s; the {{ }} is sent as it stands", title, why)
    headers, body = cast("list[Json]", rest.value)
    made = Request(  # noqa: S310 - the scheme was looked at
        quote(str(url.value), safe=_SAFE),
        data=_data(body),
        headers=_headers(headers, str(context.get("_action_key") or "")),
        method=method,
    )
    keeps = cast("dict[str, str]", params.get("on_success") or {})
    timeout = params.get("timeout")
    seconds = float(timeout) if isinstance(timeout, int | float) else _TIMEOUT_S
    return _Made(made, title, seconds, keeps)


def _told(url: str) -> str:
    """Return a URL without its query. Raises ValueError for no web address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"http: {url.partition('?')[0]!r} is no http or https URL")
    if "@" in parts.netloc:
        raise ValueError("http: a user in the URL; send a header Authorization")
    return f"{parts.scheme}://{parts.netloc}{parts.path}"


def _headers(given: Json, key: str) -> dict[str, str]:
    headers = {k: str(v) for k, v in given.items()} if isinstance(given, dict) else {}
    known = {name.lower() for name in headers}
    usual = {
        "Content-Type": "application/json",
        "User-Agent": "smtui",
        "Idempotency-Key": key,
    }
    more = {k: v for k, v in usual.items() if v and k.lower() not in known}
    return headers | more


def _data(body: Json) -> bytes | None:
    if body is None:
        return None
    text = json.dumps(body) if isinstance(body, dict | list) else str(body)
    return text.encode("utf-8")


# ----------------------------------------------------------------- the answer


class _Answer(Protocol):
    headers: HTTPMessage

    def read1(self, size: int, /) -> bytes: ...


def _body(answer: _Answer, deadline: float, made: _Made) -> str:
    """Return the text of an answer. Raises RequestError for one too long."""
    parts: list[bytes] = []
    size = 0
    while part := answer.read1(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            why = f"the answer is longer than {MOST_BYTES} bytes"
            raise RequestError(f"{made.title}: {why}", Failure.FINAL)
        if _CLOCK.elapsed() > deadline:
            raise TimeoutError(f"no whole answer in {made.timeout_s:g} s")
    charset = answer.headers.get_content_charset() or "utf-8"
    try:
        return b"".join(parts).decode(charset, "replace")
    except LookupError:
        return b"".join(parts).decode("utf-8", "replace")


def _value(body: str) -> Json:
    try:
        return parse_json(body)
    except ValueError:
        return body


def _refusal(made: _Made, error: HTTPError) -> str:
    try:
        said = error.read1(_SHOWN_CHARS * 4).decode("utf-8", "replace")
    except (OSError, HTTPException, ValueError, AttributeError):
        said = ""
    words = " ".join(said.split())[:_SHOWN_CHARS]
    head = f"{made.title}: {error.code} {error.reason}".rstrip()
    return f"{head}: {words}" if words else head


# ------------------------------------------------------------------- the way


class _Redirects(HTTPRedirectHandler):
    """Follows a redirect as browsers do, and keeps secrets to their host."""

    def redirect_request(  # noqa: PLR0917 - urllib's own
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        """Return the request that follows, None where there is none."""
        found = super().redirect_request(req, fp, code, msg, headers, newurl)
        if (
            found is not None
            and urlsplit(newurl).netloc != urlsplit(req.full_url).netloc
        ):
            for name in _OF_ONE_HOST:
                found.remove_header(name)
        return found


@cache
def _opener() -> OpenerDirector:
    """Return what opens http and https, and nothing else; any thread may use it."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        HTTPHandler(),
        HTTPSHandler(),
        HTTPDefaultErrorHandler(),
        _Redirects(),
        HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener

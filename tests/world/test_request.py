"""Requests of a definition, made for real to a server beside the test."""

import json
import logging
import time
from typing import Any

import pytest

from smtui.definition import Failure, Json
from smtui.world import RequestError, failure_of, request
from tests.support.web import serving


def context(
    url: str, params: dict[str, Json] | None = None, **data: Json
) -> dict[str, Any]:
    asked = {"url": url, "method": "POST", "timeout": 5.0, **(params or {})}
    return {**data, "_action_params": asked, "_action_key": "k1", "new_status": "b"}


def test_templates_are_filled_from_the_data() -> None:
    body: Json = {"id": "{{ id }}", "n": 1, "list": ["{{ n * 2 }}"], "to": "{{ dest }}"}
    with serving() as server:
        given = context(
            server.url + "/o/{{ id }}",
            {"headers": {"X-Id": "<{{ id }}>"}, "body": body},
            id="a b",
            n=2,
        )
        said = request(given)

    (heard,) = server.heard
    assert ("POST", "/o/a%20b") == (heard.method, heard.path)
    assert "<a b>" == heard.headers["x-id"]
    assert "application/json" == heard.headers["content-type"]
    assert "k1" == heard.headers["idempotency-key"]
    sent = {"id": "a b", "n": 1, "list": ["4"], "to": "b"}
    assert sent == json.loads(heard.body)
    assert {"status_code": 200, "url": server.url + "/o/a b"} == said


def test_an_author_decides_about_the_key_and_the_type() -> None:
    headers: Json = {"idempotency-KEY": "mine", "content-type": "text/plain"}
    with serving() as server:
        request(context(server.url, {"headers": headers, "body": "n={{ n }}"}, n=1))

    (heard,) = server.heard
    assert ("mine", "text/plain", b"n=1") == (
        heard.headers["idempotency-key"],
        heard.headers["content-type"],
        heard.body,
    )


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b'{"a": [1]}', {"s": 201, "b": {"a": [1]}}),
        (b"plain", {"s": 201, "b": "plain"}),
        (b"", {"s": 201}),
    ],
)
def test_what_comes_back_is_kept_where_the_author_says(
    body: bytes, kept: dict[str, Json]
) -> None:
    with serving((201, body)) as server:
        keeps: Json = {"status_key": "s", "body_key": "b"}
        given = context(server.url, {"on_success": keeps})
        request(given)

    assert kept == {key: given[key] for key in ("s", "b") if key in given}


def test_a_refusal_says_what_was_refused_and_why() -> None:
    answer = (503, b"come back\nlater")
    with serving(answer) as server, pytest.raises(RequestError) as caught:
        request(context(server.url + "/x?token=1"))

    said = f"POST {server.url}/x: 503 Service Unavailable: come back later"
    assert (said, Failure.PASSING) == (str(caught.value), failure_of(caught.value))


def test_where_nobody_answers_nobody_knows_what_happened() -> None:
    with serving((-1, b"")) as server, pytest.raises(RequestError) as caught:
        request(context(server.url))
    with pytest.raises(RequestError) as gone:
        request(context(server.url))

    assert [Failure.OPEN] * 2 == [failure_of(e.value) for e in (caught, gone)]
    assert "refused" in str(gone.value)


def test_silence_ends_with_the_time() -> None:
    began = time.perf_counter()
    with serving((0, b"")) as server, pytest.raises(RequestError, match="timed out"):
        request(context(server.url, {"timeout": 0.05}))

    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("{{ base }}/x", "no 'base'"),
        ("{{ path }}", "no http"),
        ("http://", "no http"),
        ("http://me:pw@x.test/", "Authorization"),
    ],
)
def test_a_request_that_cannot_be_written_is_a_mistake(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        request(context(url, path="/etc/passwd"))

    assert Failure.FINAL is failure_of(caught.value)


def test_what_cannot_be_filled_is_told_and_sent_as_it_stands(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with serving() as server, caplog.at_level(logging.WARNING):
        request(context(server.url, {"body": "{{ nobody }}"}))

    assert b"{{ nobody }}" == server.heard[0].body
    assert "the data has no 'nobody'" in caplog.text


def test_an_answer_longer_than_the_data_may_be_is_not_read() -> None:
    with serving((200, b"x" * 1_100_000), (200, b"x" * 1_100_000)) as server:
        request(context(server.url))
        keeps: Json = {"body_key": "b"}
        with pytest.raises(RequestError, match="longer") as caught:
            request(context(server.url, {"on_success": keeps}))

    assert Failure.FINAL is failure_of(caught.value)


def test_a_redirect_to_another_host_takes_no_secrets_along() -> None:
    with serving() as other, serving((302, b""), (302, b"")) as server:
        server.redirects = {"/there": other.url, "/here": server.url + "/end"}
        for path in ("/there", "/here"):
            headers: Json = {"Authorization": "Bearer x"}
            request(context(server.url + path, {"headers": headers, "method": "GET"}))

    assert "authorization" not in other.heard[0].headers
    assert "idempotency-key" not in other.heard[0].headers
    assert "Bearer x" == server.heard[-1].headers["authorization"]

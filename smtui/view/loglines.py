"""Lines of a machine's log file: `TIME out|err|--- BYTES`, one a line.

The bytes are the child's own; here they lose whatever a terminal could act
on, and their secrets.
"""

from datetime import datetime, tzinfo
from typing import NamedTuple

from smtui.view.masks import mask_text
from smtui.view.text import Line, Span, clean
from smtui.view.times import clock_time

__all__ = ["HEAD_SPANS", "LogLine", "log_line", "parse_log"]

HEAD_SPANS = 2
"""Of a line as it is shown: its time and its stream stand before its text."""

_STREAM_STYLES = {"out": "quiet", "err": "failed", "---": "rule"}


class LogLine(NamedTuple):
    """A line of output, or a note of the supervisor."""

    number: int
    at: float | None
    stream: str
    """out | err | ---"""
    text: str


def parse_log(number: int, raw: bytes) -> LogLine:
    """Return the line; one without the form of a log line is output."""
    text = raw.decode("utf-8", "replace")
    stamp, _, rest = text.partition(" ")
    stream, _, body = rest.partition(" ")
    word = stream.rstrip("~")
    if word not in _STREAM_STYLES:
        return LogLine(number, None, "out", text)
    try:
        at = datetime.fromisoformat(stamp).timestamp()
    except ValueError:
        return LogLine(number, None, "out", text)
    return LogLine(number, at, word, body)


def log_line(
    line: LogLine,
    zone: tzinfo | None = None,
    *,
    reveal: bool = False,
    found: str = "",
) -> Line:
    """Return the line as it is shown; what is searched for is marked."""
    text = clean(mask_text(line.text, reveal=reveal))
    when = clock_time(line.at, zone, ms=True) if line.at is not None else " " * 12
    if line.stream == "---":
        return (Span("── ", "rule"), Span(f"{when} ", "rule"), Span(text, "rule"))
    style = _STREAM_STYLES[line.stream]
    head = (Span(f"{when} ", "quiet"), Span(f"{line.stream}  ", style))
    return (*head, *_marked(text, found))


def _marked(text: str, found: str) -> Line:
    if not found:
        return (Span(text),)
    spans: list[Span] = []
    folded, wanted, place = text.casefold(), found.casefold(), 0
    if len(folded) != len(text):  # a letter that folds to two: places would shift
        return (Span(text),)
    while (hit := folded.find(wanted, place)) >= 0:
        spans += [Span(text[place:hit]), Span(text[hit : hit + len(wanted)], "match")]
        place = hit + len(wanted)
    return (*spans, Span(text[place:]))

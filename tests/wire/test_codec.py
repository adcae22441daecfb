"""Messages survive the wire, and garbage is told apart."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import Json
from smtui.errors import WireError
from smtui.wire import (
    MAX_LINE_BYTES,
    Answer,
    Ask,
    ChildState,
    Decoder,
    Fleet,
    Frame,
    Hello,
    MachineView,
    Message,
    ProblemView,
    Ready,
    RunningAction,
    TimerView,
    Update,
    decode,
    encode,
    merge,
)

numbers = st.floats(allow_nan=False, allow_infinity=False)
json_values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | numbers | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
actions = st.builds(RunningAction, since=numbers)
timers = st.builds(TimerView, due=numbers)
frames = st.builds(
    Frame,
    since=numbers,
    last_problem_at=numbers,
    running=st.lists(actions, max_size=2).map(tuple),
    timers=st.lists(timers, max_size=2).map(tuple),
)
rows = st.builds(
    MachineView,
    state_since=numbers,
    started_at=st.none() | numbers,
    retry_at=st.none() | numbers,
    cpu_s=numbers,
    frame=st.none() | frames,
)
problems = st.lists(st.builds(ProblemView), max_size=2).map(tuple)
updates = st.builds(
    Update,
    at=numbers,
    machines=st.lists(rows, max_size=2).map(tuple),
    problems=st.none() | problems,
)
messages = st.one_of(
    st.builds(Hello),
    st.builds(Ready),
    frames,
    st.builds(Ask, args=st.dictionaries(st.text(), json_values)),
    st.builds(Answer, value=json_values),
    st.builds(
        Fleet,
        at=numbers,
        machines=st.lists(rows, max_size=2).map(tuple),
        problems=problems,
    ),
    updates,
)


@given(messages)
def test_decode_gives_back_what_encode_wrote(message: Message) -> None:
    line = encode(message)

    assert line.count(b"\n") == 1
    assert decode(line) == message


@given(st.lists(messages, max_size=4), st.integers(1, 50))
def test_a_stream_cut_anywhere_gives_the_same_messages(
    sent: list[Message], size: int
) -> None:
    stream = b"".join(encode(message) for message in sent)
    decoder = Decoder()
    pieces = [stream[i : i + size] for i in range(0, len(stream), size)]

    assert [m for piece in pieces for m in decoder.feed(piece)] == sent


@given(st.binary(max_size=60))
def test_garbage_is_a_wire_error_and_nothing_else(line: bytes) -> None:
    with pytest.raises(WireError):
        decode(line)


def test_an_unknown_key_is_ignored() -> None:
    line = b'{"kind": "ready", "child": "a", "colour": "red"}'

    assert decode(line) == Ready(child="a")


def test_a_missing_key_takes_its_default() -> None:
    assert decode(b'{"kind": "ask", "id": 1, "op": "ping"}') == Ask(1, "ping")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"kind": "ready"}', "ready.child: missing"),
        (b'{"kind": "ready", "child": 5}', "ready.child: 5 instead of a text"),
        (b'{"kind": "ask", "id": true, "op": "x"}', "ask.id: True instead of"),
        (b'{"kind": "shout"}', "'shout' is none of answer, ask,"),
        (b"[1]", "not a JSON object"),
        (b"\xff", "no JSON"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_a_wire_error_names_the_place(line: bytes, words: str) -> None:
    with pytest.raises(WireError) as caught:
        decode(line)

    assert words in str(caught.value)


def test_a_wrong_value_deep_inside_is_named_by_its_path() -> None:
    row = MachineView("a", "a", "engine", "h", "f", ChildState.READY)
    document = json.loads(encode(Update(at=1.0, machines=(row,))))
    document["machines"][0]["state"] = "asleep"

    with pytest.raises(WireError, match=r"update\.machines\.state: no Child"):
        decode(json.dumps(document).encode())


def test_a_line_without_end_is_refused_before_it_fills_memory() -> None:
    decoder = Decoder(limit=100)
    decoder.feed(b"x" * 100)

    with pytest.raises(WireError, match="more than 100 bytes"):
        decoder.feed(b"x")


def test_a_message_too_long_for_a_line_is_refused_by_its_sender() -> None:
    with pytest.raises(WireError, match="is longer than"):
        encode(Ready(child="x" * MAX_LINE_BYTES))


def test_a_value_that_is_no_json_is_refused_by_its_sender() -> None:
    with pytest.raises(WireError, match="cannot be written"):
        encode(Answer(id=1, ok=True, value=float("nan")))


@given(updates, updates)
def test_of_two_updates_the_later_row_wins(older: Update, newer: Update) -> None:
    merged = merge(older, newer)
    said = {row.name: row for row in (*older.machines, *newer.machines)}

    for row in merged.machines:
        assert said[row.name] == row
    assert not {row.name for row in merged.machines} & set(merged.gone)
    assert {row.name for row in newer.machines} <= {row.name for row in merged.machines}
    if newer.problems is None:
        assert older.problems == merged.problems

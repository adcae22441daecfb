"""The form of log lines, and that no byte is changed or lost."""

from hypothesis import given
from hypothesis import strategies as st

from smtui.supervisor.lines import cut, note, tagged, torn

STAMP = b"2026-01-02T03:04:05.678Z"


def test_each_line_gets_its_time_and_stream() -> None:
    assert tagged(STAMP, b"err", b"one\n\ntwo\n") == (
        b"2026-01-02T03:04:05.678Z err one\n"
        b"2026-01-02T03:04:05.678Z err \n"
        b"2026-01-02T03:04:05.678Z err two\n"
    )


def test_a_last_line_without_newline_is_marked() -> None:
    assert torn(STAMP, b"out", b"prompt> ") == STAMP + b" out~ prompt> \n"


def test_a_note_is_one_line_whatever_is_in_it() -> None:
    assert note(STAMP, "run 1\nstarts") == STAMP + b" --- run 1 starts\n"


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_output_cut_anywhere_comes_back_byte_for_byte(
    pieces: list[bytes],
) -> None:
    carry, log = b"", b""
    for piece in pieces:
        whole, carry = cut(carry + piece)
        if whole:
            log += tagged(STAMP, b"out", whole)
    if carry:
        log += torn(STAMP, b"out", carry)

    said = b""
    for line in log.split(b"\n")[:-1]:
        stamp, stream, text = line.split(b" ", 2)
        assert stamp == STAMP
        said += text if stream.endswith(b"~") else text + b"\n"
    assert said == b"".join(pieces)

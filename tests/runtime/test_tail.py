"""The last line and the last characters of an output."""

from hypothesis import given
from hypothesis import strategies as st

from smtui.runtime.actions.tail import LastLine, Tail

_BYTES = st.text("ab \r\né", max_size=40).map(lambda text: text.encode())


@given(_BYTES, st.integers(1, 7))
def test_the_last_line_is_the_last_that_is_not_blank(data: bytes, size: int) -> None:
    line = LastLine()
    for start in range(0, len(data), size):
        line.feed(data[start : start + size])

    lines = [each for each in data.split(b"\n") if each.strip()]
    assert line.text() == (lines[-1].decode().rstrip("\r") if lines else None)


def test_a_line_over_the_limit_keeps_its_beginning() -> None:
    line = LastLine(limit_bytes=4)

    line.feed(b"abc")
    line.feed(b"defg\n")

    assert line.text() == "abcd"


@given(_BYTES, st.integers(1, 7))
def test_a_tail_keeps_the_last_characters(data: bytes, size: int) -> None:
    tail = Tail(5)
    for start in range(0, len(data), size):
        tail.feed(data[start : start + size])

    assert tail.text() == data.decode()[-5:]

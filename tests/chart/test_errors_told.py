"""What an error event tells: what went wrong, and where it is written."""

import pytest

from smtui.chart import compile_chart
from smtui.chart.values import Log
from smtui.definition import Json
from tests.support.scxml_texts import read
from tests.support.trees import begin

HEAD = 'datamodel="ecmascript"'
TAKEN = '<transition event="error.execution"/>'


def seen(body: str) -> Json:
    """Return the data of the error event that a document meets as it begins."""
    taken = body.replace(
        TAKEN,
        '<transition event="error.execution">'
        '<assign location="got" expr="_event.data"/></transition>',
    )
    head = '<datamodel><data id="got" expr="null"/></datamodel>'
    return begin(compile_chart(read(head + taken, HEAD))).snapshot.data["got"]


@pytest.mark.parametrize(
    ("content", "tag"),
    [
        ('<assign location="nowhere" expr="1"/>', "assign"),
        ('<log expr="y"/>', "log"),
        ('<send event="e" target="!bad"/>', "send"),
        ("<script>f();</script>", "script"),
        ('<if cond="true"><log expr="y"/></if>', "log"),
        ('<foreach array="[1]" item="i"><log expr="y"/></foreach>', "log"),
        ('<foreach array="7" item="i"/>', "foreach"),
        ('<if cond="y"/>', "if"),
    ],
)
def test_an_error_tells_the_innermost_element_and_its_line(
    content: str, tag: str
) -> None:
    told = seen(f'\n<state id="a"><onentry>\n{content}</onentry>{TAKEN}</state>')

    assert isinstance(told, dict)
    assert (tag, 3) == (told["tagname"], told["line"])
    assert isinstance(told["reason"], str)
    assert isinstance(told["column"], int)


DATA = '<datamodel><data id="d" expr="y"/></datamodel>'
COND = (
    '<onentry><raise event="go"/></onentry><transition event="go" cond="y" target="a"/>'
)


@pytest.mark.parametrize(
    ("inside", "tag"),
    [
        (COND, "transition"),
        ('<invoke srcexpr="y"/>', "invoke"),
        (DATA, "data"),
    ],
)
def test_conditions_invokes_and_data_are_told_of_too(inside: str, tag: str) -> None:
    told = seen(f'\n<state id="a">{inside}{TAKEN}</state>')

    assert isinstance(told, dict)
    assert (tag, 2) == (told["tagname"], told["line"])


def test_an_error_that_nothing_takes_is_in_the_log() -> None:
    body = '\n<state id="a"><onentry><log expr="y"/></onentry></state>'
    begun = begin(compile_chart(read(body, HEAD)))

    (line,) = [effect for effect in begun.effects if isinstance(effect, Log)]
    assert "warning" == line.level
    assert line.message.startswith("nothing takes error.execution: <log> in line 2: ")

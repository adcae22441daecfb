"""What time it is for a chart: the instant of its step."""

from smtui.chart import compile_chart
from tests.support.scxml_texts import read
from tests.support.trees import AT, begin, take


def test_a_chart_sees_the_instant_of_each_step() -> None:
    body = (
        '<datamodel><data id="first" expr="Date.now()"/><data id="later"/></datamodel>'
        '<state id="a"><transition event="go" target="b" cond="new Date() &gt;= first">'
        '<assign location="later" expr="new Date(Date.now() + 60000)"/></transition>'
        '</state><state id="b"><onentry><assign location="first" '
        'expr="later - new Date()"/></onentry></state>'
    )
    made = compile_chart(read(body, 'datamodel="ecmascript"'))
    begun = begin(made)

    taken = take(made, begun.snapshot, "go")

    assert round(AT.wall * 1000) == begun.snapshot.data["first"]
    assert 60_000 == taken.snapshot.data["first"]
